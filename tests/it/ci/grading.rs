//! What is graded, what it comes to, and what a job leaves.

use serde_json::Value;

use super::course::{Course, ROTATE, ROTATES, SQUARE, STAYS};
use crate::schema::assert_valid;
use crate::trial::RIGHT;

#[test]
fn what_is_here_is_graded_where_nothing_is_asked_for() {
    let told = Course::new().file(ROTATE, ROTATES).ci(&[], &[]);
    assert_eq!(told.code, 0, "{told}");
    assert!(told.stdout.ends_with("score: 5 of 5 points; 1 of 1 required exercise done\n"), "{told}");
}

#[test]
fn nothing_at_all_is_not_passed() {
    let told = Course::new().ci(&[], &[]);
    assert_eq!(told.code, 1, "{told}");
    assert!(told.stderr.contains("nothing to grade") && told.stderr.contains("[[exercise]]"), "{told}");
}

#[test]
fn a_required_exercise_that_is_missing_fails_and_an_optional_one_does_not() {
    let optional = "[[exercise]]\nid = \"probe/square\"\n[[exercise]]\nid = \"lists/rotate\"\nrequired = false\n";
    let course = Course::new().both().file(SQUARE, RIGHT);
    let told = course.ci(&[], &[]);
    assert_eq!(told.code, 1, "{told}");
    assert!(told.stdout.contains("score: 4 of 9 points; 1 of 2 required exercises done"), "{told}");
    let course = course.file("grade.toml", optional);
    let told = course.ci(&[], &[]);
    assert_eq!(told.code, 0, "{told}");
    assert!(told.stdout.contains("lists/rotate: nothing is here yet; nobody has to do it"), "{told}");
    // Begun, and wrong: it is told, and decides nothing.
    let told = course.file(ROTATE, STAYS).ci(&[], &[]);
    assert_eq!(told.code, 0, "{told}");
    assert!(told.stdout.contains("lists/rotate: optional, so that it decides nothing"), "{told}");
    assert!(told.stdout.contains("score: 4 of 4 points; 1 of 1 required exercise done"), "{told}");
}

#[test]
fn what_is_asked_for_later_is_not_looked_at_yet() {
    let entries =
        "[[exercise]]\nid = \"lists\"\nfrom = 2999-01-01\n\n[[exercise]]\nid = \"probe/square\"\nfrom = 2001-01-01\n";
    let told = Course::new().file("grade.toml", entries).file(SQUARE, RIGHT).file(ROTATE, STAYS).ci(&[], &[]);
    assert_eq!(told.code, 0, "{told}");
    assert!(told.stdout.contains("lists/rotate: graded from 2999-01-01 on"), "{told}");
    assert!(!told.stdout.contains("moves_to") && told.stdout.contains("1 of 1 required exercise done"), "{told}");
}

#[test]
fn a_name_that_stands_for_nothing_is_shown_with_its_line_and_the_nearest() {
    let told = Course::new().file("grade.toml", "[[exercise]]\nid = \"lists/rotat\"\n").ci(&[], &[]);
    assert_eq!(told.code, 2, "{told}");
    for words in ["there is no exercise `lists/rotat`", "grade.toml:2:6", "did you mean `lists/rotate`?"] {
        assert!(told.stderr.contains(words), "{words}: {told}");
    }
}

#[test]
fn the_catalogue_of_who_hands_in_is_refused_unless_it_is_trusted() {
    let course =
        Course::new().file("grade.toml", "catalog = \"mine\"\n").file("mine/exercises/.keep", "").file(ROTATE, ROTATES);
    let told = course.ci(&[], &[]);
    assert_eq!(told.code, 2, "{told}");
    assert!(told.stderr.contains("who hands in must not choose the graders"), "{told}");
    assert_eq!(course.ci(&["--trust-catalog"], &[]).code, 0);
    // An instructor's file counts alone, whatever the repository's says.
    let course =
        course.file("grade.toml", "this is no TOML").file("../course.toml", "[[exercise]]\nid = \"lists/rotate\"\n");
    let told = course.ci(&["--config", "../course.toml"], &[]);
    assert_eq!(told.code, 0, "{told}");
    assert_eq!(course.ci(&["--config", "../none.toml"], &[]).code, 2);
}

#[test]
fn every_report_is_written_whole_and_fits_its_schema() {
    let course = Course::new().both().file(SQUARE, RIGHT).file(ROTATE, STAYS);
    let files = ["--junit", "out/a/junit.xml", "--json", "out/grade.json", "--codequality", "out/quality.json"];
    let told = course.ci(&files, &[("GITLAB_CI", "true")]);
    assert_eq!(told.code, 1, "{told}");
    let junit = course.read("repo/out/a/junit.xml");
    assert!(junit.contains("failures=\"3\"") && junit.contains("classname=\"lists.rotate\""), "{junit}");
    let document: Value = serde_json::from_str(&course.read("repo/out/grade.json")).unwrap();
    assert_valid(&document);
    assert_eq!(document["verdicts"].as_array().unwrap().len(), 2);
    let quality: Value = serde_json::from_str(&course.read("repo/out/quality.json")).unwrap();
    let [entry] = &quality.as_array().unwrap()[..] else { panic!("{quality:#}") };
    assert_eq!((&entry["check_name"], &entry["severity"]), (&"lists/rotate".into(), &"major".into()));
    assert_eq!(entry["location"], serde_json::json!({"path": ROTATE, "lines": {"begin": 4}}));
    // The same failure has the same fingerprint the next time.
    course.ci(&files, &[("GITLAB_CI", "true")]);
    let again: Value = serde_json::from_str(&course.read("repo/out/quality.json")).unwrap();
    assert_eq!(again[0]["fingerprint"], entry["fingerprint"]);
}

#[test]
fn a_step_of_github_annotates_the_line_and_leaves_summary_and_outputs() {
    let step = Course::new().both().file(SQUARE, RIGHT).file(ROTATE, STAYS).step(&[], &[]);
    assert_eq!(step.told.code, 1, "{}", step.told);
    let commands = step.commands();
    let [command] = &commands[..] else { panic!("{commands:#?}") };
    assert!(
        command.starts_with(
            "::error title=lists/rotate%3A rotate%3A moves to the right,file=lists/rotate.py,line=4::not yet: "
        ),
        "{command}"
    );
    let outputs = ["score", "possible", "passed"].map(|name| step.output(name));
    assert_eq!(outputs, [Some("6"), Some("9"), Some("false")]);
    // How many exercises of the catalogue are about the same file is nothing to this test.
    insta::with_settings!({filters => vec![(r"not asked for: \d+", "not asked for: [N]")]}, {
        insta::assert_snapshot!(step.summary);
    });
}

#[test]
fn a_repository_in_a_folder_of_a_clone_is_annotated_from_its_top() {
    let course = Course::new().file("students/ada/grade.toml", "[[exercise]]\nid = \"lists/rotate\"\n");
    let course = course.file("students/ada/lists/rotate.py", STAYS);
    let step = course.step(&["--repo", "students/ada"], &[]);
    assert!(step.commands()[0].contains("file=students/ada/lists/rotate.py,line=4"), "{}", step.told);
}

#[test]
fn what_stops_a_job_is_an_annotation_too() {
    let step = Course::new().file("grade.toml", "[[exercise]]\nid = \"lists/rotat\"\n").step(&[], &[]);
    assert_eq!((step.told.code, step.told.stderr.as_str()), (2, ""), "{}", step.told);
    assert!(step.commands()[0].starts_with("::error title=grade::there is no exercise `lists/rotat`"), "{}", step.told);
    assert_eq!(step.output("passed"), Some("false"));
    assert!(step.summary.contains("Nothing was graded"), "{}", step.summary);
}

#[test]
fn a_lower_level_is_taken_when_it_is_asked_for_and_told() {
    let told = Course::new().file(ROTATE, ROTATES).ci(&["--isolation", "landlock"], &[]);
    assert_eq!(told.code, 0, "{told}");
    assert!(told.stdout.contains("isolation: landlock"), "{told}");
}
