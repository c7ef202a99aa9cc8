//! How the scores of a class are distributed.

use std::collections::BTreeMap;

use serde::Serialize;

use super::share;
use crate::verdict::Score;

/// Bars of the distribution.
const BARS: usize = 10;
/// Scores are told apart down to a ten-thousandth of what is possible; bounds what is kept.
const STEPS: f64 = 10_000.0;

/// The distribution of scores, each as a share of what was possible: 0 to 1.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Scores {
    pub count: usize,
    pub mean: f64,
    /// Of the population.
    pub standard_deviation: f64,
    pub least: f64,
    /// Quartiles by linear interpolation (type 7 of Hyndman and Fan, "Sample Quantiles in Statistical Packages", 1996).
    pub lower_quartile: f64,
    pub median: f64,
    pub upper_quartile: f64,
    pub most: f64,
    /// Submissions below 10 %, 20 %, …; the last bar has 100 % as well.
    pub bars: [usize; BARS],
}

/// Scores seen so far: how many of each.
#[derive(Debug, Default)]
pub struct Distribution(BTreeMap<u32, usize>);

impl Extend<Score> for Distribution {
    fn extend<T: IntoIterator<Item = Score>>(&mut self, scores: T) {
        scores.into_iter().for_each(|score| self.add(score));
    }
}

impl Distribution {
    pub(super) fn add(&mut self, score: Score) {
        if let Some(share) = share(score.earned, score.possible) {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to STEPS")]
            let step = (share.clamp(0.0, 1.0) * STEPS).round() as u32;
            *self.0.entry(step).or_default() += 1;
        }
    }

    /// `None`: there was none.
    pub fn finish(self) -> Option<Scores> {
        let count: usize = self.0.values().sum();
        let (&least, &most) = (self.0.keys().next()?, self.0.keys().next_back()?);
        let number = to_f64(count);
        let mean = self.0.iter().map(|(step, times)| value(*step) * to_f64(*times)).sum::<f64>() / number;
        let squares = self.0.iter().map(|(step, times)| (value(*step) - mean).powi(2) * to_f64(*times)).sum::<f64>();
        let mut bars = [0; BARS];
        for (step, times) in &self.0 {
            bars[bar(*step)] += times;
        }
        Some(Scores {
            count,
            mean,
            standard_deviation: (squares / number).sqrt(),
            least: value(least),
            lower_quartile: self.quantile(count, 1),
            median: self.quantile(count, 2),
            upper_quartile: self.quantile(count, 3),
            most: value(most),
            bars,
        })
    }

    /// `quarters` of the way from the least to the most.
    fn quantile(&self, count: usize, quarters: usize) -> f64 {
        let place = (count - 1) * quarters;
        let (below, rest) = (self.nth(place / 4), to_f64(place % 4) / 4.0);
        below + (self.nth(place.div_ceil(4)) - below) * rest
    }

    /// The score at a place of all in order, from 0.
    fn nth(&self, place: usize) -> f64 {
        let mut seen = 0;
        let found = self.0.iter().find(|(_, times)| {
            seen += **times;
            seen > place
        });
        found.map_or(0.0, |(step, _)| value(*step))
    }
}

fn value(step: u32) -> f64 {
    f64::from(step) / STEPS
}

fn bar(step: u32) -> usize {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of BARS")]
    let bar = (value(step) * to_f64(BARS)) as usize;
    bar.min(BARS - 1)
}

#[expect(clippy::cast_precision_loss, reason = "numbers of submissions are far below 2^52")]
pub(super) fn to_f64(number: usize) -> f64 {
    number as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scores(earned: &[f64]) -> Scores {
        let mut tally = Distribution::default();
        for &earned in earned {
            tally.add(Score { earned, possible: 10.0 });
        }
        tally.finish().expect("there are some")
    }

    #[test]
    fn quartiles_are_those_of_the_textbook() {
        let found = scores(&[1.0, 2.0, 3.0, 4.0, 10.0]);
        assert_eq!((found.least, found.lower_quartile, found.median), (0.1, 0.2, 0.3));
        assert_eq!((found.upper_quartile, found.most, found.mean), (0.4, 1.0, 0.4));
        // numpy.quantile([1, 2, 3, 4], [.25, .5, .75]) is [1.75, 2.5, 3.25].
        let even = scores(&[4.0, 3.0, 2.0, 1.0]);
        for (found, wanted) in [(even.lower_quartile, 0.175), (even.median, 0.25), (even.upper_quartile, 0.325)] {
            assert!((found - wanted).abs() < 1e-9, "{found} is not {wanted}");
        }
        assert!((even.standard_deviation - 0.111_803).abs() < 1e-6);
    }

    #[test]
    fn full_marks_are_in_the_last_bar() {
        assert_eq!(scores(&[10.0, 9.5, 0.0, 1.0]).bars, [1, 1, 0, 0, 0, 0, 0, 0, 0, 2]);
    }

    #[test]
    fn nothing_graded_has_no_distribution() {
        assert_eq!(Distribution::default().finish(), None);
    }
}
