//! Submissions that are a folder: what `include` takes of it, what it leaves, and what it refuses.

#![expect(clippy::unwrap_used, reason = "a test that can't be set up has failed")]

use std::os::unix::fs::symlink;
use std::sync::Arc;

use grade::catalog::{Catalog, Exercise};
use grade::submission::{Handed, Submission};
use grade::verdict::SubmissionOutcome;

use super::*;

const PROJECT: &str = r#"title = "t"
summary = "s"
track = "drill"
folder = "week1/lab"
files = ["pyproject.toml"]
include = ["src/**", "*.md"]

[[check]]
id = "adds"
title = "adds"
"#;

fn desk() -> Desk {
    Desk::new()
        .exercise("lab/adding", PROJECT)
        .file("catalog/exercises/lab/adding/starter/pyproject.toml", "# to do\n")
        .file("catalog/exercises/lab/adding/starter/src/tool/__init__.py", "")
        .file("repo/week1/lab/pyproject.toml", "[project]\n")
        .file("repo/week1/lab/src/tool/cli.py", "x = 1\n")
}

fn exercise(desk: &Desk) -> Arc<Exercise> {
    Catalog::load(&[desk.path("catalog")]).unwrap().find("lab/adding").unwrap()
}

fn read(desk: &Desk) -> Submission {
    let exercise = exercise(desk);
    match Submission::read(&desk.path("repo"), &exercise.folder, &exercise).unwrap() {
        Handed::Files(submission) => submission,
        Handed::Unusable { problem, .. } => panic!("it was refused: {}", problem.message),
    }
}

fn refused(desk: &Desk) -> (String, String) {
    let exercise = exercise(desk);
    let Handed::Unusable { outcome, problem } =
        Submission::read(&desk.path("repo"), &exercise.folder, &exercise).unwrap()
    else {
        panic!("it was read")
    };
    assert_eq!(outcome, SubmissionOutcome::Failed);
    (problem.kind, problem.message.replace(&desk.path("").display().to_string(), "[DESK]/"))
}

#[test]
fn files_come_by_name_first_and_then_by_pattern_in_order() {
    let desk = desk()
        .file("repo/week1/lab/README.md", "# Tool\n")
        .file("repo/week1/lab/src/tool/data/a.txt", "a")
        .file("repo/week1/lab/notes.txt", "no pattern takes it");
    let names: Vec<_> = read(&desk).files.into_iter().map(|file| file.name).collect();
    assert_eq!(names, ["pyproject.toml", "README.md", "src/tool/cli.py", "src/tool/data/a.txt"]);
}

#[test]
fn the_hash_is_of_every_file_that_is_taken_and_of_no_other() {
    let desk = desk();
    let before = read(&desk).hash;
    let desk = desk
        .file("repo/week1/lab/notes.txt", "x")
        .file("repo/week1/lab/src/tool/__pycache__/cli.pyc", "x")
        .file("repo/week1/lab/src/tool.egg-info/PKG-INFO", "x")
        .file("repo/week1/lab/src/.venv/bin/python", "x")
        .file("repo/week1/lab/src/mine/pyvenv.cfg", "")
        .file("repo/week1/lab/src/mine/lib/six.py", "x")
        .file("repo/week1/lab/build/lib/tool/cli.py", "x");
    assert_eq!(read(&desk).hash, before);
    assert_ne!(read(&desk.file("repo/week1/lab/src/tool/cli.py", "x = 2\n")).hash, before);
}

#[test]
fn a_link_in_the_folder_is_refused_and_named() {
    let desk = desk();
    symlink("/etc", desk.path("repo/week1/lab/src/secrets")).unwrap();
    let (kind, message) = refused(&desk);
    assert_eq!(kind, "unreadable");
    assert_snapshot!(message, @"`week1/lab/src/secrets` is a link to another file, and links are not followed. Put the file itself there.");
}

#[test]
fn a_named_pipe_in_the_folder_is_refused_without_waiting() {
    let desk = desk();
    let path = desk.path("repo/week1/lab/src/tool/pipe.py");
    rustix::fs::mknodat(rustix::fs::CWD, path, rustix::fs::FileType::Fifo, rustix::fs::Mode::RUSR, 0).unwrap();
    let (kind, message) = refused(&desk);
    assert_eq!(kind, "unreadable");
    assert_snapshot!(message, @"`week1/lab/src/tool/pipe.py` is a named pipe, not a file.");
}

#[test]
fn too_many_files_and_too_many_bytes_are_refused() {
    let desk = (0..300).fold(desk(), |desk, n| desk.file(&format!("repo/week1/lab/src/tool/m{n}.py"), ""));
    let (kind, message) = refused(&desk);
    assert_eq!(kind, "too_large");
    assert_snapshot!(message, @"`week1/lab` holds more than 256 files, which is as much as is read. Move what does not belong to the exercise somewhere else.");
    let large = "x".repeat(1024 * 1024);
    let desk = (0..5).fold(self::desk(), |desk, n| desk.file(&format!("repo/week1/lab/src/d{n}.txt"), &large));
    let (kind, message) = refused(&desk);
    assert_eq!(kind, "too_large");
    assert_snapshot!(message, @"the files in `week1/lab` are larger than 4 MiB together, which is as much as is read. Move what does not belong to the exercise somewhere else.");
}

#[test]
fn a_file_that_is_asked_for_by_name_is_missed_even_when_others_are_there() {
    let (kind, message) = refused(&desk().without("repo/week1/lab/pyproject.toml"));
    assert_eq!(kind, "missing");
    assert_snapshot!(message, @"`week1/lab/pyproject.toml` is not in `[DESK]/repo`. `grade start lab/adding` puts a starter there.");
}

#[test]
fn what_the_author_expects_is_no_part_of_a_sample() {
    let manifest = PROJECT.replace("\"src/**\"", "\"**\"");
    let desk = desk().exercise("lab/adding", &manifest).file("repo/week1/lab/expected.toml", "outcome = \"passed\"\n");
    let handed = Submission::read_sample(&desk.path("repo/week1/lab"), &exercise(&desk)).unwrap();
    let Handed::Files(submission) = handed else { panic!("it was refused") };
    assert!(submission.files.iter().all(|file| file.name != "expected.toml"));
    assert!(read(&desk).files.iter().any(|file| file.name == "expected.toml"));
}

#[test]
fn start_puts_the_whole_starter_in_place_and_a_file_of_it_is_known() {
    let desk = desk().without("repo/week1");
    assert_eq!(desk.grade(&["start", "lab/adding"]).code, 0);
    assert!(desk.path("repo/week1/lab/src/tool/__init__.py").is_file());
    let told = desk.grade(&["week1/lab/src/tool/cli.py"]);
    assert!(told.stderr.contains("belongs to `lab/adding`"), "{told}");
}

#[test]
fn the_top_folder_can_not_be_taken_by_pattern() {
    let manifest = PROJECT.replace("folder = \"week1/lab\"", "folder = \".\"");
    let told = Desk::new()
        .exercise("lab/adding", &manifest)
        .file("catalog/exercises/lab/adding/starter/pyproject.toml", "")
        .grade(&["show", "lab/adding"]);
    assert_eq!(told.code, 4);
    assert!(told.stderr.contains("`include` needs a `folder` of the exercise's own"), "{told}");
}
