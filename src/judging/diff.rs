//! A line diff as data: changed words marked, context around, long stretches cut with a line that says so.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

use similar::{Algorithm, DiffOp, DiffTag, capture_diff_slices_deadline};

use super::layout::{self, Laid, side};
use super::visible::NEWLINE_MARK;

/// After this time the diff is less minimal, but still right.
const PATIENCE: Duration = Duration::from_millis(200);

/// Differences between expected and actual lines, made to be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diff {
    pub lines: Vec<DiffLine>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DiffLine {
    pub kind: LineKind,
    pub spans: Vec<Span>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineKind {
    Same,
    /// Expected, but not there.
    Expected,
    /// There, but not expected.
    Actual,
    /// Said about the diff, not part of the text: how many lines were left out.
    Note,
}

impl LineKind {
    /// What the line starts with in text form.
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Same => "  ",
            Self::Expected => "- ",
            Self::Actual => "+ ",
            Self::Note => "@ ",
        }
    }
}

/// A piece of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// Whether this is what changed within the line.
    pub emphasized: bool,
    pub text: String,
}

impl Span {
    pub(super) fn whole(text: &str) -> Vec<Self> {
        if text.is_empty() { Vec::new() } else { vec![Self { emphasized: false, text: text.to_owned() }] }
    }
}

impl DiffLine {
    /// The line without marks or prefix.
    pub fn text(&self) -> String {
        self.spans.iter().map(|span| span.text.as_str()).collect()
    }
}

/// Lines, and a number for each: lines with the same number count as the same.
pub(super) struct Numbered<'a> {
    pub(super) lines: Vec<Cow<'a, str>>,
    pub(super) numbers: Vec<usize>,
}

impl Diff {
    /// The difference between two texts; `None` when there is none that lines can show.
    pub fn of_texts(expected: &str, actual: &str) -> Option<Self> {
        let (expected, actual) = split_both(expected, actual);
        let mut seen = HashMap::new();
        let mut number = |lines: &[Cow<'_, str>]| -> Vec<usize> {
            let mut number_of = |line: &str| {
                let next = seen.len();
                *seen.entry(line.to_owned()).or_insert(next)
            };
            lines.iter().map(|line| number_of(line)).collect()
        };
        let expected = Numbered { numbers: number(&expected), lines: expected };
        let actual = Numbered { numbers: number(&actual), lines: actual };
        Self::of_numbered(&expected, &actual)
    }

    pub(super) fn of_numbered(expected: &Numbered<'_>, actual: &Numbered<'_>) -> Option<Self> {
        let ops = align(expected, actual);
        if ops.iter().all(|op| op.tag() == DiffTag::Equal) {
            return None;
        }
        let laid = layout::lay_out(&expected.lines, &actual.lines, &ops);
        Some(Self { lines: laid.iter().map(Laid::render).collect() })
    }

    /// One line each, with its prefix, as [`LineKind::prefix`].
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        for line in &self.lines {
            // Writing into a `String` can't fail.
            let _ = writeln!(text, "{}{}", line.kind.prefix(), line.text());
        }
        text
    }

    /// Reads [`Diff::to_text`] back; changed words are found again.
    pub fn parse(text: &str) -> Self {
        let kinds = [LineKind::Same, LineKind::Expected, LineKind::Actual, LineKind::Note];
        let lines: Vec<(LineKind, &str)> = text
            .strip_suffix('\n')
            .unwrap_or(text)
            .split('\n')
            .filter_map(|line| kinds.iter().find_map(|kind| Some((*kind, line.strip_prefix(kind.prefix())?))))
            .collect();
        let run = |kind: LineKind, from: usize| lines[from..].iter().take_while(|(other, _)| *other == kind).count();
        let mut laid: Vec<Laid<'_>> = Vec::with_capacity(lines.len());
        while let Some((kind, text)) = lines.get(laid.len()) {
            let start = laid.len();
            let (expected, actual) =
                (run(LineKind::Expected, start), run(LineKind::Actual, start + run(LineKind::Expected, start)));
            if expected + actual == 0 {
                laid.push(Laid { kind: *kind, text: Cow::Borrowed(text), partner: None });
                continue;
            }
            let texts: Vec<Cow<'_, str>> =
                lines[start..start + expected + actual].iter().map(|(_, text)| Cow::Borrowed(*text)).collect();
            let (old, new) = texts.split_at(expected);
            laid.extend(side(LineKind::Expected, old, new));
            laid.extend(side(LineKind::Actual, new, old));
        }
        Self { lines: laid.iter().map(Laid::render).collect() }
    }
}

/// Which lines of one side belong to which of the other.
pub(super) fn align(expected: &Numbered<'_>, actual: &Numbered<'_>) -> Vec<DiffOp> {
    let deadline = Some(Instant::now() + PATIENCE);
    capture_diff_slices_deadline(Algorithm::Myers, &expected.numbers, &actual.numbers, deadline)
}

/// The lines of both texts. When the last lines differ in nothing but the newline at their end, the newline is shown as a mark.
pub(super) fn split_both<'a>(expected: &'a str, actual: &'a str) -> (Vec<Cow<'a, str>>, Vec<Cow<'a, str>>) {
    let (mut old, mut new) = (split_lines(expected), split_lines(actual));
    if expected.ends_with('\n') != actual.ends_with('\n') && old.last() == new.last() {
        let marked = if expected.ends_with('\n') { &mut old } else { &mut new };
        if let Some(last) = marked.last_mut() {
            last.to_mut().push(NEWLINE_MARK);
        }
    }
    (old, new)
}

/// The lines of a text; the newline at its end does not begin another one.
pub(super) fn split_lines(text: &str) -> Vec<Cow<'_, str>> {
    let mut lines: Vec<_> = text.split('\n').map(Cow::Borrowed).collect();
    if lines.last().is_some_and(|line| line.is_empty()) {
        lines.pop();
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(expected: &str, actual: &str) -> String {
        Diff::of_texts(expected, actual).map_or_else(String::new, |diff| diff.to_text())
    }

    #[test]
    fn equal_texts_have_no_diff() {
        assert_eq!(Diff::of_texts("a\nb\n", "a\nb\n"), None);
    }

    #[test]
    fn a_changed_line_is_shown_with_what_is_around_it() {
        assert_eq!(
            text("1\n2\n3\n4\n5\n6\n7\n", "1\n2\n3\nfour\n5\n6\n7\n"),
            "@ 1 line the same\n  2\n  3\n- 4\n+ four\n  5\n  6\n@ 1 line the same\n"
        );
    }

    #[test]
    fn a_missing_last_newline_is_shown_as_a_mark() {
        assert_eq!(text("a\nb\n", "a\nb"), "  a\n- b⏎\n+ b\n");
        assert_eq!(text("a\n", "a\nb"), "  a\n+ b\n");
    }

    #[test]
    fn empty_lines_and_spaces_at_the_end_can_be_seen() {
        assert_eq!(text("a\nb\n", "a \n\nb\n"), "- a\n+ a·\n+ ⏎\n  b\n");
    }

    #[test]
    fn long_diffs_are_cut_in_the_middle_and_say_by_how_much() {
        let expected: String = (0..1000).map(|n| n.to_string() + "\n").collect();
        let actual: String = (0..1000).map(|n| "x".to_owned() + &n.to_string() + "\n").collect();
        let diff = Diff::of_texts(&expected, &actual).unwrap();
        assert!(diff.lines.len() <= layout::MOST_LINES + 1, "{}", diff.lines.len());
        assert!(diff.to_text().contains("left out"), "{}", diff.to_text());
    }

    #[test]
    fn the_first_difference_of_a_huge_line_is_shown() {
        let (a, b) = ("x".repeat(100_000) + "left", "x".repeat(100_000) + "right");
        let shown = text(&a, &b);
        assert!(shown.contains("left\n") && shown.contains("right\n"), "{shown}");
        assert!(shown.len() < 1000);
    }

    #[test]
    fn a_megabyte_on_both_sides_is_compared_in_about_a_second() {
        let side = |seed: u64| -> String {
            (0..100_000u64).map(|n| ((n * seed + n * n * seed) % 1_000_003).to_string() + "\n").collect()
        };
        let (a, b) = (side(7), side(11));
        let start = Instant::now();
        assert!(Diff::of_texts(&a, &b).is_some());
        assert!(start.elapsed() < Duration::from_secs(3), "{:?}", start.elapsed());
    }

    #[test]
    fn text_form_reads_back_as_the_same_diff() {
        for (a, b) in [("a b\nc\n", "a x\nc"), ("1\n2\n3\n", "1\n"), ("\n\n", "x\n"), ("  y\n", "- y\n"), ("", "@ a\n")]
        {
            let diff = Diff::of_texts(a, b).unwrap();
            assert_eq!(Diff::parse(&diff.to_text()), diff);
        }
    }
}
