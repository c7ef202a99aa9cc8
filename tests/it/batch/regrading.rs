//! Grading a run again after its grader was mended.
#![expect(clippy::unwrap_used, reason = "a test that panics says where")]

use std::path::Path;

use super::hall::{CATALOG, Hall};
use crate::trial::{RIGHT, squaring};

const GRADER: &str = "graders/probe/square/test_square.py";

/// With a catalogue of its own, whose grader takes `n + 1` for the square.
fn hall() -> Hall {
    let mut hall = Hall::new().submit("ada", RIGHT).submit("bob", &squaring("return n + 1")).submit("cleo", "def");
    hall.catalog = hall.path("catalog");
    copy(Path::new(CATALOG), &hall.catalog);
    let wrong = std::fs::read_to_string(hall.catalog.join(GRADER)).unwrap().replacen("== n * n", "== n + 1", 1);
    std::fs::write(hall.catalog.join(GRADER), wrong).unwrap();
    hall
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

fn mend(hall: &Hall) {
    std::fs::copy(Path::new(CATALOG).join(GRADER), hall.catalog.join(GRADER)).unwrap();
}

#[test]
fn who_gains_and_who_loses_is_told_and_the_old_results_stay() {
    let hall = hall();
    assert_eq!(hall.batch(&[]).code, Some(0));
    assert_eq!(hall.csv("run")["bob"]["outcome"], "passed");
    let nothing = hall.grade(&["regrade", "run"]);
    assert!(nothing.stdout.contains("Nothing changes for anybody"), "{}{}", nothing.stdout, nothing.stderr);
    mend(&hall);
    let told = hall.grade(&["regrade", "run"]);
    assert_eq!(told.code, Some(0), "{}", told.stderr);
    for words in [
        "1 gain, 1 lose, 0 changes otherwise",
        "square(n) is n times n: not yet -> right",
        "square(n) is n times n: right -> not yet",
    ] {
        assert!(told.stdout.contains(words), "{words:?} is not in\n{}", told.stdout);
    }
    assert!(told.stdout.find("bob") < told.stdout.find("ada"), "who loses comes first:\n{}", told.stdout);
    let lines = hall.csv("run");
    assert_eq!((lines["ada"]["score"].as_str(), lines["bob"]["score"].as_str()), ("4", "3"));
    let old = "SELECT count(*) FROM result JOIN job ON job.id = job_id WHERE round_id = 1";
    assert_eq!((hall.ask("run", old), hall.ask("run", "SELECT count(*) FROM result")), (3, 9));
}

#[test]
fn only_some_are_graded_again_when_only_some_are_asked_for() {
    let hall = hall();
    assert_eq!(hall.batch(&[]).code, Some(0));
    let jobs = |told: &str| told.split_once(" graded again").map(|(before, _)| before.to_owned());
    let only = |what| hall.grade(&["regrade", "run", "--only", what]).stdout;
    assert_eq!(jobs(&only("failed")).as_deref(), Some("2 submissions"));
    assert_eq!(jobs(&only("ungraded")).as_deref(), Some("0 submissions"));
    assert_eq!(jobs(&only("changed")).as_deref(), Some("0 submissions"));
    mend(&hall);
    assert_eq!(jobs(&only("changed")).as_deref(), Some("3 submissions"));
    assert_eq!(jobs(&only("changed")).as_deref(), Some("0 submissions"));
}

#[test]
fn changes_are_told_to_machines_too() {
    let hall = hall();
    hall.batch(&[]);
    mend(&hall);
    let told = hall.grade(&["regrade", "run", "--format", "json"]);
    let document: serde_json::Value = serde_json::from_str(&told.stdout).unwrap();
    let bob = &document["changes"][1];
    assert_eq!(
        (&bob["learner"], &bob["before"]["outcome"], &bob["after"]["outcome"]),
        (&"bob".into(), &"passed".into(), &"failed".into())
    );
    assert_eq!(bob["checks"][0]["gain"], -1.0);
    assert_eq!(document["regraded"]["of"], 3);
}
