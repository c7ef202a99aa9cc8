//! What a hidden check expects and what it said is in nothing that a learner gets in their own repository: `grade`, `grade watch`, `grade ci`.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use crate::support::Desk;
use crate::trial::cache;

/// In the title, the hint, the message and the value of the check that is hidden.
const MARKER: &str = "NEVERTOLD";

const MANIFEST: &str = r#"title = "A small exercise"
summary = "add two numbers"
track = "drill"
folder = "week1/lab"
files = ["adding.py"]

[evidence]
L1 = ["4.3"]

[[check]]
id = "adds"
title = "adds two numbers"

[[check]]
id = "negative"
title = "NEVERTOLD: negative numbers"
hint = "NEVERTOLD: what does `abs` do?"
weight = 2
visibility = "nothing"

[[check]]
id = "large"
title = "large numbers"
visibility = "outcome"
"#;

const GRADER: &str = r#"from grader import probe


@probe
def added(adding, a, b):
    """add({a}, {b})"""
    return adding.add(a, b)


def test_adds(learner):
    assert learner.run(added, 2, 3) == 5


def test_negative(learner):
    assert learner.run(added, -7, 3) == -4, "NEVERTOLD: a negative number was added wrongly"


def test_large(learner):
    assert learner.run(added, 10**20, 1) == 10**20 + 1, "NEVERTOLD: large ones"
"#;

/// Right for small numbers that are not negative.
const HALF: &str = "def add(a, b):\n    return abs(a) + b if a < 1000 else 0\n";
const RIGHT: &str = "def add(a, b):\n    return a + b\n";

fn desk() -> Desk {
    Desk::new()
        .exercise("lab/adding", MANIFEST)
        .file("catalog/graders/lab/adding/test_adding.py", GRADER)
        .file("repo/week1/lab/adding.py", HALF)
        .file("repo/grade.toml", "[[exercise]]\nid = \"lab/adding\"\n")
}

/// Panics when one of these texts has the marker; what there is to know of the hidden check is in the first.
fn assert_told(texts: &[String]) {
    for text in texts {
        assert!(!text.contains(MARKER) && !text.contains("-7"), "{text}");
    }
}

#[test]
fn no_format_of_grade_tells_it() {
    let desk = desk();
    let variables = [("GRADE_CACHE_DIR", cache().display().to_string())];
    let variables = variables.each_ref().map(|(name, value)| (*name, value.as_str()));
    for format in ["human", "json", "jsonl", "junit"] {
        for more in [&[][..], &["--all"], &["--plain"]] {
            let arguments = [&["lab/adding", "--catalog", "../catalog", "--format", format], more].concat();
            let told = desk.run("repo", &arguments, &variables);
            assert_eq!(told.code, 1, "{format}: {told}");
            assert_told(&[told.stdout, told.stderr]);
        }
    }
    let told = desk.run("repo", &["lab/adding", "--catalog", "../catalog"], &variables);
    assert!(told.stdout.contains("1 more check, worth 2 points"), "{told}");
    // The one whose outcome is told is told to be wrong.
    assert!(told.stdout.contains("large numbers"), "{told}");
}

#[test]
fn no_file_and_no_line_of_ci_tells_it() {
    let desk = desk();
    std::fs::write(desk.path("summary"), "").unwrap();
    std::fs::write(desk.path("outputs"), "").unwrap();
    let own = |name: &str| desk.path(name).display().to_string();
    let github =
        [("GITHUB_ACTIONS", "true"), ("GITHUB_STEP_SUMMARY", &own("summary")), ("GITHUB_OUTPUT", &own("outputs"))];
    let gitlab = [("GITLAB_CI", "true")];
    let plain: [(&str, &str); 0] = [];
    let cache = cache().display().to_string();
    let platforms: [Vec<(&str, &str)>; 3] =
        [github.iter().map(|(name, value)| (*name, *value)).collect(), gitlab.to_vec(), plain.to_vec()];
    for mut variables in platforms {
        variables.push(("GRADE_CACHE_DIR", &cache));
        let files = ["--junit", "junit.xml", "--json", "grade.json", "--codequality", "quality.json"];
        let arguments = [&["ci", "--catalog", "../catalog"][..], &files].concat();
        let told = desk.run("repo", &arguments, &variables);
        assert_eq!(told.code, 1, "{told}");
        let written = ["repo/junit.xml", "repo/grade.json", "repo/quality.json", "summary", "outputs"];
        let mut texts: Vec<String> = written.map(|path| desk.read(path)).to_vec();
        assert!(texts.iter().any(|text| text.contains("large numbers")), "{texts:#?}");
        texts.extend([told.stdout, told.stderr]);
        assert_told(&texts);
    }
}

#[test]
fn watch_tells_each_save_and_nothing_that_is_hidden() {
    let desk = desk();
    #[expect(clippy::disallowed_methods, reason = "the tests run the binary itself")]
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_grade"))
        .args(["watch", "lab/adding", "--catalog", "../catalog", "--format", "jsonl"])
        .current_dir(desk.path("repo"))
        .env("GRADE_CACHE_DIR", cache())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut next = || lines.next().expect("a verdict").unwrap();
    let first = next();
    std::fs::write(desk.path("repo/week1/lab/adding.py"), RIGHT).unwrap();
    let second = next();
    kill_process(Pid::from_child(&child), Signal::INT).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    let outcomes = [&first, &second].map(|line| serde_json::from_str::<Value>(line).unwrap()["outcome"].clone());
    assert_eq!(outcomes, ["failed", "passed"]);
    assert_told(&[first, second]);
}
