//! A submission's folders at the levels without private mounts: on the host's disk, removed afterwards, never looked into.

use std::fs;
use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _, chown};
use std::path::{Path, PathBuf};

use super::instance::{Files, write_files};
use super::{Step, StepError};

/// The folders of one submission.
#[derive(Debug)]
pub(super) struct Scratch {
    top: PathBuf,
    pub(super) work: PathBuf,
    pub(super) temporary: PathBuf,
}

impl Scratch {
    pub(super) fn make(parent: &Path, name: &str, files: &Files, owner: Option<u32>) -> Result<Self, StepError> {
        let top = parent.join(name);
        let scratch = Self { work: top.join("work"), temporary: top.join("tmp"), top };
        for folder in [&scratch.top, &scratch.work, &scratch.temporary] {
            fs::DirBuilder::new()
                .recursive(true)
                .mode(0o700)
                .create(folder)
                .step(format!("make {}", folder.display()))?;
            if let Some(id) = owner {
                chown(folder, Some(id), Some(id)).step(format!("chown {}", folder.display()))?;
            }
        }
        write_files(&scratch.work, files, owner)?;
        Ok(scratch)
    }

    /// Removes everything; the processes that could write there are dead. Nothing recurses and no path gets long, however deep the learner
    /// has nested: each folder is moved beside the others, opened up where its mode forbids it, emptied and removed.
    pub(super) fn remove(&self) {
        let gone = self.top.with_extension("gone");
        if fs::DirBuilder::new().mode(0o700).create(&gone).is_err() {
            return;
        }
        let mut waiting = vec![self.top.clone()];
        let mut moved = 0_u64;
        while let Some(folder) = waiting.pop() {
            let _ = fs::set_permissions(&folder, fs::Permissions::from_mode(0o700));
            for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
                // The type of the entry itself: a link to a folder is a link, whatever it points to.
                if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                    let beside = gone.join(moved.to_string());
                    moved += 1;
                    // Moving a folder writes to its `..`.
                    let _ = fs::set_permissions(entry.path(), fs::Permissions::from_mode(0o700));
                    if fs::rename(entry.path(), &beside).is_ok() {
                        waiting.push(beside);
                    }
                } else {
                    let _ = fs::remove_file(entry.path());
                }
            }
            let _ = fs::remove_dir(&folder);
        }
        let _ = fs::remove_dir(&gone);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_nested_deeply_closed_or_linked_is_removed_and_nothing_else() {
        let parent = tempfile::tempdir().unwrap();
        let kept = parent.path().join("kept");
        fs::create_dir(&kept).unwrap();
        fs::write(kept.join("file"), "").unwrap();
        let scratch = Scratch::make(parent.path(), "slot-1", &vec![("a/b.py".to_owned(), Vec::new())], None).unwrap();
        let mut deep = scratch.work.clone();
        for _ in 0..1500 {
            deep.push("d");
        }
        fs::create_dir_all(&deep).unwrap();
        std::os::unix::fs::symlink(&kept, scratch.work.join("link")).unwrap();
        for closed in [scratch.work.join("d/d/d"), scratch.work.join("d")] {
            fs::set_permissions(closed, fs::Permissions::from_mode(0o000)).unwrap();
        }
        scratch.remove();
        let left: Vec<_> = fs::read_dir(parent.path()).unwrap().flatten().map(|entry| entry.file_name()).collect();
        assert_eq!(left, ["kept"]);
        assert!(kept.join("file").exists());
    }
}
