//! Which lines of a difference are shown, in which order, and how they are cut.

use std::borrow::Cow;

use similar::{DiffOp, DiffTag, group_diff_ops};

use super::diff::{DiffLine, LineKind, Span};
use super::visible::{NEWLINE_MARK, visible_line};
use super::words;

/// Unchanged lines shown around a change.
const CONTEXT: usize = 2;
/// Lines shown in all; more are cut in the middle.
pub(super) const MOST_LINES: usize = 40;
/// Characters shown of one line; more are cut in the middle.
const LONGEST_LINE: usize = 400;

/// The lines to show for `ops`, cut to a bearable number.
pub(super) fn lay_out<'a>(expected: &'a [Cow<'a, str>], actual: &'a [Cow<'a, str>], ops: &[DiffOp]) -> Vec<Laid<'a>> {
    let mut layout = Layout { expected, actual, lines: Vec::new(), shown_until: 0 };
    for group in group_diff_ops(ops.to_vec(), CONTEXT) {
        layout.group(&group);
    }
    layout.skipped(expected.len());
    cut(layout.lines)
}

/// A line of the diff before its changed words are looked for, which is done for shown lines only.
pub(super) struct Laid<'a> {
    pub(super) kind: LineKind,
    pub(super) text: Cow<'a, str>,
    /// The line on the other side that it is held against.
    pub(super) partner: Option<Cow<'a, str>>,
}

impl Laid<'_> {
    pub(super) fn render(&self) -> DiffLine {
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
        if old.len() == new.len() && shown_old.iter().zip(&shown_new).all(|(old, new)| words::are_alike(old, new)) {
            for (old, new) in shown_old.iter().zip(&shown_new) {
                self.lines.extend(side(LineKind::Expected, std::slice::from_ref(old), std::slice::from_ref(new)));
                self.lines.extend(side(LineKind::Actual, std::slice::from_ref(new), std::slice::from_ref(old)));
            }
            return self.left_out(old.len() - shown_old.len());
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
pub(super) fn side<'a>(kind: LineKind, own: &[Cow<'a, str>], other: &[Cow<'a, str>]) -> Vec<Laid<'a>> {
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
