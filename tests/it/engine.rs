//! The exercises themselves, on the real judge and sandbox.
#![expect(clippy::unwrap_used, reason = "a test that panics says where")]

use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;

use grade::catalog::{Catalog, Exercise, Track};
use grade::verify::kills::Kills;

/// Exercises whose samples wait for real time-outs, start interpreters, install packages or run learners' tests take minutes together; `grade verify` without arguments does them all.
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

#[test]
fn every_sample_submission_gets_the_verdict_that_its_author_expects() {
    let catalog = Catalog::load(&[Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()]).unwrap();
    let ids: Vec<String> = catalog.ids().map(ToString::to_string).collect();
    let quick: Vec<&String> = ids.iter().filter(|id| !SLOW.iter().any(|slow| id.starts_with(slow))).collect();
    let cache = tempfile::tempdir().unwrap();
    #[expect(clippy::disallowed_methods, reason = "the tests run the binary itself")]
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_grade"))
        .arg("verify")
        .args(&quick)
        .args(["--seeds", "1"])
        .env("GRADE_CACHE_DIR", cache.path())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{told}{}", String::from_utf8_lossy(&output.stderr));
    assert!(told.contains(&format!("{0} of {0} exercises verified", quick.len())), "{told}");
}

fn exercises() -> Vec<Arc<Exercise>> {
    let catalog = Catalog::load(&[Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()]).unwrap();
    catalog.all().map(|(_, exercise)| exercise.unwrap()).collect()
}

/// Counting anew takes minutes an exercise; whether the record is still about what is here takes none.
#[test]
fn what_is_on_record_about_mutants_is_about_the_exercises_as_they_are() {
    let mut wrong = Vec::new();
    for exercise in exercises() {
        let objections = match Kills::read(&exercise).unwrap() {
            Some(kills) => kills.objections(&exercise).unwrap(),
            None if exercise.track == Track::Proof => {
                vec!["is not there: `grade verify --mutants --record`".to_owned()]
            }
            None => Vec::new(),
        };
        wrong.extend(objections.iter().map(|objection| format!("{}: kills.toml {objection}", exercise.id)));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_exercise_says_what_it_is_evidence_for() {
    let silent: Vec<_> = exercises().into_iter().filter(|exercise| exercise.evidence.is_empty()).collect();
    assert!(silent.is_empty(), "no [evidence]: {:?}", silent.iter().map(|exercise| &exercise.id).collect::<Vec<_>>());
}
