//! `--id-from REGEX`: who handed in what, told by the user.

use std::collections::BTreeMap;

use regex::Regex;

use super::{Handin, Identity, passed_over, strangers};
use crate::error::{Fault, Result};
use crate::intake::tree::{Seen, Tree};
use crate::store::Origin;

/// A regular expression that finds a learner's id at the beginning of a path.
#[derive(Clone, Debug)]
pub struct Pattern(Regex);

/// What of a path is what.
struct Match<'p> {
    id: &'p str,
    name: Option<&'p str>,
    email: Option<&'p str>,
    attempt: Option<&'p str>,
    /// When it was handed in.
    time: Option<String>,
    late: bool,
    /// The learner's own path.
    file: &'p str,
}

impl Pattern {
    /// # Errors
    /// Usage: it is no regular expression, or names no id.
    pub fn new(text: &str) -> Result<Self> {
        let anchored = format!("^(?:{text})");
        let regex = Regex::new(&anchored).map_err(|error| {
            let why = error.to_string();
            Fault::usage("the pattern of `--id-from` is no regular expression")
                .because(why.lines().last().unwrap_or(""))
        })?;
        if regex.captures_len() < 2 {
            return Err(Fault::usage("the pattern of `--id-from` has no group for the learner's id")
                .hint("put the part that is the id into `(?P<id>...)`, for example `(?P<id>[a-z]+)_[^/]*/`"));
        }
        Ok(Self(regex))
    }

    /// The pattern as it was typed.
    pub fn text(&self) -> &str {
        self.0.as_str().strip_prefix("^(?:").and_then(|text| text.strip_suffix(')')).unwrap_or_default()
    }

    pub(super) fn apply(&self, tree: Tree) -> (Vec<Handin>, Vec<String>) {
        let mut handins: BTreeMap<[String; 3], Handin> = BTreeMap::new();
        let mut strange = Vec::new();
        for seen in tree.files {
            match self.find(&seen.path) {
                Some(found) => {
                    let path = found.file.to_owned();
                    entry(&mut handins, &found, &seen.path).files.push(Seen { path, what: seen.what });
                }
                None => strange.push(seen.path),
            }
        }
        for path in &tree.others {
            if let Some(found) = self.find(path) {
                entry(&mut handins, &found, path).others.push(found.file.to_owned());
            }
        }
        let strange: Vec<&str> = strange.iter().map(String::as_str).collect();
        let mut notes = strangers(&strange);
        notes.extend(passed_over(&tree.skipped));
        (handins.into_values().collect(), notes)
    }

    fn find<'p>(&self, path: &'p str) -> Option<Match<'p>> {
        let captures = self.0.captures(path)?;
        let named = |name: &str| captures.name(name).map(|found| found.as_str()).filter(|text| !text.is_empty());
        let end = captures.get(0)?.end();
        let rest = path[end..].trim_start_matches('/');
        let rest = if rest.is_empty() { crate::intake::names::base(path) } else { rest };
        Some(Match {
            id: named("id").or_else(|| named("student_id")).or_else(|| Some(captures.get(1)?.as_str()))?,
            name: named("name"),
            email: named("email"),
            attempt: named("attempt"),
            time: named("time").map(time),
            late: named("late").is_some(),
            file: named("file").unwrap_or(rest),
        })
    }
}

/// A time as names of files have it, where `:` can't be and blanks are a nuisance: `2026-03-01_10-15-00` is `2026-03-01T10:15:00`.
fn time(text: &str) -> String {
    match text.split_once(['_', 'T', ' ']) {
        Some((date, time)) if !time.contains(':') => format!("{date}T{}", time.replace('-', ":")),
        _ => text.to_owned(),
    }
}

fn entry<'h>(handins: &'h mut BTreeMap<[String; 3], Handin>, found: &Match<'_>, path: &str) -> &'h mut Handin {
    let time = found.time.clone().unwrap_or_default();
    let key = [found.id.to_owned(), found.attempt.unwrap_or_default().to_owned(), time];
    handins.entry(key).or_insert_with(|| {
        let inside = path.strip_suffix(found.file).unwrap_or(path).trim_end_matches('/');
        Handin {
            learners: vec![Identity {
                name: found.name.map(str::to_owned),
                email: found.email.map(str::to_owned),
                ..Identity::named(found.id)
            }],
            inside: inside.to_owned(),
            origin: Origin::Pattern,
            late: found.late.then_some(true),
            submitted_at: found.time.clone(),
            files: Vec::new(),
            others: Vec::new(),
            notes: Vec::new(),
        }
    })
}
