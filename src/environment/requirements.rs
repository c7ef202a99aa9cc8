//! A locked, hash-checked set of packages.

/// A lock as `uv pip compile --generate-hashes` writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requirements {
    /// What the user reads in the progress line and in faults: "the judge", "day6/redis".
    pub name: String,
    /// The file's bytes; they are part of the environment's key.
    pub lock: Vec<u8>,
}

impl Requirements {
    pub fn new(name: impl Into<String>, lock: impl Into<Vec<u8>>) -> Self {
        Self { name: name.into(), lock: lock.into() }
    }

    /// What the judge's own environment holds: pytest and what pytest needs.
    pub fn of_the_judge() -> Self {
        Self::new("the judge", include_bytes!("../../graders/requirements.txt"))
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
