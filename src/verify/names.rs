//! Whether the text of an exercise names what its starter defines and what its grader asks for.

use std::path::{Path, PathBuf};

use crate::catalog::Exercise;
use crate::error::Result;

/// (name, line) of what a file is about, as `graders/authoring/interface.py` tells it.
pub type Names = Vec<(String, usize)>;

/// The files to be asked about: the Python files of the starter, then those of the grader.
pub fn files(exercise: &Exercise) -> Result<Vec<PathBuf>> {
    let starter = exercise.files.iter().map(|file| exercise.starter_dir().join(file));
    let is_python = |path: &PathBuf| path.extension().is_some_and(|end| end == "py") && path.is_file();
    Ok(starter.filter(is_python).chain(exercise.test_files()?).collect())
}

/// Names that the README lacks: files, what the starter defines, what probes ask the learner's module for.
pub fn unnamed(exercise: &Exercise, files: &[PathBuf], names: &[Names]) -> Result<Vec<String>> {
    let readme = exercise.readme()?;
    let mut complaints: Vec<String> = exercise
        .files
        .iter()
        .filter(|file| !mentions(&readme, file.rsplit('/').next().unwrap_or(file)))
        .map(|file| format!("README.md does not name the file `{file}`"))
        .collect();
    for (path, names) in files.iter().zip(names) {
        let grader = path.starts_with(exercise.grader_dir());
        let what = if grader { "the grader asks for" } else { "the starter defines" };
        complaints.extend(names.iter().filter(|(name, _)| !mentions(&readme, name)).map(|(name, line)| {
            format!("README.md does not name `{name}`, which {what} ({}:{line})", file_name(path))
        }));
    }
    Ok(complaints)
}

fn file_name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// Whether a text has `word`, not merely as a part of a longer one.
fn mentions(text: &str, word: &str) -> bool {
    let joins = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    text.match_indices(word).any(|(start, found)| {
        !joins(text[..start].chars().next_back()) && !joins(text[start + found.len()..].chars().next())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_a_longer_word_is_no_mention() {
        assert!(mentions("call `add(a, b)`", "add") && mentions("add", "add") && mentions("adder, add.", "add"));
        assert!(!mentions("`add_all` and `adder`", "add"));
    }
}
