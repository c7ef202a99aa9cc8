//! What is in a run: read through [`Run`], written as it is read.

mod book;
mod class;
mod classroom50;
mod csv;
mod exercism;
pub(super) mod finals;
mod folder;
mod gradescope;
mod handout;
mod human;
mod json;
mod junit;
mod markdown;
mod shapes;
mod sheet;
mod similarity;

pub use book::Book;
pub use csv::csv;
pub(super) use folder::{Folder, Names};
pub use human::human;
pub(super) use human::totals;
pub use json::{json, jsonl};
pub use shapes::{Shape, each};
pub use sheet::{Leftover, Sheet};
pub use similarity::Written;

use std::io;

use crate::error::Fault;

/// Why a report came to an end before its end.
#[derive(Debug)]
pub enum Failed {
    /// Nobody takes it any more.
    Write(io::Error),
    /// The run can't be read.
    Read(Fault),
}

impl From<io::Error> for Failed {
    fn from(error: io::Error) -> Self {
        Self::Write(error)
    }
}

impl From<Fault> for Failed {
    fn from(fault: Fault) -> Self {
        Self::Read(fault)
    }
}

/// How a submission stands, as machines read it: `passed`, `failed`, `error`, `missing`, `ungraded`, `waiting`.
pub(super) fn word(graded: &crate::store::Graded) -> &'static str {
    use crate::store::State;
    use crate::verdict::SubmissionOutcome;
    match &graded.state {
        State::Graded { verdict, .. } => match verdict.outcome {
            SubmissionOutcome::Passed => "passed",
            SubmissionOutcome::Failed => "failed",
            SubmissionOutcome::Error => "error",
            SubmissionOutcome::Missing => "missing",
        },
        State::Ungraded { .. } => "ungraded",
        State::Waiting => "waiting",
    }
}

/// Why it stands so, in one line: why nothing could be run, why there is no verdict, or the first check that does not pass.
pub(super) fn reason(graded: &crate::store::Graded) -> String {
    use crate::store::State;
    use crate::verdict::Outcome;
    match &graded.state {
        State::Graded { verdict, .. } => match &verdict.problem {
            Some(problem) => problem.message.clone(),
            None => verdict
                .checks
                .iter()
                .find(|check| check.outcome.is_judged() && check.outcome != Outcome::Passed)
                .map_or_else(String::new, |check| {
                    let message = super::words::message(check);
                    let said = message.lines().next().or(check.reason.as_deref());
                    said.map_or_else(|| check.title.clone(), |said| format!("{}: {said}", check.title))
                }),
        },
        State::Ungraded { fault } => format!("not graded, by no fault of the learner's: {}", fault.message),
        State::Waiting => "not graded yet".to_owned(),
    }
}
