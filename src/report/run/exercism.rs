//! `results.json` of Exercism's test runners, version 3 (<https://exercism.org/docs/building/tooling/test-runners/interface>).

use std::io::Write;

use serde::Serialize;

use super::Failed;
use super::handout::{Handout, advice};
use crate::report::escape::many_lines;
use crate::verdict::{CheckResult, Outcome, Verdict};

/// Characters of output that a test may have.
const LONGEST_OUTPUT: usize = 500;
/// What the interface asks to say where there was more.
const TRUNCATED: &str = "Output was truncated. Please limit to 500 chars";

#[derive(Serialize)]
struct Results {
    version: u32,
    status: &'static str,
    /// Only with the status `error`.
    message: Option<String>,
    tests: Vec<Test>,
}

#[derive(Serialize)]
struct Test {
    name: String,
    status: &'static str,
    message: Option<String>,
    output: Option<String>,
    #[serde(rename = "test_code")]
    code: String,
}

/// Checks that nothing is told of have no status there, and are left out.
pub(super) fn write(out: &mut dyn Write, handout: &Handout<'_>) -> Result<(), Failed> {
    serde_json::to_writer_pretty(&mut *out, &results(&handout.told)).map_err(std::io::Error::from)?;
    Ok(writeln!(out)?)
}

fn results(verdict: &Verdict) -> Results {
    let message = verdict.problem.as_ref().map(|problem| {
        let place =
            problem.location.as_ref().map(|place| format!("\n{}:{}", place.file, place.line)).unwrap_or_default();
        many_lines(&format!("{}{place}", problem.message)).into_owned()
    });
    let told = verdict.checks.iter().filter(|check| check.outcome.is_judged() && check.outcome != Outcome::Skipped);
    let status = match () {
        () if message.is_some() => "error",
        () if verdict.passed() => "pass",
        () => "fail",
    };
    Results { version: 3, status, message, tests: told.map(test).collect() }
}

fn test(check: &CheckResult) -> Test {
    let status = match check.outcome {
        Outcome::Passed => "pass",
        Outcome::Error => "error",
        _ => "fail",
    };
    let called = check.called.as_ref().unwrap_or(&check.title);
    Test {
        name: many_lines(&check.title).into_owned(),
        status,
        message: (status != "pass").then(|| many_lines(&advice(check)).into_owned()),
        output: Some(output(&check.stdout)).filter(|output| !output.is_empty()),
        code: many_lines(called).into_owned(),
    }
}

fn output(printed: &str) -> String {
    let shown = many_lines(printed);
    if shown.chars().count() <= LONGEST_OUTPUT {
        return shown.into_owned();
    }
    let room = LONGEST_OUTPUT - TRUNCATED.len() - 1;
    format!("{}\n{TRUNCATED}", shown.chars().take(room).collect::<String>())
}
