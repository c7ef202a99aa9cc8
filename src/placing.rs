//! Puts files into a repository, and never overwrites one.

use std::ffi::OsString;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::error::{Fault, Result};
use crate::repository::Repository;

/// What becomes of a file that is there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Existing {
    Keep,
    /// It is renamed to `name.bak` (`name.bak2`, ...) and the new one takes its place.
    Backup,
}

/// What became of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Done {
    Written,
    /// It was there and is as it was.
    Kept,
    /// The file that was there has this name now.
    Replaced(String),
    /// What is there is the same already.
    Unchanged,
}

/// One file, by its path in the repository, with `/`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    pub path: String,
    pub done: Done,
}

/// Puts `bytes` at `path` (relative, with `/`) in the repository.
pub fn place(repository: &Repository, path: &str, bytes: &[u8], existing: Existing) -> Result<Placed> {
    let target = repository.root().join(path);
    stays_inside(&target, repository.root())?;
    let done = place_one(bytes, &target, existing)
        .map_err(|error| Fault::machine(format!("can't put `{path}` in place")).because(error))?;
    Ok(Placed { path: path.to_owned(), done })
}

fn place_one(bytes: &[u8], target: &Path, existing: Existing) -> io::Result<Done> {
    if target.symlink_metadata().is_err() {
        write_new(bytes, target)?;
        return Ok(Done::Written);
    }
    if target.is_file() && fs::read(target).is_ok_and(|there| there == bytes) {
        return Ok(Done::Unchanged);
    }
    if existing == Existing::Keep {
        return Ok(Done::Kept);
    }
    let backup = free_name(target);
    fs::rename(target, &backup)?;
    write_new(bytes, target)?;
    Ok(Done::Replaced(backup.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()))
}

/// Writes a file that appears whole or not at all, and only where nothing is.
fn write_new(bytes: &[u8], target: &Path) -> io::Result<()> {
    let folder = target.parent().ok_or(io::ErrorKind::InvalidFilename)?;
    fs::create_dir_all(folder)?;
    let mut file = new_file(folder)?;
    file.write_all(bytes)?;
    file.persist_noclobber(target).map(drop).map_err(|error| error.error)
}

/// A file in `folder` under a name that nobody else uses, to be renamed when it is whole.
pub(crate) fn new_file(folder: &Path) -> io::Result<tempfile::NamedTempFile> {
    tempfile::Builder::new().prefix(".grade-").permissions(shared()).tempfile_in(folder)
}

/// Readable by others as far as the user's mask allows, like any file they create.
fn shared() -> fs::Permissions {
    use std::os::unix::fs::PermissionsExt as _;
    fs::Permissions::from_mode(0o666)
}

/// The first of `name.bak`, `name.bak2`, ... that is free.
fn free_name(target: &Path) -> PathBuf {
    let with = |suffix: &str| {
        let mut name = OsString::from(target);
        name.push(suffix);
        PathBuf::from(name)
    };
    let mut backup = with(".bak");
    let mut number = 2;
    while backup.symlink_metadata().is_ok() {
        backup = with(&format!(".bak{number}"));
        number += 1;
    }
    backup
}

/// A link on the way must not lead out of the repository.
pub(crate) fn stays_inside(target: &Path, root: &Path) -> Result<()> {
    let there = target.ancestors().skip(1).find(|folder| folder.symlink_metadata().is_ok()).unwrap_or(root);
    if there.canonicalize().is_ok_and(|folder| folder.starts_with(root)) {
        return Ok(());
    }
    let fault = Fault::usage(format!("`{}` is a link that leads out of the repository", there.display()));
    Err(fault.hint("put a folder in its place, or name the other repository by `--repo DIR`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_backup_gets_a_name_of_its_own() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("a.py");
        for (text, kept) in [("one", "a.py.bak"), ("two", "a.py.bak2"), ("three", "a.py.bak3")] {
            fs::write(&target, text).unwrap();
            assert_eq!(place_one(b"starter", &target, Existing::Backup).unwrap(), Done::Replaced(kept.to_owned()));
            assert_eq!(fs::read_to_string(folder.path().join(kept)).unwrap(), text);
            assert_eq!(fs::read_to_string(&target).unwrap(), "starter");
        }
    }

    #[test]
    fn a_link_out_of_the_repository_is_not_written_through() {
        let (inside, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        std::os::unix::fs::symlink(outside.path(), inside.path().join("week1")).unwrap();
        let root = inside.path().canonicalize().unwrap();
        assert!(stays_inside(&root.join("week1/day4/a.py"), &root).is_err());
        assert!(stays_inside(&root.join("week2/day4/a.py"), &root).is_ok());
    }
}
