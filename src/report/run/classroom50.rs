//! `result.json` of Classroom 50 (`classroom50/result/v1`), one for each submission.

use std::io::Write;

use serde::Serialize;

use super::Failed;
use super::handout::{Handout, advice};
use crate::error::Fault;
use crate::report::escape::many_lines;
use crate::verdict::{CheckResult, Outcome};

/// Points are whole numbers there; halves, quarters and hundredths of ours become whole by one of these.
const SCALES: [f64; 7] = [1.0, 2.0, 4.0, 5.0, 10.0, 20.0, 100.0];

#[derive(Serialize)]
struct Record {
    schema: &'static str,
    classroom: String,
    assignment: String,
    assignment_type: &'static str,
    owner: String,
    submission: String,
    commit: String,
    release: String,
    review: String,
    datetime: String,
    score: u64,
    #[serde(rename = "max-score")]
    max_score: u64,
    tests: Vec<Test>,
}

#[derive(Serialize)]
struct Test {
    #[serde(rename = "test-name")]
    name: String,
    passed: bool,
    score: u64,
    #[serde(rename = "max-score")]
    max_score: u64,
    #[serde(skip_serializing_if = "String::is_empty")]
    message: String,
}

/// `CLASSROOM` and `ASSIGNMENT` of the environment name what the run does not know.
pub(super) fn write(out: &mut dyn Write, handout: &Handout<'_>) -> Result<(), Failed> {
    let told: Vec<&CheckResult> = handout.told.checks.iter().filter(|check| check.outcome.is_judged()).collect();
    let scale = SCALES
        .into_iter()
        .find(|scale| told.iter().all(|check| is_whole(check.weight * scale) && is_whole(check.earned * scale)));
    let tests: Vec<Test> = told.into_iter().map(|check| test(check, scale.unwrap_or(100.0))).collect();
    let submitted = handout.graded.submission.submitted_at.as_deref();
    let datetime = submitted.and_then(utc).or_else(|| utc(handout.created_at)).unwrap_or_default();
    // What has no link of its own says its tag, as records made by hand do there.
    let tag = format!("submit/{}", datetime.replace(':', "-"));
    let record = Record {
        schema: "classroom50/result/v1",
        classroom: variable("CLASSROOM").ok_or_else(no_classroom)?,
        assignment: variable("ASSIGNMENT").unwrap_or_else(|| handout.exercise.replace('/', "-")),
        assignment_type: if handout.graded.submission.learners.len() > 1 { "group" } else { "individual" },
        owner: handout.learner.key.clone(),
        commit: tag.clone(),
        release: tag.clone(),
        review: tag.clone(),
        submission: tag,
        datetime,
        score: tests.iter().map(|test| test.score).sum(),
        max_score: tests.iter().map(|test| test.max_score).sum(),
        tests,
    };
    serde_json::to_writer_pretty(&mut *out, &record).map_err(std::io::Error::from)?;
    Ok(writeln!(out)?)
}

fn test(check: &CheckResult, scale: f64) -> Test {
    let passed = check.outcome == Outcome::Passed;
    Test {
        name: many_lines(&check.title).into_owned(),
        passed,
        score: whole(check.earned * scale),
        max_score: whole(check.weight * scale),
        message: if passed { String::new() } else { many_lines(&advice(check)).into_owned() },
    }
}

fn is_whole(points: f64) -> bool {
    (points - points.round()).abs() < 1e-9
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "points are not negative, and few")]
fn whole(points: f64) -> u64 {
    points.round().max(0.0) as u64
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

fn no_classroom() -> Fault {
    Fault::usage("a record of Classroom 50 names its classroom, and a run does not know it")
        .hint("set CLASSROOM to the classroom's short name, and ASSIGNMENT to the assignment's if it is another than the exercise's")
}

/// `2026-09-01T12:00:00Z` of a time that is written so, with or without parts of a second.
fn utc(time: &str) -> Option<String> {
    let (date, rest) = time.split_at_checked(19)?;
    let is_digit_at = |at: usize| date.as_bytes()[at].is_ascii_digit();
    let shape = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':')];
    let fits = shape.iter().all(|(at, c)| date.as_bytes()[*at] == *c)
        && (0..19).filter(|at| !shape.iter().any(|(place, _)| place == at)).all(is_digit_at);
    (fits && rest.ends_with('Z')).then(|| format!("{date}Z"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_those_of_the_schema_or_none() {
        assert_eq!(utc("2026-09-01T12:00:00.123Z").as_deref(), Some("2026-09-01T12:00:00Z"));
        for other in ["2026-09-01 12:00:00Z", "2026-09-01T12:00:00+02:00", "yesterday", "2026-09-01T12:00:0éZ"] {
            assert_eq!(utc(other), None, "{other}");
        }
    }
}
