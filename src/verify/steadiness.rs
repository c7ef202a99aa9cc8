//! Whether a sample gets the same verdict whenever it is graded.

use std::collections::BTreeMap;

use crate::verdict::{Outcome, Verdict};

/// How one run of a sample ended: each check's outcome.
#[derive(Clone, Debug)]
pub struct Run {
    pub seed: u64,
    outcomes: BTreeMap<String, Outcome>,
}

impl Run {
    pub fn of(verdict: &Verdict) -> Self {
        let outcomes = verdict.checks.iter().map(|check| (check.id.clone(), check.outcome)).collect();
        Self { seed: verdict.seed, outcomes }
    }
}

/// Checks of one sample that came out differently: with one and the same seed (flaky), or from seed to seed.
pub fn unsteady(runs: &[Run]) -> Vec<(u64, String)> {
    let Some(first) = runs.first() else { return Vec::new() };
    first.outcomes.keys().filter_map(|check| unsteady_check(check, runs)).collect()
}

fn unsteady_check(check: &str, runs: &[Run]) -> Option<(u64, String)> {
    let mut by_seed: BTreeMap<u64, Vec<Outcome>> = BTreeMap::new();
    for run in runs {
        by_seed.entry(run.seed).or_default().push(*run.outcomes.get(check)?);
    }
    let passes = |outcomes: &[Outcome]| outcomes.iter().filter(|outcome| **outcome == Outcome::Passed).count();
    for (seed, outcomes) in &by_seed {
        if outcomes.iter().any(|outcome| *outcome != outcomes[0]) {
            let told = format!("`{check}` is flaky: it passes {} times of {}", passes(outcomes), outcomes.len());
            return Some((*seed, told));
        }
    }
    let failing: Vec<u64> = by_seed.iter().filter(|(_, all)| passes(all) == 0).map(|(seed, _)| *seed).collect();
    let depends = !failing.is_empty() && failing.len() < by_seed.len();
    depends.then(|| {
        (failing[0], format!("`{check}` depends on the seed: it fails with {} of {}", failing.len(), by_seed.len()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(seed: u64, outcome: Outcome) -> Run {
        Run { seed, outcomes: BTreeMap::from([("adds".to_owned(), outcome)]) }
    }

    #[test]
    fn the_same_outcome_everywhere_is_steady() {
        assert!(unsteady(&[run(1, Outcome::Failed), run(1, Outcome::Failed), run(2, Outcome::Failed)]).is_empty());
    }

    #[test]
    fn two_outcomes_of_one_seed_are_flaky_and_the_seed_is_named() {
        let found = unsteady(&[run(1, Outcome::Passed), run(2, Outcome::Passed), run(2, Outcome::Failed)]);
        assert_eq!(found, [(2, "`adds` is flaky: it passes 1 times of 2".to_owned())]);
    }

    #[test]
    fn an_outcome_that_changes_with_the_seed_is_told_apart_from_that() {
        let found = unsteady(&[run(1, Outcome::Passed), run(1, Outcome::Passed), run(2, Outcome::Failed)]);
        assert_eq!(found, [(2, "`adds` depends on the seed: it fails with 1 of 2".to_owned())]);
    }
}
