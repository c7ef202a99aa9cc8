//! Running many submissions.
#![expect(clippy::unwrap_used, reason = "a test that panics says where")]

use std::process::Child;
use std::time::Duration;

use rustix::process::Signal;

use super::hall::{Hall, Line, Told, children, signal};
use crate::trial::{RIGHT, preceded_by, squaring};

fn mixed() -> Hall {
    Hall::new()
        .submit("ada", RIGHT)
        .submit("bob", &squaring("return n"))
        .submit("cleo", "def square(n:\n")
        .submit("dora", &squaring("while True: pass"))
        .submit("eve", &squaring("import os; os._exit(0)"))
        .submit("fay", &preceded_by("raise SystemExit(0)"))
        .submit("gus", &squaring("return [0] * 10**10"))
        .submit("hal", "")
        .file("subs/ivy/essay.txt", b"I wrote an essay instead.")
        .file("subs/jo.py", RIGHT.as_bytes())
}

#[test]
fn a_bad_submission_never_stops_the_rest() {
    let hall = mixed();
    let told = hall.batch(&["-j", "2"]);
    assert_eq!(told.code, Some(0), "{}", told.stderr);
    let lines = hall.csv("run");
    let outcome = |learner: &str| lines[learner]["outcome"].as_str();
    assert_eq!(lines.len(), 10);
    assert_eq!([outcome("ada"), outcome("jo")], ["passed"; 2]);
    for learner in ["bob", "cleo", "dora", "eve", "fay", "gus", "hal"] {
        assert_eq!(outcome(learner), "failed", "{:?}", lines[learner]);
        assert!(!lines[learner]["reason"].is_empty(), "{learner}");
    }
    assert_eq!(outcome("ivy"), "missing");
    assert!(lines["ivy"]["reason"].contains("essay.txt"), "{:?}", lines["ivy"]);
    assert_eq!((lines["ada"]["score"].as_str(), lines["bob"]["score"].as_str()), ("4", "3"));
}

#[test]
fn results_are_the_same_for_any_number_at_once_and_any_order() {
    let hall = mixed();
    assert_eq!(hall.batch(&["--seed", "11", "--no-cache", "-j", "1"]).code, Some(0));
    let reversed = ["subs/jo.py", "subs/gus", "subs/fay", "subs/eve", "subs/dora", "subs/cleo", "subs/bob", "subs/ada"];
    let arguments =
        [&["batch", "probe/square"], reversed.as_slice(), &["--out", "other", "--seed", "11", "--no-cache", "-j", "3"]]
            .concat();
    assert_eq!(hall.grade(&arguments).code, Some(0));
    let mut first = hall.verdicts("run");
    first.retain(|verdict| !matches!(verdict["submission"]["learner"].as_str(), Some("hal" | "ivy")));
    assert_eq!(first, hall.verdicts("other"));
}

#[test]
fn what_was_graded_before_is_not_run_again_and_says_so() {
    let hall =
        Hall::new().submit("ada", &format!("# {:?}\n{RIGHT}", std::time::SystemTime::now())).submit("bob", RIGHT);
    assert_eq!(hall.batch(&[]).code, Some(0));
    let again = hall.grade(&["batch", "probe/square", "subs", "--out", "again"]);
    assert!(again.stdout.contains("2 not run again"), "{}", again.stdout);
    assert!(hall.csv("again").values().all(|line| line["reused"] == "yes" && line["outcome"] == "passed"));
    hall.grade(&["batch", "probe/square", "subs", "--out", "anew", "--no-cache"]);
    assert!(hall.csv("anew").values().all(|line| line["reused"] == "no"));
    // Who names a seed wants the results of that seed.
    let seeded = hall.grade(&["batch", "probe/square", "subs", "--out", "seeded", "--seed", "99887"]);
    assert!(!seeded.stdout.contains("not run again") || hall.json("seeded")["run"]["seed"] == 99_887);
}

#[test]
fn a_judge_that_dies_is_tried_again_and_nobody_pays_for_it() {
    let hall = Hall::new().submit("ada", &squaring("import time; time.sleep(2); return n * n"));
    let mut child = hall.start(&["-j", "1", "--no-cache"]);
    kill_judges(&hall, &mut child, 1);
    let told: Told = child.wait_with_output().unwrap().into();
    assert_eq!(told.code, Some(0), "{}{}", told.stdout, told.stderr);
    assert!(hall.csv("run").values().all(|line| line["outcome"] == "passed"));
    assert!(told.stdout.contains("tried again"), "{}", told.stdout);
}

#[test]
fn what_the_machine_can_not_grade_is_ungraded_and_never_scored() {
    let hall = Hall::new().submit("ada", &squaring("import time; time.sleep(2); return n * n"));
    let mut child = hall.start(&["-j", "1", "--no-cache"]);
    kill_judges(&hall, &mut child, 3);
    let told: Told = child.wait_with_output().unwrap().into();
    assert_eq!(told.code, Some(3), "{}{}", told.stdout, told.stderr);
    let line: &Line = &hall.csv("run")["ada"];
    assert_eq!((line["outcome"].as_str(), line["score"].as_str()), ("ungraded", ""), "{line:?}");
    assert_eq!(hall.json("run")["ungraded"][0]["learner"], "ada");
    let again = hall.grade(&["regrade", "run", "--only", "ungraded"]);
    assert_eq!(again.code, Some(0), "{}", again.stderr);
    assert_eq!(hall.csv("run")["ada"]["outcome"], "passed");
}

/// Kills so many judges while they are at work.
fn kill_judges(hall: &Hall, grade: &mut Child, number: usize) {
    let mut killed = Vec::new();
    while killed.len() < number {
        assert!(grade.try_wait().unwrap().is_none(), "it ended after {killed:?} were killed");
        std::thread::sleep(Duration::from_millis(50));
        let faults = i64::try_from(killed.len()).unwrap();
        let at_work = format!("SELECT count(*) FROM job WHERE state = 'leased' AND faults = {faults}");
        if hall.try_ask("run", &at_work).unwrap_or(0) == 0 {
            continue;
        }
        // Learner code sleeps, so this is in the middle of it.
        std::thread::sleep(Duration::from_millis(500));
        let judges = children(grade.id(), "judge.py");
        if let Some(pid) = judges.into_iter().find(|pid| !killed.contains(pid)) {
            signal(pid, Signal::KILL);
            killed.push(pid);
        }
    }
}

#[test]
fn a_batch_grades_at_the_full_level_or_not_at_all() {
    let hall = Hall::new().submit("ada", RIGHT);
    let mut command = hall.command(&["batch", "probe/square", "subs", "--out", "run", "--isolation", "full"]);
    let told: Told = command.output().unwrap().into();
    if told.code == Some(0) {
        assert_eq!(hall.verdicts("run")[0]["isolation"]["level"], "full");
    } else {
        assert_eq!(told.code, Some(3));
        assert!(told.stderr.contains("--isolation LEVEL"), "{}", told.stderr);
        assert_eq!(hall.ask("run", "SELECT count(*) FROM result"), 0);
    }
    let lower = hall.grade(&["batch", "probe/square", "subs", "--out", "lower", "--isolation", "limits"]);
    assert_eq!((lower.code, &hall.verdicts("lower")[0]["isolation"]["level"]), (Some(0), &"limits".into()));
}

#[test]
fn a_run_is_not_overwritten() {
    let hall = Hall::new().submit("ada", RIGHT);
    assert_eq!(hall.batch(&[]).code, Some(0));
    let told = hall.batch(&[]);
    assert!(told.code == Some(2) && told.stderr.contains("--resume"), "{}", told.stderr);
    let resumed = hall.batch(&["--resume"]);
    assert_eq!(resumed.code, Some(0), "{}", resumed.stderr);
    assert_eq!(hall.ask("run", "SELECT count(*) FROM result"), 1);
}

#[test]
fn everybody_on_the_roster_is_in_the_report() {
    let hall = Hall::new()
        .submit("ada", RIGHT)
        .submit("zed", RIGHT)
        .file("roster.csv", b"username,first_name,last_name,section\nada,Ada,Lovelace,A\nbob,\"=cmd()\",Byron,A\n");
    let told = hall.batch(&["--roster", "roster.csv"]);
    assert_eq!(told.code, Some(0), "{}", told.stderr);
    for words in ["on the roster, nothing handed in (1): bob", "not on the roster (1): zed"] {
        assert!(told.stderr.contains(words), "{}", told.stderr);
    }
    let lines = hall.csv("run");
    assert_eq!((lines["bob"]["outcome"].as_str(), lines["bob"]["score"].as_str()), ("missing", ""));
    assert_eq!(lines["bob"]["name"], "'=cmd() Byron");
    assert_eq!((lines["ada"]["section"].as_str(), lines["zed"]["on_roster"].as_str()), ("A", "no"));
}
