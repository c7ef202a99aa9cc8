//! A run as JSON: the verdicts of `grade/1`, and beside them what has none.

use std::io::Write;

use serde::Serialize;

use super::Failed;
use super::book::Book;
use crate::report::jsonl;
use crate::store::{FaultRecord, State};
use crate::verdict::SCHEMA;

#[derive(Serialize)]
struct About {
    exercise: String,
    created_at: String,
    seed: u64,
    rounds: usize,
}

#[derive(Serialize)]
struct Without {
    learner: String,
    source: String,
    /// `None`: not graded yet.
    fault: Option<FaultRecord>,
}

/// One document, as `docs/verdict.schema.json` describes it, with `run`, `ungraded` and `missing` besides.
pub fn json(out: &mut dyn Write, book: &Book<'_>) -> Result<(), Failed> {
    let info = book.info()?;
    let about =
        About { exercise: info.exercise, created_at: info.created_at, seed: info.seed, rounds: book.rounds()?.len() };
    write!(out, "{{\"schema\":\"{SCHEMA}\",\"run\":")?;
    serde_json::to_writer(&mut *out, &about).map_err(std::io::Error::from)?;
    write!(out, ",\"verdicts\":[")?;
    let (mut ungraded, mut first) = (Vec::new(), true);
    for graded in book.graded()? {
        let graded = graded?;
        let without =
            |fault| Without { learner: graded.submission.learner(), source: graded.submission.source.clone(), fault };
        match &graded.state {
            State::Graded { verdict, .. } => {
                write!(out, "{}", if first { "\n" } else { ",\n" })?;
                first = false;
                serde_json::to_writer(&mut *out, verdict).map_err(std::io::Error::from)?;
            }
            State::Ungraded { fault } => ungraded.push(without(Some(fault.clone()))),
            State::Waiting => ungraded.push(without(None)),
        }
    }
    let missing: Vec<String> = book.missing()?.into_iter().map(|learner| learner.key).collect();
    write!(out, "\n],\"ungraded\":")?;
    serde_json::to_writer(&mut *out, &ungraded).map_err(std::io::Error::from)?;
    write!(out, ",\"missing\":")?;
    serde_json::to_writer(&mut *out, &missing).map_err(std::io::Error::from)?;
    writeln!(out, "}}").map_err(Failed::Write)
}

/// One line for each verdict.
pub fn jsonl(out: &mut dyn Write, book: &Book<'_>) -> Result<(), Failed> {
    for graded in book.graded()? {
        if let State::Graded { verdict, .. } = graded?.state {
            jsonl::jsonl(out, &verdict)?;
        }
    }
    Ok(())
}
