//! What to mend first in an exercise, where, and how an exercise stands: shared by all reports of a job.

use std::collections::HashMap;

use crate::ci::{Fate, Row};
use crate::error::Fault;
use crate::report::source::SourceLines;
use crate::report::words;
use crate::verdict::{CheckResult, Location, Outcome, SubmissionOutcome, Verdict};

/// The first thing that is not right. All of it is text that others made.
pub(super) struct Finding {
    /// The title of the check, or what is the matter with the file.
    pub title: String,
    /// How it came out: `not yet`, `out of time`.
    pub state: String,
    /// Several lines.
    pub details: String,
    pub location: Option<Location>,
    /// From 1, where it is known.
    pub column: Option<u32>,
    /// What was called; empty where nothing was.
    called: String,
}

impl Finding {
    /// Nothing for an exercise that passed.
    ///
    /// Where no line is known, it is the one at which `source` defines what the check is about.
    pub(super) fn of(verdict: &Verdict, source: &dyn SourceLines) -> Option<Self> {
        let mut finding = Self::told(verdict)?;
        if finding.location.is_none() && verdict.problem.is_none() {
            let file = &verdict.submission.path;
            let about = format!("{} {}", finding.called, finding.title);
            let line = source.text(file).and_then(|text| defined_at(&text, &about));
            finding.location = line.map(|line| Location { file: file.clone(), line });
        }
        Some(finding)
    }

    fn told(verdict: &Verdict) -> Option<Self> {
        if verdict.passed() {
            return None;
        }
        if let Some(problem) = &verdict.problem {
            let title = if verdict.is_missing() { words::NOTHING_HERE } else { "the file can't be run" };
            return Some(Self {
                title: title.to_owned(),
                state: words::outcome(Outcome::Failed).to_owned(),
                details: problem.message.clone(),
                location: problem.location.clone(),
                column: problem.column,
                called: String::new(),
            });
        }
        if verdict.is_unbegun() {
            return Some(Self::unbegun(verdict));
        }
        verdict.checks.iter().find(|check| check.outcome.is_to_mend()).map(Self::of_check)
    }

    fn unbegun(verdict: &Verdict) -> Self {
        let first = verdict.checks.iter().find_map(|check| check.traceback.last());
        Self {
            title: "not begun".to_owned(),
            state: words::outcome(Outcome::Failed).to_owned(),
            details: words::BEGIN.to_owned(),
            location: first.map(|frame| Location { file: frame.file.clone(), line: frame.line }),
            column: None,
            called: String::new(),
        }
    }

    fn of_check(check: &CheckResult) -> Self {
        let hint = check.hint.as_ref().map(|hint| format!("\nhint: {hint}")).unwrap_or_default();
        Self {
            title: check.title.clone(),
            state: words::outcome(check.outcome).to_owned(),
            details: format!("{}{hint}", words::explanation(check)),
            location: check.location.clone(),
            column: None,
            called: check.called.clone().unwrap_or_default(),
        }
    }
}

/// The first line (from 1) at which Python source defines a function or a class that is named in `about`; of several, what is named first.
fn defined_at(text: &str, about: &str) -> Option<u32> {
    let name_of = |line: &str| {
        let line = line.trim_start();
        let rest = line.strip_prefix("async ").unwrap_or(line);
        let rest = rest.strip_prefix("def ").or_else(|| rest.strip_prefix("class "))?;
        Some(rest.trim_start().split(|c: char| !is_of_name(c)).next().unwrap_or_default().to_owned())
    };
    let mut defined = HashMap::new();
    for (index, name) in text.lines().enumerate().filter_map(|(index, line)| Some((index, name_of(line)?))) {
        defined.entry(name).or_insert(index + 1);
    }
    let line = about.split(|c: char| !is_of_name(c)).find_map(|word| defined.get(word))?;
    u32::try_from(*line).ok()
}

fn is_of_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// How an exercise stands, for one cell of a table.
pub(super) fn state(row: &Row) -> (Outcome, String) {
    match &row.fate {
        Fate::Graded(verdict) => words::state(verdict),
        Fate::Later(from) => (Outcome::Skipped, format!("graded from {from} on")),
        Fate::Untouched => (Outcome::Skipped, "not touched".to_owned()),
        Fate::Absent => (Outcome::Skipped, format!("{}; nobody has to do it", words::NOTHING_HERE)),
        Fate::Ungraded(_) => (Outcome::Error, "could not be graded, which is not the learner's fault".to_owned()),
    }
}

/// What is wrong with a fault, its causes and what to do; several lines.
pub(super) fn of_fault(fault: &Fault) -> String {
    let hint = fault.hint.as_ref().map(|hint| format!("hint: {hint}"));
    let lines = std::iter::once(fault.to_string()).chain(hint);
    lines.chain(fault.also.iter().map(of_fault)).collect::<Vec<_>>().join("\n")
}

/// What nobody needs to ask again, of several exercises: the fewest of its points first.
pub(super) fn worst_first<'a>(rows: impl Iterator<Item = &'a Row>) -> Vec<&'a Row> {
    let share = |row: &Row| {
        row.verdict().filter(|verdict| verdict.outcome != SubmissionOutcome::Error).map_or(-1.0, |verdict| {
            if verdict.score.possible > 0.0 { verdict.score.earned / verdict.score.possible } else { 0.0 }
        })
    };
    let mut rows: Vec<&Row> = rows.collect();
    rows.sort_by(|one, other| share(one).total_cmp(&share(other)));
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_is_where_what_is_named_first_is_defined() {
        let text = "import x\n\nclass Deck:\n    def deal(self):\n        ...\n\nasync def fetch(url):\n    ...\n\ndef retry(times):\n    def deal(): ...\n";
        assert_eq!(defined_at(text, "a function with @retry(times=2)"), Some(10));
        assert_eq!(defined_at(text, "Deck().deal(3)"), Some(3));
        assert_eq!(defined_at(text, "fetch gives up"), Some(7));
        assert_eq!(defined_at(text, "something else"), None);
    }
}
