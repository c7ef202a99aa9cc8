//! `grade` itself, its judge or its stage ended in the middle of learner code: nothing is left, nothing passes. That nothing is left is seen
//! by the warden of each trial.

use crate::trial::{RIGHT, Trial, Tried, can_be_plain, squaring};

const SIGINT: i32 = 2;
const SIGKILL: i32 = 9;
const SIGTERM: i32 = 15;

/// The learner sleeps, with a deaf daemon beside it.
fn hit(who: &str, signal: i32, level: Option<&str>, plain_user: bool) -> Tried {
    let source = squaring(
        "import os, signal, time\nif os.fork() == 0:\n    signal.signal(signal.SIGTERM, signal.SIG_IGN)\n    os.fork()\ntime.sleep(999)",
    );
    Trial { exercise: "probe/patience", hit: Some((who, signal)), level, plain_user, ..Trial::of(source.as_bytes()) }
        .run()
}

#[test]
fn ctrl_c_ends_with_130_and_leaves_nothing() {
    for level in ["full", "landlock", "limits"] {
        let tried = hit("grade", SIGINT, Some(level), false);
        assert_eq!((tried.code, tried.passed()), (130, false), "{level}: {}", tried.stderr);
    }
}

#[test]
fn a_killed_grader_leaves_nothing() {
    for level in ["full", "landlock", "limits"] {
        assert_eq!(hit("grade", SIGKILL, Some(level), false).code, i64::from(-SIGKILL), "{level}");
    }
}

#[test]
fn a_terminated_grader_leaves_nothing() {
    let tried = hit("grade", SIGTERM, None, false);
    assert!(tried.code != 0 && !tried.passed());
}

#[test]
fn a_killed_judge_is_our_fault_and_no_verdict() {
    let tried = hit("judge", SIGKILL, None, false);
    assert_eq!((tried.code, tried.passed()), (5, false), "{}", tried.stderr);
    assert!(tried.stderr.contains("the judge ended"), "{}", tried.stderr);
}

#[test]
fn a_killed_stage_is_no_verdict() {
    let tried = hit("stage", SIGKILL, None, false);
    assert!(matches!(tried.code, 3 | 5) && !tried.passed(), "{}: {}", tried.code, tried.stderr);
}

#[test]
fn nothing_is_left_of_a_plain_users_run_either() {
    if can_be_plain() {
        assert_eq!(hit("grade", SIGINT, None, true).code, 130);
        assert_eq!(hit("grade", SIGKILL, None, true).code, i64::from(-SIGKILL));
    }
}

#[test]
fn a_seed_gives_the_same_run_again() {
    let told = || {
        let source = RIGHT.replace("return n * n", "return n");
        let tried = Trial { seed: "12345", ..Trial::of(source.as_bytes()) }.run();
        tried.first()["expected"].clone()
    };
    assert_eq!(told(), told());
}
