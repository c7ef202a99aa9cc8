//! What the shell offers for ids: `source <(COMPLETE=bash grade)`.

use std::collections::BTreeSet;

use clap_complete::CompletionCandidate;

use crate::catalog::{Catalog, Track};
use crate::settings::{Asked, Settings};

/// Ids of exercises.
pub(super) fn ids() -> Vec<CompletionCandidate> {
    catalog().map(|catalog| ids_of(&catalog)).unwrap_or_default()
}

/// Groups and tracks.
pub(super) fn groups() -> Vec<CompletionCandidate> {
    catalog().map(|catalog| groups_of(&catalog)).unwrap_or_default()
}

/// Ids, groups and tracks.
pub(super) fn names() -> Vec<CompletionCandidate> {
    let Some(catalog) = catalog() else { return Vec::new() };
    let mut candidates = ids_of(&catalog);
    candidates.extend(groups_of(&catalog));
    candidates
}

/// A shell can't be told what is wrong in the middle of a line, so it is offered nothing then.
fn catalog() -> Option<Catalog> {
    let catalogs = std::env::var_os("GRADE_CATALOG").map(Into::into).into_iter().collect();
    Settings::resolve(Asked { catalogs, ..Asked::default() }).and_then(|settings| settings.catalog()).ok()
}

fn ids_of(catalog: &Catalog) -> Vec<CompletionCandidate> {
    let candidate = |id: &str, title: Option<String>| CompletionCandidate::new(id).help(title.map(Into::into));
    catalog
        .all()
        .map(|(id, exercise)| candidate(id.as_str(), exercise.ok().map(|exercise| exercise.title.clone())))
        .collect()
}

fn groups_of(catalog: &Catalog) -> Vec<CompletionCandidate> {
    let groups: BTreeSet<&str> = catalog.ids().map(crate::catalog::ExerciseId::group).collect();
    groups.into_iter().chain(Track::ALL.map(Track::name)).map(CompletionCandidate::new).collect()
}
