//! The log of a job: every exercise as in a terminal, and what was not graded and why.

use std::io::{self, Write};

use super::finding::state;
use crate::ci::{Account, Fate};
use crate::report::escape::one_line;
use crate::report::{Style, human, source::SourceLines, words};
use crate::verdict::Verdict;

/// Writes it for people.
///
/// # Errors
/// When `out` can't be written to.
pub fn log(out: &mut dyn Write, account: &Account, source: &dyn SourceLines, style: &Style) -> io::Result<()> {
    let verdicts: Vec<Verdict> = account.verdicts().cloned().collect();
    if !verdicts.is_empty() {
        human(out, &verdicts, source, style)?;
        writeln!(out)?;
    }
    for row in account.rows.iter().filter(|row| !matches!(row.fate, Fate::Graded(_))) {
        writeln!(out, "{}: {}", one_line(&row.exercise), one_line(&state(row).1))?;
    }
    for row in account.rows.iter().filter(|row| !row.required && row.verdict().is_some_and(|verdict| !verdict.passed()))
    {
        writeln!(out, "{}: optional, so that it decides nothing", one_line(&row.exercise))?;
    }
    for note in &account.notes {
        writeln!(out, "note: {}", one_line(note))?;
    }
    let required = account.required().count();
    let done = account.required().filter(|row| row.is_fine()).count();
    writeln!(
        out,
        "score: {}; {done} of {} done",
        words::score(account.score()),
        words::count(required, "required exercise")
    )
}

/// Writes `text` so that GitHub's runner takes no line of it for a command: neither `::name::` nor `##[name]`.
///
/// `token` ends the fence, so nothing in `text` may have had a chance to know it.
///
/// # Errors
/// When `out` can't be written to.
pub fn fenced(out: &mut dyn Write, token: &str, text: &[u8]) -> io::Result<()> {
    writeln!(out, "::stop-commands::{token}")?;
    out.write_all(text)?;
    // The end of the fence must be a line of its own.
    if !text.ends_with(b"\n") {
        writeln!(out)?;
    }
    writeln!(out, "::{token}::")
}
