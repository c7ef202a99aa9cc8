//! The tokens of the encoding: JSON in ASCII, without objects or white space, each number in one of two exact forms.

use std::borrow::Cow;

use super::{Bounds, WireError};

/// Integers from here on travel as tagged hex, so that no reader rounds them.
pub(super) const EXACT: i64 = 1 << 53;

/// The longest that a Python `repr` of a float gets is 24 characters.
const LONGEST_NUMBER: usize = 32;

#[derive(Debug)]
pub(super) enum Token<'a> {
    Open,
    Close,
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Str(Cow<'a, str>),
}

/// Reads tokens from front to back, counting the open brackets.
#[derive(Debug)]
pub(super) struct Scanner<'a> {
    bytes: &'a [u8],
    at: usize,
    depth: usize,
    deepest: usize,
    /// Whether the next token has to be preceded by a comma.
    comma: bool,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(bytes: &'a [u8], bounds: &Bounds) -> Result<Self, WireError> {
        let scanner = Self { bytes, at: 0, depth: 0, deepest: bounds.depth, comma: false };
        if bytes.len() > bounds.bytes { Err(scanner.error("larger than allowed")) } else { Ok(scanner) }
    }

    pub(super) fn error(&self, what: &'static str) -> WireError {
        WireError { what, at: self.at }
    }

    /// The next token; commas are checked and passed over.
    pub(super) fn token(&mut self) -> Result<Token<'a>, WireError> {
        if self.peek() == Some(b']') {
            return self.close();
        }
        if self.comma {
            self.expect(b',')?;
        }
        self.comma = true;
        match self.peek() {
            Some(b'[') => self.open(),
            Some(b'"') => self.string().map(Token::Str),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b'n') => self.word(b"null", Token::Null),
            Some(b't') => self.word(b"true", Token::Bool(true)),
            Some(b'f') => self.word(b"false", Token::Bool(false)),
            Some(b'{') => Err(self.error("an object")),
            Some(_) => Err(self.error("an unexpected byte")),
            None => Err(self.error("the end, too early")),
        }
    }

    /// Nothing may follow.
    pub(super) fn end(&self) -> Result<(), WireError> {
        if self.at == self.bytes.len() { Ok(()) } else { Err(self.error("more after the end")) }
    }

    /// Whether the next token closes the array.
    pub(super) fn closes(&self) -> bool {
        self.peek() == Some(b']')
    }

    /// How many bytes were read.
    pub(super) fn position(&self) -> usize {
        self.at
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn expect(&mut self, byte: u8) -> Result<(), WireError> {
        if self.peek() != Some(byte) {
            return Err(self.error("a comma or bracket is missing"));
        }
        self.at += 1;
        Ok(())
    }

    fn open(&mut self) -> Result<Token<'a>, WireError> {
        if self.depth == self.deepest {
            return Err(self.error("nested too deeply"));
        }
        self.depth += 1;
        self.at += 1;
        self.comma = false;
        Ok(Token::Open)
    }

    fn close(&mut self) -> Result<Token<'a>, WireError> {
        if self.depth == 0 {
            return Err(self.error("a bracket that closes nothing"));
        }
        self.depth -= 1;
        self.at += 1;
        self.comma = true;
        Ok(Token::Close)
    }

    fn word(&mut self, word: &[u8], token: Token<'a>) -> Result<Token<'a>, WireError> {
        if !self.bytes[self.at..].starts_with(word) {
            return Err(self.error("an unknown word"));
        }
        self.at += word.len();
        Ok(token)
    }

    fn string(&mut self) -> Result<Cow<'a, str>, WireError> {
        let start = self.at;
        let (mut end, mut escaped) = (start + 1, false);
        loop {
            match self.bytes.get(end) {
                Some(b'"') => break,
                Some(b'\\') => {
                    escaped = true;
                    end += 2;
                }
                Some(b' '..=b'~') => end += 1,
                Some(_) => return Err(self.error("a string with something other than printable ASCII")),
                None => return Err(self.error("a string without end")),
            }
        }
        let text = if escaped {
            serde_json::from_slice::<String>(&self.bytes[start..=end]).ok().map(Cow::Owned)
        } else {
            std::str::from_utf8(&self.bytes[start + 1..end]).ok().map(Cow::Borrowed)
        };
        let text = text.ok_or_else(|| self.error("a string that is not Unicode"))?;
        self.at = end + 1;
        Ok(text)
    }

    fn number(&mut self) -> Result<Token<'a>, WireError> {
        let rest = &self.bytes[self.at..];
        let is_part = |byte: &u8| matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E');
        let length = rest.iter().take(LONGEST_NUMBER + 1).take_while(|byte| is_part(byte)).count();
        let token = (length <= LONGEST_NUMBER)
            .then(|| std::str::from_utf8(&rest[..length]).ok())
            .flatten()
            .and_then(number)
            .ok_or_else(|| self.error("a number in no allowed form"))?;
        self.at += length;
        Ok(token)
    }
}

/// `-?(0|[1-9][0-9]*)` below 2^53 and not `-0`, or the same with a fraction, an exponent or both, finite and not `-0.0`.
fn number(text: &str) -> Option<Token<'static>> {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let whole = digits(unsigned);
    if whole == 0 || (whole > 1 && unsigned.starts_with('0')) {
        return None;
    }
    let rest = &unsigned[whole..];
    if rest.is_empty() {
        let value: i64 = text.parse().ok()?;
        return (value.abs() < EXACT && (value != 0 || text == "0")).then_some(Token::Int(value));
    }
    let exponent = match rest.strip_prefix('.') {
        Some(fraction) if digits(fraction) == 0 => return None,
        Some(fraction) => &fraction[digits(fraction)..],
        None => rest,
    };
    if !exponent.is_empty() {
        let power = exponent.strip_prefix(['e', 'E'])?;
        let power = power.strip_prefix(['+', '-']).unwrap_or(power);
        if power.is_empty() || digits(power) != power.len() {
            return None;
        }
    }
    let value: f64 = text.parse().ok()?;
    let negative_zero = value == 0.0 && value.is_sign_negative();
    (value.is_finite() && !negative_zero).then_some(Token::Float(value))
}
