//! A run as Markdown: what can be put into a wiki or a message to a class.

use std::io::Write;

use super::book::Book;
use super::human::totals;
use super::{Failed, finals, reason};
use crate::disclosure;
use crate::report::escape::markdown;
use crate::report::words::number;
use crate::store::{Graded, State};

/// Writes a table with everybody; of hidden checks it tells no more than learners are told.
pub(super) fn write(out: &mut dyn Write, book: &Book<'_>) -> Result<(), Failed> {
    writeln!(out, "# {}\n\n{}\n", markdown(&book.info()?.exercise), markdown(&totals(&book.counts()?)))?;
    let (title, rule) = if book.has_policy() { (" final |", "---:|") } else { ("", "") };
    writeln!(out, "| learner | score | of |{title} what to mend first |\n|---|---:|---:|{rule}---|")?;
    for graded in book.graded()? {
        row(out, book, graded?)?;
    }
    for learner in book.missing()? {
        let last = if book.has_policy() {
            format!(" {} |", finals::short(std::slice::from_ref(&learner), &book.finals_of_missing(&learner)))
        } else {
            String::new()
        };
        writeln!(out, "| {} | | |{last} nothing was handed in |", markdown(&learner.key))?;
    }
    Ok(())
}

fn row(out: &mut dyn Write, book: &Book<'_>, mut graded: Graded) -> Result<(), Failed> {
    if let State::Graded { verdict, .. } = &mut graded.state {
        **verdict = disclosure::for_learner((**verdict).clone(), book.moment());
    }
    let points = |pick: fn(&crate::verdict::Score) -> f64| {
        graded.verdict().map_or_else(String::new, |verdict| number(pick(&verdict.score)))
    };
    let (earned, possible) = (points(|score| score.earned), points(|score| score.possible));
    let (learner, reason) = (markdown(&graded.submission.learner()), markdown(&reason(&graded)));
    let last = if book.has_policy() { format!(" {} |", last(book, &graded)?) } else { String::new() };
    Ok(writeln!(out, "| {learner} | {earned} | {possible} |{last} {reason} |")?)
}

/// The final score, which would give away what a hidden check said.
fn last(book: &Book<'_>, graded: &Graded) -> Result<String, Failed> {
    if graded.verdict().is_some_and(|verdict| verdict.withheld.is_some()) {
        return Ok("not told".to_owned());
    }
    Ok(markdown(&finals::short(&graded.submission.learners, &book.finals(graded)?)))
}
