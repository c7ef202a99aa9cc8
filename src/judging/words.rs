//! Which words of a changed line changed.

use std::time::{Duration, Instant};

use similar::{Algorithm, DiffTag, capture_diff_slices_deadline};

use super::diff::Span;

/// Pairs of lines less alike than this are shown without marks: marking nearly all of a line says nothing.
const ALIKE_ENOUGH: f64 = 0.3;
const PATIENCE: Duration = Duration::from_millis(50);

/// Both lines as spans, changed words emphasized; whole lines when they have too little in common.
pub(crate) fn mark(expected: &str, actual: &str) -> (Vec<Span>, Vec<Span>) {
    let (old, new) = (split(expected), split(actual));
    let ops = capture_diff_slices_deadline(Algorithm::Myers, &old, &new, Some(Instant::now() + PATIENCE));
    let mut spans = (Vec::new(), Vec::new());
    let mut common = 0;
    for op in &ops {
        let same = op.tag() == DiffTag::Equal;
        let (before, after) = (old[op.old_range()].concat(), new[op.new_range()].concat());
        if same {
            common += visible_chars(&before);
        }
        push(&mut spans.0, before, !same);
        push(&mut spans.1, after, !same);
    }
    let longest = visible_chars(expected).max(visible_chars(actual));
    #[expect(clippy::cast_precision_loss, reason = "lengths of lines")]
    let alike = common as f64 / longest.max(1) as f64;
    if alike < ALIKE_ENOUGH { (Span::whole(expected), Span::whole(actual)) } else { spans }
}

fn visible_chars(text: &str) -> usize {
    text.chars().filter(|c| !c.is_whitespace()).count()
}

/// Whether enough of two lines is the same for their changed words to be marked.
pub(super) fn are_alike(expected: &str, actual: &str) -> bool {
    let (expected, actual) = mark(expected, actual);
    expected.iter().chain(&actual).any(|span| span.emphasized)
}

fn push(spans: &mut Vec<Span>, text: String, emphasized: bool) {
    if text.is_empty() {
        return;
    }
    match spans.last_mut() {
        Some(last) if last.emphasized == emphasized => last.text.push_str(&text),
        _ => spans.push(Span { emphasized, text }),
    }
}

/// Runs of letters and digits, numbers with their point, and everything else one character at a time.
fn split(line: &str) -> Vec<&str> {
    let is_digit = |c: char| c.is_ascii_digit();
    let mut words = Vec::new();
    let mut start = 0;
    let mut inside = false;
    for (at, c) in line.char_indices() {
        let is_point = c == '.' && line[..at].ends_with(is_digit) && line[at + 1..].starts_with(is_digit);
        let belongs = c.is_alphanumeric() || c == '_' || is_point;
        if at > start && !(inside && belongs) {
            words.push(&line[start..at]);
            start = at;
        }
        inside = belongs;
    }
    if start < line.len() {
        words.push(&line[start..]);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn emphasized(spans: &[Span]) -> Vec<&str> {
        spans.iter().filter(|span| span.emphasized).map(|span| span.text.as_str()).collect()
    }

    #[test]
    fn only_the_changed_word_is_marked() {
        let (old, new) = mark("total: 12 items", "total: 13 items");
        assert_eq!((emphasized(&old), emphasized(&new)), (vec!["12"], vec!["13"]));
    }

    #[test]
    fn lines_with_nothing_in_common_are_not_marked() {
        let (old, new) = mark("alpha", "something else");
        assert!(emphasized(&old).is_empty() && emphasized(&new).is_empty());
    }

    #[test]
    fn a_number_is_one_word() {
        let (old, new) = mark("Ada 12.50 ok.", "Ada 12.5 ok.");
        assert_eq!((emphasized(&old), emphasized(&new)), (vec!["12.50"], vec!["12.5"]));
    }

    #[test]
    fn spans_put_together_are_the_line() {
        for (a, b) in [("", "x"), ("a b", "a  b"), ("żółw 1", "żółw 2"), ("x", "x")] {
            let (old, new) = mark(a, b);
            let text = |spans: &[Span]| spans.iter().map(|span| span.text.as_str()).collect::<String>();
            assert_eq!((text(&old).as_str(), text(&new).as_str()), (a, b));
        }
    }
}
