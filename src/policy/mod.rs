//! Late and weight rules of a course, as data (docs/policies.md): applied to what a run holds when a report is made, so that changing them
//! grades nothing again. The raw score is never touched; what becomes of it is told step by step.

mod arithmetic;
mod deadline;
mod people;
mod read;
#[cfg(test)]
mod tests;

use std::path::Path;

use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use serde::Serialize;

use crate::error::Result;
use crate::store::{Learner, Run, Submission};
use crate::verdict::{Score, Verdict};

pub use deadline::Lateness;
use people::People;

/// The rules of a course.
#[derive(Clone, Debug)]
pub struct Policy {
    due: Option<Due>,
    weights: Weights,
    late: Vec<LateRule>,
    /// Percent of what is possible; being late never takes a score below it, nor raises one that is below already.
    floor: f64,
    /// Percent of what is possible that a score is at most, with bonus points.
    most: f64,
    /// Digits behind the point that a final score has.
    decimals: u32,
    people: People,
}

/// Until when something may be handed in.
#[derive(Clone, Debug)]
struct Due {
    at: Timestamp,
    zone: TimeZone,
    /// How much later is still in time.
    grace: Span,
    /// What comes later earns nothing.
    closes: Option<Timestamp>,
    /// How late something is of which a source says only that it is.
    marked_late: Option<Span>,
}

/// What checks are worth, where that is not what the exercise says.
#[derive(Clone, Debug, Default)]
struct Weights {
    /// Instead of the exercise's.
    own: Vec<(String, f64)>,
    dropped: Vec<String>,
    /// What they earn counts, what they are worth is not asked for.
    bonus: Vec<String>,
}

/// What being late costs; rules add up.
#[derive(Clone, Debug)]
struct LateRule {
    amount: Amount,
    per: Per,
    /// How late something has to be before the rule begins to count.
    after: Span,
    /// In the unit of `amount`.
    at_most: Option<f64>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Amount {
    Points(f64),
    PercentOfPossible(f64),
    PercentOfEarned(f64),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Per {
    /// Once, however late.
    Once,
    /// Days of the calendar, from the time of day at which it was due.
    Day {
        begun: bool,
    },
    Hour {
        begun: bool,
    },
}

/// What becomes of one learner's score.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Final {
    /// The learner's id in the run.
    #[serde(skip)]
    pub learner: i64,
    /// As it was graded; `None` without a verdict.
    pub raw: Option<Score>,
    /// After all rules; `None` where there is neither a verdict nor a score given by hand.
    pub score: Option<f64>,
    /// What the rules make possible; a score can be more than that by bonus points or by hand.
    pub possible: Option<f64>,
    pub lateness: Lateness,
    /// The arithmetic, each step with the points after it; the last one's are the score.
    pub steps: Vec<Step>,
    /// A person gave it, or changed it.
    pub by_hand: bool,
    /// What the rules could not decide, for a person to look at.
    pub open: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Step {
    /// What was done, in words, with its numbers.
    pub text: String,
    /// Why a person did it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    pub points: f64,
}

/// Something in the tables that names nobody, told rather than passed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note(pub String);

impl Final {
    /// The score with what the rules make possible; nothing where a person gave it and there is no verdict.
    pub fn points(&self) -> Option<Score> {
        Some(Score { earned: self.score?, possible: self.possible? })
    }

    /// Without what tells who it is about: when they handed in, and what a person says of them.
    #[must_use]
    pub fn anonymous(mut self) -> Self {
        self.steps.iter_mut().for_each(|step| step.reason = None);
        if let Lateness::InTime { handed_in, .. } | Lateness::Late { handed_in, .. } = &mut self.lateness {
            *handed_in = None;
        }
        self
    }
}

impl Policy {
    /// Reads the rules in `file` and the tables that it names, for the learners and checks of `run`.
    ///
    /// # Errors
    /// Usage: every mistake in them, with its line and column.
    pub fn open(file: &Path, run: &Run) -> Result<(Self, Vec<Note>)> {
        read::open(file, &run.checks()?, &run.learners()?)
    }

    /// What becomes of a submission's score, for each of its learners: members of a group can have dates of their own.
    pub fn apply(&self, submission: &Submission, verdict: Option<&Verdict>) -> Vec<Final> {
        let lateness = |learner| deadline::lateness(self.due.as_ref(), &self.people, learner, submission);
        submission.learners.iter().map(|learner| self.finish(learner, verdict, lateness(learner))).collect()
    }

    /// What becomes of somebody who handed nothing in: only a person can give them points.
    pub fn apply_to_missing(&self, learner: &Learner) -> Final {
        self.finish(learner, None, Lateness::NothingHandedIn)
    }
}
