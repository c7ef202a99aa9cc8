//! What an instructor grants to, or knows of, single learners: extensions, times, scores given by hand. Each is a table.

use std::collections::HashMap;
use std::path::Path;

use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

use super::Note;
use crate::calendar;
use crate::document::{Row, Table};
use crate::error::Result;
use crate::store::Learner;
use crate::suggest::did_you_mean;

/// By the learner's id in the run.
#[derive(Clone, Debug, Default)]
pub(super) struct People {
    extensions: HashMap<i64, Extension>,
    times: HashMap<i64, Timestamp>,
    by_hand: HashMap<i64, ByHand>,
}

/// A later due date.
#[derive(Clone, Copy, Debug)]
pub(super) enum Extension {
    Until(Timestamp),
    By(Span),
}

/// What a person decided.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ByHand {
    pub(super) change: Change,
    pub(super) reason: String,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Change {
    /// It is this, whatever all rules say.
    Score(f64),
    /// So many points more, or less, than all rules come to.
    Adjust(f64),
}

impl People {
    pub(super) fn extension(&self, learner: &Learner) -> Option<&Extension> {
        self.extensions.get(&learner.id)
    }

    pub(super) fn time(&self, learner: &Learner) -> Option<Timestamp> {
        self.times.get(&learner.id).copied()
    }

    pub(super) fn by_hand(&self, learner: &Learner) -> Option<&ByHand> {
        self.by_hand.get(&learner.id)
    }

    /// Columns `learner`, `due` (a date) or `by` (a length of time), `reason`.
    pub(super) fn read_extensions(
        &mut self,
        file: &Path,
        zone: Option<&TimeZone>,
        known: &mut Known<'_>,
    ) -> Result<()> {
        let table = Table::open(file, &["learner"], &["due", "by", "reason"])?;
        let mut found = Found::new(file, known);
        for row in table.rows() {
            let extension = match (row.cell("due"), row.cell("by")) {
                (Some(due), None) => expect(&row, "due", calendar::deadline(due, zone), DATE).map(Extension::Until),
                (None, Some(by)) => expect(&row, "by", calendar::length(by), LENGTH).map(Extension::By),
                (Some(_), Some(_)) => refuse(&row, "by", "give `due` or `by`, not both"),
                (None, None) => refuse(&row, "due", "neither `due` nor `by` says how long the extension is"),
            };
            found.add(&row, extension);
        }
        self.extensions = found.finish(&table)?;
        Ok(())
    }

    /// Columns `learner`, `handed_in` (a date and time).
    pub(super) fn read_times(&mut self, file: &Path, zone: Option<&TimeZone>, known: &mut Known<'_>) -> Result<()> {
        let table = Table::open(file, &["learner", "handed_in"], &[])?;
        let mut found = Found::new(file, known);
        for row in table.rows() {
            // Empty: not known, as without a row.
            let Some(text) = row.cell("handed_in") else { continue };
            found.add(&row, expect(&row, "handed_in", calendar::moment(text, zone), TIME));
        }
        self.times = found.finish(&table)?;
        Ok(())
    }

    /// Columns `learner`, `score` or `adjustment`, `reason`.
    pub(super) fn read_by_hand(&mut self, file: &Path, known: &mut Known<'_>) -> Result<()> {
        let table = Table::open(file, &["learner"], &["score", "adjustment", "reason"])?;
        let mut found = Found::new(file, known);
        for row in table.rows() {
            let change = match (row.cell("score"), row.cell("adjustment")) {
                (Some(score), None) => {
                    expect(&row, "score", number(score).filter(|score| *score >= 0.0), POINTS).map(Change::Score)
                }
                (None, Some(points)) => expect(&row, "adjustment", number(points), CHANGE).map(Change::Adjust),
                (Some(_), Some(_)) => refuse(&row, "adjustment", "give `score` or `adjustment`, not both"),
                // A column that a person has yet to fill in.
                (None, None) => continue,
            };
            let reason = row.cell("reason").unwrap_or_default().to_owned();
            found.add(&row, change.map(|change| ByHand { change, reason }));
        }
        self.by_hand = found.finish(&table)?;
        Ok(())
    }
}

const DATE: &str = "is no date as `2026-03-08` or `2026-03-08 23:59`";
const TIME: &str = "is no date and time as `2026-03-08 23:59` or `2026-03-08T23:59:00+01:00`";
const LENGTH: &str = "is no length of time as `2 days` or `36 h`";
const POINTS: &str = "is no number of points";
const CHANGE: &str = "is no number of points as `2` or `-0.5`";

/// With a comma or a point, as sheets write them.
fn number(text: &str) -> Option<f64> {
    text.replace(',', ".").parse().ok().filter(|number: &f64| number.is_finite())
}

fn expect<T>(row: &Row<'_>, header: &'static str, value: Option<T>, otherwise: &str) -> Option<T> {
    if value.is_none() {
        row.mistake(header, format!("`{}` {otherwise}", row.cell(header).unwrap_or_default()), None);
    }
    value
}

fn refuse<T>(row: &Row<'_>, header: &'static str, what: &str) -> Option<T> {
    row.mistake(header, what, None);
    None
}

/// The learners of a run by all that they are called, and what was said about others.
#[derive(Debug)]
pub(super) struct Known<'l> {
    /// `None`: several are called so.
    names: HashMap<String, Option<i64>>,
    keys: Vec<&'l str>,
    pub(super) notes: Vec<Note>,
}

impl<'l> Known<'l> {
    pub(super) fn new(learners: &'l [Learner]) -> Self {
        let mut names: HashMap<String, Option<i64>> = HashMap::new();
        for learner in learners {
            for name in [&learner.email, &learner.name].into_iter().flatten().chain(learner.details.values()) {
                let known = names.entry(name.to_lowercase()).or_insert(Some(learner.id));
                if *known != Some(learner.id) {
                    *known = None;
                }
            }
        }
        // A key is nobody else's, whatever others are called.
        names.extend(learners.iter().map(|learner| (learner.key.to_lowercase(), Some(learner.id))));
        Self { names, keys: learners.iter().map(|learner| learner.key.as_str()).collect(), notes: Vec::new() }
    }

    fn find(&self, name: &str) -> Option<i64> {
        self.names.get(&name.to_lowercase()).copied().flatten()
    }
}

/// What a table says, by the learner's id.
struct Found<'k, 'l, T> {
    file: &'k Path,
    known: &'k mut Known<'l>,
    /// With the line.
    values: HashMap<i64, (usize, T)>,
}

impl<'k, 'l, T> Found<'k, 'l, T> {
    fn new(file: &'k Path, known: &'k mut Known<'l>) -> Self {
        Self { file, known, values: HashMap::new() }
    }

    fn add(&mut self, row: &Row<'_>, value: Option<T>) {
        let Some(name) = row.cell("learner") else {
            return row.mistake("learner", "this row does not say who is meant", None);
        };
        let Some(value) = value else { return };
        let Some(id) = self.known.find(name) else {
            // The table of a whole course may name learners who are not in this run.
            let near = did_you_mean(name, self.known.keys.iter().copied())
                .map_or_else(String::new, |near| format!("; {near}"));
            let text = format!("{}, line {}: `{name}` is nobody in this run{near}", self.file.display(), row.line());
            return self.known.notes.push(Note(text));
        };
        if let Some((line, _)) = self.values.get(&id) {
            return row.mistake("learner", format!("`{name}` is on line {line} already"), None);
        }
        self.values.insert(id, (row.line(), value));
    }

    fn finish(self, table: &Table) -> Result<HashMap<i64, T>> {
        table.check()?;
        Ok(self.values.into_iter().map(|(id, (_, value))| (id, value)).collect())
    }
}
