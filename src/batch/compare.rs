//! Before and after a regrading: who gains, who loses, and by which checks.

use crate::error::Result;
use crate::store::Run;
use crate::verdict::{CheckResult, Outcome, Score, SubmissionOutcome, Verdict};

/// A submission that stands differently after a round.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Change {
    pub learner: String,
    /// `None`: it had no verdict.
    pub before: Option<Standing>,
    /// `None`: it has none now; the one before still counts.
    pub after: Option<Standing>,
    /// Checks whose outcome or points are others, in the order of the exercise.
    pub checks: Vec<CheckChange>,
}

#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
pub struct Standing {
    pub outcome: SubmissionOutcome,
    pub score: Score,
}

#[derive(Clone, Debug, serde::Serialize)]
pub struct CheckChange {
    pub id: String,
    pub title: String,
    /// `None`: the check was not there.
    pub before: Option<Outcome>,
    pub after: Option<Outcome>,
    /// Points after less points before.
    pub gain: f64,
    /// Why it does not pass now, or did not before.
    pub why: String,
}

impl Change {
    /// Points after less points before; 0 when there is no verdict on one side.
    pub fn gain(&self) -> f64 {
        match (&self.before, &self.after) {
            (Some(before), Some(after)) => after.score.earned - before.score.earned,
            _ => 0.0,
        }
    }
}

/// The submissions of `round` that stand differently than before it, by learner, one at a time.
pub fn changes(run: &Run, round: i64) -> Result<impl Iterator<Item = Result<Change>> + '_> {
    let changed = move |submission: Result<crate::store::Submission>| -> Result<Option<Change>> {
        let submission = submission?;
        let before = run.verdict_before(submission.id, round)?;
        let after = run.verdict_in(submission.id, round)?;
        Ok(change(submission.learner(), before.as_ref(), after.as_ref()))
    };
    Ok(run.in_round(round)?.filter_map(move |submission| changed(submission).transpose()))
}

fn change(learner: String, before: Option<&Verdict>, after: Option<&Verdict>) -> Option<Change> {
    let standing = |verdict: &Verdict| Standing { outcome: verdict.outcome, score: verdict.score };
    let checks = match (before, after) {
        (Some(before), Some(after)) => check_changes(&before.checks, &after.checks),
        _ => Vec::new(),
    };
    let (before, after) = (before.map(standing), after.map(standing));
    (before != after || !checks.is_empty()).then_some(Change { learner, before, after, checks })
}

fn check_changes(before: &[CheckResult], after: &[CheckResult]) -> Vec<CheckChange> {
    let find = |checks: &'_ [CheckResult], id: &str| checks.iter().position(|check| check.id == id);
    let gone =
        before.iter().filter(|check| find(after, &check.id).is_none()).map(|check| check_change(Some(check), None));
    after
        .iter()
        .map(|check| check_change(find(before, &check.id).map(|at| &before[at]), Some(check)))
        .chain(gone)
        .flatten()
        .collect()
}

fn check_change(before: Option<&CheckResult>, after: Option<&CheckResult>) -> Option<CheckChange> {
    let facts = |check: Option<&CheckResult>| {
        check.map(|check| (check.outcome, check.earned.to_bits(), check.weight.to_bits()))
    };
    if facts(before) == facts(after) {
        return None;
    }
    let shown = after.or(before)?;
    let why = [after, before].into_iter().flatten().find(|check| check.outcome != Outcome::Passed).map(why);
    Some(CheckChange {
        id: shown.id.clone(),
        title: shown.title.clone(),
        before: before.map(|check| check.outcome),
        after: after.map(|check| check.outcome),
        gain: after.map_or(0.0, |check| check.earned) - before.map_or(0.0, |check| check.earned),
        why: why.unwrap_or_default(),
    })
}

/// One line: the reason, or what was expected and what came.
fn why(check: &CheckResult) -> String {
    let first = |text: &str| text.lines().next().unwrap_or("").to_owned();
    match (&check.reason, &check.expected, &check.actual) {
        (Some(reason), ..) => first(reason),
        (None, Some(expected), Some(actual)) => format!("expected {}, got {}", first(expected), first(actual)),
        _ => first(&check.message),
    }
}
