//! Late and weight rules at report time.

use serde_json::Value;

use super::hall::{Hall, Line};
use crate::trial::{RIGHT, squaring};

const POLICY: &str = "due = 2026-03-01T12:00:00\nzone = \"Europe/Berlin\"\nextensions = \"extensions.csv\"\ntimes = \"times.csv\"\nmanual = \"manual.csv\"\n\n[weights]\nsquares_a_number = 2\n\n[[late]]\npercent = 10\nper = \"day\"\n";

/// `ada` is late, `bob` late and extended, `cleo` given points by hand, of `dan` nothing is known, `eve` handed nothing in.
fn hall() -> Hall {
    let hall = Hall::new()
        .submit("ada", RIGHT)
        .submit("bob", &squaring("return n + 1"))
        .submit("cleo", "def")
        .submit("dan", &format!("# dan\n{RIGHT}"))
        .file("roster.csv", b"username\nada\nbob\ncleo\ndan\neve\n")
        .file("policy.toml", POLICY.as_bytes())
        .file("extensions.csv", b"learner,due,reason\nbob,2026-03-04,ill\n")
        .file("times.csv", b"learner,handed_in\nada,2026-03-02 13:00\nbob,2026-03-03 09:00\ncleo,2026-03-01 09:00\n")
        .file("manual.csv", b"learner,score,adjustment,reason\ncleo,2.5,,talked about it\n");
    let told = hall.batch(&["--roster", "roster.csv"]);
    assert_eq!(told.code, Some(0), "{}", told.stderr);
    hall
}

fn report(hall: &Hall, format: &str) -> String {
    let told = hall.grade(&["report", "run", "--policy", "policy.toml", "--format", format]);
    assert_eq!(told.code, Some(0), "{}", told.stderr);
    told.stdout
}

#[test]
fn the_raw_score_stays_beside_the_final_one() {
    let told = report(&hall(), "csv");
    let mut reader = csv::Reader::from_reader(told.as_bytes());
    let lines: Vec<Line> = reader.deserialize().map(Result::unwrap).collect();
    let of = |learner: &str| lines.iter().find(|line| line["learner"] == learner).unwrap();
    let shown = |learner: &str| {
        let line = of(learner);
        ["score", "final", "final_possible", "late_by"].map(|column| line[column].clone()).join(" ")
    };
    assert_eq!(shown("ada"), "4 4 5 90000");
    assert_eq!(shown("bob"), "3 3 5 0");
    assert_eq!(shown("cleo"), "0 2.5 5 0");
    assert_eq!(shown("dan"), "4 5 5 ");
    assert_eq!(shown("eve"), "   ");
    assert!(of("ada")["steps"].ends_with("2 days x 10 % of 5 = 1; 5 - 1 = 4"), "{}", of("ada")["steps"]);
    assert!(of("cleo")["steps"].ends_with("by hand: 2.5 (talked about it)"), "{}", of("cleo")["steps"]);
    assert!(of("dan")["open"].contains("not known"), "{}", of("dan")["open"]);
}

#[test]
fn machines_get_every_step() {
    let hall = hall();
    let document: Value = serde_json::from_str(&report(&hall, "json")).unwrap();
    crate::schema::assert_valid(&document);
    let finals = document["finals"].as_array().unwrap();
    let ada = finals.iter().find(|found| found["learner"] == "ada").unwrap();
    assert_eq!(
        (&ada["raw"]["earned"], &ada["score"], &ada["lateness"]["kind"]),
        (&4.0.into(), &4.0.into(), &"late".into())
    );
    assert_eq!(ada["lateness"]["handed_in"], "2026-03-02T12:00:00Z");
    assert_eq!(ada["steps"].as_array().unwrap().last().unwrap()["points"], 4.0);
    assert!(finals.iter().any(|found| found["learner"] == "eve" && found["score"].is_null()), "{finals:?}");
    let lines = report(&hall, "jsonl");
    let first: Value = serde_json::from_str(lines.lines().next().unwrap()).unwrap();
    assert_eq!((&first["submission"]["learner"], &first["finals"][0]["score"]), (&"ada".into(), &4.0.into()));
}

#[test]
fn people_see_the_arithmetic() {
    let told = report(&hall(), "human");
    for words in [
        "`squares_a_number` counts 2 instead of 1: 5 of 5",
        "late by 1 day 1 h (due 2026-03-01 12:00 Europe/Berlin)",
        "by hand: 2.5 (talked about it)",
        "1 score is open",
    ] {
        assert!(told.contains(words), "{words:?} is not in\n{told}");
    }
}

#[test]
fn a_mistake_in_the_rules_is_told_with_its_place_and_nothing_is_reported() {
    let hall = hall().file("policy.toml", b"due = 2026-03-01T12:00:00Z\n\n[weights]\nsquares_a_numbr = 2\n");
    let told = hall.grade(&["report", "run", "--policy", "policy.toml"]);
    assert_eq!((told.code, told.stdout.as_str()), (Some(2), ""));
    for words in ["policy.toml:4:1", "squares_a_numbr", "did you mean `squares_a_number`?"] {
        assert!(told.stderr.contains(words), "{words:?} is not in\n{}", told.stderr);
    }
    let hall = hall.file("policy.toml", POLICY.as_bytes()).file("manual.csv", b"learner,score\nclio,3\n");
    let told = hall.grade(&["report", "run", "--policy", "policy.toml"]);
    assert_eq!(told.code, Some(0), "{}", told.stderr);
    assert!(told.stderr.contains("line 2: `clio` is nobody in this run; did you mean `cleo`?"), "{}", told.stderr);
}
