//! Tells when files were saved: the folders are watched, not the files, so that editors which save by renaming are no surprise.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use notify::RecursiveMode;
use notify_debouncer_full::{DebounceEventResult, Debouncer, RecommendedCache, new_debouncer};
use tokio::sync::mpsc;

use crate::catalog::is_left_behind;
use crate::error::{Fault, Result};

/// Saves that come this close together are one: editors write, rename and touch.
const SETTLE: Duration = Duration::from_millis(15);

/// What is watched; all paths are absolute.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Present or not: the nearest existing folder of each is watched, so that a file which is not there yet is seen when it comes.
    pub files: HashSet<PathBuf>,
    /// Whatever a learner saves in one of these concerns us.
    pub folders: HashSet<PathBuf>,
}

/// Tells of saves until it is dropped.
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
    /// Starts to watch.
    pub fn on(wanted: Wanted) -> Result<Self> {
        let failed = |error: notify::Error| {
            Fault::machine("can't watch for saved files")
                .because(error)
                .hint("run `grade` again after each save, or raise `fs.inotify.max_user_watches`")
        };
        let (tell, saved) = mpsc::unbounded_channel();
        let folders: HashSet<PathBuf> = wanted.existing_folders().map(Path::to_path_buf).collect();
        let mut debouncer = new_debouncer(SETTLE, None, move |result: DebounceEventResult| {
            let Ok(events) = result else { return };
            let changed = events.iter().filter(|event| !event.kind.is_access()).flat_map(|event| event.paths.iter());
            let touched: HashSet<PathBuf> = changed.filter(|path| wanted.concerns(path)).cloned().collect();
            if !touched.is_empty() {
                // The receiver is gone only when the watch is over.
                let _ = tell.send(touched);
            }
        })
        .map_err(failed)?;
        for folder in &folders {
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

impl Wanted {
    fn existing_folders(&self) -> impl Iterator<Item = &Path> {
        let of_files = self.files.iter().filter_map(|file| file.ancestors().skip(1).find(|above| above.is_dir()));
        of_files.chain(self.folders.iter().map(PathBuf::as_path).filter(|folder| folder.is_dir()))
    }

    /// A file that is asked for, a folder that has appeared on the way to one, or anything of a learner's in one of the folders.
    fn concerns(&self, path: &Path) -> bool {
        let saved_in_a_folder = || {
            path.parent().is_some_and(|folder| self.folders.contains(folder))
                && path.file_name().is_some_and(|name| !is_left_behind(&name.to_string_lossy()))
        };
        self.files.contains(path) || self.files.iter().any(|file| file.starts_with(path)) || saved_in_a_folder()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn soon(watch: &mut Watch) -> Option<HashSet<PathBuf>> {
        tokio::time::timeout(Duration::from_secs(10), watch.next()).await.ok()
    }

    fn files(files: &[&PathBuf]) -> Wanted {
        Wanted { files: files.iter().copied().cloned().collect(), ..Wanted::default() }
    }

    #[tokio::test]
    async fn any_save_in_a_watched_folder_is_seen_but_not_what_tools_leave_there() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        let mut watch = Watch::on(Wanted { folders: HashSet::from([root.clone()]), ..Wanted::default() }).unwrap();
        std::fs::create_dir(root.join("__pycache__")).unwrap();
        std::fs::write(root.join(".swap"), "1").unwrap();
        std::fs::write(root.join("new.py"), "1").unwrap();
        assert_eq!(soon(&mut watch).await.unwrap(), HashSet::from([root.join("new.py")]));
    }

    #[tokio::test]
    async fn a_save_by_renaming_is_seen() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        let file = root.join("a.py");
        std::fs::write(&file, "1").unwrap();
        let mut watch = Watch::on(files(&[&file])).unwrap();
        std::fs::write(root.join(".a.py.swp"), "2").unwrap();
        std::fs::rename(root.join(".a.py.swp"), &file).unwrap();
        assert!(soon(&mut watch).await.unwrap().contains(&file));
    }

    #[tokio::test]
    async fn other_files_are_no_save() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        let mut watch = Watch::on(files(&[&root.join("a.py")])).unwrap();
        std::fs::write(root.join("b.py"), "1").unwrap();
        std::fs::write(root.join("a.py"), "1").unwrap();
        assert_eq!(soon(&mut watch).await.unwrap(), HashSet::from([root.join("a.py")]));
    }
}
