//! The table after several exercises.

use std::io;

use crate::report::page::{Page, width};
use crate::report::style::Role;
use crate::report::words::{self, number};
use crate::verdict::{Outcome, Verdict};

/// One line each, and a line for all.
pub(super) fn write(page: &mut Page<'_>, verdicts: &[Verdict]) -> io::Result<()> {
    let rows: Vec<Row> = verdicts.iter().map(Row::of).collect();
    let names = rows.iter().map(|row| width(&row.name)).max().unwrap_or(0);
    let scores = rows.iter().map(|row| row.score.len()).max().unwrap_or(0);
    page.line(0, &[(Role::Title, "Summary")])?;
    page.gap();
    for row in &rows {
        let (role, symbol) = words::symbol(row.outcome, page.style);
        let name = format!("{}{}", row.name, " ".repeat(names - width(&row.name)));
        let score = format!("  {:>scores$}  ", row.score);
        page.line(
            2,
            &[(role, symbol), (Role::Text, " "), (Role::Text, &name), (Role::Text, &score), (role, &row.words)],
        )?;
    }
    if verdicts.iter().any(Verdict::is_unbegun) && !page.style.all {
        page.gap();
        let text = "Not begun: every check stops at NotImplementedError. `grade show ID` tells what is to be written.";
        page.paragraph(0, Role::Text, text)?;
    }
    page.gap();
    let earned: f64 = verdicts.iter().map(|verdict| verdict.score.earned).sum();
    let possible: f64 = verdicts.iter().map(|verdict| verdict.score.possible).sum();
    let done = verdicts.iter().filter(|verdict| verdict.passed()).count();
    let total = format!("{} of {} done", done, words::count(verdicts.len(), "exercise"));
    let points = format!(", {} of {} points", number(earned), number(possible));
    page.line(0, &[(Role::Title, &total), (Role::Text, &points)])
}

struct Row {
    outcome: Outcome,
    name: String,
    score: String,
    words: String,
}

impl Row {
    fn of(verdict: &Verdict) -> Self {
        let learner = verdict.submission.learner.as_deref().map(|name| format!(" {name}")).unwrap_or_default();
        let score = format!("{} of {}", number(verdict.score.earned), number(verdict.score.possible));
        let (outcome, words) = words::state(verdict);
        Self { outcome, name: format!("{}{learner}", verdict.exercise), score, words }
    }
}
