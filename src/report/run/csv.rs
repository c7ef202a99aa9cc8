//! A gradebook: one line a learner and submission, with `learner` and `score`.

use std::io::Write;

use super::book::Book;
use super::{Failed, reason, word};
use crate::report::escape;
use crate::report::words::number;
use crate::store::{Graded, Learner};

const HEADER: [&str; 15] = [
    "learner",
    "score",
    "possible",
    "outcome",
    "name",
    "email",
    "section",
    "attempt",
    "late",
    "submitted_at",
    "source",
    "reused",
    "on_roster",
    "reason",
    "notes",
];

/// Writes everybody: each member of a group has a line, and so has who is on the roster and handed nothing in.
///
/// Without a verdict the score is empty, never 0.
pub fn csv(out: &mut dyn Write, book: &Book<'_>) -> Result<(), Failed> {
    let mut writer = csv_writer(out);
    record(&mut writer, HEADER.map(str::to_owned))?;
    for graded in book.graded()? {
        let graded = graded?;
        for learner in &graded.submission.learners {
            record(&mut writer, line(learner, &graded))?;
        }
    }
    for learner in book.missing()? {
        record(&mut writer, nothing(&learner))?;
    }
    writer.flush().map_err(Failed::Write)
}

fn csv_writer(out: &mut dyn Write) -> csv::Writer<&mut dyn Write> {
    csv::WriterBuilder::new().from_writer(out)
}

fn record<const N: usize>(writer: &mut csv::Writer<&mut dyn Write>, cells: [String; N]) -> Result<(), Failed> {
    writer.write_record(cells.map(|cell| escape::cell(&cell).into_owned())).map_err(|error| Failed::Write(error.into()))
}

fn line(learner: &Learner, graded: &Graded) -> [String; 15] {
    let score = graded.verdict().map(|verdict| verdict.score);
    let submission = &graded.submission;
    let reused = matches!(graded.state, crate::store::State::Graded { reused: true, .. });
    [
        learner.key.clone(),
        score.map_or_else(String::new, |score| number(score.earned)),
        score.map_or_else(String::new, |score| number(score.possible)),
        word(graded).to_owned(),
        learner.name.clone().unwrap_or_default(),
        learner.email.clone().unwrap_or_default(),
        learner.section.clone().unwrap_or_default(),
        submission.attempt.to_string(),
        yes_no(submission.late),
        submission.submitted_at.clone().unwrap_or_default(),
        submission.source.clone(),
        yes_no(Some(reused)),
        yes_no(learner.on_roster),
        reason(graded),
        submission.notes.join("; "),
    ]
}

fn nothing(learner: &Learner) -> [String; 15] {
    let mut cells: [String; 15] = Default::default();
    cells[0].clone_from(&learner.key);
    "missing".clone_into(&mut cells[3]);
    cells[4] = learner.name.clone().unwrap_or_default();
    cells[5] = learner.email.clone().unwrap_or_default();
    cells[6] = learner.section.clone().unwrap_or_default();
    cells[12] = yes_no(learner.on_roster);
    "nothing was handed in".clone_into(&mut cells[13]);
    cells
}

fn yes_no(value: Option<bool>) -> String {
    value.map_or("", |yes| if yes { "yes" } else { "no" }).to_owned()
}
