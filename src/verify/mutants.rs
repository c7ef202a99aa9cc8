//! Mutants of right samples: which the checks find, which they miss, and which are no mistakes. Compares data, runs nothing.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::catalog::{Equivalent, Exercise};
use crate::verdict::{Outcome, SubmissionOutcome, Verdict};

/// The least share of mutants, without equivalent ones, that the checks of an exercise find, in percent.
pub const LEAST_KILLED: usize = 95;

/// One mutant, as `graders/authoring/mutate.py` tells it.
#[derive(Clone, Debug, Deserialize)]
pub struct Mutation {
    pub operator: String,
    /// Of the first line that differs, from 1.
    pub line: usize,
    pub original: String,
    pub mutated: String,
    /// The whole file.
    pub text: String,
}

/// A mutation of one file of one sample.
#[derive(Clone, Debug)]
pub struct Mutant {
    pub sample: String,
    pub file: String,
    pub mutation: Mutation,
}

/// What became of a mutant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// By these checks; by none when the file could not even be loaded.
    Killed(Vec<String>),
    Survived,
    /// A survivor with a stated reason.
    Equivalent,
    /// The grader itself failed: it must judge whatever learners hand in.
    BrokeTheGrader(String),
}

impl Fate {
    /// By the verdict that a mutant got.
    pub fn of(verdict: &Verdict) -> Self {
        let broken = verdict.checks.iter().find(|check| check.outcome == Outcome::Error);
        match (verdict.outcome, broken) {
            (_, Some(check)) => Self::BrokeTheGrader(format!("`{}`: {}", check.id, check.message)),
            (SubmissionOutcome::Passed, None) => Self::Survived,
            _ if verdict.problem.is_some() => Self::Killed(Vec::new()),
            _ => Self::Killed(
                verdict
                    .checks
                    .iter()
                    .filter(|check| check.outcome.is_to_mend())
                    .map(|check| check.id.clone())
                    .collect(),
            ),
        }
    }
}

/// All mutants of one exercise and what became of them.
#[derive(Debug)]
pub struct Harvest {
    pub exercise: String,
    pub mutants: Vec<(Mutant, Fate)>,
    /// By check: how many mutants it finds; every check is here.
    pub kills: BTreeMap<String, usize>,
    /// Records of equivalent mutants that are no survivors of today, each with its place.
    pub stale: Vec<String>,
}

impl Harvest {
    /// Takes survivors out that have a reason on record.
    pub fn new(exercise: &Exercise, mut mutants: Vec<(Mutant, Fate)>, records: &[Equivalent]) -> Self {
        let mut stale = Vec::new();
        for record in records {
            let mut used = false;
            for (mutant, fate) in &mut mutants {
                if matches!(fate, Fate::Survived | Fate::Equivalent) && is_meant(record, mutant) {
                    *fate = Fate::Equivalent;
                    used = true;
                }
            }
            if !used {
                stale.push(format!(
                    "{}:{}: no survivor of `{}` is like this",
                    record.place.file.display(),
                    record.place.line,
                    record.sample
                ));
            }
        }
        let mut kills: BTreeMap<String, usize> = exercise.checks.iter().map(|check| (check.id.clone(), 0)).collect();
        for check in
            mutants.iter().flat_map(|(_, fate)| if let Fate::Killed(checks) = fate { checks.as_slice() } else { &[] })
        {
            *kills.entry(check.clone()).or_default() += 1;
        }
        Self { exercise: exercise.id.to_string(), mutants, kills, stale }
    }

    pub fn count(&self, is_meant: impl Fn(&Fate) -> bool) -> usize {
        self.mutants.iter().filter(|(_, fate)| is_meant(fate)).count()
    }

    pub fn killed(&self) -> usize {
        self.count(|fate| matches!(fate, Fate::Killed(_)))
    }

    pub fn equivalent(&self) -> usize {
        self.count(|fate| *fate == Fate::Equivalent)
    }

    /// Of the mutants that are mistakes, in percent, rounded down; 100 where there are none.
    pub fn percent(&self) -> usize {
        percent(self.mutants.len(), self.killed(), self.equivalent())
    }

    pub fn is_sound(&self) -> bool {
        self.percent() >= LEAST_KILLED
            && self.stale.is_empty()
            && self.count(|fate| matches!(fate, Fate::BrokeTheGrader(_))) == 0
    }
}

/// The share that is found of the mutants that are mistakes, rounded down; 100 where there are none.
pub(super) fn percent(mutants: usize, killed: usize, equivalent: usize) -> usize {
    (100 * killed).checked_div(mutants.saturating_sub(equivalent)).unwrap_or(100)
}

fn is_meant(record: &Equivalent, mutant: &Mutant) -> bool {
    record.sample == mutant.sample
        && record.line.trim() == mutant.mutation.original
        && record.mutant.trim() == mutant.mutation.mutated
}
