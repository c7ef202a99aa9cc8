//! One exercise after the other, graded on one warm bench.

use std::sync::Arc;

use super::session::{Session, job};
use crate::catalog::Exercise;
use crate::disclosure::{self, Moment};
use crate::error::{Blame, Fault, Result};
use crate::repository::Repository;
use crate::verdict::Verdict;

/// What became of the exercises, in their order.
#[derive(Debug, Default)]
pub(super) struct Graded {
    /// A verdict, or the fault of the exercise's author; shorter than the list of exercises when grading was stopped.
    pub each: Vec<Result<Verdict>>,
    /// Why no more were graded.
    pub stopped: Option<Fault>,
}

impl Graded {
    /// The verdicts; the faults are added to `faults`.
    pub(super) fn verdicts(self, faults: &mut Vec<Fault>) -> Vec<Verdict> {
        let verdicts = self.each.into_iter().filter_map(|one| one.map_err(|fault| faults.push(fault)).ok()).collect();
        faults.extend(self.stopped);
        verdicts
    }
}

/// Grades the files of `repository`; verdicts are as their learner is told them. A fault in one exercise keeps no other from its verdict.
///
/// # Errors
/// There is not one verdict, or the user pressed Ctrl-C.
pub(super) async fn grade_all(
    session: &mut Session,
    repository: &Repository,
    exercises: &[Arc<Exercise>],
) -> Result<Graded> {
    let mut bench = session.workshop.bench();
    let listener = session.listener();
    let mut graded = Graded::default();
    for exercise in exercises {
        let outcome = async {
            let job = job(repository, exercise, session.seed)?;
            let packages = session.packages_for(&job)?;
            session.unless_interrupted(bench.grade(&job, &packages, listener.as_ref())).await
        };
        match outcome.await {
            // The author's fault is this exercise's alone; a machine that can't grade one can't grade the next.
            Err(fault) if fault.blame != Blame::Author => {
                graded.stopped = Some(fault);
                break;
            }
            one => graded.each.push(one.map(|verdict| disclosure::for_learner(verdict, Moment::Now))),
        }
    }
    drop(listener);
    bench.rest().await;
    let has_verdicts = graded.each.iter().any(Result::is_ok);
    match graded.stopped.take() {
        Some(fault) if !has_verdicts || fault.blame == Blame::Interrupted => Err(fault),
        stopped => Ok(Graded { stopped, ..graded }),
    }
}
