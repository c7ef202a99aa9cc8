//! Looking at the class: what a run says about an exercise and its checks rather than about one learner.
//!
//! Everything is computed from what [`Run`] streams, in one pass. Memory grows with the number of checks and of different wrong answers (both
//! bounded) and, per submission, by one digest and a name for [`Alike`].

mod alike;
mod checks;
mod groups;
mod observed;
mod scores;
mod tokens;

use serde::Serialize;

pub use alike::{Alike, Excluded, LEAST_TOKENS, Together};
pub use checks::{CheckSummary, ENOUGH, Flag};
pub use groups::{Example, Group, Groups};
pub use scores::{Distribution, Scores};

use crate::error::Result;
use crate::store::{Graded, Run};
use crate::verdict::Verdict;

/// Names and bytes of an exercise's starter files.
pub type Starter = [(String, Vec<u8>)];

/// What a run says about its exercise.
#[derive(Clone, Debug, Serialize)]
pub struct Class {
    /// Submissions that count and have a verdict.
    pub graded: usize,
    /// Those of `graded` in which code was run; the figures of the checks are about them.
    pub ran: usize,
    /// `None`: nothing is graded.
    pub scores: Option<Scores>,
    /// In the order of the exercise.
    pub checks: Vec<CheckSummary>,
    /// Why nothing of a submission could be run, the commonest first.
    pub problems: Groups,
    /// Submissions that are the same but for names and comments: a hint to look, never a verdict.
    pub alike: Alike,
}

/// Looks at these submissions of a run. `starter`: the exercise's starter files, `None` when they are not known.
///
/// # Errors
/// The run can't be read.
pub fn look(
    run: &Run,
    submissions: impl IntoIterator<Item = Result<Graded>>,
    starter: Option<&Starter>,
) -> Result<Class> {
    let mut looking = Looking {
        scores: Distribution::default(),
        checks: checks::Tallies::default(),
        problems: groups::Tally::default(),
        alike: alike::Tally::new(starter),
        graded: 0,
        ran: 0,
    };
    for graded in submissions {
        looking.add(run, &graded?)?;
    }
    Ok(looking.finish())
}

/// What is known so far.
struct Looking {
    scores: Distribution,
    checks: checks::Tallies,
    problems: groups::Tally,
    alike: alike::Tally,
    graded: usize,
    ran: usize,
}

impl Looking {
    fn add(&mut self, run: &Run, graded: &Graded) -> Result<()> {
        self.alike.add(run, &graded.submission)?;
        let Some(verdict) = graded.verdict() else { return Ok(()) };
        let example = || Example { submission: graded.submission.id, learner: graded.submission.learner() };
        self.graded += 1;
        self.scores.add(verdict.score);
        if let Some(problem) = &verdict.problem {
            self.problems.add(observed::problem(problem), example);
        } else {
            self.ran += 1;
            self.checks.add(verdict, example);
        }
        Ok(())
    }

    fn finish(self) -> Class {
        Class {
            graded: self.graded,
            ran: self.ran,
            scores: self.scores.finish(),
            checks: self.checks.finish(),
            problems: self.problems.finish(),
            alike: self.alike.finish(),
        }
    }
}

/// Points as a share of what is possible, 0 to 1; `None` where nothing is possible.
fn share(earned: f64, possible: f64) -> Option<f64> {
    (possible > 0.0).then(|| earned / possible)
}

/// What a verdict's checks earned besides `at`, as a share of what they can earn.
fn share_of_others(verdict: &Verdict, at: usize) -> Option<f64> {
    let others = || verdict.checks.iter().enumerate().filter(|(place, _)| *place != at).map(|(_, check)| check);
    share(others().map(|check| check.earned).sum(), others().map(|check| check.weight).sum())
}
