//! One submission from its files to its verdict.

use std::path::Path;
use std::time::Instant;

use super::courier::Carrier;
use super::findings::{blank, check_result, ended_problem, raised_problem};
use super::plan::Job;
use super::session::{Outcome as Seen, Session};
use super::type_check;
use crate::catalog::Sharing;
use crate::error::Result;
use crate::events::{Event, Listener};
use crate::judge::{CheckReport, Judge};
use crate::sandbox::slot::Slot;
use crate::submission::{Handed, Submission};
use crate::verdict::{
    CheckResult, Evidence, Isolation, Kind, Level, Outcome, Problem, Score, SubmissionInfo, SubmissionOutcome, Usage,
    Verdict,
};
use crate::wire::value::Value;

/// What a verdict needs besides its checks.
pub(super) struct Findings {
    pub(super) checks: Vec<CheckResult>,
    pub(super) problem: Option<Problem>,
    pub(super) usage: Usage,
}

/// Where a submission is run, and where its types are checked if its exercise asks for that.
pub(super) struct Slots<'a> {
    pub(super) learner: &'a mut Slot,
    pub(super) types: Option<&'a mut Slot>,
}

/// Runs every planned check; each is reported by the judge or there is a fault and no verdict.
pub(super) async fn observe(
    job: &Job,
    submission: &Submission,
    judge: &mut Judge,
    slots: Slots<'_>,
    listener: &dyn Listener,
) -> Result<Findings> {
    let mut session = Session::new(slots.learner, &job.exercise, submission)?;
    if let Some(problem) = load(job, &mut session).await? {
        return Ok(Findings { checks: not_run(job), problem: Some(problem), usage: session.finish().await? });
    }
    let mut types = slots.types.map(|slot| type_check::session(slot, &job.exercise, submission)).transpose()?;
    let fixtures = job.exercise.fixtures_dir();
    let ids: Vec<&str> = job.exercise.checks.iter().map(|spec| spec.id.as_str()).collect();
    let seed = job.seed;
    let mut turn = Turn {
        judge,
        session: &mut session,
        types: types.as_mut(),
        submission,
        fixtures: &fixtures,
        seed,
        goes_on: false,
    };
    let mut checks = Vec::with_capacity(ids.len());
    for (index, spec) in job.exercise.checks.iter().enumerate() {
        let started = Instant::now();
        let report = turn.check(&ids[index..], job.exercise.sandbox.process).await?;
        let duration = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        let result = check_result(job, spec, report, duration);
        let (done, of) = (checks.len() + 1, job.exercise.checks.len());
        listener.on(&Event::CheckFinished {
            exercise: job.exercise.id.to_string(),
            check: spec.id.clone(),
            outcome: result.outcome,
            done,
            of,
        });
        checks.push(result);
    }
    let mut usage = session.finish().await?;
    if let Some(types) = types {
        usage.add(types.finish().await?);
    }
    Ok(Findings { checks, problem: None, usage })
}

/// Executes the module once, so that a file that can't be imported is told once and not by every check.
async fn load(job: &Job, session: &mut Session<'_>) -> Result<Option<Problem>> {
    let served = session.load().await?;
    let answers = match served.outcome {
        Seen::Ended(ended) => return Ok(Some(ended_problem(job, &ended))),
        Seen::Observed(answers) => answers,
    };
    let Some(Ok(Value::Tuple(parts))) = answers.first().map(|answer| Value::decode(&answer.observation)) else {
        return Ok(None);
    };
    Ok(match parts.get(1) {
        Some(Value::Exception(raised)) if parts.first() == Some(&Value::Str("raised".to_owned())) => {
            Some(raised_problem(job, raised))
        }
        _ => None,
    })
}

/// The checks of a submission, one after the other.
struct Turn<'a, 's> {
    judge: &'a mut Judge,
    session: &'a mut Session<'s>,
    types: Option<&'a mut Session<'s>>,
    submission: &'a Submission,
    fixtures: &'a Path,
    seed: u64,
    /// The judge is at the next check already: it stops only at one that does not pass.
    goes_on: bool,
}

impl Turn<'_, '_> {
    /// The first of the checks that are left. What fails in a process that has served others is run again in one of its own, so that no check is
    /// blamed for what another left behind; a pass needs no second look, since nothing left behind makes wrong values right.
    async fn check(&mut self, left: &[&str], sharing: Sharing) -> Result<CheckReport> {
        let alone = sharing == Sharing::Check;
        if alone {
            self.session.discard().await?;
        }
        self.session.begin_check();
        let shared = self.session.is_shared();
        if !self.goes_on {
            self.judge.run(if alone { &left[..1] } else { left }, self.seed).await?;
        }
        let report = self.result(left[0]).await?;
        self.goes_on = report.outcome == Outcome::Passed && !alone;
        let final_already =
            matches!(report.outcome, Outcome::Passed | Outcome::Error | Outcome::Skipped | Outcome::NeedsReview);
        if final_already || !(shared || report.prefetched) {
            return Ok(report);
        }
        self.session.discard().await?;
        self.session.begin_check();
        self.judge.run(&left[..1], self.seed).await?;
        self.result(left[0]).await
    }

    async fn result(&mut self, check: &str) -> Result<CheckReport> {
        let types = self.types.as_deref_mut();
        let mut carrier =
            Carrier { session: self.session, types, submission: self.submission, fixtures: self.fixtures };
        self.judge.result(check, &mut carrier).await
    }
}

fn not_run(job: &Job) -> Vec<CheckResult> {
    job.exercise.checks.iter().map(|spec| blank(spec, Outcome::Skipped)).collect()
}

/// The verdict on a submission that was run.
pub(super) fn verdict(
    job: &Job,
    submission: &Submission,
    found: Findings,
    isolation: Isolation,
    python: String,
    started: Instant,
) -> Result<Verdict> {
    let outcome = outcome(&found);
    let mut verdict = without_checks(job, outcome, isolation, python)?;
    verdict.submission.hash.clone_from(&submission.hash);
    verdict.score = score(&found.checks);
    verdict.duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    verdict.usage = found.usage;
    verdict.problem = found.problem;
    verdict.checks = found.checks;
    Ok(verdict)
}

/// The verdict where nothing could be run: nothing was handed in, or what was can't be read.
pub(super) fn unusable(job: &Job, python: String) -> Result<Option<Verdict>> {
    let Handed::Unusable { outcome, problem } = &job.handed else { return Ok(None) };
    let isolation = Isolation { level: Level::None, mechanisms: Vec::new() };
    let mut verdict = without_checks(job, *outcome, isolation, python)?;
    verdict.checks = not_run(job);
    verdict.score = score(&verdict.checks);
    verdict.problem = Some(problem.clone());
    Ok(Some(verdict))
}

fn without_checks(job: &Job, outcome: SubmissionOutcome, isolation: Isolation, python: String) -> Result<Verdict> {
    let first = job.exercise.files.first().map_or("", String::as_str);
    Ok(Verdict {
        kind: Kind::Exercise,
        exercise: job.exercise.id.to_string(),
        exercise_hash: job.exercise.hash()?.to_owned(),
        submission: SubmissionInfo { path: job.shown(first), hash: String::new(), learner: job.learner.clone() },
        outcome,
        score: Score { earned: 0.0, possible: 0.0 },
        seed: job.seed,
        evidence: Evidence::Outside,
        isolation,
        python,
        duration_ms: 0,
        usage: Usage::default(),
        problem: None,
        withheld: None,
        checks: Vec::new(),
    })
}

fn score(checks: &[CheckResult]) -> Score {
    Score {
        earned: checks.iter().map(|check| check.earned).sum(),
        possible: checks.iter().map(|check| check.weight).sum(),
    }
}

/// Passed only if every check reported and passed; a check for a person to look at takes nothing away.
fn outcome(found: &Findings) -> SubmissionOutcome {
    let fine = |check: &CheckResult| matches!(check.outcome, Outcome::Passed | Outcome::NeedsReview);
    if found.checks.iter().any(|check| check.outcome == Outcome::Error) {
        SubmissionOutcome::Error
    } else if found.problem.is_none() && !found.checks.is_empty() && found.checks.iter().all(fine) {
        SubmissionOutcome::Passed
    } else {
        SubmissionOutcome::Failed
    }
}
