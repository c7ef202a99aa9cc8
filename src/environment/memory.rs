//! Remembers how interpreters described themselves, so that the second run starts no Python to find one.

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::Interpreter;

/// The folder below the cache that holds one file for each executable.
pub(crate) const FOLDER: &str = "interpreters";
/// Changes whenever [`Interpreter`] or the probe does.
const FORMAT: u32 = 1;

/// Descriptions in `<cache>/interpreters/`.
#[derive(Clone, Debug)]
pub(crate) struct Memory {
    folder: PathBuf,
}

#[derive(Serialize, Deserialize)]
pub(crate) struct Remembered {
    format: u32,
    /// The executable first, then the folders whose content is part of the description.
    stamps: Vec<Stamp>,
    pub(crate) interpreter: Interpreter,
}

/// What a file or folder looked like; `None` when there was none.
#[derive(PartialEq, Eq, Serialize, Deserialize)]
struct Stamp {
    path: PathBuf,
    /// Modification time in seconds and nanoseconds, size in bytes, inode.
    seen: Option<(i64, i64, u64, u64)>,
}

impl Stamp {
    fn of(path: &Path) -> Self {
        let data = fs::metadata(path).ok();
        Self {
            path: path.to_owned(),
            seen: data.map(|data| (data.mtime(), data.mtime_nsec(), data.size(), data.ino())),
        }
    }
}

impl Memory {
    pub(crate) fn new(cache_dir: &Path) -> Self {
        Self { folder: cache_dir.join(FOLDER) }
    }

    /// What the executable (a path without links) said of itself, if nothing that it spoke of has changed since.
    pub(crate) fn recall(&self, executable: &Path) -> Option<Interpreter> {
        let remembered = Remembered::read(&self.file_for(executable))?;
        let fresh = remembered.stamps.first().is_some_and(|stamp| stamp.path == executable)
            && remembered.stamps.iter().all(|stamp| *stamp == Stamp::of(&stamp.path));
        fresh.then_some(remembered.interpreter)
    }

    /// Remembers it, moved into place when complete. Errors: the cache can't be written, which costs time next time and nothing else.
    pub(crate) fn remember(&self, executable: &Path, interpreter: &Interpreter) -> io::Result<()> {
        let spoken_of = [&interpreter.stdlib].into_iter().chain(&interpreter.package_folders).map(PathBuf::as_path);
        let stamps = [executable].into_iter().chain(spoken_of).map(Stamp::of).collect();
        let remembered = Remembered { format: FORMAT, stamps, interpreter: interpreter.clone() };
        fs::create_dir_all(&self.folder)?;
        let mut file = tempfile::NamedTempFile::new_in(&self.folder)?;
        serde_json::to_writer(&mut file, &remembered)?;
        file.persist(self.file_for(executable))?;
        Ok(())
    }

    fn file_for(&self, executable: &Path) -> PathBuf {
        let hash = blake3::hash(executable.as_os_str().as_encoded_bytes());
        self.folder.join(format!("{}.json", &hash.to_hex()[..32]))
    }
}

impl Remembered {
    /// Reads one file of the folder; `None` when it is of another format or no such file at all.
    pub(crate) fn read(file: &Path) -> Option<Self> {
        let remembered: Self = serde_json::from_slice(&fs::read(file).ok()?).ok()?;
        (remembered.format == FORMAT).then_some(remembered)
    }
}
