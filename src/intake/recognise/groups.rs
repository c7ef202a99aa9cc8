//! The things at the top of a source, each with all that is in it.

use std::collections::BTreeMap;

use crate::intake::names::archive_stem;
use crate::intake::tree::{Seen, Tree, joined};

/// One thing at the top: a folder, an archive, a file.
#[derive(Clone, Debug, Default)]
pub(super) struct Group {
    pub(super) name: String,
    pub(super) is_folder: bool,
    pub(super) is_clone: bool,
    /// Paths below the group; of a file at the top, and of an archive that can't be read, its name.
    pub(super) files: Vec<Seen>,
    pub(super) others: Vec<String>,
    pub(super) skipped: Vec<(String, String)>,
}

impl Group {
    /// Whether it is one Python file, or one that the exercise names.
    pub(super) fn is_file(&self) -> bool {
        !self.is_folder && archive_stem(&self.name).is_none() && !self.files.is_empty()
    }
}

/// The groups of `tree`, by name, and the way to them: of an archive that holds nothing but one folder, its contents count.
pub(super) fn of(tree: &Tree, is_archive: bool) -> (String, Vec<Group>) {
    let way = if is_archive { only_folder(tree).unwrap_or_default() } else { String::new() };
    let mut groups: BTreeMap<&str, Group> = BTreeMap::new();
    for seen in &tree.files {
        let Some((group, rest)) = group(&mut groups, &way, &seen.path) else { continue };
        group.files.push(Seen { path: rest.to_owned(), what: seen.what.clone() });
    }
    for path in &tree.others {
        let Some((group, rest)) = group(&mut groups, &way, path) else { continue };
        group.others.push(rest.to_owned());
    }
    for (path, why) in &tree.skipped {
        // What is alone at the top of a source is nobody's.
        let Some((top, rest)) = below(&way, path).and_then(|path| path.split_once('/')) else { continue };
        if let Some(group) = groups.get_mut(top) {
            group.skipped.push((rest.to_owned(), why.clone()));
        }
    }
    for path in &tree.folders {
        if let Some(name) = below(&way, path).filter(|rest| !rest.contains('/') && !rest.is_empty()) {
            let group = groups.entry(name).or_default();
            group.is_folder = true;
        }
    }
    for (name, group) in &mut groups {
        (*name).clone_into(&mut group.name);
        group.is_clone = tree.clones.contains(&joined(&way, name));
    }
    (way, groups.into_values().collect())
}

fn group<'g, 't>(
    groups: &'g mut BTreeMap<&'t str, Group>,
    way: &str,
    path: &'t str,
) -> Option<(&'g mut Group, &'t str)> {
    let path = below(way, path)?;
    let (top, rest) = path.split_once('/').unwrap_or((path, path));
    let group = groups.entry(top).or_default();
    group.is_folder |= path.contains('/') && archive_stem(top).is_none();
    Some((group, rest))
}

/// What was passed over at the top of a source, and so belongs to nobody.
pub(super) fn nobodys(tree: &Tree, way: &str) -> Vec<(String, String)> {
    let is_nobodys = |path: &str| below(way, path).is_none_or(|rest| !rest.contains('/'));
    tree.skipped.iter().filter(|(path, _)| is_nobodys(path)).cloned().collect()
}

fn below<'t>(way: &str, path: &'t str) -> Option<&'t str> {
    if way.is_empty() { Some(path) } else { path.strip_prefix(way)?.strip_prefix('/') }
}

/// The one folder that everything is in.
fn only_folder(tree: &Tree) -> Option<String> {
    let paths = tree.files.iter().map(|seen| &seen.path).chain(&tree.others);
    let mut only = None;
    for path in paths {
        let (top, _) = path.split_once('/')?;
        if archive_stem(top).is_some() || only.is_some_and(|only| only != top) {
            return None;
        }
        only = Some(top);
    }
    only.map(str::to_owned)
}
