//! Lines that are the same but for the last digits of their numbers.

/// Whether both lines have the same words in the same places and numbers that are within `tolerance` of each other, absolutely for small
/// numbers and relatively for large ones.
pub(super) fn lines_close(expected: &str, actual: &str, tolerance: f64) -> bool {
    let (mut expected, mut actual) = (Pieces(expected), Pieces(actual));
    loop {
        match (expected.next(), actual.next()) {
            (None, None) => return true,
            (Some(a), Some(b)) if a == b => {}
            (Some(Piece::Number(_, a)), Some(Piece::Number(_, b))) if close(a, b, tolerance) => {}
            _ => return false,
        }
    }
}

/// Whether two numbers differ by at most `tolerance`, or by that part of the larger one.
pub(super) fn close(a: f64, b: f64, tolerance: f64) -> bool {
    (a - b).abs() <= tolerance * a.abs().max(b.abs()).max(1.0)
}

#[derive(Debug, PartialEq)]
enum Piece<'a> {
    Text(&'a str),
    Number(&'a str, f64),
}

struct Pieces<'a>(&'a str);

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        let first = self.0.chars().next()?;
        let number = number_length(self.0);
        let length = if number > 0 {
            number
        } else if first.is_alphanumeric() {
            // Digits within a word, as in `x2`, are part of its name.
            self.0.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(self.0.len())
        } else {
            first.len_utf8()
        };
        let (piece, rest) = self.0.split_at(length);
        self.0 = rest;
        let value = (number > 0).then(|| piece.parse().ok()).flatten();
        Some(value.map_or(Piece::Text(piece), |value| Piece::Number(piece, value)))
    }
}

/// How long the unsigned number at the start is; 0 when there is none, or when a letter follows at once.
fn number_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let digits = |from: usize| bytes[from.min(bytes.len())..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let mut length = digits(0);
    if length == 0 {
        return 0;
    }
    if bytes.get(length) == Some(&b'.') && digits(length + 1) > 0 {
        length += 1 + digits(length + 1);
    }
    if matches!(bytes.get(length), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(length + 1), Some(b'+' | b'-')));
        let power = digits(length + 1 + sign);
        length += if power > 0 { 1 + sign + power } else { 0 };
    }
    if text[length..].starts_with(|c: char| c.is_alphabetic() || c == '_') { 0 } else { length }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_may_differ_within_the_tolerance_and_words_may_not() {
        assert!(lines_close("mean: 3.3333333333, n=3", "mean: 3.3333333334, n=3", 1e-9));
        assert!(lines_close("1e-05 x2", "0.00001 x2", 1e-9));
        assert!(!lines_close("mean: 3.3", "mean: 3.4", 1e-9));
        assert!(!lines_close("mean: 3.3", "Mean: 3.3", 1e-9));
        assert!(!lines_close("x1 1", "x2 1", 10.0));
        assert!(!lines_close("-1.0", "1.0", 1e-9));
    }
}
