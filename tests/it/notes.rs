//! Notes that explain: their checks, what a person is to review, and that no machine gives points for it.
#![expect(clippy::unwrap_used, reason = "a test that panics says where")]

use std::fs;
use std::path::Path;

use insta::assert_snapshot;
use serde_json::Value;

use crate::schema::assert_valid;
use crate::support::{Desk, Told};
use crate::trial::cache;

const EXERCISE: &str = "probe/explained";

fn ours(path: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/catalog").join(path).display().to_string()
}

fn grade(desk: &Desk, arguments: &[&str]) -> Told {
    let catalog = ours("");
    let all: Vec<&str> = arguments.iter().copied().chain(["--catalog", &catalog, "--seed", "7"]).collect();
    let mut told = desk.run("repo", &all, &[("GRADE_CACHE_DIR", &cache().display().to_string())]);
    // How strong the sandbox is here, and whether a test before this one has prepared the judge, are other matters.
    told.stdout = told.stdout.split_inclusive('\n').filter(|line| !line.starts_with("isolation: ")).collect();
    told.stderr = told.stderr.split_inclusive('\n').filter(|line| !line.starts_with("prepar")).collect();
    told
}

/// A repository that holds a sample submission.
fn with_sample(name: &str) -> Desk {
    let mut desk = Desk::new();
    for entry in fs::read_dir(ours(&format!("fixtures/{EXERCISE}/submissions/{name}"))).unwrap().flatten() {
        let file = entry.file_name().into_string().unwrap();
        desk = desk.file(&format!("repo/proofs/lab/{file}"), &fs::read_to_string(entry.path()).unwrap());
    }
    desk
}

fn verdict(sample: &str) -> Value {
    let told = grade(&with_sample(sample), &[EXERCISE, "--format", "json"]);
    let document: Value = serde_json::from_str(&told.stdout).unwrap_or_else(|_| panic!("{told}"));
    assert_valid(&document);
    document["verdicts"][0].clone()
}

#[test]
fn every_sample_gets_its_verdict() {
    let told = grade(&Desk::new(), &["verify", EXERCISE, "--seeds", "1"]);
    assert_eq!(told.code, 0, "{told}");
}

#[test]
fn the_prose_goes_to_a_person_and_counts_neither_for_nor_against() {
    let verdict = verdict("right");
    assert_eq!((&verdict["outcome"], &verdict["score"]["possible"]), (&"passed".into(), &4.0.into()));
    let review = &verdict["checks"][3];
    assert_eq!((&review["outcome"], &review["weight"]), (&"needs_review".into(), &0.0.into()));
    assert!(review["review"].as_str().unwrap().contains("So that neither of the two lists is changed"));
}

#[test]
fn a_missing_note_leaves_the_code_its_points() {
    let verdict = verdict("without_a_note");
    assert_eq!((&verdict["outcome"], &verdict["score"]["earned"]), (&"failed".into(), &2.0.into()));
    assert_eq!(verdict["problem"], Value::Null);
}

#[test]
fn a_claim_that_does_not_hold_is_shown_with_its_line() {
    assert_snapshot!(grade(&with_sample("wrong_claim"), &[EXERCISE]));
}

#[test]
fn a_right_submission_says_what_is_left_to_a_person() {
    assert_snapshot!(grade(&with_sample("right"), &[EXERCISE]));
}

#[test]
fn start_puts_a_template_beside_the_starter() {
    let desk = Desk::new();
    assert_snapshot!(grade(&desk, &["start", EXERCISE]));
    assert!(desk.read("repo/proofs/lab/explained.md").contains("## Minimal example"));
}

#[test]
fn a_review_that_is_not_planned_is_the_authors_mistake() {
    let catalog = tempfile::tempdir().unwrap();
    let manifest = fs::read_to_string(ours(&format!("exercises/{EXERCISE}/exercise.toml"))).unwrap();
    for part in ["exercises", "graders"] {
        crate::support::copy(Path::new(&ours(part)), &catalog.path().join(part));
    }
    let path = catalog.path().join(format!("exercises/{EXERCISE}/exercise.toml"));
    fs::write(path, manifest.replace("review = true", "")).unwrap();
    let catalog = catalog.path().display().to_string();
    let arguments = [EXERCISE, "--catalog", &catalog, "--seed", "7"];
    let told = with_sample("right").run("repo", &arguments, &[("GRADE_CACHE_DIR", &cache().display().to_string())]);
    assert_eq!(told.code, 4, "{told}");
    assert!(told.stdout.contains("review = true"), "{told}");
}
