//! Finds the files of a submission that are taken by pattern, without trusting anything about the folder they are in.

use std::collections::BTreeSet;
use std::ffi::CStr;
use std::os::fd::OwnedFd;

use rustix::fs::{AtFlags, Dir, FileType, statat};

use super::reading::{Refusal, open_folder, unreadable};
use crate::catalog::{Include, in_folder, is_left_behind};

/// Most files that are taken by pattern.
pub(crate) const MOST_FILES: usize = 256;
/// Most bytes of them together.
pub(crate) const MOST_BYTES: u64 = 4 * 1024 * 1024;
/// Most entries of folders that are looked at: a mistaken `folder` must not become a walk through a whole disk.
const MOST_ENTRIES: usize = 10_000;
/// Deepest nesting of folders.
const DEEPEST: usize = 16;
/// Longest name below `folder`, bytes.
const LONGEST_NAME: usize = 200;

/// What is in the folder of a submission.
#[derive(Debug, Default)]
pub(super) struct Tree {
    /// Names below the folder, with `/`, of the files that are taken; sorted.
    pub(super) files: BTreeSet<String>,
    /// Names below the folder of all folders that were looked into; the folder itself is the empty name.
    pub(super) folders: BTreeSet<String>,
    /// The first thing that can't be taken, and its path.
    pub(super) refused: Option<(String, Refusal)>,
    entries: usize,
}

impl Tree {
    /// Looks through `folder` (relative, with `/`) below `base`. What tools leave behind, virtual environments included, is passed over.
    ///
    /// No link is followed; one that is met is refused, because what is behind it would be missing.
    pub(super) fn look(base: &OwnedFd, folder: &str, include: &Include) -> Self {
        let mut tree = Self::default();
        match open_all(base, folder) {
            Ok(opened) => tree.walk(&opened, "", 0, &Wanted { folder, include }),
            Err(Refusal::Missing) => {}
            Err(refusal) => tree.refused = Some((folder.to_owned(), refusal)),
        }
        tree
    }

    fn walk(&mut self, opened: &OwnedFd, below: &str, depth: usize, wanted: &Wanted<'_>) {
        self.folders.insert(below.to_owned());
        let entries = match Dir::read_from(opened) {
            Ok(entries) => entries,
            Err(errno) => return self.refuse(below, unreadable(errno), wanted),
        };
        for entry in entries {
            let Ok(entry) = entry else { return };
            if matches!(entry.file_name().to_bytes(), b"." | b"..") {
                continue;
            }
            self.entries += 1;
            if self.entries > MOST_ENTRIES || self.files.len() > MOST_FILES {
                return self.refuse("", Refusal::TooMany(MOST_FILES), wanted);
            }
            self.enter(opened, entry.file_name(), below, depth, wanted);
        }
    }

    fn enter(&mut self, parent: &OwnedFd, name: &CStr, below: &str, depth: usize, wanted: &Wanted<'_>) {
        let Ok(text) = name.to_str() else {
            let refusal = Refusal::Unreadable("its name is not UTF-8".to_owned());
            return self.refuse(&in_folder(below, &name.to_string_lossy()), refusal, wanted);
        };
        let path = in_folder(below, text);
        let is_of_interest = wanted.include.takes(&path) || wanted.include.may_take_from(&path);
        if !is_of_interest || is_left_behind(text) || is_built(&path) {
            return;
        }
        let Ok(stat) = statat(parent, name, AtFlags::SYMLINK_NOFOLLOW) else { return };
        match FileType::from_raw_mode(stat.st_mode) {
            FileType::Symlink => self.refuse(&path, Refusal::Link(in_folder(wanted.folder, &path)), wanted),
            FileType::Directory => match open_folder(parent, text, &path) {
                Ok(opened) if is_environment(&opened) => {}
                Ok(_) if depth == DEEPEST => self.refuse(&path, Refusal::TooDeep(DEEPEST), wanted),
                Ok(opened) => self.walk(&opened, &path, depth + 1, wanted),
                Err(refusal) => self.refuse(&path, refusal, wanted),
            },
            _ if !wanted.include.takes(&path) => {}
            _ if path.len() > LONGEST_NAME => {
                let refusal = Refusal::Unreadable(format!("its name is longer than {LONGEST_NAME} bytes"));
                self.refuse(&path, refusal, wanted);
            }
            // Pipes and the like are told when they are read, as they are for files that are asked for by name.
            _ => _ = self.files.insert(path),
        }
    }

    fn refuse(&mut self, path: &str, refusal: Refusal, wanted: &Wanted<'_>) {
        let path = if path.is_empty() { wanted.folder.to_owned() } else { in_folder(wanted.folder, path) };
        self.refused.get_or_insert((path, refusal));
    }
}

struct Wanted<'a> {
    folder: &'a str,
    include: &'a Include,
}

/// Where builds put what they make, in the top folder of a project only: deeper they are names like any other.
const BUILT: [&str; 2] = ["build", "dist"];

fn is_built(path: &str) -> bool {
    path.split('/').next().is_some_and(|top| BUILT.contains(&top))
}

/// Whether the file at `path` (below the folder, with `/`) is taken by pattern.
pub(crate) fn is_taken(include: &Include, path: &str) -> bool {
    include.takes(path) && !is_built(path)
}

/// A virtual environment, whatever its name is.
fn is_environment(folder: &OwnedFd) -> bool {
    statat(folder, c"pyvenv.cfg", AtFlags::SYMLINK_NOFOLLOW).is_ok()
}

fn open_all(base: &OwnedFd, folder: &str) -> Result<OwnedFd, Refusal> {
    let mut opened = open_folder(base, ".", "")?;
    let mut walked = String::new();
    for part in folder.split('/').filter(|part| !part.is_empty()) {
        walked = in_folder(&walked, part);
        opened = open_folder(&opened, part, &walked)?;
    }
    Ok(opened)
}
