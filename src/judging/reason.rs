//! The simple reason why two values differ, when there is one. In order of how much each explains; nothing is said that is not certain.

use crate::wire::value::Value;

use super::{reason_container as container, reason_scalar as scalar};

/// Characters of a value that are quoted in a reason.
const QUOTED: usize = 60;
/// Levels of dicts and lists that are gone down to find the one place that differs.
const DEEPEST: usize = 8;

/// Finds the reason. `printed` is what was printed while the value was made.
pub fn value_reason(expected: &Value, actual: &Value, printed: &str) -> Option<String> {
    if expected.equals(actual) {
        return equal_but_for_type(expected, actual).or_else(|| equal_outside(expected, actual));
    }
    within(expected, actual, printed, &mut Vec::new())
}

/// Equal to Python, but not written alike.
fn equal_outside(expected: &Value, actual: &Value) -> Option<String> {
    (expected.encode() != actual.encode())
        .then(|| "equal in value: what differs is a type somewhere inside, or the order of keys".to_owned())
}

/// `path` names the places that were gone down through, outermost first.
fn within(expected: &Value, actual: &Value, printed: &str, path: &mut Vec<String>) -> Option<String> {
    if path.len() < DEEPEST
        && let Some((place, expected, actual)) = container::only_difference(expected, actual)
    {
        path.push(place);
        return within(expected, actual, printed, path).or_else(|| Some(format!("only {} differs", spoken(path))));
    }
    let reason = here(expected, actual, printed)?;
    Some(if path.is_empty() { reason } else { format!("at {}: {reason}", spoken(path)) })
}

/// `item 3 of 'started'`
fn spoken(path: &[String]) -> String {
    path.iter().rev().map(String::as_str).collect::<Vec<_>>().join(" of ")
}

fn here(expected: &Value, actual: &Value, printed: &str) -> Option<String> {
    scalar::none(expected, actual, printed)
        .or_else(|| scalar::not_plain(expected, actual))
        .or_else(|| equal_but_for_type(expected, actual))
        .or_else(|| scalar::text_for_value(expected, actual))
        .or_else(|| scalar::numbers(expected, actual))
        .or_else(|| scalar::strings(expected, actual))
        .or_else(|| container::wrapped(expected, actual))
        .or_else(|| container::kinds(expected, actual))
        .or_else(|| container::sequences(expected, actual))
        .or_else(|| container::sets(expected, actual))
        .or_else(|| container::dicts(expected, actual))
        .or_else(|| scalar::exceptions(expected, actual))
        .or_else(|| scalar::types(expected, actual))
}

/// `True` for 1, `1.0` for 1: equal, so it was the type that was asked for.
fn equal_but_for_type(expected: &Value, actual: &Value) -> Option<String> {
    let (wanted, given) = (expected.type_name(), actual.type_name());
    (wanted != given && expected.equals(actual)).then(|| {
        format!(
            "equal in value, but of another type: {} is {}, {} is {}",
            quote(actual),
            a(given),
            quote(expected),
            a(wanted)
        )
    })
}

/// The value as Python writes it, short enough for a sentence.
pub(super) fn quote(value: &Value) -> String {
    value.python_repr(QUOTED)
}

/// `a list`, `an int`, `None`.
pub(super) fn a(type_name: &str) -> String {
    match type_name {
        "NoneType" => "None".to_owned(),
        _ if type_name.starts_with(['a', 'e', 'i', 'o', 'A', 'E', 'I', 'O']) => format!("an {type_name}"),
        _ => format!("a {type_name}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(text: &str) -> Value {
        let ascii: String = text
            .chars()
            .map(|c| if c.is_ascii() { c.to_string() } else { format!("\\u{:04x}", u32::from(c)) })
            .collect();
        Value::decode(ascii.as_bytes()).unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    fn reason(expected: &str, actual: &str) -> Option<String> {
        value_reason(&decode(expected), &decode(actual), "")
    }

    const COROUTINE: &str = r#"["o",["builtins","coroutine",[]]]"#;
    const GENERATOR: &str = r#"["o",["builtins","generator",[]]]"#;
    const METHOD: &str = r#"["o",["builtins","method",[]]]"#;
    const ACCOUNT: &str = r#"["o",["bank","Account",[]]]"#;
    const POINT: &str = r#"["o",["bank","Point",["builtins.tuple"]],["t",1,2]]"#;
    const ERROR: &str = r#"["e",["builtins","ValueError",["builtins.Exception"]],["t","no"],null,null,[]]"#;
    const RAISED: &str =
        r#"["e",["builtins","KeyError",["builtins.Exception"]],["t","no"],null,null,[["a.py",1,"f"]]]"#;

    #[test]
    fn each_simple_difference_has_its_reason() {
        let table = [
            ("5", "null", "the value is None, which is what a function without `return` gives"),
            ("5", "\"5\"", "'5' is text, 5 is a number"),
            ("\"5\"", "5", "5 is a number, '5' is text"),
            ("null", "\"None\"", "'None' is text, None is the absence of a value"),
            ("\"a\"", r#"["b","YQ=="]"#, "b'a' is bytes, 'a' is text"),
            ("1", "true", "equal in value, but of another type: True is a bool, 1 is an int"),
            ("1", "1.0", "equal in value, but of another type: 1.0 is a float, 1 is an int"),
            ("5", "6", "one too many"),
            ("5", "4", "one too few"),
            ("5", "-5", "the same number with the other sign"),
            ("0.3", "0.30000000000000004", "equal within 1e-9: a rounding difference"),
            (r#"["n","nan"]"#, r#"["n","nan"]"#, "nan equals nothing, not even nan"),
            ("5", "[\"l\"]", "[] is a list, and an int is expected"),
            ("null", "5", "5 is an int, and None is expected"),
            ("5", COROUTINE, "a coroutine was returned: was it awaited?"),
            (
                "[\"l\",1]",
                GENERATOR,
                "this is a generator, which gives nothing until it is gone through; a list is expected",
            ),
            ("5", METHOD, "this is a function itself, not its result: are `()` missing?"),
            ("5", ACCOUNT, "this is an object of the class Account, not an int"),
            ("[\"t\",1,2]", POINT, "this is of the class Point, a subclass of tuple, not a plain tuple"),
            ("5", ERROR, "this is an exception object, ValueError('no'), as a value: was `raise` meant?"),
            ("5", RAISED, "an exception was raised: KeyError('no')"),
            (ERROR, RAISED, "ValueError is expected, this is KeyError"),
            (
                "5",
                r#"["T",["bank","Account",[]]]"#,
                "this is the class Account itself, not made into an object: are `()` missing?",
            ),
            ("\"a\\n\"", "\"a\"", "only newlines at the end differ"),
            ("\"a\"", "\" a\"", "only blank space at the ends differs"),
            ("\"a b\"", "\"a  b\"", "only blank space differs"),
            ("\"Ada\"", "\"ada\"", "the same words, but capital and small letters differ"),
            ("\"a\"", "\"'a'\"", "the quotes are part of the text: `repr` or `!r` puts them there"),
            ("\"abc\"", "\"cba\"", "the same text, backwards"),
            ("\"abc\"", "\"\"", "the text is empty"),
            ("\"Saldo\"", "\"Sаldo\"", "'а' looks like 'a' but is another character (Cyrillic, U+0430)"),
            ("\"ab\"", "\"a\u{200b}b\"", "there is a character that can't be seen: a zero-width space (U+200B)"),
            ("[\"t\",1,2]", "[\"l\",1,2]", "the right items in a list, but a tuple is expected"),
            ("[\"l\",1,2]", "[\"s\",2,1]", "the right items, in a set, but a list is expected"),
            ("[\"l\",1,2]", "[\"t\",5]", "a tuple, but a list is expected"),
            ("[\"l\",1,2,3]", "[\"l\",1,2]", "one item is missing: 3"),
            ("[\"l\",1,2]", "[\"l\",1,3,2]", "one item too many: 3"),
            ("[\"l\",1,2]", "[\"l\",1,2,2]", "one item is there once too often: 2"),
            ("[\"l\",1,2,3]", "[\"l\"]", "the list is empty"),
            ("[\"l\",1,2,3]", "[\"l\",2,1,3]", "the same items, but in another order"),
            ("[\"l\",1,2,3]", "[\"l\",3,2,1]", "the same items, but the other way round"),
            ("[\"l\",1,2,3]", "[\"l\",1,5,3]", "only item 2 differs"),
            ("[\"l\",1,2,3]", "[\"l\",1,3,3]", "at item 2: one too many"),
            ("[\"l\",1,2,3]", "[\"l\",4,5]", "2 items instead of 3"),
            (
                "[\"l\",1,2]",
                "[\"l\",1.0,2]",
                "equal in value: what differs is a type somewhere inside, or the order of keys",
            ),
            ("5", "[\"l\",5]", "the right value, 5, but inside a list"),
            ("[\"t\",5]", "5", "the right value, 5, but not inside a tuple"),
            ("[\"s\",1,2]", "[\"s\",1,3]", "one item is missing: 2; one item is too many: 3"),
            (r#"["d","a",1]"#, r#"["d"]"#, "the key 'a' is missing"),
            (r#"["d","a",1]"#, r#"["d","a",1,"b",2]"#, "the key 'b' should not be there"),
            (
                r#"["d","a",1,"c",1]"#,
                r#"["d","b",2,"d",1]"#,
                "the keys 'a', 'c' are missing; the keys 'b', 'd' should not be there",
            ),
            (r#"["d",5,"a"]"#, r#"["d",5,"b"]"#, "only key 5 differs"),
            (r#"["d","count",1]"#, r#"["d","counts",1]"#, "the key 'counts' should be 'count'"),
            (r#"["d","a",1,"b",2]"#, r#"["d","a",1,"b","2"]"#, "at 'b': '2' is text, 2 is a number"),
            (
                r#"["d","a",["l",1,["d","x",null]]]"#,
                r#"["d","a",["l",1,["d","x",7]]]"#,
                "at 'x' of item 2 of 'a': 7 is an int, and None is expected",
            ),
        ];
        for (expected, actual, wanted) in table {
            assert_eq!(reason(expected, actual).as_deref(), Some(wanted), "{expected} against {actual}");
        }
    }

    #[test]
    fn nothing_is_said_when_nothing_is_certain() {
        for (expected, actual) in
            [("5", "5"), ("5", "9"), ("\"a\"", "\"b\""), ("[\"l\",1,2]", "[\"l\",3,4]"), ("5", r#"["cut","size"]"#)]
        {
            assert_eq!(reason(expected, actual), None, "{expected} against {actual}");
        }
    }

    #[test]
    fn printing_instead_of_returning_is_noticed_for_text_and_for_other_values() {
        let words = "it was printed, not returned: `return` gives a value back, `print` only shows it";
        assert_eq!(value_reason(&decode("\"hi there\""), &Value::None, "hi there\n").as_deref(), Some(words));
        assert_eq!(value_reason(&decode("[\"l\",1]"), &Value::None, "[1]\n").as_deref(), Some(words));
        assert_ne!(value_reason(&decode("5"), &Value::None, "55\n").as_deref(), Some(words));
        assert_ne!(value_reason(&decode("\"\""), &Value::None, "").as_deref(), Some(words));
    }
}
