//! From a raw score to the final one, step by step.

use jiff::{Span, Timestamp};

use super::deadline::Lateness;
use super::people::{ByHand, Change};
use super::{Amount, Due, Final, LateRule, Per, Policy, Step, Weights};
use crate::calendar;
use crate::store::Learner;
use crate::verdict::{CheckResult, Score, Verdict, number};

/// Units of a penalty that are counted; by then nothing is left of any score.
const MOST_UNITS: i64 = 100_000;

/// The points so far, and how they came about.
struct Account {
    points: f64,
    possible: f64,
    steps: Vec<Step>,
}

impl Account {
    fn step(&mut self, points: f64, text: String) {
        self.points = points;
        self.steps.push(Step { text, reason: None, points });
    }
}

impl Policy {
    pub(super) fn finish(&self, learner: &Learner, verdict: Option<&Verdict>, lateness: Lateness) -> Final {
        let mut account = verdict.map(|verdict| self.graded(verdict, &lateness));
        let by_hand = self.people.by_hand(learner);
        if let Some(by_hand) = by_hand {
            account = apply_by_hand(account, by_hand);
        }
        let is_given = matches!(by_hand, Some(ByHand { change: Change::Score(_), .. }));
        let open = if is_given { None } else { open_question(&lateness, verdict, account.is_some()) };
        Final {
            learner: learner.id,
            raw: verdict.map(|verdict| verdict.score),
            score: account.as_ref().map(|account| account.points),
            possible: verdict.and(account.as_ref()).map(|account| account.possible),
            lateness,
            steps: account.map(|account| account.steps).unwrap_or_default(),
            by_hand: by_hand.is_some(),
            open,
        }
    }

    fn graded(&self, verdict: &Verdict, lateness: &Lateness) -> Account {
        let Score { earned, possible } = verdict.score;
        let text = format!("graded: {} of {}", number(earned), number(possible));
        let raw = Step { text, reason: None, points: earned };
        let mut account = Account { points: earned, possible, steps: vec![raw] };
        if !self.weights.is_empty() {
            self.weigh(&mut account, &verdict.checks);
        }
        let most = account.possible * self.most / 100.0;
        if account.points > most {
            account.step(most, format!("at most {} %: {}", number(self.most), number(most)));
        }
        self.take_for_lateness(&mut account, lateness);
        self.round(&mut account, most);
        account
    }

    fn weigh(&self, account: &mut Account, checks: &[CheckResult]) {
        let (earned, possible) = self.weights.weigh(checks);
        account.possible = possible;
        account.step(earned, format!("{}: {} of {}", self.weights.spoken(checks), number(earned), number(possible)));
    }

    fn take_for_lateness(&self, account: &mut Account, lateness: &Lateness) {
        let (Some(due), Lateness::Late { handed_in: Some(handed_in), due: until, seconds, closed, .. }) =
            (&self.due, lateness)
        else {
            return;
        };
        let late = format!("late by {} (due {})", calendar::spoken(*seconds), calendar::shown(*until, &due.zone));
        if *closed {
            return account.step(0.0, format!("{late}, after the last day on which anything counts: 0"));
        }
        let before = account.points;
        let parts = self.late.iter().filter_map(|rule| rule.penalty(due, *until, *handed_in, before, account.possible));
        let (amounts, words): (Vec<f64>, Vec<String>) = parts.unzip();
        let penalty: f64 = amounts.iter().sum();
        if penalty <= 0.0 {
            return account.step(before, format!("{late}: no penalty"));
        }
        let lowest = before.min(account.possible * self.floor / 100.0);
        let after = (before - penalty).max(lowest).max(0.0);
        let sum = format!("{late}: {}; {} - {}", words.join(" + "), number(before), number(penalty));
        account.step(before - penalty, format!("{sum} = {}", number(before - penalty)));
        if after > before - penalty {
            let why =
                if lowest > 0.0 { format!("not below {} %", number(self.floor)) } else { "not below 0".to_owned() };
            account.step(after, format!("{why}: {}", number(after)));
        }
    }

    fn round(&self, account: &mut Account, most: f64) {
        let scale = 10_f64.powi(i32::try_from(self.decimals).unwrap_or(0));
        let nearest = (account.points * scale).round() / scale;
        // Never up beyond what a score may be.
        let rounded = if nearest > most { (most * scale).floor() / scale } else { nearest };
        if (rounded - account.points).abs() > 1e-9 {
            account.step(rounded, format!("rounded to {} decimals: {rounded}", self.decimals));
        }
        account.points = rounded;
        if let Some(last) = account.steps.last_mut() {
            last.points = rounded;
        }
    }
}

fn apply_by_hand(account: Option<Account>, by_hand: &ByHand) -> Option<Account> {
    let mut account = match by_hand.change {
        Change::Score(score) => {
            let mut account = account.unwrap_or(Account { points: 0.0, possible: 0.0, steps: Vec::new() });
            account.step(score, format!("by hand: {}", number(score)));
            account
        }
        Change::Adjust(points) => {
            let mut account = account?;
            let sign = if points < 0.0 { '-' } else { '+' };
            let after = (account.points + points).max(0.0);
            let sum = format!("{} {sign} {} = {}", number(account.points), number(points.abs()), number(after));
            account.step(after, format!("by hand: {sum}"));
            account
        }
    };
    if let Some(step) = account.steps.last_mut() {
        step.reason = Some(by_hand.reason.clone()).filter(|reason| !reason.is_empty());
    }
    Some(account)
}

/// What the rules can't decide.
fn open_question(lateness: &Lateness, verdict: Option<&Verdict>, has_score: bool) -> Option<String> {
    let words = match lateness {
        _ if verdict.is_none() && has_score => return None,
        _ if verdict.is_none() => return None,
        Lateness::Unknown { .. } => {
            "when it was handed in is not known, so nothing is taken for lateness: `times` in the policy can say it"
        }
        Lateness::MarkedLate { extended: true, .. } => {
            "the source says that it is late, and not whether it is within the extension: nothing is taken"
        }
        Lateness::MarkedLate { .. } => {
            "the source says that it is late, and not by how much: nothing is taken; `times` or `marked_late` in the policy can say it"
        }
        _ => return None,
    };
    Some(words.to_owned())
}

impl Weights {
    fn is_empty(&self) -> bool {
        self.own.is_empty() && self.dropped.is_empty() && self.bonus.is_empty()
    }

    fn weight(&self, id: &str, otherwise: f64) -> f64 {
        self.own.iter().find(|(own, _)| own == id).map_or(otherwise, |(_, weight)| *weight)
    }

    /// Whether a check is among those that make what is possible.
    pub(super) fn is_asked_for(&self, id: &str, weight: f64) -> bool {
        let named = |names: &[String]| names.iter().any(|name| name == id);
        !named(&self.dropped) && !named(&self.bonus) && self.weight(id, weight) > 0.0
    }

    /// Earned and possible.
    fn weigh(&self, checks: &[CheckResult]) -> (f64, f64) {
        let (mut earned, mut possible) = (0.0, 0.0);
        for check in checks.iter().filter(|check| !self.dropped.contains(&check.id) && check.weight > 0.0) {
            let weight = self.weight(&check.id, check.weight);
            earned += weight * check.earned / check.weight;
            possible += if self.bonus.contains(&check.id) { 0.0 } else { weight };
        }
        (earned, possible)
    }

    /// `a` counts 3 instead of 1, without `b`, `c` as bonus
    fn spoken(&self, checks: &[CheckResult]) -> String {
        let find = |id: &str| checks.iter().find(|check| check.id == id);
        let own = self.own.iter().filter_map(|(id, weight)| {
            let before = find(id)?.weight;
            Some(format!("`{id}` counts {} instead of {}", number(*weight), number(before)))
        });
        let dropped = self.dropped.iter().filter(|id| find(id).is_some()).map(|id| format!("without `{id}`"));
        let bonus = self.bonus.iter().filter_map(|id| Some((id, find(id)?)));
        let bonus = bonus.map(|(id, check)| {
            let weight = self.weight(id, check.weight);
            format!("`{id}` as bonus ({} of {})", number(weight * check.earned / check.weight), number(weight))
        });
        own.chain(dropped).chain(bonus).collect::<Vec<_>>().join(", ")
    }
}

impl LateRule {
    /// What it takes, and in words; nothing where it does not apply.
    fn penalty(
        &self,
        due: &Due,
        until: Timestamp,
        handed_in: Timestamp,
        earned: f64,
        possible: f64,
    ) -> Option<(f64, String)> {
        let from = calendar::later(until, self.after, &due.zone);
        if handed_in <= from {
            return None;
        }
        let units = self.per.units(due, from, handed_in);
        let (amount, whole, unit) = match self.amount {
            Amount::Points(points) => (points, 1.0, String::new()),
            Amount::PercentOfPossible(percent) => (percent, possible / 100.0, format!(" % of {}", number(possible))),
            Amount::PercentOfEarned(percent) => (percent, earned / 100.0, format!(" % of {}", number(earned))),
        };
        #[expect(clippy::cast_precision_loss, reason = "at most MOST_UNITS")]
        let wanted = units as f64 * amount;
        let counted = self.at_most.map_or(wanted, |most| wanted.min(most));
        let cap = if counted < wanted { format!(", at most {}{unit}", number(counted)) } else { String::new() };
        let times = match self.per {
            Per::Once => String::new(),
            Per::Day { .. } => format!("{units} {} x ", if units == 1 { "day" } else { "days" }),
            Per::Hour { .. } => format!("{units} {} x ", if units == 1 { "hour" } else { "hours" }),
        };
        let penalty = counted * whole;
        Some((penalty, format!("{times}{}{unit}{cap} = {}", number(amount), number(penalty))))
    }
}

impl Per {
    /// Days or hours from one moment to a later one.
    fn units(self, due: &Due, from: Timestamp, to: Timestamp) -> i64 {
        let (length, begun): (fn(i64) -> Span, bool) = match self {
            Self::Once => return 1,
            Self::Day { begun } => (|days| Span::new().days(days), begun),
            Self::Hour { begun } => (|hours| Span::new().hours(hours), begun),
        };
        // The first unit that does not end before `to`; days have 23 to 25 hours.
        let ends_before = |units: i64| calendar::later(from, length(units), &due.zone) < to;
        let (mut low, mut high) = (0, MOST_UNITS);
        while low < high {
            let middle = i64::midpoint(low, high);
            if ends_before(middle) { low = middle + 1 } else { high = middle }
        }
        let is_exact = calendar::later(from, length(low), &due.zone) == to;
        if begun || is_exact { low } else { (low - 1).max(0) }
    }
}
