//! What the runner tells while it works; a leaf: it knows nobody but the verdict.

use crate::verdict::{Outcome, SubmissionOutcome};

/// Something that just happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The first thing that happens to a submission, before anything slow.
    SubmissionStarted {
        exercise: String,
        learner: Option<String>,
    },
    CheckFinished {
        exercise: String,
        check: String,
        outcome: Outcome,
        /// How many checks of the submission are done, this one included.
        done: usize,
        /// How many there are.
        of: usize,
    },
    SubmissionFinished {
        exercise: String,
        learner: Option<String>,
        outcome: SubmissionOutcome,
    },
}

/// Takes events; called from the thread that makes them and never for long.
pub trait Listener: Send + Sync {
    fn on(&self, event: &Event);
}

/// How far a round over many submissions is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Tally {
    /// How many submissions the round is about.
    pub of: usize,
    pub passed: usize,
    pub failed: usize,
    /// The grader failed on them.
    pub error: usize,
    pub missing: usize,
    /// Given up: no verdict, no score.
    pub ungraded: usize,
    /// Of those with a verdict: not run again.
    pub reused: usize,
    /// Attempts that ended by a fault and were made again.
    pub retried: usize,
}

impl Tally {
    /// How many are closed.
    pub fn done(&self) -> usize {
        self.passed + self.failed + self.error + self.missing + self.ungraded
    }
}

/// Takes tallies; called from one thread, after each commit.
pub trait TallyListener {
    fn on(&self, tally: &Tally);
}

/// Listens to nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Listener for Silent {
    fn on(&self, _: &Event) {}
}
