//! A submission judged by test files that belong to no exercise: from outside, and inside only what can't be judged so.

use std::path::Path;
use std::time::Instant;

use serde_json::Value as Json;

use super::courier::Carrier;
use super::findings::{blank, check_result, ended_problem, raised_problem};
use super::grading::{Findings, verdict};
use super::plan::SuiteJob;
use super::session::{Outcome as Seen_, Session};
use crate::catalog::CheckSpec;
use crate::error::{Fault, Result};
use crate::events::{Event, Listener};
use crate::judge::{Answered, CheckReport, Courier, Judge, Line, Loaded};
use crate::sandbox::process::Ended;
use crate::sandbox::slot::Slot;
use crate::submission::Submission;
use crate::verdict::{
    CheckResult, Evidence, Isolation, Kind, Outcome, Problem, Score, SubmissionOutcome, Usage, Verdict, Visibility,
};
use crate::wire::value::Value;

/// What has been found out about one submission so far.
pub(super) struct Seen<'a> {
    suite: &'a SuiteJob,
    submission: &'a Submission,
    specs: Vec<CheckSpec>,
    checks: Vec<CheckResult>,
    problem: Option<Problem>,
    usage: Usage,
}

impl<'a> Seen<'a> {
    pub(super) fn new(suite: &'a SuiteJob, submission: &'a Submission) -> Self {
        Self { suite, submission, specs: Vec::new(), checks: Vec::new(), problem: None, usage: Usage::default() }
    }

    /// Collects the suite and judges its tests from outside, as far as they can be.
    pub(super) async fn outside(&mut self, judge: &mut Judge, slot: &mut Slot, listener: &dyn Listener) -> Result<()> {
        let job = &self.suite.job;
        let mut session = Session::new(slot, &job.exercise, self.submission)?;
        let mut carrier = Watched::new(&mut session, self.submission);
        let (loaded, raised) = judge.load_suite(&self.suite.load, &mut carrier).await?;
        if let Some(ended) = carrier.ended.take() {
            self.problem = Some(ended_problem(job, &ended));
        } else if !raised.is_empty() {
            self.problem = Some(self.import_problem(&raised));
        } else {
            self.specs = specs(loaded)?;
            let specs = std::mem::take(&mut self.specs);
            let ids: Vec<&str> = specs.iter().map(|spec| spec.id.as_str()).collect();
            let mut goes_on = false;
            for (index, spec) in specs.iter().enumerate() {
                let started = Instant::now();
                if !goes_on {
                    judge.run(&ids[index..], job.seed).await?;
                }
                let report = judge.result(&spec.id, &mut carrier).await?;
                goes_on = report.outcome == Outcome::Passed;
                if report.restart {
                    carrier.inner.session.discard().await?;
                }
                self.note(spec, report, started, listener, specs.len());
            }
            self.specs = specs;
        }
        self.used(session.finish().await?);
        Ok(())
    }

    /// Whether any test is left that has to run inside.
    pub(super) fn wants_inside(&self) -> bool {
        self.checks.iter().any(|check| check.evidence == Evidence::Inside)
    }

    /// Runs in the sandbox what could not be judged from outside.
    pub(super) async fn inside(&mut self, judge: &mut Judge, slot: &mut Slot, listener: &dyn Listener) -> Result<()> {
        let job = &self.suite.job;
        let wanted: Vec<usize> =
            (0..self.checks.len()).filter(|index| self.checks[*index].evidence == Evidence::Inside).collect();
        let specs: Vec<CheckSpec> = wanted.iter().map(|index| self.specs[*index].clone()).collect();
        let ids: Vec<&str> = specs.iter().map(|spec| spec.id.as_str()).collect();
        let mut session = Session::new(slot, &job.exercise, self.submission)?;
        let mut carrier = Watched::new(&mut session, self.submission);
        judge.run_inside(&ids, job.seed).await?;
        for (index, spec) in wanted.into_iter().zip(&specs) {
            let started = Instant::now();
            let report = judge.result(&spec.id, &mut carrier).await?;
            let because = self.checks[index].inside_because.take();
            let mut result = check_result(job, spec, report, elapsed(started));
            (result.evidence, result.inside_because) = (Evidence::Inside, because);
            told(job, &result, index + 1, self.checks.len(), listener);
            self.checks[index] = result;
        }
        self.used(session.finish().await?);
        Ok(())
    }

    /// The verdict on everything that was seen.
    pub(super) fn verdict(self, isolation: Isolation, python: String, started: Instant) -> Result<Verdict> {
        let Self { suite, submission, checks, problem, usage, .. } = self;
        let counted = |check: &&CheckResult| check.outcome != Outcome::Skipped;
        let score = Score {
            earned: checks.iter().map(|check| check.earned).sum(),
            possible: checks.iter().filter(counted).map(|check| check.weight).sum(),
        };
        let outcome = outcome(&checks, problem.is_some());
        let inside = checks.iter().any(|check| check.evidence == Evidence::Inside);
        let mut verdict =
            verdict(&suite.job, submission, Findings { checks, problem, usage }, isolation, python, started)?;
        (verdict.kind, verdict.outcome, verdict.score) = (Kind::Suite, outcome, score);
        verdict.evidence = if inside { Evidence::Inside } else { Evidence::Outside };
        Ok(verdict)
    }

    fn note(&mut self, spec: &CheckSpec, report: CheckReport, started: Instant, listener: &dyn Listener, of: usize) {
        let job = &self.suite.job;
        let mut result = if report.inside.is_empty() {
            check_result(job, spec, report, elapsed(started))
        } else {
            let mut waiting = blank(spec, Outcome::Skipped);
            (waiting.evidence, waiting.inside_because) = (Evidence::Inside, Some(report.inside));
            waiting
        };
        // A test of a suite that fails by itself says where in the test; that is not the author's fault.
        result.hint = None;
        if result.evidence == Evidence::Outside {
            told(job, &result, self.checks.len() + 1, of, listener);
        }
        self.checks.push(result);
    }

    fn import_problem(&self, observation: &[u8]) -> Problem {
        let parts = match Value::decode(observation) {
            Ok(Value::Tuple(parts)) => parts,
            _ => Vec::new(),
        };
        match parts.get(1) {
            Some(Value::Exception(raised)) => raised_problem(&self.suite.job, raised),
            _ => Problem {
                kind: "import".to_owned(),
                message: "the file can't be imported".to_owned(),
                location: None,
                column: None,
            },
        }
    }

    fn used(&mut self, usage: Usage) {
        self.usage.add(usage);
    }
}

fn told(job: &super::plan::Job, result: &CheckResult, done: usize, of: usize, listener: &dyn Listener) {
    listener.on(&Event::CheckFinished {
        exercise: job.exercise.id.to_string(),
        check: result.id.clone(),
        outcome: result.outcome,
        done,
        of,
    });
}

fn elapsed(started: Instant) -> u64 {
    u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX)
}

/// Passed when something was checked, everything that was checked is right, and what was left out, the author's file left out.
fn outcome(checks: &[CheckResult], problem: bool) -> SubmissionOutcome {
    let fine = |check: &CheckResult| matches!(check.outcome, Outcome::Passed | Outcome::Skipped);
    if checks.iter().any(|check| check.outcome == Outcome::Error) {
        SubmissionOutcome::Error
    } else if !problem && checks.iter().all(fine) && checks.iter().any(|check| check.outcome == Outcome::Passed) {
        SubmissionOutcome::Passed
    } else {
        SubmissionOutcome::Failed
    }
}

/// The tests that were found, as checks of equal weight; what stood in the way of finding them is the author's fault.
fn specs(loaded: Loaded) -> Result<Vec<CheckSpec>> {
    let problems = loaded
        .problems
        .into_iter()
        .map(|problem| super::bench::at(Fault::author(problem.message), problem.file.as_deref(), problem.line));
    if let Some(fault) = Fault::join(problems) {
        return Err(fault);
    }
    if loaded.functions.is_empty() {
        let hint = "tests are functions `test_…`, methods `test_…` of classes `Test…`, and `unittest.TestCase`s";
        return Err(Fault::author("there are no tests in these files").hint(hint));
    }
    let spec = |function: crate::judge::LoadedFunction| CheckSpec {
        title: function.id.clone(),
        id: function.id,
        weight: 1.0,
        hint: None,
        review: false,
        visibility: Visibility::default(),
        line: function.line,
    };
    Ok(loaded.functions.into_iter().map(spec).collect())
}

/// Carries requests and remembers how the learner's process ended last.
struct Watched<'a, 's> {
    inner: Carrier<'a, 's>,
    ended: Option<Ended>,
}

impl<'a, 's> Watched<'a, 's> {
    fn new(session: &'a mut Session<'s>, submission: &'a Submission) -> Self {
        Self { inner: Carrier { session, types: None, submission, fixtures: Path::new("/nonexistent") }, ended: None }
    }
}

impl Courier for Watched<'_, '_> {
    async fn call(&mut self, header: &Json, body: &[u8], line: &mut Line<'_>) -> Result<Vec<Answered>> {
        let (wall, cpu) = (header["wall_ms"].as_u64(), header["cpu_ms"].as_u64());
        let served = self.inner.session.request(b'C', body, wall, cpu, line).await?;
        if let Seen_::Ended(ended) = &served.outcome {
            self.ended = Some(ended.clone());
        }
        Ok(vec![super::courier::answer(served, None)])
    }

    fn compare(&mut self, header: &Json, expected: &str, actual: &str) -> Result<Json> {
        self.inner.compare(header, expected, actual)
    }
}
