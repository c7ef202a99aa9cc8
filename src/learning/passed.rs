//! Which exercises have passed: `.grade/progress.txt`, one fact a line, sorted, so that git can merge it.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::PathBuf;

use super::day::Day;
use crate::error::{Fault, Result};
use crate::repository::Repository;
use crate::verdict::Verdict;

const HEAD: &str = "# What has passed here, by `grade`: one fact a line, in any order. For your own eyes; nobody takes marks from it.\n";

/// What passed, by id, and when first. Ids that no catalogue knows are kept: another one may.
#[derive(Clone, Debug, Default)]
pub struct Passed {
    path: PathBuf,
    facts: BTreeMap<String, String>,
}

impl Passed {
    /// Reads what is noted in `repository`. Whatever is no fact is passed over, also the marks that a merge leaves: every line stands alone.
    pub fn open(repository: &Repository) -> Result<Self> {
        let path = repository.state_dir().join("progress.txt");
        let text = match fs::read_to_string(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            other => other.map_err(|error| {
                Fault::machine("`.grade/progress.txt` can't be read").because(error).hint("remove it to begin anew")
            })?,
        };
        Ok(Self { path, facts: facts(&text) })
    }

    pub fn has(&self, id: &str) -> bool {
        self.facts.contains_key(id)
    }

    /// Notes which of these verdicts are passes. Nothing is written where nothing is new.
    ///
    /// # Errors
    ///
    /// The file can't be written.
    pub fn note(&mut self, verdicts: &[Verdict], day: Day) -> io::Result<()> {
        let new: Vec<_> = verdicts.iter().filter(|verdict| verdict.passed() && !self.has(&verdict.exercise)).collect();
        if new.is_empty() {
            return Ok(());
        }
        for verdict in new {
            self.facts.insert(verdict.exercise.clone(), day.to_string());
        }
        let lines: String = self.facts.iter().map(|(id, day)| [id, " passed ", day, "\n"].concat()).collect();
        super::keep(&self.path, &format!("{HEAD}{lines}"))
    }
}

/// `day4/decorators passed 2026-11-21`; of two about one exercise the earlier counts.
fn facts(text: &str) -> BTreeMap<String, String> {
    let mut facts: BTreeMap<String, String> = BTreeMap::new();
    for line in text.lines() {
        let mut words = line.split_whitespace();
        let (Some(id), Some("passed"), Some(day), None) = (words.next(), words.next(), words.next(), words.next())
        else {
            continue;
        };
        let known = facts.entry(id.to_owned()).or_insert_with(|| day.to_owned());
        if day < known.as_str() {
            day.clone_into(known);
        }
    }
    facts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_conflict_that_git_left_is_read_from_both_sides() {
        let text = "# head\n<<<<<<< ours\na/b passed 2026-11-22\n=======\na/b passed 2026-11-21\nc/d passed 2026-11-20\n>>>>>>> theirs\n";
        let facts = facts(text);
        assert_eq!(
            facts.iter().map(|(id, day)| (id.as_str(), day.as_str())).collect::<Vec<_>>(),
            [("a/b", "2026-11-21"), ("c/d", "2026-11-20")]
        );
    }

    #[test]
    fn what_is_no_fact_is_passed_over() {
        assert!(facts("a/b\na/b failed 2026-11-21\n\n\u{0}\n").is_empty());
    }
}
