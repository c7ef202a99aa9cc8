//! A run as JSON: the verdicts of `grade/1`, and beside them what has none.

use std::io::Write;

use serde::Serialize;

use super::book::Book;
use super::{Failed, finals};
use crate::policy::Final;
use crate::store::{FaultRecord, Learner, State};
use crate::verdict::{SCHEMA, Verdict};

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

/// A line of JSON lines.
#[derive(Serialize)]
struct Line<'a> {
    schema: &'static str,
    #[serde(flatten)]
    verdict: &'a Verdict,
    /// With a policy only.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    finals: Vec<finals::Told<'a>>,
}

/// One document, as `docs/verdict.schema.json` describes it, with `run`, `ungraded`, `missing`, `class` and, with a
/// policy, `finals` besides.
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
    write!(out, "\n],\"class\":")?;
    serde_json::to_writer(&mut *out, &book.class()?).map_err(std::io::Error::from)?;
    if book.has_policy() {
        all_finals(out, book)?;
    }
    let missing: Vec<String> = book.missing()?.into_iter().map(|learner| learner.key).collect();
    write!(out, ",\"ungraded\":")?;
    serde_json::to_writer(&mut *out, &ungraded).map_err(std::io::Error::from)?;
    write!(out, ",\"missing\":")?;
    serde_json::to_writer(&mut *out, &missing).map_err(std::io::Error::from)?;
    writeln!(out, "}}").map_err(Failed::Write)
}

/// One object for each learner and submission, also of those who handed nothing in.
fn all_finals(out: &mut dyn Write, book: &Book<'_>) -> Result<(), Failed> {
    write!(out, ",\"finals\":[")?;
    let mut first = true;
    let mut put = |learners: &[Learner], found: &[Final]| -> Result<(), Failed> {
        for told in finals::told(learners, found) {
            write!(out, "{}", if first { "\n" } else { ",\n" })?;
            first = false;
            serde_json::to_writer(&mut *out, &told).map_err(std::io::Error::from)?;
        }
        Ok(())
    };
    for graded in book.graded()? {
        let graded = graded?;
        put(&graded.submission.learners, &book.finals(&graded)?)?;
    }
    for learner in book.missing()? {
        let found = book.finals_of_missing(&learner);
        put(std::slice::from_ref(&learner), &found)?;
    }
    Ok(write!(out, "\n]")?)
}

/// One line for each verdict.
pub fn jsonl(out: &mut dyn Write, book: &Book<'_>) -> Result<(), Failed> {
    for graded in book.graded()? {
        let graded = graded?;
        let found = book.finals(&graded)?;
        if let State::Graded { verdict, .. } = &graded.state {
            let finals = finals::told(&graded.submission.learners, &found);
            let line = Line { schema: SCHEMA, verdict, finals };
            serde_json::to_writer(&mut *out, &line).map_err(std::io::Error::from)?;
            writeln!(out)?;
        }
    }
    Ok(())
}
