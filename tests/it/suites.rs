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

/// The one verdict on `repo/work.py` by `repo/test_work.py`.
fn verdict(test: &str, work: &str) -> Value {
    let desk = desk(test, work);
    let mut found = verdicts(&desk, &["test_work.py", "--solution", "work.py", "--time", "5"]);
    assert_eq!(found.len(), 1);
    found.remove(0)
}

#[test]
fn what_is_wrong_is_told_with_both_values_and_exit_code_1() {
    let desk = desk(
        "import work

def test_add():
    assert work.add(1, 2) == 3

def test_raises():
    work.fail()
",
        "def add(a, b):
    return a - b

def fail():
    raise ValueError('no')
",
    );
    let found = verdicts(&desk, &["test_work.py", "--solution", "work.py"]);
    let checks = found[0]["checks"].as_array().unwrap();
    assert_eq!((checks[0]["expected"].as_str(), checks[0]["actual"].as_str()), (Some("3"), Some("-1")));
    assert_eq!(checks[1]["message"], "`ValueError: no` was raised");
    assert_eq!(
        (checks[1]["location"]["file"].as_str(), checks[1]["location"]["line"].as_u64()),
        (Some("work.py"), Some(5))
    );
    let told = grade(&desk, &["test_work.py", "--solution", "work.py", "--format", "junit"]);
    assert_eq!(told.code, 1);
    assert!(told.stdout.contains("name=\"test_add\"") && told.stdout.contains("<failure"), "{told}");
}

#[test]
fn one_test_that_never_ends_takes_no_other_away() {
    let test = "import work\n\ndef test_a():\n    work.forever()\n\ndef test_b():\n    assert work.one() == 1\n";
    let desk = desk(test, "def forever():\n    while True: pass\n\ndef one():\n    return 1\n");
    let found = verdicts(&desk, &["test_work.py", "--solution", "work.py", "--time", "3"]);
    let outcomes: Vec<String> = checks(&found[0]).into_iter().map(|(_, outcome, _)| outcome).collect();
    // The time is that of the whole solution.
    assert_eq!(outcomes, ["timeout", "crashed"], "{found:#?}");
}

#[test]
fn a_process_that_ends_is_replaced_for_the_next_test() {
    let test = "import work\n\ndef test_a():\n    work.leave()\n\ndef test_b():\n    assert work.one() == 1\n";
    let found = verdict(test, "import os\n\ndef leave():\n    os._exit(0)\n\ndef one():\n    return 1\n");
    let outcomes: Vec<String> = checks(&found).into_iter().map(|(_, outcome, _)| outcome).collect();
    assert_eq!(outcomes, ["crashed", "passed"], "{found:#?}");
}

#[test]
fn a_solution_that_lacks_a_name_is_a_problem_of_the_learner() {
    let found =
        verdict("from work import add\n\ndef test_add():\n    assert add(1, 2) == 3\n", "def ad(a, b):\n    pass\n");
    assert_eq!(found["problem"]["kind"], "import", "{found:#}");
    assert!(found["problem"]["message"].as_str().unwrap().contains("add"), "{found:#}");
}

#[test]
fn tests_that_python_cannot_read_are_the_authors_fault() {
    let desk = desk("import work\n\ndef test_add(:\n", "x = 1\n");
    let told = grade(&desk, &["test_work.py", "--solution", "work.py"]);
    assert_eq!(told.code, 4, "{told}");
    assert!(told.stderr.contains("test_work.py"), "{told}");
}

#[test]
fn a_test_that_has_to_run_inside_says_why() {
    let test = "import builtins\nimport work\n\ndef test_asks(monkeypatch):\n    monkeypatch.setattr(builtins, 'input', lambda _: 'Ada')\n    assert work.ask() == 'Ada'\n\ndef test_one():\n    assert work.one() == 1\n";
    let found = verdict(test, "def ask():\n    return input('name? ')\n\ndef one():\n    return 1\n");
    assert_eq!((found["outcome"].as_str(), found["evidence"].as_str()), (Some("passed"), Some("inside")), "{found:#}");
    assert_eq!(found["checks"][0]["inside_because"], "uses the fixture `monkeypatch`");
    assert_eq!(found["checks"][1]["evidence"], "outside");
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
