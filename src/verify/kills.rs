//! How many mutants each check finds, kept beside an exercise: `fixtures/<id>/kills.toml`, written by `grade verify --mutants --record`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::{fs, io};

use serde::{Deserialize, Serialize};

use super::mutants::{Harvest, LEAST_KILLED, percent};
use crate::catalog::Exercise;
use crate::error::{Fault, IoContext as _, Result};

const HEAD: &str =
    "# Written by `grade verify --mutants --record`: how many mutants of the right samples each check finds.\n";

/// What is on record about one exercise.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kills {
    /// [`Exercise::mutants_hash`] of what the figures are about.
    pub content: String,
    pub mutants: usize,
    pub killed: usize,
    pub equivalent: usize,
    /// By check.
    pub checks: BTreeMap<String, usize>,
}

impl Kills {
    pub fn of(exercise: &Exercise, harvest: &Harvest) -> Result<Self> {
        Ok(Self {
            content: exercise.mutants_hash()?,
            mutants: harvest.mutants.len(),
            killed: harvest.killed(),
            equivalent: harvest.equivalent(),
            checks: harvest.kills.clone(),
        })
    }

    /// Writes the record of `exercise`; gives where.
    pub fn write(&self, exercise: &Exercise) -> Result<PathBuf> {
        let path = path(exercise);
        let text = toml::to_string(self).map_err(io::Error::other).or_machine(|| doing("write", &path))?;
        fs::write(&path, format!("{HEAD}{text}")).or_machine(|| doing("write", &path))?;
        Ok(path)
    }

    /// The record of `exercise`; none when nobody has made one.
    pub fn read(exercise: &Exercise) -> Result<Option<Self>> {
        let path = path(exercise);
        if !path.is_file() {
            return Ok(None);
        }
        let text = fs::read_to_string(&path).or_machine(|| doing("read", &path))?;
        toml::from_str(&text).map(Some).map_err(|error| Fault::author(format!("`{}`: {error}", path.display())))
    }

    /// Of the mutants that are mistakes, in percent, rounded down; 100 where there are none.
    pub fn percent(&self) -> usize {
        percent(self.mutants, self.killed, self.equivalent)
    }

    /// Why the record says nothing about `exercise` as it is, or not enough, one sentence each.
    pub fn objections(&self, exercise: &Exercise) -> Result<Vec<String>> {
        let told: BTreeSet<&str> = self.checks.keys().map(String::as_str).collect();
        let asked: BTreeSet<&str> = exercise.checks.iter().map(|check| check.id.as_str()).collect();
        let mut objections: Vec<String> = told
            .symmetric_difference(&asked)
            .map(|id| format!("`{id}` is in the record or in the exercise, but not in both"))
            .collect();
        if self.content != exercise.mutants_hash()? {
            objections.push(format!(
                "is about another grader, or other samples: `grade verify {} --mutants --record`",
                exercise.id
            ));
        }
        if self.killed + self.equivalent > self.mutants || self.checks.values().any(|found| *found > self.killed) {
            objections.push("has more mutants found than there are".to_owned());
        }
        if self.percent() < LEAST_KILLED {
            objections.push(format!("{} % of the mutants are found, {LEAST_KILLED} are needed", self.percent()));
        }
        Ok(objections)
    }
}

fn path(exercise: &Exercise) -> PathBuf {
    exercise.fixtures_dir().join("kills.toml")
}

fn doing(what: &str, path: &Path) -> String {
    format!("{what} `{}`", path.display())
}
