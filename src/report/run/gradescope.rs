//! `results.json` of Gradescope's autograders (<https://gradescope-autograders.readthedocs.io/en/latest/specs/>).

use std::io::Write;

use serde::Serialize;
use serde_json::json;

use super::handout::{Handout, advice};
use super::{Failed, finals};
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
        score: handout.last.as_ref().and_then(|found| found.score).unwrap_or(verdict.score.earned),
        execution_time,
        output: output(handout),
        output_format: "text",
        test_output_format: "text",
        test_name_format: "text",
        stdout_visibility: "hidden",
        tests: tests.collect(),
        extra_data: json!({
            "exercise": verdict.exercise,
            "seed": verdict.seed,
            "isolation": verdict.isolation.level,
            "raw_score": verdict.score.earned,
            "steps": steps(handout),
        }),
    };
    serde_json::to_writer_pretty(&mut *out, &results).map_err(std::io::Error::from)?;
    Ok(writeln!(out)?)
}

/// What is above the tests, for everybody to read: why nothing could be run, and the arithmetic of rules, unless that gives hidden tests away.
fn output(handout: &Handout<'_>) -> String {
    let problem = handout.verdict.problem.as_ref().map(|problem| problem.message.clone());
    let steps = if handout.told.withheld.is_none() { steps(handout) } else { Vec::new() };
    many_lines(&problem.into_iter().chain(steps).collect::<Vec<_>>().join("\n")).into_owned()
}

/// How the final score came about; nothing where it is the raw one.
fn steps(handout: &Handout<'_>) -> Vec<String> {
    let steps = handout.last.as_ref().filter(|found| found.steps.len() > 1).map(|found| &found.steps);
    steps.into_iter().flatten().map(finals::step).collect()
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
