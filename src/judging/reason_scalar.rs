//! Reasons for differences between single values: numbers, text, `None`, and what is no plain value at all.

use crate::wire::value::{TypeRef, Value};

use super::lookalike;
use super::numbers::close;
use super::output_reason::invisible;
use super::reason::{a, quote};

/// How near counts as a rounding difference.
const ROUNDING: f64 = 1e-9;

pub(super) fn none(expected: &Value, actual: &Value, printed: &str) -> Option<String> {
    match (expected, actual) {
        (Value::None, Value::None) => None,
        (expected, Value::None) => {
            let printed = printed.trim();
            let was_printed = !printed.is_empty()
                && (printed == expected.python_str().trim() || printed == expected.python_repr(usize::MAX));
            Some(if was_printed {
                "it was printed, not returned: `return` gives a value back, `print` only shows it".to_owned()
            } else {
                "the value is None, which is what a function without `return` gives".to_owned()
            })
        }
        _ => None,
    }
}

/// An object where a plain value is expected.
pub(super) fn not_plain(expected: &Value, actual: &Value) -> Option<String> {
    match (expected, actual) {
        (Value::Exception(_) | Value::Class(_) | Value::Opaque(..), _) => None,
        (_, Value::Exception(raised)) if raised.frames.is_empty() => {
            Some(format!("this is an exception object, {}, as a value: was `raise` meant?", quote(actual)))
        }
        (_, Value::Exception(_)) => Some(format!("an exception was raised: {}", quote(actual))),
        (_, Value::Class(kind)) => {
            Some(format!("this is the class {} itself, not made into an object: are `()` missing?", kind.name()))
        }
        (_, Value::Opaque(kind, None)) => Some(opaque(kind, expected)),
        (_, Value::Opaque(kind, Some(base))) => Some(format!(
            "this is of the class {}, a subclass of {}, not a plain {}",
            kind.name(),
            base.type_name(),
            expected.type_name()
        )),
        (_, Value::Cycle(_)) => Some("a container contains itself here".to_owned()),
        _ => None,
    }
}

fn opaque(kind: &TypeRef, expected: &Value) -> String {
    let wanted = expected.type_name();
    let name = kind.qualname.as_str();
    if !kind.is_builtin() {
        return format!("this is an object of the class {}, not {}", kind.name(), a(wanted));
    }
    match name {
        "coroutine" => "a coroutine was returned: was it awaited?".to_owned(),
        "async_generator" => {
            "this is an async generator, which gives nothing until `async for` goes through it".to_owned()
        }
        "generator" | "map" | "filter" | "zip" | "enumerate" | "reversed" => {
            format!("this is a {name}, which gives nothing until it is gone through; {} is expected", a(wanted))
        }
        "function" | "method" | "builtin_function_or_method" => {
            "this is a function itself, not its result: are `()` missing?".to_owned()
        }
        _ => format!("this is {}, and {} is expected", a(name), a(wanted)),
    }
}

/// `'5'` for 5, `'None'` for None, and the other way round.
pub(super) fn text_for_value(expected: &Value, actual: &Value) -> Option<String> {
    match (expected, actual) {
        (Value::Str(_), Value::Str(_)) => None,
        (Value::Bytes(bytes), Value::Str(text)) if text.as_bytes() == bytes => {
            Some(format!("{} is text, {} is bytes", quote(actual), quote(expected)))
        }
        (Value::Str(text), Value::Bytes(bytes)) if text.as_bytes() == bytes => {
            Some(format!("{} is bytes, {} is text", quote(actual), quote(expected)))
        }
        (_, Value::Str(text)) if *text == expected.python_repr(usize::MAX) => {
            Some(format!("{} is text, {} is {}", quote(actual), quote(expected), what(expected)))
        }
        (Value::Str(text), _) if *text == actual.python_repr(usize::MAX) => {
            Some(format!("{} is {}, {} is text", quote(actual), what(actual), quote(expected)))
        }
        _ => None,
    }
}

fn what(value: &Value) -> String {
    match value {
        Value::Int(_) | Value::BigInt(_) | Value::Float(_) | Value::Complex(..) => "a number".to_owned(),
        Value::None => "the absence of a value".to_owned(),
        other => a(other.type_name()),
    }
}

pub(super) fn numbers(expected: &Value, actual: &Value) -> Option<String> {
    if let (Value::Int(expected), Value::Int(actual)) = (expected, actual) {
        return match actual - expected {
            1 => Some("one too many".to_owned()),
            -1 => Some("one too few".to_owned()),
            _ if *actual == -expected => Some("the same number with the other sign".to_owned()),
            _ => None,
        };
    }
    let (expected, actual) = (number(expected)?, number(actual)?);
    if expected.is_nan() && actual.is_nan() {
        return Some("nan equals nothing, not even nan".to_owned());
    }
    if actual.is_nan() {
        return Some("nan is what a computation without a result gives, such as inf - inf".to_owned());
    }
    if expected.is_finite() && actual.is_finite() && close(expected, actual, ROUNDING) {
        return Some("equal within 1e-9: a rounding difference".to_owned());
    }
    #[expect(clippy::float_cmp, reason = "exactly the negated number is meant")]
    let negated = actual == -expected;
    negated.then(|| "the same number with the other sign".to_owned())
}

/// As a float, when at least one of a pair may be one. Booleans are no numbers here.
#[expect(clippy::cast_precision_loss, reason = "below 2^53")]
fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Int(value) => Some(*value as f64),
        Value::Float(value) => Some(*value),
        _ => None,
    }
}

pub(super) fn strings(expected: &Value, actual: &Value) -> Option<String> {
    let (Value::Str(expected), Value::Str(actual)) = (expected, actual) else { return None };
    let reason = if actual.is_empty() {
        "the text is empty"
    } else if expected.trim_end_matches('\n') == actual.trim_end_matches('\n') {
        "only newlines at the end differ"
    } else if expected.trim_ascii() == actual.trim_ascii() {
        "only blank space at the ends differs"
    } else if without_space(expected) == without_space(actual) {
        "only blank space differs"
    } else if expected.to_lowercase() == actual.to_lowercase() {
        "the same words, but capital and small letters differ"
    } else if Value::Str(expected.clone()).python_repr(usize::MAX) == *actual {
        "the quotes are part of the text: `repr` or `!r` puts them there"
    } else if expected.chars().rev().eq(actual.chars()) {
        "the same text, backwards"
    } else {
        return lookalike::difference(expected, actual).or_else(|| invisible(actual, |bare| bare == expected));
    };
    Some(reason.to_owned())
}

fn without_space(text: &str) -> String {
    text.chars().filter(|c| !c.is_ascii_whitespace()).collect()
}

pub(super) fn exceptions(expected: &Value, actual: &Value) -> Option<String> {
    let (Value::Exception(expected), Value::Exception(actual)) = (expected, actual) else { return None };
    if expected.kind.qualname != actual.kind.qualname {
        return Some(format!("{} is expected, this is {}", expected.kind.name(), actual.kind.name()));
    }
    (expected.message() != actual.message()).then(|| "the right exception with another message".to_owned())
}

/// Two plain values of different types, when nothing better can be said.
pub(super) fn types(expected: &Value, actual: &Value) -> Option<String> {
    let plain = |value: &Value| {
        !matches!(value, Value::Exception(_) | Value::Class(_) | Value::Cycle(_) | Value::Cut(_) | Value::Opaque(..))
    };
    let (wanted, given) = (expected.type_name(), actual.type_name());
    let are_numbers = number(expected).is_some() && number(actual).is_some();
    (wanted != given && plain(expected) && plain(actual) && !are_numbers)
        .then(|| format!("{} is {}, and {} is expected", quote(actual), a(given), a(wanted)))
}
