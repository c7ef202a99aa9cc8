//! The three bodies that a sandboxed process sends: an answer, an oracle call, a prompt.

use super::grammar::{Form, Nothing, Parser};
use super::{Bounds, WireError};

/// How a call into the sandbox ended, as it says itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// `["ok", value]`
    Ok,
    /// `["raised", exception]`
    Raised,
}

/// Checks the body of an `A` frame.
///
/// # Errors
/// The first thing that is not as `docs/protocol.md` says.
pub fn validate_answer(bytes: &[u8], bounds: &Bounds) -> Result<Answer, WireError> {
    let mut parser = Parser::new(bytes, bounds, Nothing)?;
    parser.open()?;
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

/// Checks the body of an `O` frame and gives the name of the oracle.
///
/// # Errors
/// The first thing that is not as `docs/protocol.md` says.
pub fn validate_oracle_call(bytes: &[u8], bounds: &Bounds) -> Result<String, WireError> {
    let mut parser = Parser::new(bytes, bounds, Nothing)?;
    parser.open()?;
    let name = parser.text()?;
    for expected in [Form::Tuple, Form::Dict] {
        if parser.value()?.form != expected {
            return Err(parser.error("arguments in the wrong form"));
        }
    }
    parser.close()?;
    parser.end()?;
    Ok(name)
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
