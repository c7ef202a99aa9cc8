//! Graders that are wrong: exit code 4, with file and line, and never the learner's fault.
#![expect(clippy::unwrap_used, reason = "a test that panics says where")]

use std::fs;
use std::path::Path;

use crate::support::copy;
use crate::trial::{RIGHT, Trial, Tried};

/// A catalogue like that of the tests, but for the grader's text.
fn graded_by(change: impl Fn(String) -> String) -> (Tried, u64) {
    let folder = tempfile::tempdir().unwrap();
    let ours = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/catalog");
    for part in ["exercises", "graders"] {
        copy(&ours.join(part), &folder.path().join(part));
    }
    let path = folder.path().join("graders/probe/square/test_square.py");
    let text = change(fs::read_to_string(&path).unwrap());
    let line = text.lines().position(|line| line.contains("# here")).map_or(0, |line| line as u64 + 1);
    fs::write(&path, text).unwrap();
    (Trial { catalog: folder.path().to_owned(), ..Trial::of(RIGHT.as_bytes()) }.run(), line)
}

fn assert_blamed(tried: &Tried, line: u64, words: &str) {
    let told = format!("{}{}", tried.stdout, tried.stderr);
    assert_eq!(tried.code, 4, "{told}");
    assert!(!tried.passed(), "{told}");
    assert!(told.contains(words), "{told}");
    let place = format!("test_square.py:{line}");
    assert!(line == 0 || told.contains(&place), "no `{place}` in\n{told}");
}

#[test]
fn an_exception_in_a_check_is_an_error_at_its_line() {
    let (tried, line) = graded_by(|text| {
        text.replace("    n = rng.randrange(100, 1000)\n    assert", "    n = [][1]  # here\n    assert")
    });
    assert_blamed(&tried, line, "IndexError");
}

#[test]
fn an_exception_in_an_oracle_is_an_error_at_its_line() {
    let (tried, line) =
        graded_by(|text| text.replace("        given.append(", "        nothing.there  # here\n        given.append("));
    assert_blamed(&tried, line, "NameError");
}

#[test]
fn a_probe_with_a_closure_is_an_error_at_its_line() {
    let closed = "def made(secret):\n    @probe  # here\n    def inner(square):\n        return secret\n    return inner\n\n\ndef test_squares_a_number(learner):\n    learner.run(made(5))\n\n\ndef unused";
    let (tried, line) = graded_by(|text| text.replacen("def test_squares_a_number", closed, 1));
    assert_blamed(&tried, line, "secret");
}

#[test]
fn a_check_without_its_function_is_told_with_the_line_of_the_plan() {
    let (tried, _) = graded_by(|text| text.replace("def test_doubles_a_number", "def test_doubles_a_numbr"));
    assert_blamed(&tried, 0, "exercise.toml");
    assert!(tried.stderr.contains("doubles_a_number"), "{}", tried.stderr);
}

#[test]
fn a_grader_that_is_no_python_is_an_error_at_its_line() {
    let (tried, line) = graded_by(|text| format!("{text}\ndef broken(:  # here\n"));
    assert_blamed(&tried, line, "");
}

#[test]
fn a_grader_that_exits_is_an_error_of_its_author() {
    for exit in ["raise SystemExit(0)", "import pytest; pytest.exit('done', returncode=0)"] {
        let (tried, line) = graded_by(|text| {
            text.replace("    n = rng.randrange(100, 1000)\n    assert", &format!("    {exit}  # here\n    assert"))
        });
        assert_blamed(&tried, line, "");
    }
}

#[test]
fn a_grader_that_ends_its_own_process_is_no_pass() {
    let (tried, _) = graded_by(|text| {
        text.replace("    n = rng.randrange(100, 1000)\n    assert", "    import os\n    os._exit(0)\n    assert")
    });
    assert!(matches!(tried.code, 4 | 5) && !tried.passed(), "{}", tried.stderr);
}

#[test]
fn a_check_that_asks_nothing_of_the_learner_still_needs_a_report_of_its_own() {
    let (tried, _) = graded_by(|text| {
        text.replace("    assert learner.run(squared, n) == n * n", "    import pytest\n    pytest.skip('not today')")
    });
    assert_eq!(tried.outcomes()[0], "skipped");
    assert!(!tried.passed());
}
