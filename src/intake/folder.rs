//! Folders on the disk, walked without following a link.

use std::fs::{self, DirEntry, File, FileType};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::FileTypeExt as _;
use std::path::Path;

use rustix::fs::{Mode, OFlags};

use super::archive::Stop;
use super::limits::{DEPTH, ENTRIES};
use super::names;
use super::tree::{Collector, Use, What, joined};
use crate::error::{Fault, IoContext as _, Result};
use crate::submission::MAX_FILE_BYTES;
use crate::submission::reading::{Refusal, open_base, read_file};

/// Adds all that is in `root`, by name.
pub(super) fn walk(root: &Path, collector: &mut Collector<'_>) -> Result<()> {
    let mut walk = Walk { root, collector, left: ENTRIES };
    walk.folder("", 0)
}

struct Walk<'w, 'c> {
    root: &'w Path,
    collector: &'w mut Collector<'c>,
    left: u64,
}

impl Walk<'_, '_> {
    fn folder(&mut self, inside: &str, depth: usize) -> Result<()> {
        let path = self.root.join(inside);
        let entries = match fs::read_dir(&path) {
            Ok(entries) => entries,
            // One learner's folder must not stop the others.
            Err(error) if !inside.is_empty() => {
                self.collector.skip(inside.to_owned(), &format!("a folder that can't be read: {error}"));
                return Ok(());
            }
            Err(error) => return Err(error).or_machine(|| format!("read `{}`", path.display())),
        };
        let mut entries: Vec<DirEntry> = entries.flatten().collect();
        entries.sort_by_key(DirEntry::file_name);
        for entry in entries {
            self.left = self
                .left
                .checked_sub(1)
                .ok_or_else(|| Fault::usage(format!("`{}` holds more than {ENTRIES} files", self.root.display())))?;
            self.entry(inside, depth, &entry)?;
        }
        Ok(())
    }

    fn entry(&mut self, inside: &str, depth: usize, entry: &DirEntry) -> Result<()> {
        self.collector.heed()?;
        let raw = entry.file_name();
        let name = names::escaped(raw.as_bytes());
        let path = joined(inside, &name);
        let Ok(kind) = entry.file_type() else { return Ok(()) };
        if raw == ".git" {
            self.collector.clone_at(inside);
        }
        if names::is_junk(&name) {
            return Ok(());
        }
        if raw.to_str().is_none() || name.chars().any(char::is_control) {
            self.collector.skip(path, "a name that is no plain text");
        } else if kind.is_dir() && depth >= DEPTH {
            self.collector.skip(path, "folders nested too deeply");
        } else if kind.is_dir() {
            self.collector.folder(path.clone());
            self.folder(&path, depth + 1)?;
        } else if kind.is_file() {
            self.file(path)?;
        } else {
            self.collector.odd(&path, words(kind));
        }
        Ok(())
    }

    fn file(&mut self, path: String) -> Result<()> {
        match self.collector.use_of(&path) {
            Use::None => self.collector.other(path),
            Use::Wanted => self.wanted(path)?,
            Use::Archive | Use::Manifest => match open(&self.root.join(&path)) {
                Ok(mut file) => or_fault(self.collector.file(path, 0, &mut file))?,
                Err(error) => self.collector.skip(path, &format!("a file that can't be read: {error}")),
            },
        }
        Ok(())
    }

    fn wanted(&mut self, path: String) -> Result<()> {
        // Every folder on the way is opened anew: what was a folder a moment ago may be a link by now.
        match read_file(&open_base(self.root)?, &path, MAX_FILE_BYTES) {
            Ok(bytes) => or_fault(self.collector.file(path, 0, &mut bytes.as_slice())),
            Err(refusal) => {
                let why = words_of(&refusal);
                self.collector.see(path, What::Refused { kind: refusal.kind(), why });
                Ok(())
            }
        }
    }
}

/// Never waits, should it have become a named pipe, and follows no link.
fn open(path: &Path) -> std::io::Result<File> {
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    Ok(File::from(rustix::fs::open(path, flags, Mode::empty())?))
}

/// A file on the disk is no archive that could break.
fn or_fault(read: Result<(), Stop>) -> Result<()> {
    match read {
        Ok(()) | Err(Stop::Broken(_)) => Ok(()),
        Err(Stop::Fault(fault)) => Err(fault),
    }
}

fn words(kind: FileType) -> &'static str {
    match () {
        () if kind.is_symlink() => "a link",
        () if kind.is_fifo() => "a named pipe",
        () if kind.is_socket() => "a socket",
        () => "a device",
    }
}

/// Completes "`x` ...".
fn words_of(refusal: &Refusal) -> String {
    match refusal {
        Refusal::Missing => "was there a moment ago".to_owned(),
        Refusal::Link(_) => "is a link, and links are not followed: hand in the file itself".to_owned(),
        Refusal::NotAFile(what) => format!("is {what}, not a file"),
        Refusal::TooLarge(most) => format!("is larger than {} KiB, which is as much as is read", most / 1024),
        Refusal::Unreadable(why) => format!("can't be read: {why}"),
        // Of folders, which are not read here.
        Refusal::TooMany(_) | Refusal::TooMuch(_) | Refusal::TooDeep(_) => "can't be read".to_owned(),
    }
}
