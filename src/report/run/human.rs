//! A run for people: one line a submission, and what a person should look at.

use std::io::Write;

use super::book::Book;
use super::{Failed, reason};
use crate::report::page::{Page, width};
use crate::report::style::{Role, Style};
use crate::report::words::{self, count, number};
use crate::store::{Counts, Graded, State};
use crate::verdict::{Outcome, SubmissionOutcome};

/// Columns that names may take before the scores move to the right.
const NAME: usize = 28;

/// Writes the table, the notes, and how many stand how.
pub fn human(out: &mut dyn Write, style: &Style, book: &Book<'_>) -> Result<(), Failed> {
    let mut page = Page::new(out, style);
    page.line(0, &[(Role::Title, &book.info()?.exercise)])?;
    page.gap();
    for graded in book.graded()? {
        submission(&mut page, &graded?)?;
    }
    for learner in book.missing()? {
        row(&mut page, (Outcome::Skipped, &learner.key), "", "nothing was handed in")?;
    }
    page.gap();
    for note in book.notes()? {
        page.hanging(0, (Role::Odd, "note  "), (Role::Text, &format!("{}: {}", note.source, note.text)))?;
    }
    page.gap();
    let rounds = book.rounds()?.len();
    let rounds = if rounds > 1 { format!(", after {rounds} rounds of grading") } else { String::new() };
    page.line(0, &[(Role::Title, &totals(&book.counts()?)), (Role::Text, &rounds)])?;
    Ok(())
}

fn submission(page: &mut Page<'_>, graded: &Graded) -> Result<(), Failed> {
    let (outcome, score) = match &graded.state {
        State::Graded { verdict, .. } => {
            let outcome = match verdict.outcome {
                SubmissionOutcome::Passed => Outcome::Passed,
                SubmissionOutcome::Failed => Outcome::Failed,
                SubmissionOutcome::Error => Outcome::Error,
                SubmissionOutcome::Missing => Outcome::Skipped,
            };
            (outcome, format!("{} of {}", number(verdict.score.earned), number(verdict.score.possible)))
        }
        State::Ungraded { .. } => (Outcome::Error, "no score".to_owned()),
        State::Waiting => (Outcome::Skipped, String::new()),
    };
    let mut name = graded.submission.learner();
    if graded.submission.attempt > 1 {
        name = format!("{name} (attempt {})", graded.submission.attempt);
    }
    let late = if graded.submission.late == Some(true) { "late; " } else { "" };
    row(page, (outcome, &name), &score, &format!("{late}{}", reason(graded)))?;
    for note in &graded.submission.notes {
        page.hanging(4, (Role::Faint, "note  "), (Role::Faint, note))?;
    }
    Ok(())
}

fn row(page: &mut Page<'_>, (outcome, name): (Outcome, &str), score: &str, reason: &str) -> Result<(), Failed> {
    let (role, symbol) = words::symbol(outcome, page.style);
    let room = " ".repeat(NAME.saturating_sub(width(name)));
    let score = format!("  {score:>12}  ");
    let pieces = [
        (role, symbol),
        (Role::Text, " "),
        (Role::Text, name),
        (Role::Text, &room),
        (Role::Text, &score),
        (role, reason),
    ];
    page.line(2, &pieces).map_err(Failed::Write)
}

/// `1,000 submissions: 800 passed, 190 failed, 10 could not be graded`
pub(in crate::report) fn totals(counts: &Counts) -> String {
    let parts = [
        (counts.passed, "passed"),
        (counts.failed, "failed"),
        (counts.missing, "without a file to grade"),
        (counts.error, "where the grader failed"),
        (counts.ungraded, "could not be graded"),
        (counts.waiting, "not graded yet"),
    ];
    let told: Vec<_> = parts
        .iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, what)| format!("{} {what}", words::grouped(*number)))
        .collect();
    format!("{}: {}", count(counts.all(), "submission"), told.join(", "))
}
