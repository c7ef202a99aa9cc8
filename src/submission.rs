//! The files one learner hands in, read once.

use std::path::Path;

use crate::catalog::Exercise;
use crate::error::Result;
use crate::verdict::{Problem, SubmissionOutcome};

pub(crate) mod reading;

use reading::{Refusal, read_file};

/// What one file may hold, bytes.
pub const MAX_FILE_BYTES: u64 = 1024 * 1024;

/// The files of one submission, as they are handed to the sandbox.
#[derive(Clone, Debug)]
pub struct Submission {
    /// In the order of the exercise; optional files that are absent are left out.
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
    /// Of files that were read elsewhere, in the order of the exercise.
    pub fn new(files: Vec<HandedFile>) -> Self {
        Self { hash: hash(&files), files }
    }

    /// Reads the files of `exercise` in `folder` below `base`, and nothing else.
    ///
    /// In a repository `folder` is the exercise's; for a folder that holds the files themselves it is empty. Below
    /// `base` no link is followed, and nothing but a regular file is read, so that neither a link to a secret nor a
    /// named pipe does harm.
    ///
    /// # Errors
    ///
    /// Only when `base` can't be opened; all else is the learner's to mend, and told as [`Handed::Unusable`].
    pub fn read(base: &Path, folder: &str, exercise: &Exercise) -> Result<Handed> {
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
