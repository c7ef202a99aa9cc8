//! How many mutants each check finds, kept beside an exercise: `fixtures/<id>/kills.toml`, written by `grade verify --mutants --record`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::mutants::Harvest;
use crate::catalog::Exercise;
use crate::error::{IoContext as _, Result};

const HEAD: &str =
    "# Written by `grade verify --mutants --record`: how many mutants of the right samples each check finds.\n";

/// What is on record about one exercise.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kills {
    pub mutants: usize,
    pub killed: usize,
    pub equivalent: usize,
    /// By check.
    pub checks: BTreeMap<String, usize>,
}

impl Kills {
    pub fn of(harvest: &Harvest) -> Self {
        Self {
            mutants: harvest.mutants.len(),
            killed: harvest.killed(),
            equivalent: harvest.equivalent(),
            checks: harvest.kills.clone(),
        }
    }

    /// Writes the record of `exercise`; gives where.
    pub fn write(&self, exercise: &Exercise) -> Result<PathBuf> {
        let path = exercise.fixtures_dir().join("kills.toml");
        let text = toml::to_string(self).map_err(std::io::Error::other).or_machine(|| doing(&path))?;
        std::fs::write(&path, format!("{HEAD}{text}")).or_machine(|| doing(&path))?;
        Ok(path)
    }
}

fn doing(path: &Path) -> String {
    format!("write `{}`", path.display())
}
