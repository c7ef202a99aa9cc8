//! When two plain values are equal to Python.

use std::borrow::Cow;

use super::{BigInt, Value};

/// A text that two plain values share exactly when Python finds them equal. `None` for what equals nothing, not even itself.
pub(super) fn key(value: &Value) -> Option<String> {
    Some(match value {
        Value::None => "None".to_owned(),
        Value::Bool(value) => u8::from(*value).to_string(),
        Value::Int(value) => value.to_string(),
        Value::BigInt(value) => value.to_hex(),
        Value::Float(value) => float_key(*value)?,
        Value::Complex(real, imaginary) if *imaginary == 0.0 => float_key(*real)?,
        Value::Complex(real, imaginary) => format!("{}+{}j", float_key(*real)?, float_key(*imaginary)?),
        Value::Str(_) | Value::Surrogates(_) => value.python_repr(usize::MAX),
        Value::Bytes(bytes) | Value::ByteArray(bytes) => Value::Bytes(bytes.clone()).python_repr(usize::MAX),
        Value::List(items) => sequence("[", items)?,
        Value::Tuple(items) => sequence("(", items)?,
        Value::Set(items) | Value::FrozenSet(items) => sorted("{", items.iter().map(|item| key(item).map(Cow::Owned)))?,
        Value::Dict(pairs) => {
            sorted("d", pairs.iter().map(|(name, value)| Some(Cow::Owned(key(name)? + ":" + &key(value)?))))?
        }
        Value::Exception(_) | Value::Class(_) | Value::Cycle(_) | Value::Cut(_) | Value::Opaque(..) => return None,
    })
}

fn sequence(open: &str, items: &[Value]) -> Option<String> {
    let mut text = open.to_owned();
    for item in items {
        text.push_str(&key(item)?);
        text.push(',');
    }
    text.push(';');
    Some(text)
}

fn sorted<'a>(open: &str, keys: impl Iterator<Item = Option<Cow<'a, str>>>) -> Option<String> {
    let mut keys: Vec<Cow<'_, str>> = keys.collect::<Option<_>>()?;
    keys.sort_unstable();
    Some(format!("{open}{},;", keys.join(",")))
}

/// Whole floats are written as the integer that they equal.
fn float_key(value: f64) -> Option<String> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if value.is_nan() {
        return None;
    }
    if value.fract() != 0.0 || value.is_infinite() {
        return Some(format!("{value:e}f"));
    }
    if value.abs() < EXACT {
        #[expect(clippy::cast_possible_truncation, reason = "whole and below 2^53")]
        return Some((value as i64).to_string());
    }
    let bits = value.to_bits();
    let exponent = (bits >> 52 & 0x7ff) - 1075;
    let mantissa = u128::from(bits & ((1 << 52) - 1) | 1 << 52) << (exponent % 4);
    let sign = if value < 0.0 { "-" } else { "" };
    let zeros = "0".repeat(usize::try_from(exponent / 4).ok()?);
    BigInt::from_hex(&format!("{sign}0x{mantissa:x}{zeros}")).map(|value| value.to_hex())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equality_is_that_of_python() {
        let int = Value::Int;
        let float = Value::Float;
        let big = |text: &str| Value::BigInt(BigInt::from_hex(text).unwrap());
        let equal_pairs = [
            (Value::Bool(true), int(1)),
            (int(1), float(1.0)),
            (float(-0.0), int(0)),
            (int(-5), float(-5.0)),
            (big("0x20000000000000"), float(9_007_199_254_740_992.0)),
            (big("-0x10000000000000000000000000"), float(-(2f64.powi(100)))),
            (Value::Complex(2.0, 0.0), int(2)),
            (Value::Bytes(vec![1]), Value::ByteArray(vec![1])),
            (Value::Set(vec![int(1), int(2)]), Value::FrozenSet(vec![int(2), float(1.0)])),
            (
                Value::Dict(vec![(int(1), int(2)), (int(3), int(4))]),
                Value::Dict(vec![(int(3), int(4)), (float(1.0), int(2))]),
            ),
        ];
        for (a, b) in equal_pairs {
            assert!(a.equals(&b), "{a:?} {b:?}");
        }
        let unequal_pairs = [
            (float(f64::NAN), float(f64::NAN)),
            (int(1), Value::Str("1".to_owned())),
            (Value::Str("a".to_owned()), Value::Bytes(vec![b'a'])),
            (Value::List(vec![int(1)]), Value::Tuple(vec![int(1)])),
            (big("0x20000000000001"), float(9_007_199_254_740_992.0)),
            (Value::List(vec![int(1), int(2)]), Value::List(vec![int(12)])),
            (Value::Dict(vec![]), Value::Set(vec![])),
        ];
        for (a, b) in unequal_pairs {
            assert!(!a.equals(&b), "{a:?} {b:?}");
        }
    }
}
