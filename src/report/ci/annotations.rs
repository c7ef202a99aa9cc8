//! GitHub's annotations: one for each exercise that is not right, on the learner's line.
//!
//! <https://docs.github.com/actions/reference/workflow-commands-for-github-actions>

use std::io::{self, Write};

use super::finding::{Finding, of_fault, worst_first};
use crate::ci::{Account, Fate, Row};
use crate::error::Fault;
use crate::report::escape::{workflow_message, workflow_property};
use crate::report::source::SourceLines;
use crate::report::words;

/// GitHub shows ten of a kind for each step, and drops the rest without a word.
const MOST: usize = 10;
/// Characters of one message.
const LONGEST: usize = 4000;

/// Writes errors for what is required, warnings for what is not; the worst first, and how many more there are.
///
/// # Errors
/// When `out` can't be written to.
pub fn annotations(out: &mut dyn Write, account: &Account, source: &dyn SourceLines) -> io::Result<()> {
    let of_rows = |required: bool| {
        let rows = account.rows.iter().filter(move |row| row.required == required && !row.is_fine());
        worst_first(rows).into_iter().filter_map(|row| Annotation::of(row, &account.prefix, source)).collect::<Vec<_>>()
    };
    let mut errors: Vec<_> = account.faults.iter().map(Annotation::of_fault).collect();
    errors.extend(of_rows(true));
    write_all(out, "error", &errors)?;
    write_all(out, "warning", &of_rows(false))
}

struct Annotation {
    title: String,
    message: String,
    file: Option<String>,
    line: Option<u32>,
    column: Option<u32>,
}

impl Annotation {
    fn of(row: &Row, prefix: &str, source: &dyn SourceLines) -> Option<Self> {
        if let Fate::Ungraded(fault) = &row.fate {
            return Some(Self { title: format!("{}: could not be graded", row.exercise), ..Self::of_fault(fault) });
        }
        let verdict = row.verdict()?;
        let finding = Finding::of(verdict, source)?;
        let file = finding.location.as_ref().map_or(&verdict.submission.path, |location| &location.file);
        Some(Self {
            title: format!("{}: {}", row.exercise, finding.title),
            message: format!("{}: {}", finding.state, finding.details),
            file: Some(format!("{prefix}{file}")),
            line: finding.location.as_ref().map(|location| location.line),
            column: finding.column,
        })
    }

    fn of_fault(fault: &Fault) -> Self {
        let message = of_fault(fault);
        Self { title: "grade".to_owned(), message, file: None, line: None, column: None }
    }

    fn write(&self, out: &mut dyn Write, kind: &str) -> io::Result<()> {
        write!(out, "::{kind} title={}", workflow_property(&self.title))?;
        if let Some(file) = &self.file {
            write!(out, ",file={}", workflow_property(file))?;
        }
        if let Some(line) = self.line {
            write!(out, ",line={line}")?;
        }
        if let Some(column) = self.column {
            write!(out, ",col={column}")?;
        }
        let message: String = self.message.chars().take(LONGEST).collect();
        writeln!(out, "::{}", workflow_message(&message))
    }
}

fn write_all(out: &mut dyn Write, kind: &str, all: &[Annotation]) -> io::Result<()> {
    // The last place is for how many there are no places for.
    let shown = if all.len() > MOST { MOST - 1 } else { all.len() };
    all[..shown].iter().try_for_each(|annotation| annotation.write(out, kind))?;
    let more = all.len() - shown;
    if more == 0 {
        return Ok(());
    }
    writeln!(
        out,
        "::{kind} title=grade::{} more; the summary and the log have them all",
        words::count(more, "exercise")
    )
}
