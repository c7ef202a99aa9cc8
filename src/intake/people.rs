//! Whose each submission is, which attempts count, who is missing.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::recognise::Identity;
use super::roster::Roster;
use super::{Attempts, Decided};
use crate::calendar;
use crate::environment::Interrupt;
use crate::error::Result;
use crate::store::{Intake, NewLearner, NewSubmission, Origin};

/// A submission whose learners are not matched yet.
#[derive(Debug)]
pub(super) struct Arrived {
    pub(super) learners: Vec<Identity>,
    pub(super) source: String,
    pub(super) origin: Origin,
    pub(super) late: Option<bool>,
    pub(super) submitted_at: Option<String>,
    pub(super) files: Decided,
    pub(super) hash: String,
    pub(super) notes: Vec<String>,
}

/// What was taken in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Submissions by where they were recognised.
    pub origins: Vec<(Origin, usize)>,
    /// Ids of the submissions that count, in the order of the sources.
    pub selected: Vec<i64>,
    pub learners: usize,
    /// Of the selected submissions that can be run: their hashes, each once.
    pub hashes: BTreeSet<String>,
    /// Attempts that a later one counts instead of.
    pub superseded: usize,
    pub late: usize,
    /// On the roster, and handed nothing in.
    pub missing: Vec<String>,
    /// Handed in, and not on the roster; with the source.
    pub unknown: Vec<(String, String)>,
    /// Learners with several submissions, and how many.
    pub repeated: Vec<(String, usize)>,
    /// About sources and the roster.
    pub notes: Vec<(String, String)>,
    /// Learner and why nothing of theirs can be run.
    pub problems: Vec<(String, String)>,
}

/// Everybody who handed in so far.
#[derive(Debug)]
pub(super) struct People {
    roster: Option<Roster>,
    attempts: Attempts,
    arrived: Vec<Arrived>,
    notes: Vec<(String, String)>,
}

/// A learner under the key that they will have.
type Known = BTreeMap<String, NewLearner>;

impl People {
    pub(super) fn new(roster: Option<Roster>, attempts: Attempts) -> Self {
        let notes = roster.iter().flat_map(|roster| &roster.notes).map(|note| ("the roster".to_owned(), note.clone()));
        Self { notes: notes.collect(), roster, attempts, arrived: Vec::new() }
    }

    pub(super) fn arrive(&mut self, arrived: Arrived) {
        self.arrived.push(arrived);
    }

    pub(super) fn note(&mut self, source: &str, text: &str) {
        self.notes.push((source.to_owned(), text.to_owned()));
    }

    /// Matches learners, numbers attempts, and puts all of it into the run.
    pub(super) fn settle(mut self, intake: &Intake<'_>, interrupt: &Interrupt) -> Result<Summary> {
        let mut known = self.on_roster();
        let mut summary = Summary { missing: known.keys().cloned().collect(), ..Summary::default() };
        let keys: Vec<Vec<String>> =
            self.arrived.iter().map(|arrived| self.match_all(arrived, &mut known, &mut summary)).collect();
        summary.missing.retain(|key| keys.iter().flatten().all(|handed| handed != key));
        let mut ids = HashMap::new();
        for (key, learner) in &known {
            ids.insert(key.as_str(), intake.learner(learner)?);
        }
        let attempts = numbered(&self.arrived, &keys);
        let last = last_of(&keys, &attempts);
        for ((arrived, keys), attempt) in std::mem::take(&mut self.arrived).into_iter().zip(&keys).zip(attempts) {
            interrupt.check()?;
            let selected = self.attempts == Attempts::All || last[keys] == attempt;
            summary.count(&arrived, keys, selected);
            let learners = keys.iter().filter_map(|key| ids.get(key.as_str()).copied()).collect();
            let id = intake.submission(&new_submission(arrived, learners, attempt, selected))?;
            if selected {
                summary.selected.push(id);
            }
        }
        for (source, text) in &self.notes {
            intake.note(None, source, text)?;
        }
        summary.learners = known.len();
        summary.repeated = repeated(&keys);
        summary.notes = self.notes;
        Ok(summary)
    }

    fn on_roster(&self) -> Known {
        let entries = self.roster.iter().flat_map(|roster| &roster.entries);
        let learner = |entry: &super::roster::Entry| NewLearner {
            key: entry.key.clone(),
            name: entry.name.clone(),
            email: entry.email.clone(),
            section: entry.section.clone(),
            on_roster: Some(true),
            details: entry.details.clone(),
        };
        entries.map(|entry| (entry.key.clone(), learner(entry))).collect()
    }

    /// The keys of a submission's learners, each once; those whom the roster does not have become known under their own.
    fn match_all(&self, arrived: &Arrived, known: &mut Known, summary: &mut Summary) -> Vec<String> {
        let mut keys: Vec<String> = Vec::new();
        for identity in &arrived.learners {
            let key = match self.roster.as_ref().and_then(|roster| Some(&roster.entries[roster.find(identity)?])) {
                Some(entry) => entry.key.clone(),
                None => self.stranger(identity, &arrived.source, known, summary),
            };
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
        keys.sort();
        keys
    }

    fn stranger(&self, identity: &Identity, source: &str, known: &mut Known, summary: &mut Summary) -> String {
        let key = identity.key.clone();
        if self.roster.is_some() && summary.unknown.iter().all(|(unknown, _)| *unknown != key) {
            summary.unknown.push((key.clone(), source.to_owned()));
        }
        known.entry(key.clone()).or_insert_with(|| NewLearner {
            key: key.clone(),
            name: identity.name.clone(),
            email: identity.email.clone(),
            section: None,
            on_roster: self.roster.as_ref().map(|_| false),
            details: identity.details.clone(),
        });
        key
    }
}

/// The attempt that each submission is: by the time it was handed in where all of one learner's tell it in a way that can be compared, else in the order of the sources.
fn numbered(arrived: &[Arrived], keys: &[Vec<String>]) -> Vec<u32> {
    let mut by_learner: BTreeMap<&[String], Vec<usize>> = BTreeMap::new();
    for (place, keys) in keys.iter().enumerate() {
        by_learner.entry(keys).or_default().push(place);
    }
    let mut attempts = vec![1; arrived.len()];
    for places in by_learner.values_mut() {
        let texts: Option<Vec<&str>> = places.iter().map(|place| arrived[*place].submitted_at.as_deref()).collect();
        if let Some(times) = texts.as_deref().and_then(times) {
            let mut timed: Vec<(Timestamp, usize)> = times.into_iter().zip(places.iter().copied()).collect();
            timed.sort_by_key(|(time, _)| *time);
            *places = timed.into_iter().map(|(_, place)| place).collect();
        }
        for (number, place) in (1..).zip(places.iter()) {
            attempts[*place] = number;
        }
    }
    attempts
}

/// Times that can be compared: all with an offset, or all by the same clock on the wall. A mixture of both can't be ordered without guessing a zone.
fn times(texts: &[&str]) -> Option<Vec<Timestamp>> {
    let in_zone = |zone: Option<&TimeZone>| texts.iter().map(|text| calendar::moment(text, zone)).collect();
    let has_offset = |text: &&str| calendar::moment(text, None).is_some();
    match texts.iter().filter(|text| has_offset(text)).count() {
        0 => in_zone(Some(&TimeZone::UTC)),
        some if some == texts.len() => in_zone(None),
        _ => None,
    }
}

fn last_of(keys: &[Vec<String>], attempts: &[u32]) -> HashMap<Vec<String>, u32> {
    let mut last = HashMap::new();
    for (keys, attempt) in keys.iter().zip(attempts) {
        let known = last.entry(keys.clone()).or_insert(*attempt);
        *known = (*known).max(*attempt);
    }
    last
}

fn repeated(keys: &[Vec<String>]) -> Vec<(String, usize)> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for key in keys.iter().flatten() {
        *counts.entry(key).or_default() += 1;
    }
    counts.into_iter().filter(|(_, count)| *count > 1).map(|(key, count)| (key.to_owned(), count)).collect()
}

fn new_submission(arrived: Arrived, learners: Vec<i64>, attempt: u32, selected: bool) -> NewSubmission {
    NewSubmission {
        learners,
        source: arrived.source,
        origin: arrived.origin,
        attempt,
        selected,
        late: arrived.late,
        submitted_at: arrived.submitted_at,
        files: arrived.files,
        hash: arrived.hash,
        notes: arrived.notes,
    }
}

impl Summary {
    fn count(&mut self, arrived: &Arrived, keys: &[String], selected: bool) {
        match self.origins.iter_mut().find(|(origin, _)| *origin == arrived.origin) {
            Some((_, count)) => *count += 1,
            None => self.origins.push((arrived.origin, 1)),
        }
        if !selected {
            self.superseded += 1;
            return;
        }
        self.late += usize::from(arrived.late == Some(true));
        if let Err(unusable) = &arrived.files {
            self.problems.push((keys.join(", "), unusable.problem.message.clone()));
        } else {
            self.hashes.insert(arrived.hash.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(texts: &[&str]) -> Option<Vec<usize>> {
        let times = times(texts)?;
        let mut order: Vec<usize> = (0..texts.len()).collect();
        order.sort_by_key(|place| times[*place]);
        Some(order)
    }

    #[test]
    fn times_of_different_zones_are_compared_as_moments() {
        // 11:00, 10:30 and 10:45 in UTC.
        let texts = ["2026-03-01 10:00:00 -0100", "2026-03-01T11:30:00+01:00", "2026-03-01 10:45:00 UTC"];
        assert_eq!(order(&texts), Some(vec![1, 2, 0]));
    }

    #[test]
    fn times_without_a_zone_are_by_one_clock_and_a_mixture_is_not_compared() {
        assert_eq!(order(&["2026-03-02 09:00", "2026-03-01 23:00"]), Some(vec![1, 0]));
        assert_eq!(order(&["2026-03-02 09:00", "2026-03-01 23:00 UTC"]), None);
        assert_eq!(order(&["yesterday", "today"]), None);
    }
}
