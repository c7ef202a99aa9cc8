//! Holds verdicts of sample submissions against what their authors expect; compares data, runs nothing.

pub mod kills;
pub mod mutants;
pub mod names;
pub mod steadiness;
pub mod together;

use std::collections::BTreeSet;

use crate::catalog::Expected;
use crate::verdict::{Outcome, SubmissionOutcome, Verdict};

/// One way in which a verdict is not as expected; one sentence.
pub type Mismatch = String;

/// Everything in which `verdict` differs from what the sample's `expected.toml` says; empty when nothing does.
pub fn hold(expected: &Expected, verdict: &Verdict) -> Vec<Mismatch> {
    let mut mismatches = Vec::new();
    if expected.outcome != verdict.outcome {
        mismatches.push(format!("is {}, expected {}", word(verdict.outcome), word(expected.outcome)));
    }
    let problem = verdict.problem.as_ref();
    if expected.problem.as_deref() != problem.map(|problem| problem.kind.as_str()) {
        let told = problem
            .map_or("no problem".to_owned(), |problem| format!("problem `{}` ({})", problem.kind, problem.message));
        let wanted = expected.problem.as_ref().map_or("none".to_owned(), |kind| format!("`{kind}`"));
        mismatches.push(format!("has {told}, expected {wanted}"));
    }
    if problem.is_none() {
        mismatches.extend(checks(expected, verdict));
    }
    mismatches
}

fn checks(expected: &Expected, verdict: &Verdict) -> Vec<Mismatch> {
    let wanted: BTreeSet<&str> = expected.fails.iter().map(String::as_str).collect();
    let mut mismatches = Vec::new();
    for check in &verdict.checks {
        let passed = matches!(check.outcome, Outcome::Passed | Outcome::NeedsReview);
        if passed && wanted.contains(check.id.as_str()) {
            mismatches.push(format!("passes `{}`, which it should not", check.id));
        } else if !passed && !wanted.contains(check.id.as_str()) {
            mismatches.push(format!("does not pass `{}`: {}", check.id, said(check)));
        }
    }
    mismatches
}

fn said(check: &crate::verdict::CheckResult) -> String {
    let mut text = check.message.lines().next().unwrap_or("").to_owned();
    if let (Some(expected), Some(actual)) = (&check.expected, &check.actual) {
        text = format!("{text} (expected {expected}, got {actual})");
    }
    text
}

/// In what a starter goes beyond what it may: it earns nothing, and breaks nothing.
pub fn hold_starter(verdict: &Verdict) -> Vec<Mismatch> {
    let mut mismatches: Vec<_> = verdict
        .checks
        .iter()
        .filter(|check| check.outcome == Outcome::Passed)
        .map(|check| format!("the starter passes `{}`", check.id))
        .collect();
    let broken = |outcome| {
        matches!(
            outcome,
            Outcome::Error | Outcome::Crashed | Outcome::Timeout | Outcome::OutOfMemory | Outcome::Tampered
        )
    };
    mismatches.extend(
        verdict
            .checks
            .iter()
            .filter(|check| broken(check.outcome))
            .map(|check| format!("the starter breaks `{}`: {}", check.id, check.message)),
    );
    if let Some(problem) = &verdict.problem {
        mismatches.push(format!("the starter can't be used: {}", problem.message));
    }
    mismatches
}

const fn word(outcome: SubmissionOutcome) -> &'static str {
    match outcome {
        SubmissionOutcome::Passed => "passed",
        SubmissionOutcome::Failed => "failed",
        SubmissionOutcome::Error => "an error of the grader",
        SubmissionOutcome::Missing => "missing",
    }
}
