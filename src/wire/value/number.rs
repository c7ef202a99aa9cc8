//! Numbers as Python writes them.

use std::fmt::Write as _;

use super::scan::EXACT;

/// Python itself refuses to write longer integers in decimal (`sys.get_int_max_str_digits`).
const MOST_DIGITS: usize = 4300;

/// An integer of any size, as sign and lower-case hex digits without leading zeros.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BigInt {
    negative: bool,
    digits: String,
}

impl BigInt {
    /// From `-0x1f…`; only integers of at least 2^53, which have no other encoding.
    pub fn from_hex(text: &str) -> Option<Self> {
        let (negative, unsigned) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let digits = unsigned.strip_prefix("0x")?;
        let proper = digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) && !digits.starts_with('0');
        let large = digits.len() > 14 || i64::from_str_radix(digits, 16).is_ok_and(|value| value >= EXACT);
        (proper && large).then(|| Self { negative, digits: digits.to_owned() })
    }

    /// `-0x1f…`, as in the encoding.
    pub fn to_hex(&self) -> String {
        format!("{}0x{}", self.sign(), self.digits)
    }

    /// Decimal, or hex when it is longer than Python would write in decimal.
    pub fn repr(&self) -> String {
        // A hex digit is at least 1.2 decimal digits.
        if self.digits.len() * 6 / 5 > MOST_DIGITS {
            return self.to_hex();
        }
        format!("{}{}", self.sign(), decimal(&self.digits))
    }

    fn sign(&self) -> &'static str {
        if self.negative { "-" } else { "" }
    }
}

/// Schoolbook conversion in limbs of nine digits; fine for the few thousand digits that are let in.
fn decimal(hex: &str) -> String {
    const LIMB: u64 = 1_000_000_000;
    let mut limbs: Vec<u64> = vec![0];
    for digit in hex.bytes().filter_map(|byte| char::from(byte).to_digit(16)) {
        let mut carry = u64::from(digit);
        for limb in &mut limbs {
            let value = *limb * 16 + carry;
            *limb = value % LIMB;
            carry = value / LIMB;
        }
        if carry > 0 {
            limbs.push(carry);
        }
    }
    let mut text = limbs.last().map(u64::to_string).unwrap_or_default();
    for limb in limbs.iter().rev().skip(1) {
        // Writing into a `String` can't fail.
        let _ = write!(text, "{limb:09}");
    }
    text
}

/// `repr(float)`: the shortest digits that read back exactly, with an exponent below 1e-4 and from 1e16 on.
pub(super) fn float_repr(value: f64) -> String {
    let text = shortest(value);
    if text.contains(['.', 'e', 'n', 'i']) { text } else { text + ".0" }
}

/// `repr(complex)`.
pub(super) fn complex_repr(real: f64, imaginary: f64) -> String {
    if real == 0.0 && real.is_sign_positive() {
        return format!("{}j", shortest(imaginary));
    }
    let plus = if imaginary.is_nan() || imaginary.is_sign_positive() { "+" } else { "" };
    format!("({}{plus}{}j)", shortest(real), shortest(imaginary))
}

/// As [`float_repr`], but whole numbers have no `.0`.
fn shortest(value: f64) -> String {
    if value.is_nan() {
        return "nan".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "inf" } else { "-inf" }.to_owned();
    }
    let scientific = format!("{value:e}");
    let Some((mantissa, Ok(exponent))) = scientific.split_once('e').map(|(m, e)| (m, e.parse::<i32>())) else {
        return scientific;
    };
    if (-4..16).contains(&exponent) {
        return format!("{value}");
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}e{sign}{:02}", exponent.abs())
}
