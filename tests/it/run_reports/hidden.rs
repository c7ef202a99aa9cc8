//! What a hidden check expects is in nothing that a learner gets.

use grade::verdict::Told;

use super::cast::{Cast, Part, hidden, learner, part};
use crate::reports::verdicts;

const NEVER: &str = "NEVERTOLD";
const LATER: &str = "TOLDLATER";

/// Formats, and the part of what they write that learners get: of `html` only their pages.
const FOR_LEARNERS: [&str; 7] = ["html", "junit", "markdown", "gradescope", "classroom50", "exercism", "moodle"];

fn cast() -> Cast {
    let mut verdict = verdicts::wrong_value();
    verdict.checks.push(hidden("never", Told::Nothing, Told::Nothing, NEVER));
    verdict.checks.push(hidden("only_outcome", Told::Outcome, Told::Outcome, NEVER));
    verdict.checks.push(hidden("only_name", Told::Name, Told::Outcome, NEVER));
    verdict.checks.push(hidden("later", Told::Nothing, Told::Details, LATER));
    // What comes first is what reports show first.
    verdict.checks.rotate_right(4);
    let parts: Vec<Part> = vec![part(learner("ada", "Ada Lovelace"), verdict)];
    let cast = Cast::new(parts);
    std::fs::write(cast.path("sheet.csv"), super::sheets::MOODLE).unwrap();
    cast
}

fn for_learners(cast: &Cast, format: &str, more: &[&str]) -> Vec<(String, String)> {
    let mut arguments = if format == "moodle" { vec!["--sheet", "sheet.csv"] } else { Vec::new() };
    arguments.extend(more);
    let mut all = cast.all(format, &arguments);
    all.retain(|(path, _)| format != "html" || path.starts_with("learners/"));
    assert!(!all.is_empty());
    all
}

#[test]
fn before_the_due_date_no_format_tells_a_learner_what_is_hidden() {
    let cast = cast();
    for format in FOR_LEARNERS {
        for (path, text) in for_learners(&cast, format, &[]) {
            assert!(!text.contains(NEVER), "{format} {path}: {text}");
            // Gradescope keeps such a test from learners by itself, until the date that it knows.
            if format != "gradescope" {
                assert!(!text.contains(LATER), "{format} {path}: {text}");
            }
        }
    }
}

#[test]
fn after_the_due_date_only_what_may_be_told_is() {
    let cast = cast();
    for format in ["html", "junit", "gradescope", "classroom50", "exercism"] {
        let all = for_learners(&cast, format, &["--after-due"]);
        assert!(all.iter().all(|(_, text)| !text.contains(NEVER)), "{format}");
        assert!(all.iter().any(|(_, text)| text.contains(LATER)), "{format}");
    }
}

#[test]
fn gradescope_is_told_when_to_show_a_test() {
    let cast = cast();
    let all = cast.all("gradescope", &[]);
    let (_, text) = all.iter().find(|(path, _)| path == "ada/results.json").unwrap();
    let results: serde_json::Value = serde_json::from_str(text).unwrap();
    let shown: Vec<(&str, &str)> = results["tests"]
        .as_array()
        .unwrap()
        .iter()
        .map(|test| (test["name"].as_str().unwrap(), test["visibility"].as_str().unwrap()))
        .take(4)
        .collect();
    let wanted = [
        ("hidden check 1", "hidden"),
        ("title of only_outcome", "visible"),
        ("title of only_name", "after_due_date"),
        ("title of later", "after_due_date"),
    ];
    assert_eq!(shown, wanted);
    for test in results["tests"].as_array().unwrap() {
        let tells = test["output"].as_str().unwrap().contains(LATER);
        assert_eq!(tells, test["name"] == "title of later", "{test}");
    }
    assert_eq!(results["score"], 4.0, "its gradebook gets the whole score");
}

#[test]
fn the_instructor_is_told_everything() {
    let cast = cast();
    for (format, marker) in [("json", NEVER), ("jsonl", LATER), ("html", NEVER)] {
        let all = cast.all(format, &[]);
        assert!(all.iter().any(|(path, text)| !path.starts_with("learners/") && text.contains(marker)), "{format}");
    }
}

#[test]
fn the_score_on_a_page_is_of_what_is_told_and_the_rest_is_counted() {
    let cast = cast();
    let all = cast.all("html", &[]);
    let (_, page) = all.iter().find(|(path, _)| path == "learners/ada.html").unwrap();
    assert!(page.contains("4 of 10 points"), "{page}");
    assert!(page.contains("3 more checks, worth 6 points, are not told here."), "{page}");
    assert!(page.contains("title of only_name") && !page.contains("title of later"), "{page}");
}
