//! The exercises themselves, on the real judge and sandbox.
#![expect(clippy::unwrap_used, reason = "a test that panics says where")]

use std::process::Stdio;
use std::sync::Arc;

use grade::catalog::Exercise;

use crate::mutants::exercises;

/// Exercises whose samples wait for real time-outs, start interpreters, install packages or run learners' tests take minutes together: here only their right samples are graded; `grade verify` without arguments does them all.
const SLOW: &[&str] = &[
    "concurrency/",
    "internals/safe_subprocess",
    "packaging/",
    "day0/",
    "day2/",
    "day3/",
    "day5/",
    "day6/",
    "day7/",
    "day8/",
    "day9/",
];

/// `grade verify` of these exercises, with one seed; panics unless all of it is as expected.
fn verify(exercises: &[Arc<Exercise>], more: &[&str]) {
    let cache = tempfile::tempdir().unwrap();
    #[expect(clippy::disallowed_methods, reason = "the tests run the binary itself")]
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_grade"))
        .arg("verify")
        .args(exercises.iter().map(|exercise| exercise.id.to_string()))
        .args(["--seeds", "1"])
        .args(more)
        .env("GRADE_CACHE_DIR", cache.path())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{told}{}", String::from_utf8_lossy(&output.stderr));
    assert!(told.contains(&format!("{0} of {0} exercises verified", exercises.len())), "{told}");
}

fn slow_and_quick() -> (Vec<Arc<Exercise>>, Vec<Arc<Exercise>>) {
    let is_slow = |exercise: &Arc<Exercise>| SLOW.iter().any(|slow| exercise.id.to_string().starts_with(slow));
    exercises().into_iter().partition(is_slow)
}

#[test]
fn every_sample_submission_gets_the_verdict_that_its_author_expects() {
    verify(&slow_and_quick().1, &[]);
}

#[test]
fn the_right_samples_of_the_slow_exercises_pass() {
    verify(&slow_and_quick().0, &["--right"]);
}

#[test]
fn every_exercise_says_what_it_is_evidence_for() {
    let silent: Vec<_> = exercises().into_iter().filter(|exercise| exercise.evidence.is_empty()).collect();
    assert!(silent.is_empty(), "no [evidence]: {:?}", silent.iter().map(|exercise| &exercise.id).collect::<Vec<_>>());
}
