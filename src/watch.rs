//! Tells when files were saved: the folders are watched, not the files, so that editors which save by renaming are no surprise.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use notify::RecursiveMode;
use notify_debouncer_full::{DebounceEventResult, Debouncer, RecommendedCache, new_debouncer};
use tokio::sync::mpsc;

use crate::error::{Fault, Result};

/// Saves that come this close together are one: editors write, rename and touch.
const SETTLE: Duration = Duration::from_millis(15);

/// Watches a set of files, present or not.
pub struct Watch {
    // Dropped, it stops watching.
    _debouncer: Debouncer<notify::RecommendedWatcher, RecommendedCache>,
    saved: mpsc::UnboundedReceiver<HashSet<PathBuf>>,
}

impl std::fmt::Debug for Watch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Watch").finish_non_exhaustive()
    }
}

impl Watch {
    /// `files`: absolute paths; the nearest existing folder of each is watched, so that a file which is not there yet is seen when it comes.
    pub fn on(files: &[PathBuf]) -> Result<Self> {
        let failed = |error: notify::Error| {
            Fault::machine("can't watch for saved files")
                .because(error)
                .hint("run `grade` again after each save, or raise `fs.inotify.max_user_watches`")
        };
        let (tell, saved) = mpsc::unbounded_channel();
        let wanted: HashSet<PathBuf> = files.iter().cloned().collect();
        let mut debouncer = new_debouncer(SETTLE, None, move |result: DebounceEventResult| {
            let Ok(events) = result else { return };
            let changed = events.iter().filter(|event| !event.kind.is_access()).flat_map(|event| event.paths.iter());
            let touched: HashSet<PathBuf> = changed.filter(|path| concerns(path, &wanted)).cloned().collect();
            if !touched.is_empty() {
                // The receiver is gone only when the watch is over.
                let _ = tell.send(touched);
            }
        })
        .map_err(failed)?;
        let folders: HashSet<&Path> =
            files.iter().filter_map(|file| file.ancestors().skip(1).find(|above| above.is_dir())).collect();
        for folder in folders {
            debouncer.watch(folder, RecursiveMode::NonRecursive).map_err(failed)?;
        }
        Ok(Self { _debouncer: debouncer, saved })
    }

    /// The next save: which of the files, or folders on the way to them. Saves that came meanwhile are taken together.
    pub async fn next(&mut self) -> HashSet<PathBuf> {
        let Some(mut touched) = self.saved.recv().await else { return std::future::pending().await };
        while let Ok(more) = self.saved.try_recv() {
            touched.extend(more);
        }
        touched
    }
}

/// A file that is asked for, or a folder that has appeared on the way to one.
fn concerns(path: &Path, wanted: &HashSet<PathBuf>) -> bool {
    wanted.contains(path) || wanted.iter().any(|file| file.starts_with(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn soon(watch: &mut Watch) -> Option<HashSet<PathBuf>> {
        tokio::time::timeout(Duration::from_secs(10), watch.next()).await.ok()
    }

    #[tokio::test]
    async fn a_save_by_renaming_is_seen() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        let file = root.join("a.py");
        std::fs::write(&file, "1").unwrap();
        let mut watch = Watch::on(std::slice::from_ref(&file)).unwrap();
        std::fs::write(root.join(".a.py.swp"), "2").unwrap();
        std::fs::rename(root.join(".a.py.swp"), &file).unwrap();
        assert!(soon(&mut watch).await.unwrap().contains(&file));
    }

    #[tokio::test]
    async fn other_files_are_no_save() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        let mut watch = Watch::on(&[root.join("a.py")]).unwrap();
        std::fs::write(root.join("b.py"), "1").unwrap();
        std::fs::write(root.join("a.py"), "1").unwrap();
        assert_eq!(soon(&mut watch).await.unwrap(), HashSet::from([root.join("a.py")]));
    }
}
