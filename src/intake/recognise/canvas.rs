//! Canvas' "Download submissions": `lovelaceada_LATE_123_4567_decorators-1.py`, flat. Named by `lib/content_zipper.rb` of Canvas:
//! sortable name without non-word characters, lateness, user, attachment, file.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;

use super::groups::Group;
use super::{Handin, Identity, distinct, passed_over, strangers};
use crate::intake::names::archive_stem;
use crate::intake::tree::{Seen, joined};
use crate::store::Origin;

static NAME: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^(?P<name>.+?)_(?:(?P<late>LATE)_)?(?P<uid>\d+)_(?P<attachment>\d+)_(?P<file>.+)$").ok()
});

/// One uploaded file.
struct Upload<'g> {
    group: &'g Group,
    name: &'g str,
    uid: &'g str,
    late: bool,
    /// Without the number that Canvas adds when a file of the same name is handed in again.
    file: String,
    /// That number, and then the attachment: later is larger.
    order: (u64, u64),
}

/// `None` when fewer than half of the names are Canvas'.
pub(super) fn handins(way: &str, groups: &[Group]) -> Option<(Vec<Handin>, Vec<String>)> {
    let uploads: Vec<Upload<'_>> = groups.iter().filter_map(upload).collect();
    if uploads.is_empty() || uploads.len() * 2 < groups.len() {
        return None;
    }
    let strange: Vec<&str> =
        groups.iter().filter(|group| upload(group).is_none()).map(|group| group.name.as_str()).collect();
    let key = distinct(uploads.iter().map(|upload| (upload.name, upload.uid)));
    let mut by_learner: BTreeMap<String, Vec<&Upload<'_>>> = BTreeMap::new();
    for upload in &uploads {
        by_learner.entry(key(upload.name, upload.uid)).or_default().push(upload);
    }
    let handins = by_learner.into_iter().flat_map(|(key, uploads)| of_learner(way, &key, uploads)).collect();
    Some((handins, strangers(&strange)))
}

fn upload(group: &Group) -> Option<Upload<'_>> {
    let captures = NAME.as_ref()?.captures(&group.name)?;
    let part = |name| captures.name(name).map_or("", |found| found.as_str());
    let (file, number) = resubmission(part("file"));
    let attachment = part("attachment").parse().unwrap_or(u64::MAX);
    Some(Upload {
        group,
        name: captures.name("name").map_or("", |found| found.as_str()),
        uid: captures.name("uid").map_or("", |found| found.as_str()),
        late: captures.name("late").is_some(),
        file,
        order: (number, attachment),
    })
}

/// `decorators-2.py` is the third upload of `decorators.py`.
fn resubmission(file: &str) -> (String, u64) {
    let stem = archive_stem(file).or_else(|| file.rsplit_once('.').map(|(stem, _)| stem)).unwrap_or(file);
    let end = &file[stem.len()..];
    match stem.rsplit_once('-').and_then(|(before, number)| Some((before, number.parse().ok()?))) {
        Some((before, number)) if !before.is_empty() => (format!("{before}{end}"), number),
        _ => (file.to_owned(), 0),
    }
}

/// The n-th uploads of every file are the n-th attempt; a file that was not uploaded as often goes on as it was.
fn of_learner(way: &str, key: &str, mut uploads: Vec<&Upload<'_>>) -> Vec<Handin> {
    uploads.sort_by_key(|upload| upload.order);
    let mut by_file: BTreeMap<&str, Vec<&Upload<'_>>> = BTreeMap::new();
    for upload in uploads {
        by_file.entry(&upload.file).or_default().push(upload);
    }
    let attempts = by_file.values().map(Vec::len).max().unwrap_or(0);
    (0..attempts)
        .map(|attempt| {
            let chosen: Vec<_> =
                by_file.values().filter_map(|uploads| uploads.get(attempt).or_else(|| uploads.last())).collect();
            handin(way, key, &chosen)
        })
        .collect()
}

fn handin(way: &str, key: &str, uploads: &[&&Upload<'_>]) -> Handin {
    let (mut files, mut others, mut skipped) = (Vec::new(), Vec::new(), Vec::new());
    for upload in uploads {
        let inside = |path: &str| {
            if path == upload.group.name { upload.file.clone() } else { joined(&upload.file, path) }
        };
        files.extend(upload.group.files.iter().map(|seen| Seen { path: inside(&seen.path), what: seen.what.clone() }));
        others.extend(upload.group.others.iter().map(|path| inside(path)));
        skipped.extend(upload.group.skipped.iter().map(|(path, why)| (inside(path), why.clone())));
    }
    let names: Vec<String> = uploads.iter().map(|upload| joined(way, &upload.group.name)).collect();
    let (name, uid) = uploads.first().map_or(("", ""), |upload| (upload.name, upload.uid));
    Handin {
        learners: vec![Identity { name: Some(name.to_owned()), ..Identity::named(key) }.with("uid", uid)],
        inside: names.join(", "),
        origin: Origin::Canvas,
        late: Some(uploads.iter().any(|upload| upload.late)),
        submitted_at: None,
        files,
        others,
        notes: passed_over(&skipped),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_before_the_ending_is_canvas_own() {
        assert_eq!(resubmission("decorators-1.py"), ("decorators.py".to_owned(), 1));
        assert_eq!(resubmission("homework-12.tar.gz"), ("homework.tar.gz".to_owned(), 12));
        assert_eq!(resubmission("two-words.py"), ("two-words.py".to_owned(), 0));
        assert_eq!(resubmission("-1.py"), ("-1.py".to_owned(), 0));
    }
}
