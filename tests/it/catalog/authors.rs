//! Mistakes of an author: exit code 4, with the line they are in.

use super::*;

fn broken(manifest: &str) -> String {
    Desk::new().exercise("lab/adding", manifest).grade(&["show", "lab/adding"]).to_string()
}

#[test]
fn a_weight_of_zero_is_an_author_error_with_its_line() {
    assert_snapshot!(broken(&EXERCISE.replace("weight = 2", "weight = 0")));
}

#[test]
fn a_mistyped_key_is_an_author_error_with_the_nearest_key() {
    assert_snapshot!(broken(&EXERCISE.replace("summary", "sumary")));
}

#[test]
fn a_duplicate_check_title_names_the_line_of_the_first() {
    let second = "\n[[check]]\nid = \"adds_again\"\ntitle = \"adds two numbers\"\n";
    assert_snapshot!(broken(&format!("{EXERCISE}{second}")));
}

#[test]
fn a_file_without_a_starter_is_shown_where_it_is_named() {
    assert_snapshot!(broken(&EXERCISE.replace("[\"adding.py\"]", "[\"adding.py\", \"main.py\"]")));
}

#[test]
fn all_mistakes_of_a_file_are_told_at_once_and_in_its_order() {
    let manifest = r#"title = ""
summary = "x"
track = "prof"
folder = "/etc"
files = ["../adding.py", "adding.py", "adding.py"]
optional = ["addin.py"]
python = 3.11
order = "first"
wight = 1

[limits]
wall_ms = 0
memory = 3

[sandbox]
process = "chek"
tools = ["/bin/sh"]

[[check]]
id = "test_adds"

[[check]]
id = "adds two"
title = "adds"
weight = "2"
"#;
    assert_snapshot!(broken(manifest));
}

#[test]
fn broken_toml_is_an_author_error_with_its_line() {
    assert_snapshot!(broken(&EXERCISE.replace("folder = \"week1/lab\"", "folder = week1")));
}

#[test]
fn missing_files_are_named() {
    let desk = Desk::with_exercise()
        .without("catalog/exercises/lab/adding/README.md")
        .without("catalog/exercises/lab/adding/hints.md")
        .without("catalog/graders/lab/adding");
    assert_snapshot!(desk.grade(&["show", "lab/adding"]));
}

#[test]
fn a_folder_without_exercise_toml_is_named() {
    let desk = Desk::with_exercise().without("catalog/exercises/lab/adding/exercise.toml");
    assert_snapshot!(desk.grade(&["show", "lab/adding"]));
}

#[test]
fn a_broken_exercise_stops_no_other_and_is_marked_in_the_list() {
    let desk = Desk::with_exercise().exercise("lab/broken", &EXERCISE.replace("weight = 2", "weight = -1"));
    assert_eq!(desk.grade(&["show", "lab/adding"]).code, 0);
    assert_snapshot!(desk.grade(&["list", "lab"]));
}

#[test]
fn a_folder_that_is_no_catalogue_is_wrong_usage() {
    assert_snapshot!(Desk::new().grade(&["--catalog", "/dev", "list"]));
}

#[test]
fn what_an_author_wrote_controls_no_terminal() {
    let told = Desk::new()
        .exercise("lab/adding", &EXERCISE.replace("\"drill\"", "\"\\u001b[2Jx\""))
        .grade(&["show", "lab/adding"]);
    assert_eq!(told.code, 4);
    assert!(!told.stderr.contains('\x1b'), "{}", told.stderr);
}

#[test]
fn a_sample_that_names_no_check_is_an_author_error_with_the_nearest() {
    let desk = Desk::with_exercise()
        .file("catalog/fixtures/lab/adding/submissions/good/expected.toml", "outcome = \"passed\"\n")
        .file(
            "catalog/fixtures/lab/adding/submissions/wrong/expected.toml",
            "outcome = \"failed\"\nfails = [\"add\"]\n",
        )
        .file(
            "catalog/fixtures/lab/adding/submissions/odd/expected.toml",
            "outcome = \"passed\"\nfails = [\"adds\"]\n",
        );
    let catalog = grade::catalog::Catalog::load(&[desk.path("catalog")]).unwrap();
    let fault = catalog.find("lab/adding").unwrap().samples().unwrap_err();
    let told = |fault: &grade::error::Fault| {
        let place = fault.place.as_ref().unwrap();
        (fault.what.clone(), place.line, place.column, fault.hint.clone())
    };
    assert_eq!(told(&fault), ("a submission that passes fails no check".to_owned(), 2, 9, None));
    let hint = Some("did you mean `adds`?".to_owned());
    assert_eq!(told(&fault.also[0]), ("`add` is no check of `lab/adding`".to_owned(), 2, 10, hint));
}
