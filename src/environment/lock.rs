//! A lock on something in the cache: a file beside it, locked by the kernel and so free again whenever its holder dies.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// How often a held lock is tried again.
const PULSE: Duration = Duration::from_millis(50);

/// A held lock; dropping it frees it.
#[derive(Debug)]
pub(crate) struct Lock {
    file: File,
    path: PathBuf,
}

/// How a lock is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hold {
    /// By one who changes or removes the thing.
    Alone,
    /// By those who use it.
    Shared,
}

impl Lock {
    /// The lock's file: `<thing>.lock`.
    pub(crate) fn path_for(thing: &Path) -> PathBuf {
        let mut name = thing.as_os_str().to_owned();
        name.push(".lock");
        name.into()
    }

    /// Takes the lock on `thing` now, or gives `None` when somebody else holds it.
    pub(crate) fn try_take(thing: &Path, hold: Hold) -> io::Result<Option<Self>> {
        let path = Self::path_for(thing);
        loop {
            let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path)?;
            let taken = match hold {
                Hold::Alone => file.try_lock(),
                Hold::Shared => file.try_lock_shared(),
            };
            match taken {
                Ok(()) if is_still_at(&file, &path) => return Ok(Some(Self { file, path })),
                // Its last holder removed the file between our opening and locking it: what we hold guards nothing.
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Ok(None),
                Err(TryLockError::Error(error)) => return Err(error),
            }
        }
    }

    /// Takes the lock alone, calling `waiting` once if that needs a wait and giving up when `stop` says so or after `limit`.
    pub(crate) fn take(
        thing: &Path,
        limit: Duration,
        mut waiting: impl FnMut(),
        stop: impl Fn() -> bool,
    ) -> io::Result<Option<Self>> {
        let started = Instant::now();
        let mut told = false;
        loop {
            if let Some(lock) = Self::try_take(thing, Hold::Alone)? {
                return Ok(Some(lock));
            }
            if !told {
                waiting();
                told = true;
            }
            if stop() || started.elapsed() > limit {
                return Ok(None);
            }
            std::thread::sleep(PULSE);
        }
    }

    /// Frees the lock and removes its file: for one who holds it alone and has removed the thing.
    pub(crate) fn remove(self) -> io::Result<()> {
        let removed = std::fs::remove_file(&self.path);
        drop(self.file);
        removed
    }
}

/// Whether the open file is the one that the path names now.
fn is_still_at(file: &File, path: &Path) -> bool {
    match (file.metadata(), path.metadata()) {
        (Ok(held), Ok(there)) => (held.dev(), held.ino()) == (there.dev(), there.ino()),
        _ => false,
    }
}
