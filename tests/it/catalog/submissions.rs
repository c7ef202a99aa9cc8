//! Reading what a learner hands in.

#![expect(clippy::unwrap_used, reason = "a test that can't be set up has failed")]

use grade::catalog::Catalog;
use grade::submission::{Handed, Submission};
use grade::verdict::SubmissionOutcome;

use super::*;

const TWO_FILES: &str = r#"title = "t"
summary = "s"
track = "drill"
folder = "week1/lab"
files = ["adding.py", "main.py", "extra.py"]
optional = ["extra.py"]

[[check]]
id = "adds"
title = "adds"
"#;

fn desk() -> Desk {
    Desk::new().exercise("lab/adding", TWO_FILES).file("catalog/exercises/lab/adding/starter/main.py", "")
}

fn handed(desk: &Desk) -> Handed {
    let exercise = Catalog::load(&[desk.path("catalog")]).unwrap().find("lab/adding").unwrap();
    Submission::read(&desk.path("repo"), &exercise.folder, &exercise).unwrap()
}

fn refused(desk: &Desk) -> (SubmissionOutcome, String, String) {
    let Handed::Unusable { outcome, problem } = handed(desk) else { panic!("it was read") };
    (outcome, problem.kind, problem.message.replace(&desk.path("").display().to_string(), "[DESK]/"))
}

#[test]
fn only_the_named_files_are_read_and_their_bytes_decide_the_hash() {
    let desk = desk().file("repo/week1/lab/adding.py", "a").file("repo/week1/lab/main.py", "");
    let Handed::Files(first) = handed(&desk) else { panic!("it was refused") };
    let names: Vec<_> = first.files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, ["adding.py", "main.py"]);
    let Handed::Files(same) = handed(&desk.file("repo/week1/lab/other.py", "x")) else { panic!("it was refused") };
    assert_eq!(first.hash, same.hash);
}

#[test]
fn a_byte_that_moves_from_one_file_to_the_next_changes_the_hash() {
    let hash = |one: &str, two: &str| {
        let desk = desk().file("repo/week1/lab/adding.py", one).file("repo/week1/lab/main.py", two);
        let Handed::Files(submission) = handed(&desk) else { panic!("it was refused") };
        submission.hash
    };
    assert_ne!(hash("ab", "c"), hash("a", "bc"));
    // A file that imitates how the next one begins must not pass for it.
    let header = "\u{7}\0\0\0\0\0\0\0main.py";
    assert_ne!(hash("x", &format!("{header}x")), hash(&format!("x{header}"), "x"));
}

#[test]
fn nothing_handed_in_tells_where_it_was_looked_for_and_how_to_start() {
    let (outcome, kind, message) = refused(&desk());
    assert_eq!((outcome, kind.as_str()), (SubmissionOutcome::Missing, "missing"));
    assert_snapshot!(message);
}

#[test]
fn one_of_two_files_handed_in_is_not_nothing() {
    let (outcome, kind, message) = refused(&desk().file("repo/week1/lab/adding.py", "x = 1\n"));
    assert_eq!((outcome, kind.as_str()), (SubmissionOutcome::Failed, "missing"));
    assert_snapshot!(message);
}

#[test]
fn a_file_of_blanks_is_empty() {
    let desk = desk().file("repo/week1/lab/adding.py", " \n\n").file("repo/week1/lab/main.py", "x");
    let (outcome, kind, message) = refused(&desk);
    assert_eq!((outcome, kind.as_str()), (SubmissionOutcome::Failed, "empty"));
    assert_snapshot!(message);
}

#[test]
fn a_link_to_another_file_is_told_in_words() {
    let desk = desk().file("repo/week1/lab/main.py", "x").file("repo/real.py", "x");
    std::os::unix::fs::symlink(desk.path("repo/real.py"), desk.path("repo/week1/lab/adding.py")).unwrap();
    let (_, kind, message) = refused(&desk);
    assert_eq!(kind, "unreadable");
    assert_snapshot!(message);
}
