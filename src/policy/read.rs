//! Reads the rules (docs/policies.md) strictly.

use std::path::{Path, PathBuf};

use jiff::tz::{self, TimeZone};
use jiff::{Span, Timestamp};
use toml::Spanned;

use super::people::{Known, People};
use super::{Amount, Due, LateRule, Note, Per, Policy, Weights};
use crate::calendar;
use crate::document::{Document, Section};
use crate::error::{Blame, Fault, Result};
use crate::store::Learner;

const KEYS: &[&str] = &[
    "due",
    "zone",
    "grace",
    "closes",
    "marked_late",
    "extensions",
    "times",
    "manual",
    "late",
    "floor",
    "weights",
    "drop",
    "bonus",
    "most",
    "decimals",
];
const LATE_KEYS: &[&str] = &["percent", "of", "points", "per", "count", "after", "at_most"];

const HUNDRED: f64 = 100.0;
const DECIMALS: u32 = 2;
const MOST_DECIMALS: i64 = 6;

/// The tables that the rules name.
#[derive(Default)]
struct Tables {
    extensions: Option<PathBuf>,
    times: Option<PathBuf>,
    manual: Option<PathBuf>,
}

pub(super) fn open(file: &Path, checks: &[(String, f64)], learners: &[Learner]) -> Result<(Policy, Vec<Note>)> {
    if !file.is_file() {
        return Err(Fault::usage(format!("there is no file `{}`", file.display())));
    }
    let document = Document::open(file, Blame::Usage)?;
    let folder = file.parent().unwrap_or(Path::new(""));
    let (mut policy, zone, tables) = document.read(KEYS, |root| read(root, folder, checks))?;
    let mut known = Known::new(learners);
    let mut faults = Vec::new();
    let mut people = People::default();
    let mut take = |read: Result<()>| faults.extend(read.err());
    if let Some(table) = &tables.extensions {
        take(people.read_extensions(table, zone.as_ref(), &mut known));
    }
    if let Some(table) = &tables.times {
        take(people.read_times(table, zone.as_ref(), &mut known));
    }
    if let Some(table) = &tables.manual {
        take(people.read_by_hand(table, &mut known));
    }
    Fault::join(faults).map_or(Ok(()), Err)?;
    policy.people = people;
    Ok((policy, known.notes))
}

/// Reads every part before giving up on one, so that no mistake hides another.
fn read(root: &Section, folder: &Path, checks: &[(String, f64)]) -> Option<(Policy, Option<TimeZone>, Tables)> {
    let zone = read_zone(root);
    let zone_is_right = zone.is_some() || !root.has("zone");
    let due = read_due(root, zone.as_ref(), zone_is_right);
    let late = read_late(root);
    let weights = read_weights(root, checks);
    let percent = |key, otherwise| match root.number(key) {
        Some(number) if *number.get_ref() < 0.0 => {
            root.mistake(number.span(), format!("`{key}` is a percentage, and can't be less than 0"));
            otherwise
        }
        Some(number) => number.into_inner(),
        None => otherwise,
    };
    let (floor, most) = (percent("floor", 0.0), percent("most", HUNDRED));
    let tables = Tables {
        extensions: read_table(root, "extensions", folder),
        times: read_table(root, "times", folder),
        manual: read_table(root, "manual", folder),
    };
    let decimals = read_decimals(root);
    let policy = Policy { due: due?, weights, late, floor, most, decimals, people: People::default() };
    Some((policy, zone, tables))
}

fn read_zone(root: &Section) -> Option<TimeZone> {
    let name = root.text("zone")?;
    let zone = TimeZone::get(name.get_ref()).ok();
    if zone.is_none() {
        let known: Vec<_> = tz::db().available().map(|name| name.to_string()).collect();
        let what = format!("`{}` is no time zone as `Europe/Berlin`", name.get_ref());
        root.unknown(name.span(), what, name.get_ref(), known.iter().map(String::as_str));
    }
    zone
}

/// The outer nothing: there are mistakes; the inner: nothing is said about dates.
#[expect(clippy::option_option, reason = "a mistake, and nothing to read, are two things")]
fn read_due(root: &Section, zone: Option<&TimeZone>, zone_is_right: bool) -> Option<Option<Due>> {
    let read = |key| read_moment(root, key, zone, zone_is_right);
    let (at, closes) = (read("due"), read("closes"));
    let (grace, marked_late) = (read_length(root, "grace"), read_length(root, "marked_late"));
    if !root.has("due") {
        let needing = ["grace", "closes", "marked_late", "extensions", "times", "late"];
        for key in needing.into_iter().filter(|key| root.has(key)) {
            root.mistake(root.span_of(key), format!("`{key}` says nothing without `due`"));
        }
        return Some(None);
    }
    let at = at?;
    if closes.is_some_and(|closes| closes < at) {
        root.mistake(root.span_of("closes"), "`closes` comes before `due`");
    }
    Some(Some(Due {
        at,
        zone: zone.cloned().unwrap_or(TimeZone::UTC),
        grace: grace.unwrap_or_default(),
        closes,
        marked_late,
    }))
}

fn read_moment(root: &Section, key: &str, zone: Option<&TimeZone>, zone_is_right: bool) -> Option<Timestamp> {
    let text = root.date(key)?;
    let moment = calendar::deadline(text.get_ref(), zone);
    if moment.is_none() && calendar::deadline(text.get_ref(), Some(&TimeZone::UTC)).is_some() {
        // A wrong zone is told where it stands.
        if zone_is_right {
            let what = format!("`{key}` does not say in which time zone: give `zone`, as \"Europe/Berlin\"");
            root.mistake(text.span(), what);
        }
    } else if moment.is_none() {
        root.mistake(text.span(), format!("`{key}` must be a date and time, as 2026-03-01T23:59:00"));
    }
    moment
}

fn read_length(section: &Section, key: &str) -> Option<Span> {
    let text = section.text(key)?;
    let length = calendar::length(text.get_ref());
    if length.is_none() {
        section.mistake(text.span(), format!("`{key}` must be a length of time, as \"15 min\" or \"2 days\""));
    }
    length
}

fn read_late(root: &Section) -> Vec<LateRule> {
    root.sections("late", LATE_KEYS).iter().filter_map(read_rule).collect()
}

fn read_rule(section: &Section) -> Option<LateRule> {
    let positive = |key| {
        let number = section.number(key)?;
        if *number.get_ref() < 0.0 {
            section.mistake(number.span(), format!("`{key}` can't be less than 0: a penalty takes points away"));
        }
        Some(number.into_inner())
    };
    let (percent, points) = (positive("percent"), positive("points"));
    let of = read_word(section, "of", &["possible", "earned"]);
    let per = read_word(section, "per", &["once", "day", "hour"]);
    let count = read_word(section, "count", &["begun", "whole"]);
    let at_most = positive("at_most");
    let after = read_length(section, "after").unwrap_or_default();
    if points.is_some() && section.has("of") {
        section.mistake(section.span_of("of"), "`of` belongs to `percent`");
    }
    if section.has("count") && matches!(per, None | Some("once")) {
        section.mistake(section.span_of("count"), "`count` belongs to `per = \"day\"` or `per = \"hour\"`");
    }
    let begun = count != Some("whole");
    let per = match per {
        Some("day") => Per::Day { begun },
        Some("hour") => Per::Hour { begun },
        _ => Per::Once,
    };
    let amount = match (percent, points) {
        (Some(percent), None) if of == Some("earned") => Amount::PercentOfEarned(percent),
        (Some(percent), None) => Amount::PercentOfPossible(percent),
        (None, Some(points)) => Amount::Points(points),
        (Some(_), Some(_)) => {
            section.mistake(section.span_of("points"), "give `percent` or `points`, not both");
            return None;
        }
        (None, None) => {
            if !section.has("percent") && !section.has("points") {
                section.missing("percent");
            }
            return None;
        }
    };
    Some(LateRule { amount, per, after, at_most })
}

fn read_word(section: &Section, key: &str, known: &[&'static str]) -> Option<&'static str> {
    let text = section.text(key)?;
    let found = known.iter().find(|known| **known == text.get_ref().as_str()).copied();
    if found.is_none() {
        let what = format!("`{key}` must be one of {}", known.join(", "));
        section.unknown(text.span(), what, text.get_ref(), known.iter().copied());
    }
    found
}

fn read_weights(root: &Section, checks: &[(String, f64)]) -> Weights {
    let known = |name: &Spanned<String>| {
        // Before anything is graded nobody knows the checks.
        let is_known = checks.is_empty() || checks.iter().any(|(id, _)| id == name.get_ref());
        if !is_known {
            let what = format!("`{}` is no check of this run", name.get_ref());
            root.unknown(name.span(), what, name.get_ref(), checks.iter().map(|(id, _)| id.as_str()));
        }
    };
    let own = root.numbers("weights");
    let (dropped, bonus) = (root.texts("drop"), root.texts("bonus"));
    own.iter().map(|(name, _)| name).chain(&dropped).chain(&bonus).for_each(known);
    for (name, weight) in &own {
        if *weight.get_ref() < 0.0 {
            root.mistake(weight.span(), "a weight can't be less than 0");
        } else if checks.iter().any(|(id, worth)| id == name.get_ref() && *worth == 0.0) {
            root.mistake(
                name.span(),
                format!("a person decides about `{}`: give points for it by `manual`", name.get_ref()),
            );
        }
    }
    for name in dropped.iter().filter(|name| bonus.iter().any(|other| other.get_ref() == name.get_ref())) {
        root.mistake(name.span(), format!("`{}` is a bonus as well", name.get_ref()));
    }
    let names = |names: Vec<Spanned<String>>| names.into_iter().map(Spanned::into_inner).collect();
    let weights = Weights {
        own: own.into_iter().map(|(name, weight)| (name.into_inner(), weight.into_inner())).collect(),
        dropped: names(dropped),
        bonus: names(bonus),
    };
    if !checks.is_empty() && checks.iter().all(|(id, weight)| !weights.is_asked_for(id, *weight)) {
        root.mistake(
            root.span_of(if root.has("drop") { "drop" } else { "weights" }),
            "no check is left that gives points",
        );
    }
    weights
}

fn read_table(root: &Section, key: &str, folder: &Path) -> Option<PathBuf> {
    let name = root.text(key)?;
    let file = folder.join(name.get_ref());
    if !file.is_file() {
        root.mistake(name.span(), format!("there is no file `{}`", file.display()));
    }
    Some(file)
}

fn read_decimals(root: &Section) -> u32 {
    let Some(number) = root.integer("decimals") else { return DECIMALS };
    if !(0..=MOST_DECIMALS).contains(number.get_ref()) {
        root.mistake(number.span(), format!("`decimals` must be from 0 to {MOST_DECIMALS}"));
    }
    u32::try_from(*number.get_ref()).unwrap_or(DECIMALS)
}
