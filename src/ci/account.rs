//! What became of everything that was asked for: plain data, for the reports of a job.

use crate::document::Moment;
use crate::error::Fault;
use crate::verdict::{Score, Verdict};

/// What became of one exercise.
#[derive(Clone, Debug)]
pub enum Fate {
    Graded(Box<Verdict>),
    /// It is not looked at before this moment.
    Later(Moment),
    /// `--changed`: nothing of it was touched.
    Untouched,
    /// Nobody has to hand it in, and nobody has.
    Absent,
    /// It could not be graded, through no fault of the learner's.
    Ungraded(Fault),
}

/// One exercise that was asked for.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its id.
    pub exercise: String,
    /// Whether the job fails without it.
    pub required: bool,
    pub fate: Fate,
}

impl Row {
    pub fn verdict(&self) -> Option<&Verdict> {
        match &self.fate {
            Fate::Graded(verdict) => Some(verdict),
            _ => None,
        }
    }

    /// Whether it is as it should be, or not looked at.
    pub fn is_fine(&self) -> bool {
        match &self.fate {
            Fate::Graded(verdict) => verdict.passed(),
            Fate::Ungraded(_) => false,
            Fate::Later(_) | Fate::Untouched | Fate::Absent => true,
        }
    }
}

/// A whole job.
#[derive(Clone, Debug, Default)]
pub struct Account {
    /// In the order in which they were asked for.
    pub rows: Vec<Row>,
    /// What belongs to no exercise that could be loaded.
    pub faults: Vec<Fault>,
    /// What is worth knowing about the whole; sentences.
    pub notes: Vec<String>,
    /// From the folder that git and the platform count paths from to the repository that is graded, with `/` at its end; often empty.
    pub prefix: String,
}

impl Account {
    /// The verdicts, in order.
    pub fn verdicts(&self) -> impl Iterator<Item = &Verdict> {
        self.rows.iter().filter_map(Row::verdict)
    }

    /// What has to be right and was looked at.
    pub fn required(&self) -> impl Iterator<Item = &Row> {
        let was_looked_at = |row: &&Row| matches!(row.fate, Fate::Graded(_) | Fate::Ungraded(_));
        self.rows.iter().filter(|row| row.required).filter(was_looked_at)
    }

    /// All faults: of the whole, then of required exercises.
    pub fn grave_faults(&self) -> impl Iterator<Item = &Fault> {
        let own = self.rows.iter().filter(|row| row.required).filter_map(|row| match &row.fate {
            Fate::Ungraded(fault) => Some(fault),
            _ => None,
        });
        self.faults.iter().chain(own)
    }

    /// Points of what is required.
    pub fn score(&self) -> Score {
        let scores = || self.required().filter_map(Row::verdict).map(|verdict| verdict.score);
        Score { earned: scores().map(|score| score.earned).sum(), possible: scores().map(|score| score.possible).sum() }
    }

    /// Whether nothing that is required is wrong, missing or ungraded.
    pub fn passed(&self) -> bool {
        self.faults.is_empty() && self.required().all(Row::is_fine)
    }
}
