//! What is in the cache folder, for `grade cache list` and `grade cache clear`.
//!
//! Whatever puts things there keeps to one rule: an entry that may be in use, or be in the making, is guarded by the lock `<entry>.lock` beside
//! it, held alone while it is made and shared while it is used.

use std::fs::{self, DirEntry};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::lock::{Hold, Lock};
use super::memory::{self, Remembered};
use super::venv::{self, Ready};
use crate::error::{IoContext, Result};

/// What an entry of the cache is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A locked set of packages for one interpreter.
    Environment,
    /// The description of an interpreter.
    Interpreter,
    /// A build that died, or is running now.
    Unfinished,
    /// The exercises and graders of one version of grade, unpacked.
    Catalog,
    /// Verdicts of earlier batches.
    Results,
}

/// The folders below the cache that are ours, and what is in them. Nothing else is ever listed or removed: somebody may have set `GRADE_CACHE_DIR`
/// to a folder that has more in it.
const FOLDERS: [(&str, Kind); 4] = [
    (venv::FOLDER, Kind::Environment),
    (memory::FOLDER, Kind::Interpreter),
    ("catalog", Kind::Catalog),
    ("results", Kind::Results),
];

/// One thing in the cache.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub kind: Kind,
    pub path: PathBuf,
    /// What it takes on the disk, blocks of files with several names counted once for each name.
    pub bytes: u64,
    /// Of an environment, give or take an hour; of anything else, when it was last changed.
    pub last_used: SystemTime,
    /// What it is for: "the judge, Python 3.12.1, by uv".
    pub detail: String,
}

/// What a clearing did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cleared {
    pub removed: Vec<Entry>,
    /// In use by a running grade, and so left alone.
    pub in_use: Vec<Entry>,
}

/// Everything in the cache: environments first, the latest used first within a kind. A folder that is not there is an empty cache.
///
/// Errors (machine): the folder can't be read.
pub fn list(cache_dir: &Path) -> Result<Vec<Entry>> {
    let mut entries = Vec::new();
    for (name, kind) in FOLDERS {
        let found = read_dir(&cache_dir.join(name))?;
        entries.extend(found.iter().filter(|entry| !is_lock(&entry.path())).map(|entry| describe(entry, kind)));
    }
    entries.sort_by(|a, b| (a.kind, b.last_used, &a.path).cmp(&(b.kind, a.last_used, &b.path)));
    Ok(entries)
}

/// Removes what was not used for `older_than` (everything when `None`) and is not in use now.
///
/// Errors (machine): the folder can't be read, or something in it can't be removed.
pub fn clear(cache_dir: &Path, older_than: Option<Duration>) -> Result<Cleared> {
    let mut cleared = Cleared::default();
    let now = SystemTime::now();
    for entry in list(cache_dir)? {
        let unused = now.duration_since(entry.last_used).unwrap_or_default();
        if older_than.is_some_and(|limit| unused < limit) {
            continue;
        }
        let removed = remove(&entry).or_machine(|| format!("remove `{}`", entry.path.display()))?;
        if removed { cleared.removed.push(entry) } else { cleared.in_use.push(entry) }
    }
    Ok(cleared)
}

/// Removes one entry under its lock; `false` when somebody else holds that.
fn remove(entry: &Entry) -> io::Result<bool> {
    let Some(lock) = Lock::try_take(&guarded(&entry.path), Hold::Alone)? else { return Ok(false) };
    if entry.path.is_dir() {
        // Moved away first, so that it is there as a whole or not at all for one who does not ask for locks.
        let folder = entry.path.parent().unwrap_or(&entry.path);
        let grave = tempfile::Builder::new().prefix("removed.tmp-").tempdir_in(folder)?;
        fs::rename(&entry.path, grave.path().join("entry"))?;
        grave.close()?;
    } else {
        fs::remove_file(&entry.path)?;
    }
    lock.remove()?;
    Ok(true)
}

/// The thing whose lock guards `path`: a build's folder is guarded by the lock of what it builds.
fn guarded(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    match name.split_once(".tmp-") {
        Some((thing, _)) => path.with_file_name(thing),
        None => path.to_owned(),
    }
}

fn is_lock(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "lock")
}

fn read_dir(folder: &Path) -> Result<Vec<DirEntry>> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.or_machine(|| format!("read the cache folder `{}`", folder.display()))?,
    };
    Ok(entries.flatten().collect())
}

fn describe(entry: &DirEntry, kind: Kind) -> Entry {
    let path = entry.path();
    let (kind, detail) = detail(&path, kind);
    let changed = || entry.metadata().and_then(|data| data.modified()).unwrap_or(SystemTime::UNIX_EPOCH);
    let last_used = venv::last_used(&path).unwrap_or_else(changed);
    Entry { kind, bytes: size(&path), last_used, detail, path }
}

/// What is really there, and what it is for.
fn detail(path: &Path, kind: Kind) -> (Kind, String) {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    if name.contains(".tmp") {
        return (Kind::Unfinished, "a build that died or is running".into());
    }
    let told = match kind {
        Kind::Environment => Ready::read(path)
            .map(|ready| format!("{}, Python {}, by {}", ready.requirements, ready.python, ready.installer)),
        Kind::Interpreter => Remembered::read(path).map(|Remembered { interpreter, .. }| {
            format!("Python {} at {}", interpreter.version(), interpreter.executable.display())
        }),
        Kind::Results => Some("verdicts that batches need not find again".to_owned()),
        Kind::Catalog | Kind::Unfinished => Some(name.chars().take(12).collect()),
    };
    told.map_or((Kind::Unfinished, "damaged, or of another version of grade".into()), |told| (kind, told))
}

/// What a file, or a folder with all that is in it, takes on the disk, in bytes. Links are not followed; what vanishes meanwhile counts nothing.
fn size(path: &Path) -> u64 {
    let Ok(data) = fs::symlink_metadata(path) else { return 0 };
    let own = data.blocks() * 512;
    if !data.is_dir() {
        return own;
    }
    let entries = fs::read_dir(path).into_iter().flatten().flatten();
    own + entries.map(|entry| size(&entry.path())).sum::<u64>()
}
