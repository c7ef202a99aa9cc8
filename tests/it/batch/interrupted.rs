//! A batch that is stopped, however and whenever: what was graded is kept, the rest goes on, nothing is graded twice or lost.
#![expect(clippy::unwrap_used, reason = "a test that panics says where")]

use std::time::{Duration, Instant};

use rustix::process::Signal;

use super::hall::{Hall, Told, signal};
use crate::trial::{RIGHT, squaring};

const ARGUMENTS: [&str; 5] = ["--seed", "3", "--no-cache", "-j", "2"];

fn hall(number: usize) -> Hall {
    Hall::new()
        .submit_many(number)
        .submit("wrong", &squaring("return n + 1"))
        .submit("broken", "def")
        .submit("same", RIGHT)
}

/// Results for jobs, and jobs without exactly one.
fn assert_complete(hall: &Hall, run: &str, submissions: i64) {
    assert_eq!(hall.ask(run, "SELECT count(*) FROM job WHERE state = 'graded'"), submissions);
    assert_eq!(hall.ask(run, "SELECT count(DISTINCT submission_id) FROM result"), submissions);
    assert_eq!(hall.ask(run, "SELECT count(*) FROM result"), submissions);
}

#[test]
fn ctrl_c_keeps_what_was_graded_and_resume_does_the_rest() {
    let hall = hall(60);
    let child = hall.start(&ARGUMENTS);
    let id = child.id();
    let waiting = Instant::now();
    while waiting.elapsed() < Duration::from_mins(1)
        && hall.try_ask("run", "SELECT count(*) FROM result").unwrap_or(0) < 3
    {
        std::thread::sleep(Duration::from_millis(20));
    }
    signal(id, Signal::INT);
    let told: Told = child.wait_with_output().unwrap().into();
    assert_eq!(told.code, Some(130), "{}", told.stderr);
    assert!(told.stderr.contains("--resume"), "{}", told.stderr);
    let kept = hall.ask("run", "SELECT count(*) FROM result");
    assert!(kept > 0, "nothing was kept");
    // All of it is in the run: no path, no id, no seed is needed again.
    let resumed = hall.grade(&["batch", "--resume", "--out", "run", "--no-cache"]);
    assert_eq!(resumed.code, Some(0), "{}", resumed.stderr);
    assert_complete(&hall, "run", 63);
    assert_eq!(hall.ask("run", &format!("SELECT count(*) FROM result WHERE id <= {kept}")), kept);
}

/// How often the grader is killed: `GRADE_TEST_KILLS=100` for the whole measure.
fn kills() -> usize {
    std::env::var("GRADE_TEST_KILLS").ok().and_then(|number| number.parse().ok()).unwrap_or(5)
}

/// Different each time, and told when the test fails.
fn random() -> u64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    (now.as_secs() << 30) | u64::from(now.subsec_nanos())
}

#[test]
fn a_batch_that_is_killed_again_and_again_ends_with_the_same_results() {
    let hall = hall(40);
    let began = Instant::now();
    let undisturbed = hall.grade(&[&["batch", "probe/square", "subs", "--out", "calm"], ARGUMENTS.as_slice()].concat());
    assert_eq!(undisturbed.code, Some(0), "{}", undisturbed.stderr);
    // Half of a whole run: some kills come before the first verdict, some in the middle of the last.
    let longest = u64::try_from(began.elapsed().as_millis() / 2).unwrap();
    let seed = random();
    let (mut state, mut killed) = (seed, 0);
    while killed < kills() {
        if hall.try_ask("run", "SELECT count(*) FROM round WHERE finished_at IS NOT NULL").unwrap_or(0) > 0 {
            // It got through: the same once more.
            assert_same(&hall, seed);
            std::fs::remove_file(hall.path("run")).unwrap();
        }
        let mut child = hall.start(&[&["--resume"], ARGUMENTS.as_slice()].concat());
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        std::thread::sleep(Duration::from_millis((state >> 33) % longest));
        signal(child.id(), Signal::KILL);
        killed += usize::from(child.wait().unwrap().code().is_none());
    }
    let last = hall.batch(&[&["--resume"], ARGUMENTS.as_slice()].concat());
    assert_eq!(last.code, Some(0), "seed {seed}: {}", last.stderr);
    assert_same(&hall, seed);
}

fn assert_same(hall: &Hall, seed: u64) {
    assert_complete(hall, "run", 43);
    assert_eq!(hall.verdicts("run"), hall.verdicts("calm"), "seed {seed}");
}
