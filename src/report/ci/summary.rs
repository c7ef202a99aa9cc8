//! The summary of a job in Markdown: the table of scores, and the first failure of each exercise as long as there is room.

use std::fmt::Write as _;

use super::finding::{Finding, of_fault, state, worst_first};
use crate::ci::{Account, Fate, Row};
use crate::report::escape::{markdown, markdown_block};
use crate::report::source::SourceLines;
use crate::report::words::{self, number};
use crate::verdict::{Outcome, Score};

/// Characters of the details of one failure.
const LONGEST: usize = 6000;
/// Bytes kept for the line that says what was left out.
const LAST_LINE: usize = 200;

/// At most `room` bytes; begins and ends at the beginning of a line. Nothing when there is not even room for the first line.
pub fn summary(account: &Account, source: &dyn SourceLines, room: usize) -> String {
    let mut text = String::new();
    let room = room.saturating_sub(LAST_LINE);
    let sections = std::iter::once(heading(account))
        .chain(account.faults.iter().map(|fault| markdown_block(&of_fault(fault), "text")))
        .chain(std::iter::once(table(account)))
        .chain(worst_first(account.rows.iter()).into_iter().filter_map(|row| section(row, &account.prefix, source)));
    let mut left_out = 0;
    for section in sections {
        if left_out == 0 && text.len() + section.len() < room {
            text.push_str(&section);
            text.push('\n');
        } else {
            left_out += 1;
        }
    }
    if left_out > 0 && !text.is_empty() {
        // Writing to a text can't fail.
        let _ =
            writeln!(text, "{} left out for want of room; the log has everything.", words::count(left_out, "section"));
    }
    text
}

fn heading(account: &Account) -> String {
    if account.rows.is_empty() {
        return "## Nothing was graded\n\n".to_owned();
    }
    let score = account.score();
    let required = account.required().count();
    let done = account.required().filter(|row| row.is_fine()).count();
    let mut text = format!("## Graded: {}\n\n", words::score(score));
    let _ = writeln!(text, "{done} of {} done.", words::count(required, "required exercise"));
    for note in &account.notes {
        let _ = writeln!(text, "{}", markdown(note));
    }
    text
}

fn table(account: &Account) -> String {
    if account.rows.is_empty() {
        return String::new();
    }
    let mut text = "| exercise | points | |\n|---|---:|---|\n".to_owned();
    for row in &account.rows {
        let (outcome, state) = state(row);
        let points = row.verdict().map(|verdict| points(verdict.score)).unwrap_or_default();
        let optional = if row.required { "" } else { " (optional)" };
        let _ = writeln!(
            text,
            "| {}{optional} | {points} | {} {} |",
            markdown(&row.exercise),
            symbol(outcome),
            markdown(&state)
        );
    }
    text
}

fn points(score: Score) -> String {
    format!("{} / {}", number(score.earned), number(score.possible))
}

/// Beside words that say the same.
const fn symbol(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Passed => "✅",
        Outcome::Skipped | Outcome::Withheld => "➖",
        Outcome::Failed => "❌",
        _ => "⚠️",
    }
}

/// What to mend first; nothing for what is fine.
fn section(row: &Row, prefix: &str, source: &dyn SourceLines) -> Option<String> {
    let mut text = format!("### {}\n\n", markdown(&row.exercise));
    if let Fate::Ungraded(fault) = &row.fate {
        text.push_str(&markdown_block(&of_fault(fault), "text"));
        return Some(text);
    }
    let verdict = row.verdict()?;
    let finding = Finding::of(verdict, source)?;
    let place = finding.location.map(|place| format!(", {prefix}{}:{}", place.file, place.line)).unwrap_or_default();
    let _ = writeln!(text, "**{}**: {}{}\n", markdown(&finding.title), markdown(&finding.state), markdown(&place));
    let details: String = finding.details.chars().take(LONGEST).collect();
    text.push_str(&markdown_block(&details, "text"));
    let _ = writeln!(
        text,
        "\nAgain on your own machine: {}",
        markdown(&format!("grade {} --seed {}", row.exercise, verdict.seed))
    );
    Some(text)
}
