//! One check as a page shows it.

use crate::judging::diff::{Diff, LineKind, Span};
use crate::judging::words as changed;
use crate::report::human::{Shown, amount, excerpt, shows_output};
use crate::report::source::SourceLines;
use crate::report::traceback::{Step, steps};
use crate::report::words::{self, number};
use crate::verdict::{CheckResult, Outcome};

/// How something stands: a class for its colour, a symbol, and words, so that colour is never all there is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Standing {
    pub(super) class: &'static str,
    pub(super) symbol: &'static str,
    pub(super) words: &'static str,
}

impl Standing {
    pub(super) const fn of(outcome: Outcome) -> Self {
        let (class, symbol) = match outcome {
            Outcome::Passed => ("good", "✓"),
            Outcome::Failed => ("bad", "✗"),
            Outcome::Skipped | Outcome::Withheld => ("faint", "–"),
            Outcome::NeedsReview => ("odd", "?"),
            _ => ("odd", "!"),
        };
        Self { class, symbol, words: words::outcome(outcome) }
    }
}

/// A check that did not pass, in full.
#[derive(Debug)]
pub(super) struct Check<'a> {
    pub(super) title: &'a str,
    pub(super) standing: Standing,
    pub(super) points: String,
    /// Empty where the values below say the same.
    pub(super) message: String,
    pub(super) called: Option<&'a str>,
    pub(super) expected: Option<Vec<Span>>,
    pub(super) actual: Option<Vec<Span>>,
    pub(super) diff: Vec<Line>,
    pub(super) reason: Option<&'a str>,
    pub(super) places: Vec<Place>,
    pub(super) printed: Option<Printed>,
    pub(super) hint: Option<&'a str>,
}

/// A line of a diff.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) class: &'static str,
    pub(super) sign: &'static str,
    /// For who can't see the sign.
    pub(super) spoken: &'static str,
    pub(super) spans: Vec<Span>,
}

#[derive(Debug)]
pub(super) struct Place {
    /// `decorators.py:12`; empty for what stands between places.
    pub(super) at: String,
    pub(super) within: String,
    pub(super) line: Option<String>,
}

#[derive(Debug)]
pub(super) struct Printed {
    pub(super) amount: String,
    pub(super) text: String,
}

impl<'a> Check<'a> {
    pub(super) fn new(check: &'a CheckResult, source: &dyn SourceLines) -> Self {
        let message = words::message(check);
        let (expected, actual) = values(check);
        let says_the_same = match (&check.expected, &check.actual) {
            (Some(expected), Some(actual)) => message == crate::judging::sentence(expected, actual),
            _ => false,
        };
        Self {
            title: &check.title,
            standing: Standing::of(check.outcome),
            points: format!("{} of {}", number(check.earned), number(check.weight)),
            message: if says_the_same { String::new() } else { message },
            called: check.called.as_deref(),
            expected,
            actual,
            diff: check.diff.as_deref().map(lines).unwrap_or_default(),
            reason: check.reason.as_deref(),
            places: places(check, source),
            printed: printed(check),
            hint: check.hint.as_deref(),
        }
    }
}

/// What was expected and what came, with the words marked that differ; nothing where a diff shows it better.
fn values(check: &CheckResult) -> (Option<Vec<Span>>, Option<Vec<Span>>) {
    let whole = |text: &String| vec![Span { emphasized: false, text: text.clone() }];
    match (&check.expected, &check.actual) {
        _ if check.diff.is_some() => (None, None),
        (Some(expected), Some(actual)) => {
            let (expected, actual) = changed::mark(expected, actual);
            (Some(expected), Some(actual))
        }
        (expected, actual) => (expected.as_ref().map(whole), actual.as_ref().map(whole)),
    }
}

fn lines(diff: &str) -> Vec<Line> {
    let line = |line: crate::judging::diff::DiffLine| {
        let (class, sign, spoken) = match line.kind {
            LineKind::Same => ("same", " ", ""),
            LineKind::Expected => ("want", "−", "expected: "),
            LineKind::Actual => ("got", "+", "yours: "),
            LineKind::Note => ("note", "…", ""),
        };
        Line { class, sign, spoken, spans: line.spans }
    };
    Diff::parse(diff).lines.into_iter().map(line).collect()
}

fn places(check: &CheckResult, source: &dyn SourceLines) -> Vec<Place> {
    let place = |file: &str, line: u32, within: String| Place {
        at: format!("{file}:{line}"),
        within,
        line: source.line(file, line).map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()),
    };
    if check.traceback.is_empty() {
        return check.location.iter().map(|at| place(&at.file, at.line, String::new())).collect();
    }
    let of_step = |step: Step<'_>| match step {
        Step::Call(frame) => {
            let function = if frame.function == "<module>" { String::new() } else { format!("in {}", frame.function) };
            place(&frame.file, frame.line, function)
        }
        Step::Note(note) => Place { at: String::new(), within: format!("({note})"), line: None },
    };
    steps(&check.traceback).into_iter().map(of_step).collect()
}

fn printed(check: &CheckResult) -> Option<Printed> {
    let line = |shown: Shown<'_>| match shown {
        Shown::Line(line) => line.to_owned(),
        Shown::LeftOut(lines) => format!("({})", Shown::left_out(lines)),
    };
    shows_output(check).then(|| Printed {
        amount: amount(check).unwrap_or_else(|| "It printed:".to_owned()),
        text: excerpt(check).into_iter().map(line).collect::<Vec<_>>().join("\n"),
    })
}
