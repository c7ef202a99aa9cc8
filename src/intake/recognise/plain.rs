//! Folders, archives and files named after learners, and git clones named `assignment-login`.

use super::groups::{Group, nobodys};
use super::{Around, Handin, Identity, passed_over, strangers};
use crate::catalog::Exercise;
use crate::intake::names::archive_stem;
use crate::intake::resolve::folder_of;
use crate::intake::tree::{Seen, Tree, joined};
use crate::store::Origin;

/// Each group is a submission, unless the source itself is one.
pub(super) fn handins(tree: &Tree, way: &str, groups: Vec<Group>, around: Around<'_>) -> (Vec<Handin>, Vec<String>) {
    if around.is_learners || is_one(tree, way, around.exercise) {
        return (vec![whole(tree, way, around)], Vec::new());
    }
    let prefix = assignment(&groups);
    let (taken, strange): (Vec<_>, Vec<_>) = groups.into_iter().partition(is_somebodys);
    let strange: Vec<&str> = strange.iter().map(|group| group.name.as_str()).collect();
    let mut notes = strangers(&strange);
    notes.extend(passed_over(&nobodys(tree, way)));
    (taken.into_iter().map(|group| handin(way, group, &prefix, around)).collect(), notes)
}

/// Whether the source is one learner's: the exercise's first file is at its top, or where the exercise has it.
fn is_one(tree: &Tree, way: &str, exercise: &Exercise) -> bool {
    let first = exercise.files.first().map_or("", String::as_str);
    let (named, at_top) = (joined(way, &joined(&exercise.folder, first)), joined(way, first));
    tree.files.iter().any(|seen| seen.path == at_top || seen.path == named)
}

/// The same of one of several sources: that file is nowhere, or in one place only.
pub(super) fn may_be_one(tree: &Tree, way: &str, groups: &[Group], exercise: &Exercise) -> bool {
    let first = exercise.files.first().map_or("", String::as_str);
    let holding = |group: &&Group| group.files.iter().any(|seen| folder_of(&seen.path, first).is_some());
    let is_class = groups.iter().any(|group| group.is_clone) || groups.iter().filter(holding).count() > 1;
    is_one(tree, way, exercise) || !is_class
}

fn is_somebodys(group: &Group) -> bool {
    group.is_folder || archive_stem(&group.name).is_some() || group.is_file()
}

fn whole(tree: &Tree, way: &str, around: Around<'_>) -> Handin {
    let start = if way.is_empty() { String::new() } else { format!("{way}/") };
    let below = |path: &str| path.strip_prefix(&start).unwrap_or(path).to_owned();
    let is_clone = tree.clones.iter().any(|clone| clone == way);
    let skipped: Vec<_> = tree.skipped.iter().map(|(path, why)| (below(path), why.clone())).collect();
    let origin = match () {
        () if is_clone => Origin::Git,
        () if around.is_archive => Origin::Archive,
        () => Origin::Folder,
    };
    Handin {
        learners: vec![Identity::named(around.stem)],
        inside: String::new(),
        origin,
        late: None,
        submitted_at: None,
        files: tree.files.iter().map(|seen| Seen { path: below(&seen.path), what: seen.what.clone() }).collect(),
        others: tree.others.iter().map(|path| below(path)).collect(),
        notes: passed_over(&skipped),
    }
}

fn handin(way: &str, group: Group, prefix: &str, around: Around<'_>) -> Handin {
    let inside = joined(way, &group.name);
    let is_file = group.is_file();
    let stem = archive_stem(&group.name);
    let (origin, learner) = if group.is_clone {
        let repository = stem.unwrap_or(&group.name);
        let login = repository.strip_prefix(prefix).unwrap_or(repository);
        (Origin::Git, Identity::named(login).with("repository", repository))
    } else if let Some(stem) = stem {
        (Origin::Archive, Identity::named(stem))
    } else if is_file {
        (Origin::File, Identity::named(group.name.rsplit_once('.').map_or(group.name.as_str(), |(stem, _)| stem)))
    } else {
        (Origin::Folder, Identity::named(&group.name))
    };
    let mut files = group.files;
    if is_file {
        // Named after the learner, so it can't have the name that the exercise asks for.
        let first = around.exercise.files.first().cloned().unwrap_or_default();
        for seen in &mut files {
            seen.path.clone_from(&first);
        }
    }
    Handin {
        learners: vec![learner],
        inside,
        origin,
        late: None,
        submitted_at: None,
        files,
        others: group.others,
        notes: passed_over(&group.skipped),
    }
}

/// What the names of all clones begin with, up to a hyphen: `decorators-` of `decorators-ada` and `decorators-grace`.
fn assignment(groups: &[Group]) -> String {
    let mut names = groups.iter().filter(|group| group.is_clone).map(|group| group.name.as_str());
    let Some(first) = names.next() else { return String::new() };
    let mut common = first;
    let mut several = false;
    for name in names {
        several = true;
        let same = common.chars().zip(name.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum();
        common = &common[..same];
    }
    match common.rfind('-') {
        Some(at) if several => common[..=at].to_owned(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_assignment_is_what_all_clones_share() {
        let clones = |names: &[&str]| {
            let clone = |name: &&str| Group { name: (*name).to_owned(), is_clone: true, ..Group::default() };
            assignment(&names.iter().map(clone).collect::<Vec<_>>())
        };
        assert_eq!(clones(&["day4-ada", "day4-adele", "day4-grace-h"]), "day4-");
        assert_eq!(clones(&["day4-ada"]), "");
        assert_eq!(clones(&["ada", "adele"]), "");
    }
}
