//! The catalogue inside the binary, written once into the cache.

use std::fs;
use std::io::{self, ErrorKind};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use crate::error::{Fault, IoContext as _, Result};

mod table {
    include!(concat!(env!("OUT_DIR"), "/embedded.rs"));
}

/// Written last, so that a copy without it is known to be cut short.
const COMPLETE: &str = ".complete";

/// How often a copy that another process writes or removes at the same time is tried again.
const ATTEMPTS: usize = 3;

/// The folder that holds the embedded `exercises`, `graders` and `fixtures`, written first where it is not there yet.
///
/// Any number of processes may ask at once: each writes a copy of its own, and the first to rename it into place wins.
pub fn root(cache_dir: &Path) -> Result<PathBuf> {
    let parent = cache_dir.join("catalog");
    let root = parent.join(table::DIGEST);
    if is_complete(&root) {
        return Ok(root);
    }
    write(&parent, root).map_err(|fault| match fault.hint {
        Some(_) => fault,
        None => fault.hint("set GRADE_CACHE_DIR to a folder that you can write to"),
    })
}

fn write(parent: &Path, root: PathBuf) -> Result<PathBuf> {
    fs::create_dir_all(parent).or_machine(|| format!("create `{}`", parent.display()))?;
    for _ in 0..ATTEMPTS {
        let copy = write_copy(parent).or_machine(|| format!("write the exercises to `{}`", parent.display()))?;
        match fs::rename(copy.path(), &root) {
            Ok(()) => {
                // The folder has its own name now; there is nothing left to remove.
                let _ = copy.keep();
                return Ok(root);
            }
            Err(_) if is_complete(&root) => return Ok(root),
            Err(error) if is_in_the_way(&error) => move_away(&root, parent)?,
            Err(error) => return Err(error).or_machine(|| format!("write the exercises to `{}`", root.display())),
        }
    }
    Err(Fault::machine(format!("can't write the exercises to `{}`: it keeps changing", root.display())))
}

fn is_complete(root: &Path) -> bool {
    root.join(COMPLETE).exists()
}

fn is_in_the_way(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::DirectoryNotEmpty | ErrorKind::AlreadyExists | ErrorKind::NotADirectory)
}

/// A fresh copy under a temporary name, removed again unless it is kept.
fn write_copy(parent: &Path) -> io::Result<tempfile::TempDir> {
    let copy = tempfile::Builder::new().prefix(".writing-").tempdir_in(parent)?;
    for folder in ["exercises", "graders", "fixtures"] {
        fs::create_dir(copy.path().join(folder))?;
    }
    for (name, bytes) in table::FILES {
        let path = copy.path().join(name);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(path, bytes)?;
    }
    fs::write(copy.path().join(COMPLETE), "")?;
    fs::set_permissions(copy.path(), fs::Permissions::from_mode(0o755))?;
    Ok(copy)
}

/// Moves what is left of a cut-short copy out of the way and removes it.
fn move_away(root: &Path, parent: &Path) -> Result<()> {
    let doing = || format!("replace `{}`", root.display());
    let rubbish = tempfile::Builder::new().prefix(".removing-").tempdir_in(parent).or_machine(doing)?;
    match fs::rename(root, rubbish.path().join("old")) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error).or_machine(doing),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_at_once_yield_one_whole_copy_and_leave_nothing_behind() {
        let cache = tempfile::tempdir().unwrap();
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| root(cache.path()).unwrap());
            }
        });
        let left: Vec<_> =
            cache.path().join("catalog").read_dir().unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(left, [table::DIGEST]);
        assert!(root(cache.path()).unwrap().join("exercises").is_dir());
    }

    #[test]
    fn a_copy_that_was_cut_short_is_replaced() {
        let cache = tempfile::tempdir().unwrap();
        let cut_short = cache.path().join("catalog").join(table::DIGEST);
        fs::create_dir_all(cut_short.join("exercises/cut")).unwrap();
        fs::write(cut_short.join("exercises/cut/short"), "").unwrap();
        let root = root(cache.path()).unwrap();
        assert!(root.join(COMPLETE).is_file() && !root.join("exercises/cut").exists());
        assert_eq!(root, cut_short);
    }

    #[test]
    fn a_cache_that_cannot_be_written_is_the_machines_fault_with_a_hint() {
        let fault = root(Path::new("/proc/nowhere")).unwrap_err();
        assert_eq!(fault.exit_code(), 3);
        assert!(fault.what.contains("/proc/nowhere") && fault.hint.is_some(), "{fault:?}");
    }
}
