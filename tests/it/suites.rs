//! `grade suite`: suites judged from outside and inside, and attacks on both. The suites and solutions are in `tests/suites/`.
#![expect(clippy::unwrap_used, reason = "a test that panics says where")]

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::schema::assert_valid;
use crate::support::{Desk, Told};

fn suites() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suites")
}

/// Runs `grade suite` with a cache that all of these tests share.
fn grade(desk: &Desk, arguments: &[&str]) -> Told {
    let cache = std::env::temp_dir().join("grade-tests-suites");
    let mut all = vec!["suite"];
    all.extend(arguments);
    desk.run("repo", &all, &[("GRADE_CACHE_DIR", &cache.display().to_string())])
}

/// The verdicts of a run, held against the schema.
fn verdicts(desk: &Desk, arguments: &[&str]) -> Vec<Value> {
    let mut all = vec!["--format", "json"];
    all.extend(arguments);
    let told = grade(desk, &all);
    let document: Value = serde_json::from_str(&told.stdout).unwrap_or_else(|_| panic!("{told}"));
    assert_valid(&document);
    document["verdicts"].as_array().unwrap().clone()
}

/// (id, outcome, evidence) of each check.
fn checks(verdict: &Value) -> Vec<(String, String, String)> {
    let text = |check: &Value, key: &str| check[key].as_str().unwrap_or_default().to_owned();
    let all = verdict["checks"].as_array().unwrap();
    all.iter().map(|check| (text(check, "id"), text(check, "outcome"), text(check, "evidence"))).collect()
}

/// A desk with `repo/test_work.py` and `repo/work.py`.
fn desk(test: &str, work: &str) -> Desk {
    Desk::new().file("repo/test_work.py", test).file("repo/work.py", work)
}

#[test]
fn what_pytest_files_do_is_judged_from_outside_without_a_difference() {
    let desk = Desk::new();
    let found = verdicts(&desk, &[suites().join("features").to_str().unwrap()]);
    let [verdict] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!((verdict["kind"].as_str(), verdict["evidence"].as_str()), (Some("suite"), Some("outside")));
    for (id, outcome, evidence) in checks(verdict) {
        let wanted = if id.ends_with("test_skipped") { "skipped" } else { "passed" };
        assert_eq!((outcome.as_str(), evidence.as_str()), (wanted, "outside"), "{id}: {verdict:#}");
    }
    assert_eq!(verdict["outcome"], "passed");
}

/// What an attack says about itself, in comments of its `work.py`.
struct Attack {
    solution: PathBuf,
    expect: Vec<String>,
    shows: String,
}

fn attacks() -> Vec<Attack> {
    let mut found: Vec<Attack> = fs::read_dir(suites().join("hostile"))
        .unwrap()
        .flatten()
        .filter(|entry| entry.path().is_dir())
        .map(|entry| {
            let text = fs::read_to_string(entry.path().join("work.py")).unwrap();
            let said = |key: &str| {
                let line = text.lines().find_map(|line| line.strip_prefix(&format!("# {key}:"))).unwrap();
                line.trim().to_owned()
            };
            let expect = said("expect").split_whitespace().map(str::to_owned).collect();
            Attack { solution: entry.path(), expect, shows: said("shows") }
        })
        .collect();
    found.sort_by(|one, other| one.solution.cmp(&other.solution));
    assert!(found.len() > 20);
    found
}

/// No check passes, each that does not ended as the attack says, and what the attack printed proves that it ran.
fn hold(attack: &Attack, verdict: &Value, inside: bool) {
    let name = attack.solution.display();
    assert_ne!(verdict["outcome"], "passed", "{name}");
    if attack.expect.first().map(String::as_str) == Some("problem") {
        assert_eq!(
            verdict["problem"]["kind"].as_str(),
            attack.expect.get(1).map(String::as_str),
            "{name}: {verdict:#}"
        );
        return;
    }
    assert!(verdict["problem"].is_null(), "{name}: {verdict:#}");
    // Inside, what is odd about one test speaks against all of them.
    let allowed = |outcome: &str| {
        attack.expect.iter().any(|each| each == outcome) || (inside && matches!(outcome, "tampered" | "crashed"))
    };
    for (id, outcome, evidence) in checks(verdict) {
        assert_ne!(outcome, "passed", "{name}: {id} is a forged pass");
        assert!(allowed(&outcome), "{name}: {id} is {outcome}: {verdict:#}");
        assert_eq!(evidence, if inside { "inside" } else { "outside" }, "{name}: {id}");
    }
    let printed: String =
        verdict["checks"].as_array().unwrap().iter().filter_map(|check| check["stdout"].as_str()).collect();
    let tampered = checks(verdict).iter().all(|(_, outcome, _)| outcome == "tampered");
    assert!(printed.contains(&attack.shows) || tampered || inside, "{name}: it printed {printed:?}");
}

fn try_all(test: &str, inside: bool) {
    let attacks = attacks();
    let desk = Desk::new();
    let test = suites().join("hostile").join(test).display().to_string();
    let mut arguments = vec![test];
    for attack in &attacks {
        arguments.extend(["--solution".to_owned(), attack.solution.display().to_string()]);
    }
    arguments.extend(["--module", "work"].map(str::to_owned));
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let verdicts = verdicts(&desk, &arguments);
    assert_eq!(verdicts.len(), attacks.len(), "one attack has taken the verdicts of others away");
    for (attack, verdict) in attacks.iter().zip(&verdicts) {
        hold(attack, verdict, inside);
    }
}

#[test]
fn no_attack_passes_a_test_that_is_judged_from_outside() {
    try_all("test_outside.py", false);
}

#[test]
fn no_known_attack_passes_a_test_that_is_judged_inside() {
    try_all("test_inside.py", true);
}
