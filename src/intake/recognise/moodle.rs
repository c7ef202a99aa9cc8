//! Moodle's "Download all submissions": `Ada Lovelace_123_assignsubmission_file_/decorators.py`, or flat with the file in the name. Named by
//! `mod/assign/classes/downloader.php` of Moodle.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;

use super::groups::Group;
use super::{Handin, Identity, distinct, passed_over, strangers};
use crate::intake::tree::{Seen, joined};
use crate::store::Origin;

static NAME: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^(?P<name>.+)_(?P<participant>\d+)_assignsubmission_(?:file|onlinetext)_?(?P<file>.*)$").ok()
});

struct Part<'g> {
    group: &'g Group,
    name: &'g str,
    participant: &'g str,
    /// Of a flat download; else empty.
    file: &'g str,
}

/// `None` when fewer than half of the names are Moodle's.
pub(super) fn handins(way: &str, groups: &[Group]) -> Option<(Vec<Handin>, Vec<String>)> {
    let parts: Vec<Part<'_>> = groups.iter().filter_map(part).collect();
    if parts.is_empty() || parts.len() * 2 < groups.len() {
        return None;
    }
    let strange: Vec<&str> =
        groups.iter().filter(|group| part(group).is_none()).map(|group| group.name.as_str()).collect();
    let key = distinct(parts.iter().map(|part| (part.name, part.participant)));
    let mut by_learner: BTreeMap<String, Vec<&Part<'_>>> = BTreeMap::new();
    for part in &parts {
        by_learner.entry(key(part.name, part.participant)).or_default().push(part);
    }
    let handins = by_learner.iter().map(|(key, parts)| handin(way, key, parts)).collect();
    Some((handins, strangers(&strange)))
}

fn part(group: &Group) -> Option<Part<'_>> {
    let captures = NAME.as_ref()?.captures(&group.name)?;
    Some(Part {
        group,
        name: captures.name("name").map_or("", |found| found.as_str()),
        participant: captures.name("participant").map_or("", |found| found.as_str()),
        file: captures.name("file").map_or("", |found| found.as_str()),
    })
}

/// A learner's files and their text in the browser come as two folders.
fn handin(way: &str, key: &str, parts: &[&Part<'_>]) -> Handin {
    let (mut files, mut others, mut skipped) = (Vec::new(), Vec::new(), Vec::new());
    for part in parts {
        let inside = |path: &str| match part.file {
            "" => path.to_owned(),
            file if path == part.group.name => file.to_owned(),
            file => joined(file, path),
        };
        files.extend(part.group.files.iter().map(|seen| Seen { path: inside(&seen.path), what: seen.what.clone() }));
        others.extend(part.group.others.iter().map(|path| inside(path)));
        skipped.extend(part.group.skipped.iter().map(|(path, why)| (inside(path), why.clone())));
    }
    let names: Vec<String> = parts.iter().map(|part| joined(way, &part.group.name)).collect();
    let (name, participant) = parts.first().map_or(("", ""), |part| (part.name, part.participant));
    Handin {
        learners: vec![
            Identity { name: Some(name.to_owned()), ..Identity::named(key) }.with("participant", participant),
        ],
        inside: names.join(", "),
        origin: Origin::Moodle,
        late: None,
        submitted_at: None,
        files,
        others,
        notes: passed_over(&skipped),
    }
}
