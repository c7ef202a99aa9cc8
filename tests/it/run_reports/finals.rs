//! Final scores, as rules make them, in what learners and services get.

use std::path::Path;

use grade::verdict::Told;
use serde_json::{Value, json};

use super::browser::Browser;
use super::cast::{Cast, everybody, hidden, learner, part};
use crate::reports::verdicts;

const POLICY: &str = "manual = \"manual.csv\"\n";
const MANUAL: &str =
    "learner,score,adjustment,reason\nmarie,,-1,her part was not there\nniels,3,,shown at the desk\nzoe,1,,\n";

/// Points of `everybody`, with an adjustment for one of a group, and a score for one without a verdict and one who handed nothing in.
fn cast() -> Cast {
    let cast = Cast::new(everybody());
    with_policy(&cast);
    cast
}

fn with_policy(cast: &Cast) {
    std::fs::write(cast.path("policy.toml"), POLICY).unwrap();
    std::fs::write(cast.path("manual.csv"), MANUAL).unwrap();
}

fn page<'a>(all: &'a [(String, String)], path: &str) -> &'a str {
    &all.iter().find(|(found, _)| found == path).unwrap_or_else(|| panic!("there is no {path}")).1
}

#[test]
fn a_page_has_its_learners_own_final_score_and_how_it_came_about() {
    let cast = cast();
    let all = cast.all("html", &["--policy", "policy.toml"]);
    let marie = page(&all, "learners/marie.html");
    assert!(marie.contains("(her part was not there)"), "{marie}");
    assert!(page(&all, "learners/niels.html").contains("3 points"));
    let linus = page(&all, "learners/linus.html");
    assert!(linus.contains("Final score") && !linus.contains("her part"), "{linus}");
    assert!(
        !page(&cast.all("html", &[]), "learners/linus.html").contains("Final score"),
        "without rules there is none"
    );
}

#[test]
fn the_class_is_sorted_by_final_scores_and_each_of_a_group_has_a_link() {
    let cast = cast();
    let pages = cast.path("pages");
    cast.told("html", &["--out", "pages", "--policy", "policy.toml"]);
    let mut browser = Browser::start();
    browser.open(&pages.join("index.html"));
    let finals = "[...document.querySelectorAll('#rows tr')].map(row => row.cells[0].textContent.split(/[ ,]/)[0] + ' ' + row.cells[5].textContent).join('; ')";
    let drawn_by_us = browser.text(finals);
    assert!(drawn_by_us.contains("niels 3; zoe 1"), "{drawn_by_us}");
    let links = "[...document.querySelectorAll('#rows tr')].find(row => row.textContent.includes('linus')).querySelectorAll('a')";
    assert_eq!(browser.text(&format!("[...{links}].map(link => link.textContent).join()")), "linus,marie");
    browser.value("document.querySelector('[data-key=final_points] button').click()");
    let sorted = browser.text(finals);
    assert!(sorted.starts_with("max 0; zoe 1; "), "{sorted}");
    assert_eq!(
        browser.text(&format!("[...{links}].map(link => link.textContent).join()")),
        "linus,marie",
        "the script draws the same"
    );
    assert_eq!(browser.value("document.getElementById('finals').textContent"), json!("Final scores"));
    assert_eq!(browser.complaints, Vec::<Value>::new());
    folder_has(&pages, "learners/marie.html");
}

fn folder_has(pages: &Path, path: &str) {
    assert!(pages.join(path).is_file(), "{path} is linked to, and not there");
}

#[test]
fn gradescope_gets_the_final_score_and_the_arithmetic() {
    let cast = cast();
    let all = cast.all("gradescope", &["--policy", "policy.toml"]);
    let of = |path: &str| serde_json::from_str::<Value>(page(&all, path)).unwrap();
    let (linus, marie) = (of("linus/results.json"), of("marie/results.json"));
    let raw = marie["extra_data"]["raw_score"].as_f64().unwrap();
    assert_eq!((&linus["score"], marie["score"].as_f64().unwrap()), (&json!(raw), raw - 1.0));
    assert!(marie["output"].as_str().unwrap().ends_with("(her part was not there)"), "{marie}");
    assert!(!linus.to_string().contains("her part"));
}

#[test]
fn a_final_score_does_not_say_what_a_hidden_check_said() {
    let mut verdict = verdicts::wrong_value();
    verdict.checks.push(hidden("later", Told::Nothing, Told::Details, "LATER"));
    let cast = Cast::new(vec![part(learner("ada", "Ada Lovelace"), verdict)]);
    with_policy(&cast);
    std::fs::write(cast.path("manual.csv"), "learner,adjustment,reason\nada,0.5,WHYEVER\n").unwrap();
    let rules = ["--policy", "policy.toml"];
    let html = cast.all("html", &rules);
    let ada = page(&html, "learners/ada.html");
    assert!(ada.contains("told after the due date") && !ada.contains("WHYEVER"), "{ada}");
    let markdown = cast.told("markdown", &rules);
    assert!(markdown.contains("| not told |"), "{markdown}");
    let gradescope = cast.all("gradescope", &rules);
    let results: Value = serde_json::from_str(page(&gradescope, "ada/results.json")).unwrap();
    assert!(!results["output"].to_string().contains("WHYEVER"), "{results}");
    assert!(results["extra_data"].to_string().contains("WHYEVER"), "{results}");
    let later = cast.all("html", &["--policy", "policy.toml", "--after-due"]);
    assert!(page(&later, "learners/ada.html").contains("WHYEVER"));
}

#[test]
fn formats_without_a_place_for_it_refuse_rules() {
    let cast = cast();
    for format in ["junit", "exercism", "classroom50"] {
        let told = cast.report(format, &["--policy", "policy.toml", "--out", "out"]);
        assert_eq!(told.code, Some(2), "{format}");
        assert!(told.stderr.contains("raw scores only"), "{}", told.stderr);
    }
}
