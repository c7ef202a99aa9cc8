use std::path::Path;

use super::*;
use crate::error::Fault;
use crate::submission::Handed;
use crate::verdict::{Problem, SubmissionOutcome, Verdict};

/// Id of the round that a run begins with.
const FIRST: i64 = 1;

fn new_run() -> NewRun {
    NewRun { exercise: "lab/adding".into(), seed: 7, seed_is_asked: false, intake: "{}".into() }
}

fn learner(key: &str) -> NewLearner {
    NewLearner { key: key.into(), on_roster: Some(true), ..NewLearner::default() }
}

/// Read rather than built: what a later version adds has a default.
fn verdict(earned: f64) -> Box<Verdict> {
    let verdict = serde_json::json!({
        "exercise": "lab/adding", "exercise_hash": "e", "submission": {"path": "adding.py", "hash": "h", "learner": null},
        "outcome": if earned > 1.0 { "passed" } else { "failed" }, "score": {"earned": earned, "possible": 2.0},
        "seed": 1, "evidence": "outside", "isolation": {"level": "full", "mechanisms": []}, "python": "3.11.7",
        "duration_ms": 1, "usage": {"cpu_ms": 1, "memory_peak_bytes": 1}, "problem": null,
        "checks": [{
            "id": "adds", "title": "adds", "outcome": "needs_review", "weight": 2.0, "earned": earned, "message": "",
            "called": null, "expected": null, "actual": null, "reason": null, "diff": null, "location": null,
            "traceback": [], "hint": null, "stdout": "", "stderr": "", "ending": null, "duration_ms": 1,
        }],
    });
    Box::new(serde_json::from_value(verdict).unwrap())
}

fn graded(earned: f64) -> Closed {
    Closed::Graded { verdict: verdict(earned), key: "k".into(), grounds: "g".into(), reused: false }
}

fn round(kind: RoundKind, only: Option<Only>) -> NewRound<'static> {
    NewRound { kind, only, exercise_hash: "e", grounds: "g" }
}

fn fault() -> FaultRecord {
    FaultRecord::of(&Fault::machine("no disk"))
}

/// A run with one submission for each of `keys`, and a learner `zoe` who handed nothing in.
fn ledger(path: &Path, keys: &[&str]) -> Ledger {
    let mut ledger = Ledger::create(path, &new_run()).unwrap();
    let intake = ledger.take_in().unwrap();
    intake.learner(&learner("zoe")).unwrap();
    let mut submissions = Vec::new();
    for key in keys {
        let learner = intake.learner(&learner(key)).unwrap();
        let hash = intake.keep(key.as_bytes()).unwrap();
        intake.keep(b"never asked for").unwrap();
        let new = NewSubmission {
            learners: vec![learner],
            source: format!("{key}.zip"),
            origin: Origin::Archive,
            attempt: 1,
            selected: true,
            late: None,
            submitted_at: None,
            files: Ok(vec![("adding.py".into(), hash)]),
            hash: format!("hash of {key}"),
            notes: vec!["a link was skipped".into()],
        };
        submissions.push(intake.submission(&new).unwrap());
    }
    intake.finish().unwrap();
    ledger.begin_round(&round(RoundKind::Batch, None), &submissions).unwrap();
    ledger
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

#[test]
fn what_was_taken_in_is_read_back_and_nothing_else_is_kept() {
    let folder = folder();
    let ledger = ledger(&folder.path().join("run"), &["grace", "ada"]);
    let run = ledger.read().unwrap();
    let submissions: Vec<_> = run.submissions().unwrap().map(Result::unwrap).collect();
    assert_eq!(submissions.iter().map(Submission::learner).collect::<Vec<_>>(), ["ada", "grace"]);
    assert_eq!(submissions[0].notes, ["a link was skipped"]);
    let Handed::Files(files) = run.handed(submissions[0].id).unwrap() else { panic!("it can be graded") };
    assert_eq!((files.files[0].name.as_str(), files.files[0].bytes.as_slice()), ("adding.py", &b"ada"[..]));
    let kept: i64 = run.connection.query_row("SELECT count(*) FROM file", [], |row| row.get(0)).unwrap();
    assert_eq!(kept, 2);
    assert_eq!(run.missing().unwrap().iter().map(|learner| learner.key.as_str()).collect::<Vec<_>>(), ["zoe"]);
}

#[test]
fn a_result_and_its_job_are_one_and_no_job_is_closed_twice() {
    let folder = folder();
    let mut ledger = ledger(&folder.path().join("run"), &["ada", "grace"]);
    let leases = ledger.turn_over(FIRST, &[], 1).unwrap();
    let none_left_for_others = ledger.turn_over(FIRST, &[], 5).unwrap();
    assert_eq!((leases.len(), none_left_for_others.len()), (1, 1));
    ledger.turn_over(FIRST, &[(leases[0].clone(), graded(2.0)), (leases[0].clone(), graded(0.0))], 0).unwrap();
    let run = ledger.read().unwrap();
    let counts = run.counts().unwrap();
    assert_eq!((counts.passed, counts.failed, counts.waiting), (1, 0, 1));
}

#[test]
fn what_a_dead_process_had_leased_is_queued_again_and_what_it_closed_stays() {
    let folder = folder();
    let path = folder.path().join("run");
    let mut first = ledger(&path, &["ada", "grace"]);
    let leases = first.turn_over(FIRST, &[], 2).unwrap();
    first.turn_over(FIRST, &[(leases[0].clone(), graded(2.0))], 0).unwrap();
    drop(first);
    let mut second = Ledger::open(&path).unwrap();
    let again = second.turn_over(FIRST, &[], 5).unwrap();
    assert_eq!(again.iter().map(|lease| lease.job).collect::<Vec<_>>(), [leases[1].job]);
    assert_eq!(again[0].faults, 0);
}

#[test]
fn a_fault_is_tried_again_after_the_others_and_is_never_a_score() {
    let folder = folder();
    let mut ledger = ledger(&folder.path().join("run"), &["ada", "grace"]);
    let ada = ledger.turn_over(FIRST, &[], 1).unwrap().remove(0);
    let leases = ledger.turn_over(FIRST, &[(ada.clone(), Closed::Again(fault()))], 2).unwrap();
    assert_eq!(leases.iter().map(|lease| (lease.submission, lease.faults)).collect::<Vec<_>>()[1], (ada.submission, 1));
    ledger
        .turn_over(FIRST, &[(leases[0].clone(), graded(1.0)), (leases[1].clone(), Closed::Ungraded(fault()))], 0)
        .unwrap();
    let run = ledger.read().unwrap();
    let states: Vec<_> = run.graded().unwrap().map(|each| each.unwrap().state).collect();
    assert!(matches!(&states[0], State::Ungraded { fault } if fault.message == "no disk"), "{states:?}");
    assert_eq!(run.counts().unwrap().ungraded, 1);
}

#[test]
fn old_results_stay_when_a_later_round_has_new_ones() {
    let folder = folder();
    let mut ledger = ledger(&folder.path().join("run"), &["ada"]);
    let lease = ledger.turn_over(FIRST, &[], 1).unwrap().remove(0);
    ledger.turn_over(FIRST, &[(lease.clone(), graded(0.0))], 0).unwrap();
    let round = ledger.begin_round(&self::round(RoundKind::Regrade, Some(Only::Failed)), &[lease.submission]).unwrap();
    assert_eq!(ledger.turn_over(FIRST, &[], 1).unwrap(), []);
    let again = ledger.turn_over(round, &[], 1).unwrap().remove(0);
    ledger.turn_over(round, &[(again, graded(2.0))], 0).unwrap();
    let run = ledger.read().unwrap();
    let earned = |verdict: Option<Verdict>| verdict.map(|verdict| verdict.score.earned);
    assert_eq!(earned(run.verdict_before(lease.submission, round).unwrap()), Some(0.0));
    assert_eq!(earned(run.verdict_in(lease.submission, round).unwrap()), Some(2.0));
    let newest = run.graded().unwrap().next().unwrap().unwrap();
    assert!(newest.verdict().unwrap().passed());
    assert_eq!(newest.verdict().unwrap().submission.learner.as_deref(), Some("ada"));
    assert_eq!(run.rounds().unwrap()[1].only, Some(Only::Failed));
    let chosen = |only, grounds| run.choose(only, grounds).unwrap().len();
    assert_eq!(chosen(None, "g"), 1);
    assert_eq!([chosen(Some(Only::Failed), "g"), chosen(Some(Only::Ungraded), "g")], [0, 0]);
    assert_eq!([chosen(Some(Only::Changed), "g"), chosen(Some(Only::Changed), "h")], [0, 1]);
}

#[test]
fn two_at_once_are_refused_and_reading_meanwhile_is_not() {
    let folder = folder();
    let path = folder.path().join("run");
    let ledger = ledger(&path, &["ada"]);
    let second = Ledger::open(&path).unwrap_err();
    assert!(second.exit_code() == 2 && second.what.contains("another `grade`"), "{second:?}");
    assert_eq!(ledger.read().unwrap().counts().unwrap().waiting, 1);
    assert_eq!(Ledger::create(&path, &new_run()).unwrap_err().exit_code(), 2);
}

#[test]
fn what_is_no_run_is_told_so() {
    let folder = folder();
    let path = folder.path().join("notes.txt");
    std::fs::write(
        &path,
        "a text that is no database, and rather longer than a header of one hundred bytes would be, to be sure",
    )
    .unwrap();
    assert!(Run::open(&path).unwrap_err().what.contains("is not a run"));
    assert!(Ledger::open(&path).unwrap_err().what.contains("is not a run"));
    assert!(Run::open(&folder.path().join("nowhere")).unwrap_err().what.contains("there is no run"));
}

#[test]
fn what_cannot_be_graded_says_why() {
    let folder = folder();
    let mut ledger = Ledger::create(&folder.path().join("run"), &new_run()).unwrap();
    let intake = ledger.take_in().unwrap();
    let learner = intake.learner(&learner("ada")).unwrap();
    let problem = Problem { kind: "archive".into(), message: "it is cut short".into(), location: None, column: None };
    let new = NewSubmission {
        learners: vec![learner],
        source: "ada.zip".into(),
        origin: Origin::Archive,
        attempt: 1,
        selected: true,
        late: Some(true),
        submitted_at: None,
        files: Err(Unusable { outcome: SubmissionOutcome::Failed, problem }),
        hash: String::new(),
        notes: Vec::new(),
    };
    let id = intake.submission(&new).unwrap();
    intake.finish().unwrap();
    let Handed::Unusable { problem, .. } = ledger.read().unwrap().handed(id).unwrap() else {
        panic!("nothing to grade")
    };
    assert_eq!(problem.message, "it is cut short");
}

#[test]
fn an_intake_that_was_not_finished_leaves_nothing() {
    let folder = folder();
    let mut ledger = Ledger::create(&folder.path().join("run"), &new_run()).unwrap();
    let intake = ledger.take_in().unwrap();
    intake.learner(&learner("ada")).unwrap();
    drop(intake);
    let run = ledger.read().unwrap();
    assert_eq!((run.learners().unwrap().len(), run.info().unwrap().taken_in), (0, false));
}
