//! Who handed in what, told by the shape of a source: bulk downloads by their names and manifests, everything else by folders.

mod canvas;
mod gradescope;
mod groups;
mod moodle;
mod pattern;
mod plain;

use std::collections::BTreeMap;

pub use pattern::Pattern;

use super::resolve::listed;
use super::tree::{Seen, Tree};
use crate::catalog::Exercise;
use crate::store::Origin;

/// What one learner, or a group of them, handed in once.
#[derive(Debug)]
pub(super) struct Handin {
    /// At least one.
    pub(super) learners: Vec<Identity>,
    /// Way inside the source, with `/`; empty when the source is the submission.
    pub(super) inside: String,
    pub(super) origin: Origin,
    pub(super) late: Option<bool>,
    pub(super) submitted_at: Option<String>,
    /// Paths are relative to what was handed in.
    pub(super) files: Vec<Seen>,
    pub(super) others: Vec<String>,
    pub(super) notes: Vec<String>,
}

/// A learner as a source calls them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Identity {
    pub(super) key: String,
    pub(super) name: Option<String>,
    pub(super) email: Option<String>,
    /// Other names of theirs: `uid`, `sid`, `participant`, `repository`.
    pub(super) details: BTreeMap<String, String>,
}

impl Identity {
    fn named(key: &str) -> Self {
        Self { key: key.to_owned(), ..Self::default() }
    }

    fn with(mut self, detail: &str, value: impl Into<String>) -> Self {
        self.details.insert(detail.to_owned(), value.into());
        self
    }
}

/// What is known of a source beside what is in it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Around<'a> {
    pub(super) exercise: &'a Exercise,
    /// The last part of its path, without what makes it an archive's.
    pub(super) stem: &'a str,
    pub(super) is_archive: bool,
    /// Whether each of the sources that were given is one learner's.
    pub(super) is_learners: bool,
    pub(super) pattern: Option<&'a Pattern>,
}

/// All submissions in a source, and what should be noted about it.
pub(super) fn recognise(tree: Tree, around: Around<'_>) -> (Vec<Handin>, Vec<String>) {
    if let Some(pattern) = around.pattern {
        return pattern.apply(tree);
    }
    if let Some((path, text)) = &tree.manifest {
        return match gradescope::read(text) {
            Ok(manifest) => gradescope::handins(&manifest, path, &tree),
            Err(why) => {
                let (handins, mut notes) = by_names(&tree, around);
                notes.push(format!("`{path}` can't be read: {why}; folders were taken for learners"));
                (handins, notes)
            }
        };
    }
    by_names(&tree, around)
}

/// Whether nothing in a source says that it holds the submissions of several.
pub(super) fn may_be_one(tree: &Tree, exercise: &Exercise, is_archive: bool) -> bool {
    let (way, groups) = groups::of(tree, is_archive);
    let is_download =
        tree.manifest.is_some() || canvas::handins(&way, &groups).is_some() || moodle::handins(&way, &groups).is_some();
    !is_download && plain::may_be_one(tree, &way, &groups, exercise)
}

fn by_names(tree: &Tree, around: Around<'_>) -> (Vec<Handin>, Vec<String>) {
    let (way, groups) = groups::of(tree, around.is_archive);
    if let Some(handins) = canvas::handins(&way, &groups) {
        return handins;
    }
    if let Some(handins) = moodle::handins(&way, &groups) {
        return handins;
    }
    plain::handins(tree, &way, groups, around)
}

/// Names that were not recognised, as a note.
fn strangers(names: &[&str]) -> Vec<String> {
    if names.is_empty() { Vec::new() } else { vec![format!("not taken for a submission: {}", listed(names))] }
}

/// What was passed over, as notes.
fn passed_over(skipped: &[(String, String)]) -> Vec<String> {
    const TOLD: usize = 5;
    let mut notes: Vec<String> =
        skipped.iter().take(TOLD).map(|(path, why)| format!("`{path}` was skipped: {why}")).collect();
    if skipped.len() > TOLD {
        notes.push(format!("{} more were skipped", skipped.len() - TOLD));
    }
    notes
}

/// Names that stand for one number each stay as they are; one that stands for several gets the number.
fn distinct<'a>(people: impl Iterator<Item = (&'a str, &'a str)>) -> impl Fn(&str, &str) -> String {
    let mut numbers: BTreeMap<String, Option<String>> = BTreeMap::new();
    for (name, number) in people {
        numbers
            .entry(name.to_owned())
            .and_modify(|known| {
                if known.as_deref() != Some(number) {
                    *known = None;
                }
            })
            .or_insert_with(|| Some(number.to_owned()));
    }
    move |name, number| match numbers.get(name) {
        Some(Some(_)) => name.to_owned(),
        _ => format!("{name}_{number}"),
    }
}
