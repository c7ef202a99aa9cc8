//! `--changed`: what a push touched, in clones of every kind.

use super::course::{Course, ROTATE, ROTATES, SQUARE, STAYS};
use crate::support::Told;
use crate::trial::RIGHT;

const ZEROS: &str = "0000000000000000000000000000000000000000";
const NOWHERE: &str = "a1b2c3d4e5f60718293a4b5c6d7e8f9012345678";

/// As after a push to GitLab, which tells the commit before in a variable.
fn pushed(course: &Course, before: &str) -> Told {
    course.ci(&["--changed"], &[("GITLAB_CI", "true"), ("CI_COMMIT_BEFORE_SHA", before)])
}

/// What was graded, of both exercises.
fn graded(told: &Told) -> Vec<&str> {
    ["probe/square", "lists/rotate"].into_iter().filter(|id| told.stdout.contains(&format!("EXERCISE: {id}"))).collect()
}

fn begun() -> (Course, String) {
    let course = Course::new().both().file(SQUARE, RIGHT).file(ROTATE, STAYS);
    let first = course.commit();
    (course, first)
}

#[test]
fn only_what_a_push_touched_is_graded() {
    let (course, first) = begun();
    let course = course.file(SQUARE, &format!("# mine\n{RIGHT}")).file("README.md", "hello");
    course.commit();
    let told = pushed(&course, &first);
    assert_eq!((told.code, graded(&told)), (0, vec!["probe/square"]), "{told}");
    assert!(told.stdout.contains("lists/rotate: not touched"), "{told}");
    assert!(told.stdout.contains(&format!("Only what changed since {}", &first[..10])), "{told}");
}

#[test]
fn a_push_that_touches_no_exercise_grades_none() {
    let (course, first) = begun();
    let course = course.file("README.md", "hello");
    course.commit();
    let told = pushed(&course, &first);
    assert_eq!((told.code, graded(&told)), (0, vec![]), "{told}");
    assert!(told.stdout.contains("score: 0 of 0 points; 0 of 0 required exercises done"), "{told}");
}

#[test]
fn what_was_taken_away_was_touched() {
    let (course, first) = begun();
    std::fs::remove_file(course.path("repo").join(ROTATE)).unwrap();
    course.commit();
    let told = pushed(&course, &first);
    assert_eq!((told.code, graded(&told)), (1, vec!["lists/rotate"]), "{told}");
}

#[test]
fn what_is_asked_for_touches_everything_when_it_changes() {
    let (course, first) = begun();
    let new = format!("# new\n{}", course.read("repo/grade.toml"));
    let course = course.file("grade.toml", &new);
    course.commit();
    assert_eq!(graded(&pushed(&course, &first)).len(), 2);
}

#[test]
fn the_first_push_of_a_branch_grades_everything() {
    let (course, _) = begun();
    let told = pushed(&course, ZEROS);
    assert_eq!((told.code, graded(&told).len()), (1, 2), "{told}");
    assert!(told.stdout.contains("the first of its branch"), "{told}");
}

#[test]
fn a_push_by_force_is_compared_with_what_was_there_as_far_as_that_is_known() {
    let (course, first) = begun();
    let course = course.file(ROTATE, ROTATES);
    let dropped = course.commit();
    course.git(&["reset", "--quiet", "--hard", &first]);
    let course = course.file(SQUARE, &format!("# other\n{RIGHT}"));
    course.commit();
    // Both: one was added, and one is not what it was before the push.
    let told = pushed(&course, &dropped);
    assert_eq!(graded(&told).len(), 2, "{told}");
    assert!(told.stdout.contains("a push by force"), "{told}");
    let told = pushed(&course, NOWHERE);
    assert_eq!(graded(&told).len(), 2, "{told}");
    assert!(told.stdout.contains("is not in this clone any more: the branch was pushed by force"), "{told}");
}

#[test]
fn a_shallow_clone_grades_everything_and_says_how_to_deepen_it() {
    let (course, first) = begun();
    let course = course.file("README.md", "hello");
    course.commit();
    let source = format!("file://{}", course.path("repo").display());
    course.git(&["clone", "--quiet", "--depth", "1", &source, "../shallow"]);
    let variables = [("GITLAB_CI", "true"), ("CI_COMMIT_BEFORE_SHA", first.as_str())];
    let told = course.ci_in("shallow", &["--changed"], &variables);
    assert_eq!(graded(&told).len(), 2, "{told}");
    assert!(told.stdout.contains("fetch-depth: 0"), "{told}");
    let told = course.ci_in("shallow", &["--changed", "--base", &first], &[]);
    assert_eq!(told.code, 2, "{told}");
    assert!(told.stderr.contains("there is no commit") && told.stderr.contains("GIT_DEPTH"), "{told}");
}

#[test]
fn a_request_is_compared_with_where_it_left_its_target() {
    let (course, _) = begun();
    course.git(&["checkout", "--quiet", "-b", "work"]);
    let course = course.file(SQUARE, &format!("# mine\n{RIGHT}"));
    course.commit();
    course.git(&["checkout", "--quiet", "main"]);
    // What others do on the target meanwhile is none of the request's.
    let course = course.file(ROTATE, ROTATES);
    let target = course.commit();
    course.git(&["checkout", "--quiet", "work"]);
    let told = course.ci(&["--changed", "--base", "main"], &[]);
    assert_eq!((told.code, graded(&told)), (0, vec!["probe/square"]), "{told}");
    let course =
        course.file("../event.json", &format!("{{\"pull_request\": {{\"base\": {{\"sha\": \"{target}\"}}}}}}"));
    let event = course.path("event.json");
    let variables = [("GITHUB_EVENT_NAME", "pull_request"), ("GITHUB_EVENT_PATH", event.to_str().unwrap())];
    let step = course.step(&["--changed"], &variables);
    assert_eq!((step.told.code, graded(&step.told)), (0, vec!["probe/square"]), "{}", step.told);
    assert!(step.summary.contains("not touched"), "{}", step.summary);
}

#[test]
fn what_to_compare_with_has_to_be_named_outside_of_a_service() {
    let (course, _) = begun();
    let told = course.ci(&["--changed"], &[]);
    assert_eq!(told.code, 2, "{told}");
    assert!(told.stderr.contains("--base origin/main"), "{told}");
    for base in ["nowhere", "--output=x", "HEAD:lists"] {
        let told = course.ci(&["--changed", &format!("--base={base}")], &[]);
        assert_eq!(told.code, 2, "{base}: {told}");
    }
}

#[test]
fn a_repository_below_the_top_of_its_clone_is_asked_about_its_own_files() {
    let entries = "[[exercise]]\nid = \"lists/rotate\"\n";
    let course = Course::new().file("ada/grade.toml", entries).file("ada/lists/rotate.py", ROTATES).file(ROTATE, STAYS);
    let first = course.commit();
    let course = course.file(ROTATE, ROTATES);
    course.commit();
    let told = course.ci(&["--repo", "ada", "--changed", "--base", &first], &[]);
    assert!(graded(&told).is_empty() && told.code == 0, "{told}");
    let course = course.file("ada/lists/rotate.py", STAYS);
    course.commit();
    let told = course.ci(&["--repo", "ada", "--changed", "--base", &first], &[]);
    assert_eq!((told.code, graded(&told)), (1, vec!["lists/rotate"]), "{told}");
}

#[test]
fn settings_of_the_repository_start_no_program() {
    let (course, first) = begun();
    let course = course.file(SQUARE, &format!("# mine\n{RIGHT}")).file(".gitattributes", "* diff=evil filter=evil\n");
    course.commit();
    let trap = format!("touch {}", course.path("sprung").display());
    for key in [
        "core.fsmonitor",
        "diff.evil.command",
        "diff.evil.textconv",
        "diff.external",
        "filter.evil.clean",
        "core.sshCommand",
        "core.pager",
    ] {
        course.git(&["config", key, &trap]);
    }
    let told = pushed(&course, &first);
    assert_eq!(graded(&told), ["probe/square"], "{told}");
    assert!(!course.path("sprung").exists(), "a setting of the repository was run");
}
