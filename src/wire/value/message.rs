//! The three bodies that a sandboxed process sends: an answer, an oracle call, a prompt.

use std::ops::Range;

use super::builder::Nothing;
use super::grammar::{Form, Parser};
use super::{Bounds, WireError};

/// How a call into the sandbox ended, as it says itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// `["t", "ok", value]`
    Ok,
    /// `["t", "raised", exception]`
    Raised,
}

/// Checks the body of an `A` frame.
///
/// # Errors
/// The first thing that is not as `docs/protocol.md` says.
pub fn validate_answer(bytes: &[u8], bounds: &Bounds) -> Result<Answer, WireError> {
    let mut parser = Parser::new(bytes, bounds, Nothing)?;
    open_tuple(&mut parser)?;
    let answer = match parser.text()?.as_str() {
        "ok" => Answer::Ok,
        "raised" => Answer::Raised,
        _ => return Err(parser.error("neither `ok` nor `raised`")),
    };
    let value = parser.value()?;
    if answer == Answer::Raised && value.form != Form::Exception {
        return Err(parser.error("something raised that is no exception"));
    }
    parser.close()?;
    parser.end()?;
    Ok(answer)
}

/// What a call of an oracle says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OracleCall {
    pub name: String,
    /// Where in the body the encoded arguments are, `["t", ["t", args…], ["d", kwargs…]]`.
    pub arguments: Range<usize>,
}

/// Checks the body of an `O` frame: `["t", name, arguments]`.
///
/// # Errors
/// The first thing that is not as `docs/protocol.md` says.
pub fn validate_oracle_call(bytes: &[u8], bounds: &Bounds) -> Result<OracleCall, WireError> {
    let mut parser = Parser::new(bytes, bounds, Nothing)?;
    open_tuple(&mut parser)?;
    let name = parser.text()?;
    // After the comma.
    let start = parser.position() + 1;
    open_tuple(&mut parser)?;
    for expected in [Form::Tuple, Form::Dict] {
        if parser.value()?.form != expected {
            return Err(parser.error("arguments in the wrong form"));
        }
    }
    parser.close()?;
    let arguments = start..parser.position();
    parser.close()?;
    parser.end()?;
    Ok(OracleCall { name, arguments })
}

fn open_tuple(parser: &mut Parser<'_, Nothing>) -> Result<(), WireError> {
    parser.open()?;
    if parser.text()? == "t" { Ok(()) } else { Err(parser.error("a tuple is missing")) }
}

/// Checks the body of a `P` frame and gives the prompt and the line that was read.
///
/// # Errors
/// The first thing that is not as `docs/protocol.md` says.
pub fn validate_prompt(bytes: &[u8], bounds: &Bounds) -> Result<(String, String), WireError> {
    let mut parser = Parser::new(bytes, bounds, Nothing)?;
    parser.open()?;
    if parser.text()? != "in" {
        return Err(parser.error("no prompt"));
    }
    let prompt = parser.text()?;
    let line = parser.text()?;
    parser.close()?;
    parser.end()?;
    Ok((prompt, line))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_a_tuple_of_a_word_and_what_belongs_to_it() {
        let check = |text: &str| validate_answer(text.as_bytes(), &Bounds::default());
        assert_eq!(check(r#"["t","ok",["l",1]]"#), Ok(Answer::Ok));
        assert_eq!(
            check(r#"["t","raised",["e",["builtins","ValueError",[]],["t"],null,null,[]]]"#),
            Ok(Answer::Raised)
        );
        for refused in
            [r#"["t","ok"]"#, r#"["t","ok",1,2]"#, r#"["t","raised",1]"#, r#"["t","passed",1]"#, r#"["l","ok",1]"#, "1"]
        {
            assert!(check(refused).is_err(), "{refused}");
        }
    }

    #[test]
    fn the_arguments_of_an_oracle_call_are_passed_on_as_they_are() {
        let text = r#"["t","clock",["t",["t",1],["d","a",2]]]"#;
        let call = validate_oracle_call(text.as_bytes(), &Bounds::default()).unwrap();
        assert_eq!((call.name.as_str(), &text[call.arguments]), ("clock", r#"["t",["t",1],["d","a",2]]"#));
        assert!(validate_oracle_call(br#"["t","clock",["t",["d"],["t"]]]"#, &Bounds::default()).is_err());
    }

    #[test]
    fn a_prompt_is_two_texts() {
        let prompt = validate_prompt(br#"["in","name? ","Ada"]"#, &Bounds::default());
        assert_eq!(prompt, Ok(("name? ".to_owned(), "Ada".to_owned())));
        assert!(validate_prompt(br#"["in","name? "]"#, &Bounds::default()).is_err());
    }
}
