//! A line diff as data: changed words marked, context around, long stretches cut with a line that says so.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

use similar::{Algorithm, DiffOp, DiffTag, capture_diff_slices_deadline, group_diff_ops};

use super::visible::{NEWLINE_MARK, visible_line};
use super::words;

/// Unchanged lines shown around a change.
const CONTEXT: usize = 2;
/// Lines shown in all; more are cut in the middle.
const MOST_LINES: usize = 40;
/// Characters shown of one line; more are cut in the middle.
const LONGEST_LINE: usize = 400;
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
        let mut layout = Layout { expected: &expected.lines, actual: &actual.lines, lines: Vec::new(), shown_until: 0 };
        for group in group_diff_ops(ops, CONTEXT) {
            layout.group(&group);
        }
        layout.skipped(expected.lines.len());
        Some(Self { lines: cut(layout.lines).iter().map(Laid::render).collect() })
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

/// A line of the diff before its changed words are looked for, which is done for shown lines only.
struct Laid<'a> {
    kind: LineKind,
    text: Cow<'a, str>,
    /// The line on the other side that it is held against.
    partner: Option<Cow<'a, str>>,
}

impl Laid<'_> {
    fn render(&self) -> DiffLine {
        let spans = match (&self.partner, self.kind) {
            (Some(partner), LineKind::Expected) => words::mark(&self.text, partner).0,
            (Some(partner), LineKind::Actual) => words::mark(partner, &self.text).1,
            _ => Span::whole(&self.text),
        };
        DiffLine { kind: self.kind, spans }
    }
}

struct Layout<'a> {
    expected: &'a [Cow<'a, str>],
    actual: &'a [Cow<'a, str>],
    lines: Vec<Laid<'a>>,
    /// How many of the expected lines were shown or passed over.
    shown_until: usize,
}

impl Layout<'_> {
    fn group(&mut self, group: &[DiffOp]) {
        self.skipped(group.first().map_or(0, |op| op.old_range().start));
        for op in group {
            let (old, new) = (&self.expected[op.old_range()], &self.actual[op.new_range()]);
            if op.tag() == DiffTag::Equal {
                // The actual line: where a placeholder stood, it says what was there.
                let same =
                    |line: &Cow<'_, str>| Laid { kind: LineKind::Same, text: shortened(line).into(), partner: None };
                self.lines.extend(new.iter().map(same));
            } else {
                self.changed(old, new);
            }
            self.shown_until = op.old_range().end;
        }
    }

    fn changed(&mut self, old: &[Cow<'_, str>], new: &[Cow<'_, str>]) {
        let first =
            |lines: &[Cow<'_, str>]| lines.iter().take(MOST_LINES).map(|line| visible(line)).collect::<Vec<_>>();
        let (mut shown_old, mut shown_new) = (first(old), first(new));
        for (old, new) in shown_old.iter_mut().zip(&mut shown_new) {
            window(old, new);
        }
        for line in shown_old.iter_mut().chain(&mut shown_new) {
            *line = shortened(line).into();
        }
        self.lines.extend(side(LineKind::Expected, &shown_old, &shown_new));
        self.left_out(old.len() - shown_old.len());
        self.lines.extend(side(LineKind::Actual, &shown_new, &shown_old));
        self.left_out(new.len() - shown_new.len());
    }

    fn skipped(&mut self, until: usize) {
        let count = until.saturating_sub(self.shown_until);
        if count > 0 {
            self.note(format!("{} the same", lines(count)));
        }
    }

    fn left_out(&mut self, count: usize) {
        if count > 0 {
            self.note(format!("{} left out", lines(count)));
        }
    }

    fn note(&mut self, text: String) {
        self.lines.push(Laid { kind: LineKind::Note, text: text.into(), partner: None });
    }
}

/// One side of a change; lines of the same rank are held against each other.
fn side<'a>(kind: LineKind, own: &[Cow<'a, str>], other: &[Cow<'a, str>]) -> Vec<Laid<'a>> {
    let others = other.iter().cloned().map(Some).chain(std::iter::repeat(None));
    own.iter().cloned().zip(others).map(|(text, partner)| Laid { kind, text, partner }).collect()
}

/// As [`visible_line`]; an empty line shows that it is one.
fn visible<'a>(line: &str) -> Cow<'a, str> {
    if line.is_empty() { NEWLINE_MARK.to_string().into() } else { visible_line(line).into() }
}

fn lines(count: usize) -> String {
    if count == 1 { "1 line".to_owned() } else { format!("{count} lines") }
}

/// Of two long lines, leaves out the common beginning, so that the first difference is in what is shown.
fn window<'a>(old: &mut Cow<'a, str>, new: &mut Cow<'a, str>) {
    const KEPT: usize = 60;
    if old.chars().count().max(new.chars().count()) <= LONGEST_LINE {
        return;
    }
    let common = old.chars().zip(new.chars()).take_while(|(old, new)| old == new).count();
    let skipped = common.saturating_sub(KEPT);
    if skipped > 0 {
        for line in [old, new] {
            *line = format!("… {}", line.chars().skip(skipped).collect::<String>()).into();
        }
    }
}

/// A line of huge length, with its middle left out.
fn shortened(line: &str) -> String {
    let length = line.chars().count();
    if length <= LONGEST_LINE {
        return line.to_owned();
    }
    let tail = LONGEST_LINE / 4;
    let start: String = line.chars().take(LONGEST_LINE - tail).collect();
    let end: String = line.chars().skip(length - tail).collect();
    format!("{start} … {} characters left out … {end}", length - LONGEST_LINE)
}

/// At most [`MOST_LINES`], the middle left out.
fn cut(mut all: Vec<Laid<'_>>) -> Vec<Laid<'_>> {
    if all.len() <= MOST_LINES {
        return all;
    }
    let tail = all.split_off(all.len() - MOST_LINES / 4);
    let left_out = all.split_off(MOST_LINES - MOST_LINES / 4).len();
    all.push(Laid {
        kind: LineKind::Note,
        text: format!("{} of this comparison left out", lines(left_out)).into(),
        partner: None,
    });
    all.extend(tail);
    all
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
        let expected: String = (0..1000).map(|n| format!("{n}\n")).collect();
        let actual: String = (0..1000).map(|n| format!("x{n}\n")).collect();
        let diff = Diff::of_texts(&expected, &actual).unwrap();
        assert!(diff.lines.len() <= MOST_LINES + 1, "{}", diff.lines.len());
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
            (0..100_000u64).map(|n| format!("{}\n", (n * seed + n * n * seed) % 1_000_003)).collect()
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
