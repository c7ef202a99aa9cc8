//! What a learner has shown: what is noted in their repository, the map of it, what comes next, and what people said of a note.
#![expect(clippy::unwrap_used, reason = "a test that panics says where")]

use std::fs;
use std::path::Path;

use insta::assert_snapshot;

use crate::support::{Desk, EXERCISE, Told};
use crate::trial::cache;

/// Three exercises: two of the plan, and one with a note.
fn desk() -> Desk {
    let of_day = |day: u32, evidence: &str| {
        let manifest = EXERCISE.replace("drill", "plan").replace("week1/lab", &format!("week{day}/day{day}"));
        format!("{}\norder = {day}\n[evidence]\n{evidence}\n\n[[check]]{}", head(&manifest), checks(&manifest))
    };
    let explained =
        EXERCISE.replace("drill", "proof").replace("[\"adding.py\"]", "[\"adding.py\"]\nnote = \"adding.md\"");
    let review = "\n[[check]]\nid = \"explains\"\ntitle = \"explains\"\nreview = true\n\n[evidence]\nL2 = [\"3.1\"]\n";
    Desk::new()
        .exercise("day1/adding", &of_day(1, "L1 = [\"6.1\", \"3.1\"]\nL3 = [\"6.6\"]"))
        .exercise("day2/adding", &of_day(2, "L4 = [\"6.6\"]"))
        .exercise("lab/adding", &format!("{explained}{review}"))
}

fn head(manifest: &str) -> &str {
    manifest.split("\n[[check]]").next().unwrap()
}

fn checks(manifest: &str) -> &str {
    manifest.split("\n[[check]]").nth(1).unwrap()
}

const PASSED: &str = "day1/adding passed 2026-11-20\nlab/adding passed 2026-11-21\n";

/// Without the built-in exercises, of which there are more every day.
const OURS: [&str; 3] = ["day1/adding", "day2/adding", "lab/adding"];

fn of_ours(desk: &Desk, arguments: &[&str]) -> Told {
    desk.grade(&[&arguments[..1], &OURS, &arguments[1..]].concat())
}

/// The day on which the tests run is another each time.
fn without_days(text: &str) -> String {
    regex::Regex::new(r"\d{4}-\d\d-\d\d").unwrap().replace_all(text, "[DAY]").into_owned()
}

#[test]
fn progress_is_told_phase_by_phase_from_what_has_passed() {
    let desk = desk().file("repo/.grade/progress.txt", PASSED).file("repo/week1/lab/adding.md", "## Concept\n");
    assert_snapshot!(of_ours(&desk, &["progress"]));
}

#[test]
fn progress_is_told_to_machines_too() {
    let told = of_ours(&desk().file("repo/.grade/progress.txt", PASSED), &["progress", "--format", "json"]);
    let document: serde_json::Value = serde_json::from_str(&told.stdout).unwrap();
    assert_eq!(document["schema"], "grade-progress/1");
    assert_eq!(
        document["tracks"][0],
        serde_json::json!({"track": "plan", "passed": 1, "of": 2, "next": "day2/adding"})
    );
    let section = &document["phases"][1]["sections"][1];
    assert_eq!((&section["section"], &section["level"]), (&"6.6".into(), &"L3".into()));
    assert_eq!(section["open"], serde_json::json!([{"level": "L4", "exercise": "day2/adding"}]));
}

#[test]
fn next_is_the_first_of_each_track_that_has_not_passed() {
    assert_snapshot!(of_ours(&desk().file("repo/.grade/progress.txt", PASSED), &["next"]));
    let all = format!("{PASSED}day2/adding passed 2026-11-22\n");
    assert_snapshot!(of_ours(&desk().file("repo/.grade/progress.txt", &all), &["next"]));
}

#[test]
fn the_list_shows_the_plan_by_week_and_what_has_passed() {
    let desk = desk().file("repo/.grade/progress.txt", PASSED).file("repo/week2/day2/adding.py", "def add(): ...\n");
    assert_snapshot!(of_ours(&desk, &["list"]));
}

#[test]
fn a_review_is_kept_beside_the_note_and_shown_with_it() {
    let desk = desk().file("repo/week1/lab/adding.md", "## Concept\n\nAdding\n");
    assert_eq!(desk.grade(&["review", "lab/adding", "--accept"]).code, 2);
    let again = ["review", "lab/adding", "--again", "--by", "Ada", "--words", "what of \"+=\"?"];
    assert_snapshot!(desk.grade(&again));
    assert_eq!(desk.grade(&["review", "lab/adding", "--accept", "--by", "Ada"]).code, 0);
    assert_snapshot!(without_days(&desk.read("repo/week1/lab/adding.review.toml")));
    let desk = desk.file("repo/week1/lab/adding.md", "## Concept\n\nAdding, again\n");
    assert_snapshot!(without_days(&desk.grade(&["review", "lab/adding"]).to_string()));
}

#[test]
fn an_explanation_counts_once_somebody_has_accepted_it() {
    let desk = desk().file("repo/.grade/progress.txt", PASSED).file("repo/week1/lab/adding.md", "## Concept\n");
    let line = |desk: &Desk| {
        let told = of_ours(desk, &["progress"]);
        told.stdout.lines().find(|line| line.contains(" 3.1 ")).unwrap().to_owned()
    };
    assert!(line(&desk).contains("L1") && line(&desk).contains("a note is to"), "{}", line(&desk));
    assert_eq!(desk.grade(&["review", "lab/adding", "--accept", "--by", "Ada"]).code, 0);
    assert!(line(&desk).contains("L2") && !line(&desk).contains("a note is to"), "{}", line(&desk));
    // Of another note than the one that is there now.
    let desk = desk.file("repo/week1/lab/adding.md", "## Concept\n\nChanged\n");
    assert!(line(&desk).contains("a note is to"), "{}", line(&desk));
}

#[test]
fn what_can_not_be_reviewed_is_told() {
    assert_snapshot!(desk().grade(&["review", "lab/adding"]));
    assert_snapshot!(desk().grade(&["review", "day1/adding"]));
}

fn regrade(desk: &Desk) -> Told {
    let catalog = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/catalog").display().to_string();
    let arguments = ["probe/explained", "--catalog", &catalog];
    desk.run("repo", &arguments, &[("GRADE_CACHE_DIR", &cache().display().to_string())])
}

#[test]
fn a_pass_is_noted_once_and_grading_again_changes_neither_that_nor_a_review() {
    let ours = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/catalog/fixtures/probe/explained/submissions/right");
    let read = |name: &str| fs::read_to_string(ours.join(name)).unwrap();
    let review = "[[review]]\nmark = \"again\"\nby = \"Ada\"\nday = \"2026-11-20\"\nnote = \"0\"\n";
    let desk = Desk::new()
        .file("repo/proofs/lab/explained.py", "def joined(a, b):\n    raise NotImplementedError\n")
        .file("repo/proofs/lab/explained.review.toml", review);
    assert_eq!(regrade(&desk).code, 1);
    assert!(!desk.path("repo/.grade/progress.txt").exists());
    let desk = desk
        .file("repo/proofs/lab/explained.py", &read("explained.py"))
        .file("repo/proofs/lab/explained.md", &read("explained.md"));
    assert_eq!(regrade(&desk).code, 0);
    let noted = desk.read("repo/.grade/progress.txt");
    assert!(noted.lines().any(|line| line.starts_with("probe/explained passed 2")), "{noted}");
    assert_eq!(desk.read("repo/.grade/.gitignore"), "*\n!.gitignore\n!progress.txt\n");
    let desk = desk.file("repo/.grade/progress.txt", "a/b passed 2020-01-01\nprobe/explained passed 2020-01-01\n");
    assert_eq!(regrade(&desk).code, 0);
    assert_eq!(desk.read("repo/.grade/progress.txt"), "a/b passed 2020-01-01\nprobe/explained passed 2020-01-01\n");
    assert_eq!(desk.read("repo/proofs/lab/explained.review.toml"), review);
}
