//! The attacks in `fixtures/hostile/`, each tried for real: what it printed proves that it ran, and what became of it.
//!
//! `attack.toml` says what must happen at level `full`; `[plain]` and `[landlock]` say what is different there. A line `…: DONE` that it does
//! not foresee is a breach. That nothing is left behind is seen by the warden of each trial. `GRADE_ATTACK=name` runs one.
#![expect(clippy::unwrap_used, reason = "a test that panics says where")]

use std::fmt::Write as _;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use serde::Deserialize;

use crate::trial::{Trial, Tried, can_be_plain};

/// `attack.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Attack {
    /// Numbers of the page of attacks, or `own` and a number.
    id: String,
    tries: String,
    /// Of the whole submission: nothing could be checked.
    problem: Option<String>,
    /// Of the first check, one of these.
    #[serde(default)]
    outcome: Vec<String>,
    /// Printed by the attack.
    #[serde(default)]
    evidence: Vec<String>,
    #[serde(default)]
    plain: Difference,
    #[serde(default)]
    landlock: Difference,
}

/// What is different somewhere.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Difference {
    outcome: Option<Vec<String>>,
    evidence: Option<Vec<String>>,
    /// Why it can't be tried there.
    skip: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Full,
    PlainUser,
    Landlock,
}

impl Attack {
    fn read(folder: &Path) -> Self {
        let text = fs::read_to_string(folder.join("attack.toml")).unwrap();
        let attack: Self = toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        assert!(!attack.id.is_empty() && !attack.tries.is_empty());
        let says_how_it_is_known = !attack.evidence.is_empty() && !attack.outcome.is_empty();
        assert_ne!(attack.problem.is_some(), says_how_it_is_known, "{}", folder.display());
        attack
    }

    fn difference(&self, place: Place) -> Option<&Difference> {
        match place {
            Place::Full => None,
            Place::PlainUser => Some(&self.plain),
            Place::Landlock => Some(&self.landlock),
        }
    }

    /// Panics unless exactly that happened which should.
    fn hold(&self, place: Place, tried: &Tried) {
        assert!(!tried.passed() || tried.code == 0);
        if let Some(kind) = &self.problem {
            assert_eq!(tried.problem().0, kind, "{:#}", tried.verdict());
            assert_eq!(tried.outcomes(), ["skipped"; 4]);
            return;
        }
        let difference = self.difference(place);
        let outcomes = difference.and_then(|other| other.outcome.as_ref()).unwrap_or(&self.outcome);
        let evidence = difference.and_then(|other| other.evidence.as_ref()).unwrap_or(&self.evidence);
        let first = tried.first();
        let stdout = first["stdout"].as_str().unwrap();
        for line in evidence {
            assert!(stdout.contains(line.as_str()), "no evidence `{line}`\n{first:#}");
        }
        let foreseen = |line: &&str| evidence.iter().any(|one| line.contains(one.as_str()));
        let breach = stdout.lines().filter(|line| line.ends_with(": DONE")).find(|line| !foreseen(line));
        assert_eq!(breach, None, "{first:#}");
        let outcome = first["outcome"].as_str().unwrap();
        assert!(outcomes.iter().any(|one| one == outcome), "{outcome} is none of {outcomes:?}\n{first:#}");
        // Everybody else's checks are as they would be without it; the program never attacks.
        tried.assert_others_pass();
    }
}

fn attacks() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/hostile");
    let wanted = std::env::var("GRADE_ATTACK").ok();
    let mut found: Vec<_> = fs::read_dir(folder).unwrap().flatten().map(|entry| entry.path()).collect();
    found.retain(|path| wanted.as_ref().is_none_or(|name| path.ends_with(name)));
    found.sort();
    found
}

/// All of them, a few at a time; every one that is not as it should be is told.
fn try_all(place: Place) {
    let (queue, failures) = (Mutex::new(attacks()), Mutex::new(String::new()));
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                while let Some(folder) = { queue.lock().unwrap().pop() } {
                    let outcome = catch_unwind(AssertUnwindSafe(|| try_one(&folder, place)));
                    if let Err(panic) = outcome {
                        let text = panic.downcast_ref::<String>().cloned().unwrap_or_default();
                        let name = folder.file_name().unwrap().to_string_lossy();
                        let _ = writeln!(failures.lock().unwrap(), "=== {name} ({place:?})\n{text}\n");
                    }
                }
            });
        }
    });
    let failures = failures.into_inner().unwrap();
    assert!(failures.is_empty(), "{failures}");
}

fn try_one(folder: &Path, place: Place) {
    let attack = Attack::read(folder);
    if attack.difference(place).is_some_and(|other| other.skip.is_some()) {
        return;
    }
    let source = fs::read(folder.join("square.py")).unwrap();
    let level = if place == Place::Landlock { "landlock" } else { "full" };
    let trial = Trial { level: Some(level), plain_user: place == Place::PlainUser, ..Trial::of(&source) };
    attack.hold(place, &trial.run());
}

#[test]
fn no_attack_does_harm_at_level_full() {
    try_all(Place::Full);
}

#[test]
fn no_attack_does_harm_to_a_plain_user() {
    if can_be_plain() {
        try_all(Place::PlainUser);
    }
}

#[test]
fn no_attack_does_harm_at_level_landlock() {
    try_all(Place::Landlock);
}

#[test]
fn every_attack_has_a_name_of_its_own_and_says_what_it_tries() {
    let all = attacks();
    assert!(all.len() >= 60 || std::env::var_os("GRADE_ATTACK").is_some());
    for folder in all {
        Attack::read(&folder);
    }
}
