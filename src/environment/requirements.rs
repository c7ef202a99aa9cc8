//! A locked, hash-checked set of packages.

use std::path::{Path, PathBuf};

use crate::error::{IoContext as _, Result};

/// A lock as `uv pip compile --generate-hashes` writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requirements {
    /// What the user reads in the progress line and in faults: "the judge", "day6/redis".
    pub name: String,
    /// The file's bytes; they are part of the environment's key.
    pub lock: Vec<u8>,
    /// What is run once the packages are there.
    pub(crate) finish: Option<Finish>,
}

/// A script that puts more beside the packages, run once, by the new environment's own interpreter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Finish {
    /// It gets the folder of the packages as its only argument.
    pub(crate) script: PathBuf,
    /// Its text, part of the environment's key as the lock is.
    pub(crate) text: Vec<u8>,
}

impl Requirements {
    pub fn new(name: impl Into<String>, lock: impl Into<Vec<u8>>) -> Self {
        Self { name: name.into(), lock: lock.into(), finish: None }
    }

    /// What the judge's own environment holds: pytest and what pytest needs.
    pub fn of_the_judge() -> Self {
        Self::new("the judge", include_bytes!("../../graders/requirements.txt"))
    }

    /// mypy, and what it has found out about the standard library; `kit` is the folder of our own Python packages.
    ///
    /// Errors: machine (a file of ours can't be read).
    pub fn of_the_type_checker(kit: &Path) -> Result<Self> {
        let script = kit.join("sandboxed/type_check.py");
        let text = std::fs::read(&script).or_machine(|| format!("read `{}`", script.display()))?;
        let lock = include_bytes!("../../graders/type_checker.txt").to_vec();
        Ok(Self { name: "the type checker".to_owned(), lock, finish: Some(Finish { script, text }) })
    }

    /// No packages at all: such a set needs no network, no installer, not even an environment.
    pub fn none(name: impl Into<String>) -> Self {
        Self::new(name, [])
    }

    /// Whether the lock has nothing but blank lines and comments.
    pub fn is_empty(&self) -> bool {
        self.lock.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii).all(|line| line.is_empty() || line[0] == b'#')
    }
}
