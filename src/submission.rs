//! The files one learner hands in, read once.

use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};

use crate::catalog::Exercise;
use crate::error::Result;
use crate::verdict::{Problem, SubmissionOutcome};

mod folder;
pub(crate) mod reading;
pub(crate) mod tree;

pub(crate) use folder::is_python;
use reading::{Refusal, read_file};
use tree::Tree;

/// What one file may hold, bytes.
pub const MAX_FILE_BYTES: u64 = 1024 * 1024;

/// The files of one submission, as they are handed to the sandbox.
#[derive(Clone, Debug)]
pub struct Submission {
    /// Those that the exercise names, in its order (optional ones that are absent are left out), then those that it takes by pattern, sorted.
    pub files: Vec<HandedFile>,
    /// blake3 over names and bytes, as hexadecimal digits.
    pub hash: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandedFile {
    /// As the exercise names it: `decorators.py`.
    pub name: String,
    pub bytes: Vec<u8>,
}

/// What reading a submission came to.
#[derive(Clone, Debug)]
pub enum Handed {
    Files(Submission),
    /// Nothing can be checked; the outcome is `Missing` when not one file that is asked for was handed in, else `Failed`.
    Unusable {
        outcome: SubmissionOutcome,
        problem: Problem,
    },
}

impl Submission {
    /// The same but for the content of one file, which it must have.
    #[must_use]
    pub fn with_content(&self, name: &str, bytes: &[u8]) -> Self {
        let mut files = self.files.clone();
        for file in files.iter_mut().filter(|file| file.name == name) {
            file.bytes = bytes.to_vec();
        }
        Self::new(files)
    }

    /// Of files that were read elsewhere, in the order of the exercise.
    pub fn new(files: Vec<HandedFile>) -> Self {
        Self { hash: hash(&files), files }
    }

    /// Reads the files of `exercise` in `folder` below `base`, and nothing else: those that it names, and those that its `include` takes.
    ///
    /// In a repository `folder` is the exercise's; for a folder that holds the files themselves it is empty. Below
    /// `base` no link is followed, and nothing but a regular file is read, so that neither a link to a secret nor a
    /// named pipe does harm.
    ///
    /// # Errors
    ///
    /// Only when `base` can't be opened; all else is the learner's to mend, and told as [`Handed::Unusable`].
    pub fn read(base: &Path, folder: &str, exercise: &Exercise) -> Result<Handed> {
        Self::read_but(base, folder, exercise, None)
    }

    /// The same, of a sample's folder: what its author expects is no part of what is handed in.
    ///
    /// # Errors
    ///
    /// As [`Self::read`].
    pub fn read_sample(dir: &Path, exercise: &Exercise) -> Result<Handed> {
        Self::read_but(dir, "", exercise, Some("expected.toml"))
    }

    fn read_but(base: &Path, folder: &str, exercise: &Exercise, left_out: Option<&str>) -> Result<Handed> {
        let base_dir = reading::open_base(base)?;
        let (mut files, mut missing) = (Vec::new(), Vec::new());
        for name in &exercise.files {
            let path = crate::catalog::in_folder(folder, name);
            match read_file(&base_dir, &path, MAX_FILE_BYTES) {
                Ok(bytes) => files.push(HandedFile { name: name.clone(), bytes }),
                Err(Refusal::Missing) if exercise.is_optional(name) => {}
                Err(Refusal::Missing) => missing.push(path),
                Err(refusal) => return Ok(Handed::failed(refusal.kind(), refusal.message(&path))),
            }
        }
        let by_pattern = match read_tree(&base_dir, folder, exercise, left_out) {
            Ok(files) => files,
            Err((path, refusal)) => return Ok(Handed::failed(refusal.kind(), refusal.message(&path))),
        };
        files.extend(by_pattern);
        if !missing.is_empty() {
            let outcome = if files.is_empty() { SubmissionOutcome::Missing } else { SubmissionOutcome::Failed };
            return Ok(Handed::Unusable { outcome, problem: missing_problem(&missing, base, exercise) });
        }
        if let Some(first) = files.first().filter(|first| is_blank(&first.bytes)) {
            let path = crate::catalog::in_folder(folder, &first.name);
            return Ok(Handed::failed(
                "empty",
                format!("`{path}` is empty. `grade start {} --force` puts the starter there.", exercise.id),
            ));
        }
        Ok(Handed::Files(Self::new(files)))
    }
}

/// What `include` takes beyond the files that are named; or the path of what can't be taken, and why.
fn read_tree(
    base: &OwnedFd,
    folder: &str,
    exercise: &Exercise,
    left_out: Option<&str>,
) -> std::result::Result<Vec<HandedFile>, (String, Refusal)> {
    if exercise.include.is_empty() {
        return Ok(Vec::new());
    }
    let tree = Tree::look(base, folder, &exercise.include);
    if let Some(refused) = tree.refused {
        return Err(refused);
    }
    let mut room = tree::MOST_BYTES;
    let mut files = Vec::new();
    for name in tree.files {
        if exercise.files.contains(&name) || left_out == Some(name.as_str()) {
            continue;
        }
        let path = crate::catalog::in_folder(folder, &name);
        match read_file(base, &path, MAX_FILE_BYTES) {
            Ok(bytes) if bytes.len() as u64 <= room => {
                room -= bytes.len() as u64;
                files.push(HandedFile { name, bytes });
            }
            Ok(_) => return Err((folder.to_owned(), Refusal::TooMuch(tree::MOST_BYTES))),
            // Gone between the look and the reading.
            Err(Refusal::Missing) => {}
            Err(refusal) => return Err((path, refusal)),
        }
    }
    Ok(files)
}

/// The folders below `base` in which a file that `exercise` takes by pattern may come or go; none when it takes none.
///
/// # Errors
///
/// When `base` can't be opened.
pub fn watched_folders(base: &Path, exercise: &Exercise) -> Result<Vec<PathBuf>> {
    if exercise.include.is_empty() {
        return Ok(Vec::new());
    }
    let tree = Tree::look(&reading::open_base(base)?, &exercise.folder, &exercise.include);
    let path = |name: &String| base.join(crate::catalog::in_folder(&exercise.folder, name));
    Ok(tree.folders.iter().map(path).collect())
}

impl Handed {
    fn failed(kind: &str, message: String) -> Self {
        let problem = Problem { kind: kind.to_owned(), message, location: None, column: None };
        Self::Unusable { outcome: SubmissionOutcome::Failed, problem }
    }
}

fn missing_problem(missing: &[String], base: &Path, exercise: &Exercise) -> Problem {
    let names: Vec<_> = missing.iter().map(|path| format!("`{path}`")).collect();
    let are = if missing.len() == 1 { "is" } else { "are" };
    let message = format!(
        "{} {are} not in `{}`. `grade start {}` puts a starter there.",
        names.join(" and "),
        base.display(),
        exercise.id
    );
    Problem { kind: "missing".to_owned(), message, location: None, column: None }
}

fn is_blank(bytes: &[u8]) -> bool {
    bytes.iter().all(u8::is_ascii_whitespace)
}

fn hash(files: &[HandedFile]) -> String {
    let mut hasher = blake3::Hasher::new();
    for file in files {
        crate::catalog::add_file(&mut hasher, &file.name, &file.bytes);
    }
    hasher.finalize().to_hex().to_string()
}

#[cfg(test)]
mod tests;
