//! What learners' programs and files say never steers a platform.
#![expect(clippy::unwrap_used, reason = "a test that panics says where")]

use std::os::unix::fs::symlink;

use super::course::{Course, ROTATE, SQUARE};
use crate::trial::squaring;

/// Everything that a log or a document could take for something else.
const SAID: &str = "::error title=x::pwned\n  ::add-mask::a\n##[set-output name=passed]true\n::stop-commands::x\n::x::\n| a | b |\n@everyone <img src=x> ```\n````\n</testsuite>]]>\x1b[2J";

fn shouting() -> Course {
    // What JSON writes in quotes Python reads as the same text.
    let said = serde_json::to_string(SAID).unwrap();
    let source = squaring(&format!("print({said})\nraise ValueError({said})"));
    Course::new().file("grade.toml", "[[exercise]]\nid = \"probe/square\"\n").file(SQUARE, &source)
}

#[test]
fn nothing_that_is_printed_or_raised_becomes_a_command() {
    let step = shouting().step(&["--all"], &[]);
    assert_eq!(step.told.code, 1, "{}", step.told);
    let commands = step.commands();
    let [command] = &commands[..] else { panic!("{commands:#?}") };
    assert!(command.starts_with("::error title=probe/square%3A ") && command.contains("pwned"), "{command}");
    assert_eq!(step.output("passed"), Some("false"));
}

#[test]
fn nothing_that_is_said_becomes_markup_of_the_summary() {
    let step = shouting().step(&[], &[]);
    let outside_of_code = step.summary.split("`````").step_by(2).collect::<String>();
    assert!(step.summary.contains("@everyone"), "{}", step.summary);
    for words in ["@everyone", "<img", "| a | b |"] {
        assert!(!outside_of_code.contains(words), "{words}: {}", step.summary);
    }
}

#[test]
fn a_mistake_in_grade_toml_quotes_its_line_without_obeying_it() {
    let text = "[[exercise]]\nid = \"##[error]pwned\"\n\"##[add-mask]x\" = 1\n";
    let step = Course::new().file("grade.toml", text).step(&[], &[]);
    assert_eq!((step.told.code, step.told.stderr.as_str()), (2, ""), "{}", step.told);
    assert_eq!(step.commands().len(), 1, "{}", step.told);
    assert!(step.told.stdout.contains("##[add-mask]x"), "{}", step.told);
}

#[test]
fn reports_are_not_written_through_links_of_the_learners() {
    let course = shouting().file("../outside/kept", "as it was");
    symlink("../outside", course.path("repo/reports")).unwrap();
    let told = course.ci(&["--junit", "reports/junit.xml"], &[]);
    assert_eq!(told.code, 2, "{told}");
    assert!(told.stderr.contains("leads out of the repository"), "{told}");
    assert_eq!(course.path("outside").read_dir().unwrap().count(), 1);
}

#[test]
fn a_summary_keeps_to_what_github_takes_and_one_that_is_a_link_is_not_followed() {
    let course =
        shouting().file(ROTATE, "x").file("../full", &"x".repeat((1 << 20) - 600)).file("../kept", "as it was");
    let full = course.path("full");
    let told = course.ci(&[], &[("GITHUB_ACTIONS", "true"), ("GITHUB_STEP_SUMMARY", full.to_str().unwrap())]);
    assert_eq!(told.code, 1, "{told}");
    let written = course.read("full");
    assert!(written.len() <= 1 << 20 && written.contains("left out for want of room"), "{} bytes", written.len());
    let link = course.path("link");
    symlink(course.path("kept"), &link).unwrap();
    let told = course.ci(&[], &[("GITHUB_ACTIONS", "true"), ("GITHUB_STEP_SUMMARY", link.to_str().unwrap())]);
    assert_eq!(told.code, 3, "{told}");
    assert_eq!(course.read("kept"), "as it was");
}
