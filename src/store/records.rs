//! What is in a run, as plain data.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::error::{Blame, Fault};
use crate::verdict::{Problem, SubmissionOutcome, Verdict};

/// What a run is begun with.
#[derive(Clone, Debug)]
pub struct NewRun {
    /// Id of the one exercise that a run is about.
    pub exercise: String,
    pub seed: u64,
    /// Whether the user named the seed.
    pub seed_is_asked: bool,
    /// What was typed for the intake, for its maker to read again; JSON.
    pub intake: String,
}

/// A run as a whole.
#[derive(Clone, Debug)]
pub struct RunInfo {
    pub exercise: String,
    /// UTC, RFC 3339.
    pub created_at: String,
    /// Version of `grade` that made it.
    pub grade_version: String,
    pub seed: u64,
    pub seed_is_asked: bool,
    pub intake: String,
    /// Whether all that was to be taken in has been.
    pub taken_in: bool,
}

/// Where a submission was recognised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    Folder,
    Archive,
    File,
    Git,
    Canvas,
    Moodle,
    Gradescope,
    /// By `--id-from`.
    Pattern,
}

impl Origin {
    const ALL: [Self; 8] = [
        Self::Folder,
        Self::Archive,
        Self::File,
        Self::Git,
        Self::Canvas,
        Self::Moodle,
        Self::Gradescope,
        Self::Pattern,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Folder => "folder",
            Self::Archive => "archive",
            Self::File => "file",
            Self::Git => "git",
            Self::Canvas => "canvas",
            Self::Moodle => "moodle",
            Self::Gradescope => "gradescope",
            Self::Pattern => "pattern",
        }
    }

    pub(super) fn named(name: &str) -> Self {
        Self::ALL.into_iter().find(|origin| origin.name() == name).unwrap_or(Self::Folder)
    }
}

/// Somebody who handed in, or is on the roster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Learner {
    pub id: i64,
    /// Unique in the run: the roster's key, or what the source calls them.
    pub key: String,
    pub name: Option<String>,
    pub email: Option<String>,
    pub section: Option<String>,
    /// `None`: no roster was given.
    pub on_roster: Option<bool>,
    /// Every column of the roster by its header, or what the source told (`uid`, `sid`, …).
    pub details: BTreeMap<String, String>,
}

/// What one learner, or a group, handed in once.
#[derive(Clone, Debug)]
pub struct Submission {
    pub id: i64,
    /// At least one; in the order of their keys.
    pub learners: Vec<Learner>,
    /// Where it was found: the path given, and the way inside with `/`.
    pub source: String,
    pub origin: Origin,
    /// From 1, in the order in which they were handed in.
    pub attempt: u32,
    /// Whether this attempt counts.
    pub selected: bool,
    /// As the source told; `None` when it did not.
    pub late: Option<bool>,
    /// As the source wrote it.
    pub submitted_at: Option<String>,
    /// blake3 over the names and bytes that are graded; `None` when nothing can be.
    pub hash: Option<String>,
    /// What the intake skipped, or wants a person to look at.
    pub notes: Vec<String>,
}

impl Submission {
    /// The keys of its learners: `ada`, `ada, grace`.
    pub fn learner(&self) -> String {
        self.learners.iter().map(|learner| learner.key.as_str()).collect::<Vec<_>>().join(", ")
    }
}

/// A submission and how it stands.
#[derive(Clone, Debug)]
pub struct Graded {
    pub submission: Submission,
    pub state: State,
}

impl Graded {
    /// The newest verdict, if there is one.
    pub fn verdict(&self) -> Option<&Verdict> {
        match &self.state {
            State::Graded { verdict, .. } => Some(verdict),
            State::Ungraded { .. } | State::Waiting => None,
        }
    }
}

/// How a submission stands.
#[derive(Clone, Debug)]
pub enum State {
    Graded {
        /// Boxed: much larger than the others.
        verdict: Box<Verdict>,
        /// The round that it comes from.
        round: i64,
        /// Not run again, because a result of the same key was known.
        reused: bool,
    },
    /// Never scored: it was tried and could not be graded, by no fault of the learner's.
    Ungraded { fault: FaultRecord },
    /// Not graded yet.
    Waiting,
}

/// Why there is no verdict.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FaultRecord {
    /// `machine`, `author`, `ourselves`.
    pub blame: String,
    pub message: String,
}

impl FaultRecord {
    pub fn of(fault: &Fault) -> Self {
        let blame = match fault.blame {
            Blame::Usage => "usage",
            Blame::Machine => "machine",
            Blame::Author => "author",
            Blame::Ourselves => "ourselves",
            Blame::Interrupted => "interrupted",
        };
        Self { blame: blame.to_owned(), message: fault.to_string() }
    }
}

/// Why nothing of a submission can be run, found out by the intake.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Unusable {
    pub outcome: SubmissionOutcome,
    pub problem: Problem,
}

/// One grading of all, or some, submissions.
#[derive(Clone, Debug)]
pub struct Round {
    pub id: i64,
    pub kind: RoundKind,
    pub only: Option<Only>,
    pub started_at: String,
    /// `None`: it was interrupted, or is at work now.
    pub finished_at: Option<String>,
    pub grade_version: String,
    pub exercise_hash: String,
    /// Equal: the same exercise, grader, environment, limits and isolation.
    pub grounds: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoundKind {
    Batch,
    Regrade,
}

impl RoundKind {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Batch => "batch",
            Self::Regrade => "regrade",
        }
    }
}

/// Which submissions to grade again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Only {
    /// Those that have not passed
    Failed,
    /// Those without a verdict
    Ungraded,
    /// Those whose exercise, environment or grader is another now
    Changed,
}

impl Only {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Failed => "failed",
            Self::Ungraded => "ungraded",
            Self::Changed => "changed",
        }
    }
}

/// What the intake noted about a source, the roster, or a submission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// `None`: about no one submission.
    pub submission: Option<i64>,
    pub source: String,
    pub text: String,
}

/// How many of the selected submissions stand how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub passed: usize,
    pub failed: usize,
    /// The grader failed on them.
    pub error: usize,
    pub missing: usize,
    pub ungraded: usize,
    pub waiting: usize,
    /// Of those with a verdict: not run again.
    pub reused: usize,
}

impl Counts {
    pub fn graded(&self) -> usize {
        self.passed + self.failed + self.error + self.missing
    }

    pub fn all(&self) -> usize {
        self.graded() + self.ungraded + self.waiting
    }
}
