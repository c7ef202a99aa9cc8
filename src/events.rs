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

/// Listens to nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Listener for Silent {
    fn on(&self, _: &Event) {}
}
