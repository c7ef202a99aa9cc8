//! What a class says about each check: who passes it, how long it takes, whether it tells the better from the others.

use serde::Serialize;

use super::groups::{self, Example, Groups};
use super::scores::to_f64;
use super::{observed, share_of_others};
use crate::verdict::{CheckResult, Outcome, Verdict};

/// Below so many submissions nothing is said about discrimination, and nothing is flagged.
pub const ENOUGH: usize = 10;
/// One-sided 5 % bound of a correlation that is none: about 1.645 / √n.
const CHANCE: f64 = 1.645;

/// What is odd about a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Flag {
    /// It tells nobody anything.
    NobodyFails,
    /// It asks too much, or is wrong.
    NobodyPasses,
    /// Who passes it does worse elsewhere, by more than chance explains: what it asks, or how, is probably wrong.
    BetterOnesFail,
}

/// What a class says about one check. Counted are submissions in which it was run and judged; not those that could not be run at all, nor
/// those where the check itself is broken.
#[derive(Clone, Debug, Serialize)]
pub struct CheckSummary {
    pub id: String,
    pub title: String,
    pub weight: f64,
    /// Submissions in which it was judged.
    pub judged: usize,
    pub passed: usize,
    /// Of those not passed: ended by a limit (time, memory).
    pub out_of_limits: usize,
    /// Not counted above: the check's own code failed.
    pub broken: usize,
    /// Not counted above: left to a person.
    pub for_review: usize,
    /// `passed` of `judged`, 0 to 1.
    pub share: Option<f64>,
    /// Milliseconds.
    pub mean_ms: Option<f64>,
    /// Point-biserial correlation, -1 to 1, of passing the check with the score on all others (so that it does not correlate with itself:
    /// Henrysson, "Correction of item-total correlations in item analysis", Psychometrika 28, 1963). `None` below [`ENOUGH`], where there is
    /// no other check, or where all pass, all fail, or all others score the same.
    pub discrimination: Option<f64>,
    pub flags: Vec<Flag>,
    /// What did not pass, by what was observed, the commonest first.
    pub wrong: Groups,
}

/// All checks seen so far, in the order in which they were met.
#[derive(Debug, Default)]
pub(super) struct Tallies(Vec<Tally>);

#[derive(Debug)]
struct Tally {
    id: String,
    title: String,
    weight: f64,
    judged: usize,
    passed: usize,
    out_of_limits: usize,
    broken: usize,
    for_review: usize,
    total_ms: u64,
    correlation: Correlation,
    wrong: groups::Tally,
}

impl Tallies {
    pub(super) fn add(&mut self, verdict: &Verdict, example: impl Fn() -> Example) {
        for (at, check) in verdict.checks.iter().enumerate() {
            self.of(at, check).add(verdict, at, &example);
        }
    }

    /// The tally of a check; nearly always it is where it was in the last verdict.
    fn of(&mut self, at: usize, check: &CheckResult) -> &mut Tally {
        let known = match self.0.get(at) {
            Some(tally) if tally.id == check.id => Some(at),
            _ => self.0.iter().position(|tally| tally.id == check.id),
        };
        let place = known.unwrap_or_else(|| {
            self.0.push(Tally::new(check));
            self.0.len() - 1
        });
        &mut self.0[place]
    }

    pub(super) fn finish(self) -> Vec<CheckSummary> {
        self.0.into_iter().map(Tally::finish).collect()
    }
}

impl Tally {
    fn new(check: &CheckResult) -> Self {
        Self {
            id: check.id.clone(),
            title: check.title.clone(),
            weight: check.weight,
            judged: 0,
            passed: 0,
            out_of_limits: 0,
            broken: 0,
            for_review: 0,
            total_ms: 0,
            correlation: Correlation::default(),
            wrong: groups::Tally::default(),
        }
    }

    fn add(&mut self, verdict: &Verdict, at: usize, example: impl Fn() -> Example) {
        let check = &verdict.checks[at];
        match check.outcome {
            Outcome::Skipped | Outcome::Withheld => return,
            Outcome::Error => return self.broken += 1,
            Outcome::NeedsReview => return self.for_review += 1,
            Outcome::Passed => self.passed += 1,
            Outcome::Timeout | Outcome::OutOfMemory => self.out_of_limits += 1,
            Outcome::Failed | Outcome::Crashed | Outcome::Tampered => {}
        }
        self.judged += 1;
        self.total_ms += check.duration_ms;
        let passed = check.outcome == Outcome::Passed;
        if let Some(others) = share_of_others(verdict, at) {
            self.correlation.add(f64::from(u8::from(passed)), others);
        }
        if !passed {
            self.wrong.add(observed::check(check), example);
        }
    }

    fn finish(self) -> CheckSummary {
        let judged = to_f64(self.judged);
        let any = self.judged > 0;
        let discrimination = self.correlation.value();
        CheckSummary {
            flags: flags(self.judged, self.passed, discrimination),
            id: self.id,
            title: self.title,
            weight: self.weight,
            judged: self.judged,
            passed: self.passed,
            out_of_limits: self.out_of_limits,
            broken: self.broken,
            for_review: self.for_review,
            share: any.then(|| to_f64(self.passed) / judged),
            #[expect(clippy::cast_precision_loss, reason = "milliseconds of a run")]
            mean_ms: any.then(|| self.total_ms as f64 / judged),
            discrimination,
            wrong: self.wrong.finish(),
        }
    }
}

fn flags(judged: usize, passed: usize, discrimination: Option<f64>) -> Vec<Flag> {
    if judged < ENOUGH {
        return Vec::new();
    }
    let inverted = discrimination.is_some_and(|value| value < -CHANCE / to_f64(judged).sqrt());
    let all =
        [(passed == judged, Flag::NobodyFails), (passed == 0, Flag::NobodyPasses), (inverted, Flag::BetterOnesFail)];
    all.into_iter().filter(|(holds, _)| *holds).map(|(_, flag)| flag).collect()
}

/// Pearson's correlation, summed up as values come (Welford's way, which stays exact where sums of squares would not). Of a value that is
/// 0 or 1 with another it is the point-biserial one.
#[derive(Clone, Copy, Debug, Default)]
struct Correlation {
    count: usize,
    mean_x: f64,
    mean_y: f64,
    spread_x: f64,
    spread_y: f64,
    together: f64,
}

impl Correlation {
    fn add(&mut self, x: f64, y: f64) {
        self.count += 1;
        let count = to_f64(self.count);
        let (off_x, off_y) = (x - self.mean_x, y - self.mean_y);
        self.mean_x += off_x / count;
        self.mean_y += off_y / count;
        self.spread_x += off_x * (x - self.mean_x);
        self.spread_y += off_y * (y - self.mean_y);
        self.together += off_x * (y - self.mean_y);
    }

    fn value(&self) -> Option<f64> {
        // Rounding leaves a little where there is no spread.
        const NONE: f64 = 1e-9;
        let is_spread = self.spread_x > NONE && self.spread_y > NONE;
        (self.count >= ENOUGH && is_spread)
            .then(|| (self.together / (self.spread_x * self.spread_y).sqrt()).clamp(-1.0, 1.0))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn correlation(pairs: &[(bool, f64)]) -> Option<f64> {
        let mut correlation = Correlation::default();
        for (x, y) in pairs {
            correlation.add(f64::from(u8::from(*x)), *y);
        }
        correlation.value()
    }

    /// (M₁ − M₀) / s · √(p·q), as textbooks write it.
    fn point_biserial(pairs: &[(bool, f64)]) -> f64 {
        let mean = |values: &[f64]| values.iter().sum::<f64>() / to_f64(values.len());
        let of = |passed| pairs.iter().filter(|(x, _)| *x == passed).map(|(_, y)| *y).collect::<Vec<_>>();
        let (right, wrong, all) = (of(true), of(false), pairs.iter().map(|(_, y)| *y).collect::<Vec<_>>());
        let spread = (all.iter().map(|y| (y - mean(&all)).powi(2)).sum::<f64>() / to_f64(all.len())).sqrt();
        let p = to_f64(right.len()) / to_f64(all.len());
        (mean(&right) - mean(&wrong)) / spread * (p * (1.0 - p)).sqrt()
    }

    #[test]
    fn a_check_that_the_better_ones_fail_is_flagged() {
        let inverted: Vec<_> = (0..20).map(|n| (n < 10, f64::from(n) / 20.0)).collect();
        let found = correlation(&inverted);
        assert!(found.is_some_and(|value| value < -0.8), "{found:?}");
        assert_eq!(flags(20, 10, found), [Flag::BetterOnesFail]);
        // A little below zero is chance.
        assert_eq!(flags(20, 10, Some(-0.1)), []);
    }

    #[test]
    fn too_few_submissions_say_nothing() {
        let few: Vec<_> = (0..9).map(|n| (n % 2 == 0, f64::from(n))).collect();
        assert_eq!(correlation(&few), None);
        assert_eq!(flags(9, 0, None), []);
        assert_eq!(flags(10, 0, None), [Flag::NobodyPasses]);
        assert_eq!(flags(10, 10, None), [Flag::NobodyFails]);
    }

    proptest! {
        #[test]
        fn the_discrimination_is_the_point_biserial_correlation(
            pairs in proptest::collection::vec((any::<bool>(), 0.0..1.0f64), ENOUGH..60)
        ) {
            if let Some(found) = correlation(&pairs) {
                prop_assert!((found - point_biserial(&pairs)).abs() < 1e-6, "{found}");
                prop_assert!((-1.0..=1.0).contains(&found));
            }
        }
    }
}
