//! Which checks no sample keeps apart.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::Exercise;

/// By check: the samples that it fails.
pub type Tripped = BTreeMap<String, BTreeSet<String>>;

/// Checks that fail in the same samples, all of them, without a stated reason; and reasons that are stated for others.
pub fn undivided(exercise: &Exercise, tripped: &Tripped) -> Vec<String> {
    let groups = groups(tripped);
    let mut complaints: Vec<String> =
        groups.iter().filter(|(_, checks)| !is_excused(exercise, checks)).map(complaint).collect();
    let is_stale =
        |checks: &[String]| !groups.iter().any(|(_, group)| checks.iter().all(|check| group.contains(&check.as_str())));
    complaints.extend(exercise.together.iter().filter(|together| is_stale(&together.checks)).map(|together| {
        format!("`[[together]]` on line {}: a sample fails only some of {}", together.line, named(&together.checks))
    }));
    complaints
}

type Group<'a> = (&'a BTreeSet<String>, Vec<&'a str>);

fn groups(tripped: &Tripped) -> Vec<Group<'_>> {
    let mut by_samples: BTreeMap<&BTreeSet<String>, Vec<&str>> = BTreeMap::new();
    for (check, samples) in tripped.iter().filter(|(_, samples)| !samples.is_empty()) {
        by_samples.entry(samples).or_default().push(check);
    }
    by_samples.into_iter().filter(|(_, checks)| checks.len() > 1).collect()
}

/// Whether for every two of the checks there is a reason.
fn is_excused(exercise: &Exercise, checks: &[&str]) -> bool {
    let excused = |a: &str, b: &str| {
        exercise.together.iter().any(|together| [a, b].iter().all(|id| together.checks.iter().any(|check| check == id)))
    };
    checks.iter().enumerate().all(|(index, a)| checks[index + 1..].iter().all(|b| excused(a, b)))
}

fn complaint((samples, checks): &Group<'_>) -> String {
    format!(
        "{} fail in the same samples only ({}): add one that fails some of them, or say in `[[together]]` why there can be none",
        named(checks),
        samples.iter().cloned().collect::<Vec<_>>().join(", ")
    )
}

fn named(checks: &[impl AsRef<str>]) -> String {
    checks.iter().map(|check| format!("`{}`", check.as_ref())).collect::<Vec<_>>().join(", ")
}
