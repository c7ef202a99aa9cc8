//! `results.json` of Gradescope's autograders (<https://gradescope-autograders.readthedocs.io/en/latest/specs/>).

use std::io::Write;

use serde::Serialize;
use serde_json::json;

use super::Failed;
use super::handout::{Handout, advice};
use crate::disclosure::{self, Moment};
use crate::report::escape::many_lines;
use crate::verdict::{CheckResult, Outcome, Told};

#[derive(Serialize)]
struct Results {
    score: f64,
    /// Seconds.
    execution_time: f64,
    output: String,
    output_format: &'static str,
    test_output_format: &'static str,
    test_name_format: &'static str,
    stdout_visibility: &'static str,
    tests: Vec<Test>,
    extra_data: serde_json::Value,
}

#[derive(Serialize)]
struct Test {
    name: String,
    number: String,
    score: f64,
    max_score: f64,
    status: &'static str,
    output: String,
    visibility: &'static str,
}

/// Gradescope itself hides tests, so that each carries what is told when it is shown, and the score is the whole one.
pub(super) fn write(out: &mut dyn Write, handout: &Handout<'_>) -> Result<(), Failed> {
    let verdict = handout.verdict;
    let after = disclosure::for_learner(verdict.clone(), Moment::AfterDue);
    #[expect(clippy::cast_precision_loss, reason = "milliseconds of one submission")]
    let execution_time = verdict.duration_ms as f64 / 1000.0;
    let tests = verdict.checks.iter().enumerate().map(|(index, check)| {
        let [now, after] = [&handout.told, &after].map(|told| told.checks.iter().find(|told| told.id == check.id));
        test(check, index + 1, now, after)
    });
    let results = Results {
        score: verdict.score.earned,
        execution_time,
        output: verdict.problem.as_ref().map_or_else(String::new, |problem| many_lines(&problem.message).into_owned()),
        output_format: "text",
        test_output_format: "text",
        test_name_format: "text",
        stdout_visibility: "hidden",
        tests: tests.collect(),
        extra_data: json!({"exercise": verdict.exercise, "seed": verdict.seed, "isolation": verdict.isolation.level}),
    };
    serde_json::to_writer_pretty(&mut *out, &results).map_err(std::io::Error::from)?;
    Ok(writeln!(out)?)
}

/// `now` and `after`: what is told of it before and after the due date, if it is told that there is one.
fn test(check: &CheckResult, number: usize, now: Option<&CheckResult>, after: Option<&CheckResult>) -> Test {
    let shows = |told: &&CheckResult| told.outcome != Outcome::Withheld;
    let (told, visibility) = match (now.filter(shows), after.filter(shows)) {
        (Some(now), _) => (Some(now), "visible"),
        (None, Some(after)) => (Some(after), "after_due_date"),
        (None, None) => (None, "hidden"),
    };
    let is_named = told.is_some() || check.visibility.after_due >= Told::Name;
    Test {
        name: if is_named { many_lines(&check.title).into_owned() } else { format!("hidden check {number}") },
        number: number.to_string(),
        score: check.earned,
        max_score: check.weight,
        status: if check.outcome == Outcome::Passed { "passed" } else { "failed" },
        output: told
            .filter(|told| told.outcome != Outcome::Passed)
            .map_or_else(String::new, |told| many_lines(&advice(told)).into_owned()),
        visibility,
    }
}
