//! Everything of one source that may matter: its files, each kept, refused or passed over with a reason.

use std::collections::HashMap;
use std::io::{Cursor, Read};
use std::path::Path;

use super::archive::{self, Entry, Kind, Stop};
use super::limits::{MANIFEST_BYTES, NESTED_BYTES, NESTED_ENTRIES, NESTING, TOLD};
use super::names;
use crate::catalog::Exercise;
use crate::environment::Interrupt;
use crate::error::Result;
use crate::store::Intake;
use crate::submission::MAX_FILE_BYTES;

/// The manifest of a Gradescope export.
pub(super) const MANIFEST: &str = "submission_metadata.yml";

/// What was found in a source; paths are relative to it, with `/`, and go on into archives: `ada.zip/decorators.py`.
#[derive(Debug, Default)]
pub(super) struct Tree {
    pub(super) files: Vec<Seen>,
    /// Files that are there and of no interest, for telling what was handed in instead.
    pub(super) others: Vec<String>,
    /// What was passed over, and why: links, devices, names that lead elsewhere.
    pub(super) skipped: Vec<(String, String)>,
    /// Folders near the top; those that hold nothing are seen only here.
    pub(super) folders: Vec<String>,
    /// Folders that are git clones.
    pub(super) clones: Vec<String>,
    pub(super) manifest: Option<(String, Vec<u8>)>,
}

/// A file that an exercise could ask for, or an archive that can't be read.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    pub(super) path: String,
    pub(super) what: What,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum What {
    Kept {
        hash: String,
        /// Nothing but white space.
        blank: bool,
        bytes: u64,
    },
    /// There, and not taken: `kind` of a problem, and a reason that completes "`x` ...".
    Refused { kind: &'static str, why: String },
    /// An archive that can't be read; the reason completes "`x` ...".
    Broken(String),
}

/// What a file may be good for, by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    /// It may be one that the exercise asks for.
    Wanted,
    Manifest,
    Archive,
    None,
}

/// Fills a tree.
pub(super) struct Collector<'a> {
    intake: &'a Intake<'a>,
    /// Last parts of the paths of the exercise's files.
    wanted: Vec<String>,
    /// The exercise takes files by pattern, below a folder that is not known yet.
    by_pattern: bool,
    interrupt: &'a Interrupt,
    tree: Tree,
    /// Places in `tree.files` by what is equal to a file system that ignores case.
    places: HashMap<String, usize>,
}

impl<'a> Collector<'a> {
    pub(super) fn new(intake: &'a Intake<'a>, exercise: &Exercise, interrupt: &'a Interrupt) -> Self {
        let wanted = exercise.files.iter().map(|file| names::base(file).to_lowercase()).collect();
        let by_pattern = !exercise.include.is_empty();
        Self { intake, wanted, by_pattern, interrupt, tree: Tree::default(), places: HashMap::new() }
    }

    /// A fault once somebody wants it to stop.
    pub(super) fn heed(&self) -> Result<()> {
        self.interrupt.check()
    }

    pub(super) fn finish(self) -> Tree {
        self.tree
    }

    /// What a file of this name may be good for.
    pub(super) fn use_of(&self, path: &str) -> Use {
        let base = names::base(path);
        let small = base.to_lowercase();
        match () {
            () if Path::new(&small).extension().is_some_and(|end| end == "py") || self.wanted.contains(&small) => {
                Use::Wanted
            }
            () if base == MANIFEST => Use::Manifest,
            () if names::archive_stem(base).is_some() => Use::Archive,
            () if self.by_pattern => Use::Wanted,
            () => Use::None,
        }
    }

    /// Adds everything in an archive below `inside` (empty: the source itself is the archive).
    ///
    /// The words complete "`x` ..." when it can't be read to its end: then nothing of it is in the tree.
    pub(super) fn archive(
        &mut self,
        inside: &str,
        nesting: usize,
        source: impl archive::Source,
        size: u64,
        most: u64,
    ) -> Result<Result<(), String>> {
        let before = (self.tree.files.len(), self.tree.others.len(), self.tree.skipped.len());
        let interrupt = self.interrupt;
        let source = archive::Heeding::new(source, interrupt);
        let outcome = archive::read(source, size, most, &mut |entry| self.entry(inside, nesting, entry));
        // What broke off because of that is not the archive's fault.
        interrupt.check()?;
        match outcome {
            Ok(()) => Ok(Ok(())),
            Err(Stop::Fault(fault)) => Err(fault),
            Err(Stop::Broken(why)) => {
                self.tree.files.truncate(before.0);
                self.tree.others.truncate(before.1);
                self.tree.skipped.truncate(before.2);
                self.places.retain(|_, place| *place < before.0);
                Ok(Err(why))
            }
        }
    }

    fn entry(&mut self, inside: &str, nesting: usize, entry: Entry<'_>) -> Result<(), Stop> {
        let path = match entry.path {
            Ok(path) => joined(inside, &path),
            Err(why) => {
                self.skip(joined(inside, &entry.shown), why);
                return Ok(());
            }
        };
        if let Some(clone) = clone_of(&path) {
            self.clone_at(clone);
        }
        if path.split('/').any(names::is_junk) {
            return Ok(());
        }
        match entry.kind {
            Kind::Folder => {
                self.folder(path);
                Ok(())
            }
            Kind::Other(what) => {
                self.odd(&path, what);
                Ok(())
            }
            Kind::File => self.file(path, nesting, entry.bytes),
        }
    }

    /// Adds a regular file.
    pub(super) fn file(&mut self, path: String, nesting: usize, bytes: &mut dyn Read) -> Result<(), Stop> {
        match self.use_of(&path) {
            Use::Wanted => {
                let what = self.read(bytes)?;
                self.see(path, what);
            }
            Use::Manifest if self.tree.manifest.is_none() => {
                let mut text = Vec::new();
                // One that can't be read, or is too long, is not read as YAML either, and that is told.
                let _ = bytes.take(MANIFEST_BYTES).read_to_end(&mut text);
                self.tree.manifest = Some((path, text));
            }
            Use::Archive => self.nested(path, nesting, bytes)?,
            Use::Manifest | Use::None => self.other(path),
        }
        Ok(())
    }

    /// Adds a folder; what is in it comes by itself.
    pub(super) fn folder(&mut self, path: String) {
        if path.split('/').count() <= 2 && self.tree.folders.len() < TOLD {
            self.tree.folders.push(path);
        }
    }

    /// Adds a file that is of no interest.
    pub(super) fn other(&mut self, path: String) {
        if self.tree.others.len() < TOLD {
            self.tree.others.push(path);
        }
    }

    fn read(&self, bytes: &mut dyn Read) -> Result<What, Stop> {
        let mut content = Vec::new();
        if let Err(error) = bytes.take(MAX_FILE_BYTES + 1).read_to_end(&mut content) {
            return Ok(What::Refused { kind: "unreadable", why: format!("is damaged in its archive: {error}") });
        }
        if content.len() as u64 > MAX_FILE_BYTES {
            let why = format!("is larger than {} KiB, which is as much as is read", MAX_FILE_BYTES / 1024);
            return Ok(What::Refused { kind: "too_large", why });
        }
        let blank = content.iter().all(u8::is_ascii_whitespace);
        Ok(What::Kept { hash: self.intake.keep(&content)?, blank, bytes: content.len() as u64 })
    }

    fn nested(&mut self, path: String, nesting: usize, bytes: &mut dyn Read) -> Result<(), Stop> {
        if nesting >= NESTING {
            self.see(path, What::Broken(format!("is an archive inside {NESTING} others")));
            return Ok(());
        }
        let mut content = Vec::new();
        let read = bytes.take(NESTED_BYTES + 1).read_to_end(&mut content);
        let what = match read {
            Err(error) => Err(format!("is damaged in its archive: {error}")),
            Ok(_) if content.len() as u64 > NESTED_BYTES => Err(format!("is larger than {} MiB", NESTED_BYTES >> 20)),
            Ok(_) => {
                let size = content.len() as u64;
                self.archive(&path, nesting + 1, Cursor::new(content), size, NESTED_ENTRIES)?
            }
        };
        match what {
            // Also one that holds nothing was handed in by somebody.
            Ok(()) => self.folder(path),
            Err(why) => self.see(path, What::Broken(why)),
        }
        Ok(())
    }

    /// Adds something that is no regular file: refused where the exercise asks for it, else passed over.
    pub(super) fn odd(&mut self, path: &str, what: &str) {
        let advice = if what.ends_with("link") { ", and links are not followed: hand in the file itself" } else { "" };
        match self.use_of(path) {
            Use::Wanted => {
                let why = format!("is {what}{advice}");
                self.see(path.to_owned(), What::Refused { kind: "unreadable", why });
            }
            Use::Archive => self.see(path.to_owned(), What::Broken(format!("is {what}{advice}"))),
            Use::Manifest | Use::None => {}
        }
        self.skip(path.to_owned(), what);
    }

    pub(super) fn skip(&mut self, path: String, why: &str) {
        if self.tree.skipped.len() < TOLD {
            self.tree.skipped.push((path, why.to_owned()));
        }
    }

    /// Adds a git clone at `folder`.
    pub(super) fn clone_at(&mut self, folder: &str) {
        if self.tree.clones.last().is_none_or(|last| last != folder) {
            self.tree.clones.push(folder.to_owned());
        }
    }

    /// Two files that some file system would take for one: neither is believed.
    pub(super) fn see(&mut self, path: String, what: What) {
        let next = self.tree.files.len();
        let known = *self.places.entry(names::folded(&path)).or_insert(next);
        if known == next {
            self.tree.files.push(Seen { path, what });
            return;
        }
        let other = &mut self.tree.files[known];
        let why = if other.path == path {
            "is there twice".to_owned()
        } else {
            format!("and `{path}` are the same name on some computers")
        };
        other.what = What::Refused { kind: "ambiguous", why };
        let note = format!("a second `{}`", other.path);
        self.skip(path, &note);
    }
}

/// The folder whose `.git` this is in.
fn clone_of(path: &str) -> Option<&str> {
    match path.split_once("/.git") {
        Some((folder, rest)) if rest.is_empty() || rest.starts_with('/') => Some(folder),
        _ if path == ".git" || path.starts_with(".git/") => Some(""),
        _ => None,
    }
}

pub(super) fn joined(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}
