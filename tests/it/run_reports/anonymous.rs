//! With `--anonymous` nobody's name is in anything that is written.

use std::collections::BTreeSet;

use grade::store::NewLearner;
use grade::verdict::Outcome;

use super::cast::{Cast, Part, everybody, part};
use crate::reports::verdicts;

const FORMATS: [&str; 10] =
    ["human", "csv", "json", "jsonl", "junit", "markdown", "html", "gradescope", "classroom50", "exercism"];

/// Nobody but this learner has these names, and each of them is a word that nothing else says.
const NAMES: [&str; 9] =
    ["Quirinius", "Zwackelmann", "qzwackel", "77881199", "ghqz", "Tuesday", "downloads", "Zuse", "zoe"];

/// A learner who writes their names wherever their program may.
fn talkative() -> Part {
    let boast = "by Quirinius ZWACKELMANN <qzwackel@uni.example>, 77881199, ghqz";
    let mut failed = verdicts::check("boasts", "the program does not boast", Outcome::Failed);
    failed.message = format!("said {boast}");
    (failed.called, failed.actual, failed.expected) =
        (Some(boast.to_owned()), Some(boast.to_owned()), Some("nothing".to_owned()));
    failed.stdout = boast.to_owned();
    failed.stderr = boast.to_owned();
    failed.traceback = vec![verdicts::frame(1, "zwackelmann_main")];
    let mut printed = failed.clone();
    printed.id = "prints".to_owned();
    printed.title = "the program prints nothing".to_owned();
    printed.diff = Some(format!("- nothing\n+ {boast}\n"));
    let learner = NewLearner {
        key: "qzwackel".to_owned(),
        name: Some("Quirinius Zwackelmann".to_owned()),
        email: Some("qzwackel@uni.example".to_owned()),
        section: Some("Tuesday".to_owned()),
        on_roster: Some(true),
        details: [("uid".to_owned(), "77881199".to_owned()), ("GitHub login".to_owned(), "ghqz".to_owned())].into(),
    };
    let mut part = part(learner, verdicts::with_others(failed));
    if let super::cast::Ending::Verdict(verdict) = &mut part.ending {
        verdict.checks.push(printed);
    }
    part
}

#[test]
fn no_name_is_in_any_output() {
    let mut parts = everybody();
    // `Max` and `Ada` are words of reports, too: what is looked for is unmistakable.
    parts.push(talkative());
    let cast = Cast::new(parts);
    let names: Vec<&str> = NAMES
        .into_iter()
        .chain(["Lovelace", "Noether", "Hopper", "Pauling", "Curie", "Planck", "Bohr", "uni.example"])
        .collect();
    for format in FORMATS {
        for (path, text) in cast.all(format, &["--anonymous", "--key", "key.csv"]) {
            for name in &names {
                let is_there = text.to_lowercase().contains(&name.to_lowercase()) || path.contains(name);
                assert!(!is_there, "{name} is in {format} {path}: {text}");
            }
        }
    }
    // The test would find them if they were there.
    let with_names: String = cast.all("html", &[]).into_iter().map(|(path, text)| path + &text).collect();
    assert!(names.iter().filter(|name| **name != "ghqz").all(|name| with_names.contains(name)), "{names:?}");
}

#[test]
fn codes_are_the_same_each_time_and_in_an_order_of_their_own() {
    let mut parts = everybody();
    parts.retain(|part| part.learners.len() == 1);
    let cast = Cast::new(parts);
    let arguments = ["--anonymous", "--key", "key.csv"];
    let learners = |text: &str| -> Vec<String> {
        csv::Reader::from_reader(text.as_bytes()).records().map(|row| row.unwrap()[0].to_owned()).collect()
    };
    let first = learners(&cast.told("csv", &arguments));
    assert_eq!(first, learners(&cast.told("csv", &arguments)));
    let key = cast.read("key.csv");
    let known: BTreeSet<String> = learners(&key).into_iter().collect();
    assert_eq!(first.iter().cloned().collect::<BTreeSet<_>>(), known);
    assert!(key.contains("ada,Ada Lovelace,ada@uni.example"), "{key}");
    let graded = &first[..first.len() - 1];
    assert!(graded.is_sorted(), "the order of names would give them away: {first:?}");
}

#[test]
fn a_key_needs_a_place_of_its_own() {
    let cast = Cast::new(everybody());
    let told = cast.report("html", &["--out", "pages", "--anonymous", "--key", "pages/key.csv"]);
    assert_eq!(told.code, Some(2));
    assert!(told.stderr.contains("kept apart"), "{}", told.stderr);
    assert_eq!(cast.report("html", &["--out", "pages", "--anonymous"]).code, Some(2));
}
