//! Sources of every kind, and whose submissions are found in them.

use std::fs;
use std::io::{Cursor, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::*;
use crate::catalog::{Catalog, ExerciseId};
use crate::environment::Interrupt;
use crate::store::{Ledger, NewRun, Run, Submission};
use crate::submission::Handed;

const RIGHT: &[u8] = b"def square(n):\n    return n * n\n";

/// A folder to hand in to, and the run that it is taken into.
struct Office {
    folder: tempfile::TempDir,
    request: Request,
}

impl Office {
    fn new() -> Self {
        let request = Request { paths: Vec::new(), roster: None, id_from: None, attempts: Attempts::Latest };
        Self { folder: tempfile::tempdir().unwrap(), request }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn file(self, name: &str, bytes: &[u8]) -> Self {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
        self
    }

    fn give(mut self, name: &str) -> Self {
        self.request.paths.push(self.path(name));
        self
    }

    fn take(&self) -> (Summary, Run) {
        let path = self.path("run");
        let _ = fs::remove_file(&path);
        let new = NewRun { exercise: "probe/square".into(), seed: 1, seed_is_asked: false, intake: String::new() };
        let mut ledger = Ledger::create(&path, &new).unwrap();
        let intake = ledger.take_in().unwrap();
        let summary = take_in(&self.request, &exercise(), &intake, &Interrupt::default()).unwrap();
        intake.finish().unwrap();
        drop(ledger);
        (summary, Run::open(&path).unwrap())
    }

    /// `learner origin attempt`, with `late` and `-` (does not count), and what is wrong with it; sorted by learner.
    fn told(&self) -> Vec<String> {
        let (_, run) = self.take();
        run.submissions().unwrap().map(|submission| line(&run, &submission.unwrap())).collect()
    }
}

fn line(run: &Run, submission: &Submission) -> String {
    let mut line = format!("{} {} {}", submission.learner(), submission.origin.name(), submission.attempt);
    if submission.late == Some(true) {
        line += " late";
    }
    if !submission.selected {
        line += " -";
    }
    match run.handed(submission.id).unwrap() {
        Handed::Files(_) => line,
        Handed::Unusable { problem, .. } => format!("{line} {}", problem.kind),
    }
}

fn exercise() -> Arc<Exercise> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/catalog");
    Catalog::load(&[root]).unwrap().get(&ExerciseId::parse("probe/square").unwrap()).unwrap().unwrap()
}

fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        archive.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

#[test]
fn a_folder_of_folders_archives_files_and_clones() {
    let office = Office::new()
        .file("subs/ada/square.py", RIGHT)
        .file("subs/bob.zip", &zipped(&[("homework/square.py", RIGHT)]))
        .file("subs/cleo.py", RIGHT)
        .file("subs/day1-dora/week1/lab/square.py", RIGHT)
        .file("subs/day1-dora/old/square.py", b"old")
        .file("subs/day1-dora/.git/config", b"")
        .file("subs/day1-eve/square.py", RIGHT)
        .file("subs/day1-eve/.git/config", b"")
        .file("subs/readme.txt", b"hello")
        .give("subs");
    fs::create_dir(office.path("subs/fay")).unwrap();
    assert_eq!(
        office.told(),
        ["ada folder 1", "bob archive 1", "cleo file 1", "dora git 1", "eve git 1", "fay folder 1 missing"]
    );
    let (summary, _) = office.take();
    assert!(summary.notes[0].1.contains("readme.txt"), "{:?}", summary.notes);
    assert_eq!((summary.selected.len(), summary.hashes.len()), (6, 1));
}

#[test]
fn what_holds_the_files_itself_is_one_submission() {
    let one = Office::new().file("ada/square.py", RIGHT).give("ada");
    assert_eq!(one.told(), ["ada folder 1"]);
    let repository = Office::new().file("ada/week1/lab/square.py", RIGHT).file("ada/.git/config", b"").give("ada");
    assert_eq!(repository.told(), ["ada git 1"]);
    let archive = Office::new().file("ada.tar.gz", &gzip(&tarred(&[("hw/square.py", RIGHT)]))).give("ada.tar.gz");
    assert_eq!(archive.told(), ["ada archive 1"]);
    let file = Office::new().file("lab1_final.py", RIGHT).give("lab1_final.py");
    assert_eq!(file.told(), ["lab1_final file 1"]);
}

#[test]
fn several_archives_are_several_learners_and_an_archive_of_archives_is_too() {
    let inner = zipped(&[("src/square.py", RIGHT)]);
    let many = Office::new().file("ada.zip", &inner).file("bob.zip", &inner).give("ada.zip").give("bob.zip");
    assert_eq!(many.told(), ["ada archive 1", "bob archive 1"]);
    let class = zipped(&[("class/ada.zip", &inner), ("class/bob/square.py", RIGHT), ("class/cleo.zip", b"not one")]);
    let nested = Office::new().file("class.zip", &class).give("class.zip");
    assert_eq!(nested.told(), ["ada archive 1", "bob folder 1", "cleo archive 1 archive"]);
}

#[test]
fn canvas_names_give_learner_lateness_and_attempt() {
    let office = Office::new()
        .file(
            "class.zip",
            &zipped(&[
                ("lovelaceada_12_100_square.py", b"first"),
                ("lovelaceada_12_205_square-1.py", RIGHT),
                ("hoppergrace_LATE_13_101_homework.zip", &zipped(&[("square.py", RIGHT)])),
                ("smith_14_102_square.py", RIGHT),
                ("smith_15_103_square.py", RIGHT),
                ("index.html", b"<html>"),
            ]),
        )
        .give("class.zip");
    let all = [
        "hoppergrace canvas 1 late",
        "lovelaceada canvas 1 -",
        "lovelaceada canvas 2",
        "smith_14 canvas 1",
        "smith_15 canvas 1",
    ];
    assert_eq!(office.told(), all);
    let (_, run) = office.take();
    let ada = run
        .submissions()
        .unwrap()
        .map(Result::unwrap)
        .find(|each| each.selected && each.learner() == "lovelaceada")
        .unwrap();
    let Handed::Files(files) = run.handed(ada.id).unwrap() else { panic!("it can be graded") };
    assert_eq!(files.files[0].bytes, RIGHT);
}

#[test]
fn moodle_folders_and_flat_files_give_learners() {
    let folders = Office::new()
        .file(
            "class.zip",
            &zipped(&[
                ("Ada Lovelace_12_assignsubmission_file_/square.py", RIGHT),
                ("Ada Lovelace_12_assignsubmission_onlinetext_/onlinetext.html", b"<p>"),
                ("Zoë Müller_13_assignsubmission_file_/lab/square.py", RIGHT),
                ("Participant_14_assignsubmission_file_/square.py", RIGHT),
                ("Participant_15_assignsubmission_file_/essay.pdf", b"x"),
            ]),
        )
        .give("class.zip");
    let all =
        ["Ada Lovelace moodle 1", "Participant_14 moodle 1", "Participant_15 moodle 1 missing", "Zoë Müller moodle 1"];
    assert_eq!(folders.told(), all);
    let flat = Office::new().file("class/Ada Lovelace_12_assignsubmission_file_square.py", RIGHT).give("class");
    assert_eq!(flat.told(), ["Ada Lovelace moodle 1"]);
}

#[test]
fn a_gradescope_export_gives_groups_and_times() {
    let manifest = "---\nsubmission_1:\n  :submitters:\n  - :name: Ada\n    :sid: 12\n    :email: ada@x.org\n  - :name: Bob\n    :sid: '007'\n    \
                    :email:\n  :created_at: 2026-03-01 10:00:00 +0100\n  :score: 3.0\nsubmission_2:\n  :submitters:\n  - :name: Cleo\n    :email: c@x.org\n";
    let office = Office::new()
        .file(
            "class.zip",
            &zipped(&[
                ("assignment_9_export/submission_metadata.yml", manifest.as_bytes()),
                ("assignment_9_export/submission_1/square.py", RIGHT),
                ("assignment_9_export/submission_3/square.py", RIGHT),
            ]),
        )
        .give("class.zip");
    assert_eq!(office.told(), ["007, 12 gradescope 1", "c@x.org gradescope 1 missing"]);
    let (summary, run) = office.take();
    let group = run.submissions().unwrap().next().unwrap().unwrap();
    assert_eq!(group.submitted_at.as_deref(), Some("2026-03-01 10:00:00 +0100"));
    assert_eq!(group.learners[1].email.as_deref(), Some("ada@x.org"));
    assert!(summary.notes.iter().any(|(_, note)| note.contains("submission_3")), "{:?}", summary.notes);
    let broken = Office::new()
        .file("class/submission_metadata.yml", b"- : [")
        .file("class/submission_1/square.py", RIGHT)
        .give("class");
    assert_eq!(broken.told(), ["submission_1 folder 1"]);
}

#[test]
fn a_pattern_finds_ids_attempts_and_files() {
    let mut office = Office::new()
        .file("in/lab3/2026_ada_try1/square.py", b"first")
        .file("in/lab3/2026_ada_try2/square.py", RIGHT)
        .file("in/lab3/2026_bob_try1/src/square.py", RIGHT)
        .file("in/lab3/notes.py", b"x")
        .give("in");
    office.request.id_from = Some(r"lab3/\d+_(?P<id>[a-z]+)_try(?P<attempt>\d)".to_owned());
    assert_eq!(office.told(), ["ada pattern 1 -", "ada pattern 2", "bob pattern 1"]);
    office.request.attempts = Attempts::All;
    assert_eq!(office.told(), ["ada pattern 1", "ada pattern 2", "bob pattern 1"]);
    assert!(office.take().0.notes[0].1.contains("notes.py"));
}

#[test]
fn a_pattern_finds_times_that_order_attempts() {
    let mut office = Office::new()
        .file("in/ada_2026-03-02_09-30-00/square.py", RIGHT)
        .file("in/ada_2026-03-01_23-15-00/square.py", b"first")
        .file("in/bob_20260301T101500/square.py", RIGHT)
        .give("in");
    office.request.id_from = Some(r"(?P<id>[a-z]+)_(?P<time>[^/]+)/".to_owned());
    office.request.attempts = Attempts::All;
    assert_eq!(office.told(), ["ada pattern 1", "ada pattern 2", "bob pattern 1"]);
    let (_, run) = office.take();
    let times: Vec<_> = run.submissions().unwrap().map(|found| found.unwrap().submitted_at.unwrap()).collect();
    assert_eq!(times, ["2026-03-01T23:15:00", "2026-03-02T09:30:00", "20260301T101500"]);
}

#[test]
fn the_roster_names_learners_and_who_is_missing() {
    let mut office = Office::new()
        .file("a/lovelaceada_12_100_square.py", b"first")
        .file("b/ada/square.py", RIGHT)
        .file("roster.csv", b"login,name,ID\nada,Ada Lovelace,12\nbob,Bob Byron,13\n")
        .give("a")
        .give("b");
    office.request.roster = Some(office.path("roster.csv"));
    let (summary, run) = office.take();
    assert_eq!(summary.missing, ["13"]);
    assert_eq!(summary.unknown, []);
    assert_eq!(summary.repeated, [("12".to_owned(), 2)]);
    assert_eq!(run.learners().unwrap()[0].name.as_deref(), Some("Ada Lovelace"));
}

#[test]
fn links_pipes_and_odd_names_in_a_folder_stop_nobody() {
    use std::os::unix::ffi::OsStrExt as _;
    let office = Office::new().file("subs/ada/square.py", RIGHT).file("secret.py", b"x").give("subs");
    for learner in ["bob", "cleo", "dora"] {
        fs::create_dir(office.path("subs").join(learner)).unwrap();
    }
    std::os::unix::fs::symlink(office.path("secret.py"), office.path("subs/bob/square.py")).unwrap();
    let pipe = office.path("subs/cleo/square.py");
    rustix::fs::mknodat(rustix::fs::CWD, &pipe, rustix::fs::FileType::Fifo, rustix::fs::Mode::RUSR, 0).unwrap();
    fs::write(office.path("subs/dora").join(std::ffi::OsStr::from_bytes(b"sq\xffuare.py")), b"x").unwrap();
    std::os::unix::fs::symlink("/etc", office.path("subs/eve")).unwrap();
    assert_eq!(
        office.told(),
        ["ada folder 1", "bob folder 1 unreadable", "cleo folder 1 unreadable", "dora folder 1 missing"]
    );
    let (summary, _) = office.take();
    assert!(
        summary.notes.iter().any(|(_, note)| note.contains("`eve`") && note.contains("a link")),
        "{:?}",
        summary.notes
    );
}

#[test]
fn a_source_that_is_not_there_is_wrong_usage() {
    let office = Office::new().give("nowhere");
    let new = NewRun { exercise: "probe/square".into(), seed: 1, seed_is_asked: false, intake: String::new() };
    let mut ledger = Ledger::create(&office.path("run"), &new).unwrap();
    let intake = ledger.take_in().unwrap();
    let fault = take_in(&office.request, &exercise(), &intake, &Interrupt::default()).unwrap_err();
    assert_eq!(fault.exit_code(), 2);
}

fn tarred(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = tar::Builder::new(Vec::new());
    for (name, bytes) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        archive.append_data(&mut header, name, *bytes).unwrap();
    }
    archive.into_inner().unwrap()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn whoever_wants_to_stop_does_not_wait_for_the_end_of_a_source() {
    let tarball = tarred(&[("ada/square.py", RIGHT), ("bob/square.py", RIGHT)]);
    for (name, bytes) in [("class.tar", tarball.as_slice()), ("folder/ada/square.py", RIGHT)] {
        let office = Office::new().file(name, bytes).give(name.split('/').next().unwrap());
        let new = NewRun { exercise: "probe/square".into(), seed: 1, seed_is_asked: false, intake: String::new() };
        let mut ledger = Ledger::create(&office.path("run"), &new).unwrap();
        let intake = ledger.take_in().unwrap();
        let interrupt = Interrupt::default();
        interrupt.raise();
        let fault = take_in(&office.request, &exercise(), &intake, &interrupt).unwrap_err();
        assert_eq!(fault.exit_code(), 130, "{name}: {fault}");
    }
}
