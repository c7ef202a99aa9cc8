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

    /// Removes everything; the processes that could write there are dead. Folders that the learner made unreadable are opened up first.
    pub(super) fn remove(&self) {
        if fs::remove_dir_all(&self.top).is_err() {
            open_up(&self.top, 0);
            let _ = fs::remove_dir_all(&self.top);
        }
    }
}

/// Deeper than this nothing is opened up: a learner can't make us recurse without end.
const DEEPEST: usize = 64;

fn open_up(folder: &Path, depth: usize) {
    // `symlink_metadata`: a link is left alone, whatever it points to.
    let Ok(metadata) = fs::symlink_metadata(folder) else { return };
    if !metadata.is_dir() || depth > DEEPEST {
        return;
    }
    let _ = fs::set_permissions(folder, fs::Permissions::from_mode(0o700));
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        open_up(&entry.path(), depth + 1);
    }
}
