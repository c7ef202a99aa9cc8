//! Text and bytes as Python's `repr` writes them.

use std::fmt::{self, Write};

use unicode_general_category::{GeneralCategory, get_general_category};

/// `repr(str)`: `'` unless there is a `'` and no `"` in it; what can't be printed is escaped.
pub(super) fn write_str(out: &mut dyn Write, points: impl Iterator<Item = u32> + Clone) -> fmt::Result {
    let has = |quote: char| points.clone().any(|point| point == u32::from(quote));
    let quote = if has('\'') && !has('"') { '"' } else { '\'' };
    out.write_char(quote)?;
    for point in points {
        match char::from_u32(point) {
            Some(c) if c == quote || c == '\\' => write!(out, "\\{c}")?,
            Some('\n') => out.write_str("\\n")?,
            Some('\r') => out.write_str("\\r")?,
            Some('\t') => out.write_str("\\t")?,
            Some(c) if is_printable(c) => out.write_char(c)?,
            _ if point <= 0xff => write!(out, "\\x{point:02x}")?,
            _ if point <= 0xffff => write!(out, "\\u{point:04x}")?,
            _ => write!(out, "\\U{point:08x}")?,
        }
    }
    out.write_char(quote)
}

/// `repr(bytes)`.
pub(super) fn write_bytes(out: &mut dyn Write, bytes: &[u8]) -> fmt::Result {
    write_quoted(out, bytes, false)
}

/// `repr(bytearray)`, which escapes a `'` even between `"`.
pub(super) fn write_bytearray(out: &mut dyn Write, bytes: &[u8]) -> fmt::Result {
    out.write_str("bytearray(")?;
    write_quoted(out, bytes, true)?;
    out.write_char(')')
}

fn write_quoted(out: &mut dyn Write, bytes: &[u8], escape_single: bool) -> fmt::Result {
    let quote = if bytes.contains(&b'\'') && !bytes.contains(&b'"') { b'"' } else { b'\'' };
    out.write_char('b')?;
    out.write_char(quote.into())?;
    for &byte in bytes {
        match byte {
            b'\n' => out.write_str("\\n")?,
            b'\r' => out.write_str("\\r")?,
            b'\t' => out.write_str("\\t")?,
            b'\\' => out.write_str("\\\\")?,
            _ if byte == quote || (escape_single && byte == b'\'') => write!(out, "\\{}", char::from(byte))?,
            b' '..=b'~' => out.write_char(byte.into())?,
            _ => write!(out, "\\x{byte:02x}")?,
        }
    }
    out.write_char(quote.into())
}

/// `str.isprintable` for one character: nothing of the categories Other and Separator but the space.
fn is_printable(c: char) -> bool {
    use GeneralCategory as G;
    if c.is_ascii() {
        return !c.is_ascii_control();
    }
    !matches!(
        get_general_category(c),
        G::Control
            | G::Format
            | G::Surrogate
            | G::PrivateUse
            | G::Unassigned
            | G::LineSeparator
            | G::ParagraphSeparator
            | G::SpaceSeparator
    )
}

/// The code points of UTF-8 in which surrogates are let through, when there is at least one.
pub(super) fn code_points(bytes: &[u8]) -> Option<Vec<u32>> {
    let mut points = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    let mut surrogates = 0;
    while !rest.is_empty() {
        if let [0xed, second @ 0xa0..=0xbf, third @ 0x80..=0xbf, ..] = rest {
            points.push(0xd000 | (u32::from(second & 0x3f) << 6) | u32::from(third & 0x3f));
            surrogates += 1;
            rest = &rest[3..];
            continue;
        }
        let (valid, after) = valid_prefix(rest)?;
        points.extend(valid.chars().map(u32::from));
        rest = after;
    }
    (surrogates > 0).then_some(points)
}

/// The longest prefix that is UTF-8, never empty, and what follows.
fn valid_prefix(bytes: &[u8]) -> Option<(&str, &[u8])> {
    let length = match std::str::from_utf8(bytes) {
        Ok(_) => bytes.len(),
        Err(error) => error.valid_up_to(),
    };
    let (valid, rest) = bytes.split_at(length);
    (length > 0).then(|| std::str::from_utf8(valid).ok()).flatten().map(|text| (text, rest))
}

/// UTF-8 with surrogates let through.
pub(super) fn surrogate_bytes(points: &[u32]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(points.len() * 3);
    for &point in points {
        if let Some(c) = char::from_u32(point) {
            bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
        } else {
            let continuation = |bits: u32| 0x80 | u8::try_from(bits & 0x3f).unwrap_or(0);
            bytes.extend_from_slice(&[0xed, continuation(point >> 6), continuation(point)]);
        }
    }
    bytes
}

/// At most `limit` characters, the middle left out.
pub(super) fn cut_middle(text: &str, limit: usize) -> String {
    let length = text.chars().count();
    if length <= limit {
        return text.to_owned();
    }
    let kept = limit.saturating_sub(5);
    let tail = kept / 3;
    let start: String = text.chars().take(kept - tail).collect();
    let end: String = text.chars().skip(length - tail).collect();
    format!("{start} ... {end}")
}
