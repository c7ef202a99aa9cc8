//! What is recognised, seen through `--plan`.
use super::hall::Hall;
use crate::trial::RIGHT;

#[test]
fn a_plan_says_what_was_recognised_and_what_it_will_cost_and_grades_nothing() {
    let hall = Hall::new()
        .file("subs/lovelaceada_12_345_square.py", RIGHT.as_bytes())
        .file("subs/hoppergrace_LATE_13_346_square-1.py", RIGHT.as_bytes())
        .file("subs/byron_14_347_essay.docx", b"x")
        .file(
            "roster.csv",
            b"Student,ID,Section\n\"Lovelace, Ada\",12,A\n\"Hopper, Grace\",13,A\n\"Turing, Alan\",15,B\n",
        );
    let told = hall.grade(&["batch", "probe/square", "subs", "--plan", "--roster", "roster.csv"]);
    assert_eq!(told.code, Some(0), "{}", told.stderr);
    let expected = [
        "probe/square: 3 submissions by 4 learners",
        "canvas            3",
        "on the roster, nothing handed in (1): 15",
        "not on the roster (1): byron",
        "late: 1",
        "1 submission can't be run",
        "essay.docx",
        "to grade: 2, 1 different",
    ];
    for words in expected {
        assert!(told.stdout.contains(words), "{words:?} is not in\n{}", told.stdout);
    }
    assert!(!hall.path("run").exists());
    assert_eq!(std::fs::read_dir(hall.path("subs")).unwrap().count(), 3);
}

#[test]
fn a_pattern_that_finds_nobody_is_refused_with_advice() {
    let hall = Hall::new().submit("ada", RIGHT);
    let told = hall.grade(&["batch", "probe/square", "subs", "--plan", "--id-from", "[a-z]+"]);
    assert!(told.code == Some(2) && told.stderr.contains("(?P<id>...)"), "{}", told.stderr);
    let told = hall.grade(&["batch", "probe/square", "nowhere", "--plan"]);
    assert!(told.code == Some(2) && told.stderr.contains("nowhere"), "{}", told.stderr);
    let told = hall.grade(&["batch", "probe", "subs", "--plan"]);
    assert!(told.code == Some(2) && told.stderr.contains("exercises"), "{}", told.stderr);
}
