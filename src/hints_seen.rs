//! How many hints a learner has seen: `.grade/hints.toml` in their repository.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::PathBuf;

use crate::catalog::ExerciseId;
use crate::error::{Fault, Result};
use crate::repository::Repository;

#[derive(Debug)]
pub struct HintsSeen {
    folder: PathBuf,
    /// By id: the number of hints that were shown.
    seen: BTreeMap<String, usize>,
}

impl HintsSeen {
    /// Reads what is noted in `repository`.
    pub fn open(repository: &Repository) -> Result<Self> {
        let folder = repository.state_dir();
        let text = match fs::read_to_string(folder.join("hints.toml")) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            other => other.map_err(|error| unusable(&error.to_string()))?,
        };
        let seen = toml::from_str(&text).map_err(|error| unusable(error.message()))?;
        Ok(Self { folder, seen })
    }

    pub fn of(&self, id: &ExerciseId) -> usize {
        self.seen.get(id.as_str()).copied().unwrap_or_default()
    }

    /// Notes that the first `count` hints were shown; nothing is written where nothing changes.
    pub fn set(&mut self, id: &ExerciseId, count: usize) -> Result<()> {
        if self.of(id) == count {
            return Ok(());
        }
        self.seen.insert(id.as_str().to_owned(), count);
        self.write()
            .map_err(|error| Fault::machine("can't note in `.grade/hints.toml` which hint was shown").because(error))
    }

    fn write(&self) -> io::Result<()> {
        let text = toml::to_string(&self.seen).map_err(io::Error::other)?;
        crate::learning::keep(&self.folder.join("hints.toml"), &text)
    }
}

fn unusable(why: &str) -> Fault {
    Fault::usage("`.grade/hints.toml` can't be read")
        .because(why)
        .hint("remove that file to begin again with the first hint")
}
