//! The layout of a finished environment on the disk: where things are, what makes it ready, what is put right before it moves into place.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};

use super::{Interpreter, Requirements};

/// The folder below the cache that holds all environments.
pub(crate) const FOLDER: &str = "venvs";
/// Part of every key: changes whenever something is built in another way.
const LAYOUT: u32 = 1;
/// The file that is written last; an environment without it is not one.
const READY: &str = "ready.json";
/// The time of last use is kept this exactly, so that a run seldom writes to the cache.
const TOUCH_EVERY: Duration = Duration::from_hours(1);

/// What `ready.json` says, for people and for `grade cache list`.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Ready {
    pub(crate) layout: u32,
    pub(crate) requirements: String,
    pub(crate) python: String,
    pub(crate) executable: PathBuf,
    pub(crate) installer: String,
    pub(crate) built_ms: u64,
}

impl Ready {
    pub(crate) fn new(what: &Requirements, interpreter: &Interpreter, installer: &str, built_ms: u64) -> Self {
        Self {
            layout: LAYOUT,
            requirements: what.name.clone(),
            python: interpreter.version().to_string(),
            executable: interpreter.executable.clone(),
            installer: installer.to_owned(),
            built_ms,
        }
    }

    pub(crate) fn read(root: &Path) -> Option<Self> {
        serde_json::from_slice(&fs::read(root.join(READY)).ok()?).ok()
    }

    /// Written when nothing else is left to do in `root`.
    pub(crate) fn write(&self, root: &Path) -> io::Result<()> {
        fs::write(root.join(READY), serde_json::to_vec_pretty(self)?)
    }
}

/// The name of the environment: 32 hex digits of BLAKE3 over the lock and everything about the interpreter that an installed package may depend on.
pub(crate) fn key(interpreter: &Interpreter, requirements: &Requirements) -> String {
    let mut hasher = blake3::Hasher::new();
    let version = interpreter.version().to_string();
    let parts: [&[u8]; 7] = [
        &LAYOUT.to_le_bytes(),
        interpreter.implementation.as_bytes(),
        version.as_bytes(),
        interpreter.executable.as_os_str().as_encoded_bytes(),
        interpreter.platform_tag.as_bytes(),
        interpreter.libc.as_deref().unwrap_or("").as_bytes(),
        &requirements.lock,
    ];
    for part in parts {
        // With its length before it, no part can pass for the beginning of the next.
        hasher.update(&(part.len() as u64).to_le_bytes()).update(part);
    }
    if let Some(finish) = &requirements.finish {
        hasher.update(&finish.text);
    }
    hasher.finalize().to_hex()[..32].to_owned()
}

/// Whether the environment is complete; if so its time of last use is now, give or take an hour.
pub(crate) fn is_ready(root: &Path) -> bool {
    let Ok(data) = fs::metadata(root.join(READY)) else { return false };
    let unused = data.modified().ok().and_then(|modified| SystemTime::now().duration_since(modified).ok());
    if unused.is_some_and(|unused| unused > TOUCH_EVERY) {
        touch(root);
    }
    true
}

/// A cache that can't be written only loses the time of last use.
fn touch(root: &Path) {
    let _ = File::options().append(true).open(root.join(READY)).and_then(|file| file.set_modified(SystemTime::now()));
}

/// When it was used last, give or take an hour.
pub(crate) fn last_used(root: &Path) -> Option<SystemTime> {
    fs::metadata(root.join(READY)).ok()?.modified().ok()
}

/// Its Python, a link to the base interpreter.
pub(crate) fn python(root: &Path) -> PathBuf {
    root.join("bin/python")
}

/// Where its packages are: the name of the folder is that of the base's standard library (`python3.13t` for a free-threaded build).
pub(crate) fn site_packages(root: &Path, interpreter: &Interpreter) -> PathBuf {
    let (major, minor, _) = interpreter.version;
    let versioned = format!("python{major}.{minor}");
    let name = interpreter.stdlib.file_name().filter(|name| name.as_encoded_bytes().starts_with(b"python"));
    root.join("lib").join(name.unwrap_or(OsStr::new(&versioned))).join("site-packages")
}

/// Puts right what was written for the folder it was built in: the configuration names its final place, and scripts, whose first lines name the
/// old one, go (packages are run by `python -m`).
pub(crate) fn settle(built: &Path, place: &Path) -> io::Result<()> {
    let config = built.join("pyvenv.cfg");
    let text = fs::read_to_string(&config)?;
    fs::write(&config, text.replace(&*built.to_string_lossy(), &place.to_string_lossy()))?;
    for entry in fs::read_dir(built.join("bin"))? {
        let entry = entry?;
        if !entry.file_name().as_encoded_bytes().starts_with(b"python") {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}
