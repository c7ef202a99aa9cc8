//! All the files of a folder, for suites, where nobody says which files there are.

use std::path::Path;

use super::reading::{self, Refusal, read_file};
use super::{Handed, HandedFile, MAX_FILE_BYTES, Submission, hash, is_blank};
use crate::error::{IoContext as _, Result};

/// More files, or more bytes, than this are no solution of an exercise.
const MOST_FILES: usize = 500;
const MOST_BYTES: usize = 16 << 20;

/// Folders that tools make, and that no solution is read from.
const NOT_READ: &[&str] = &["__pycache__", "node_modules", "venv", "env", "build", "dist", "site-packages"];

impl Submission {
    /// Reads the file `name` in `base`, and nothing else.
    ///
    /// # Errors
    /// Only when `base` can't be opened.
    pub fn read_one(base: &Path, name: &str) -> Result<Handed> {
        Self::read_named(base, vec![name.to_owned()])
    }

    /// Reads every file below `base` but hidden ones, links, what tools leave there, and what `leave_out` names (a path with `/`).
    ///
    /// # Errors
    /// Only when `base` can't be read.
    pub fn read_folder(base: &Path, leave_out: impl Fn(&str) -> bool) -> Result<Handed> {
        let mut names = Vec::new();
        walk(base, "", &mut names)?;
        names.retain(|name| !leave_out(name));
        names.sort();
        if names.len() > MOST_FILES {
            return Ok(Handed::failed(
                "too_large",
                format!("there are more than {MOST_FILES} files in `{}`", base.display()),
            ));
        }
        Self::read_named(base, names)
    }

    fn read_named(base: &Path, names: Vec<String>) -> Result<Handed> {
        let base_dir = reading::open_base(base)?;
        let (mut files, mut total) = (Vec::new(), 0);
        for name in names {
            match read_file(&base_dir, &name, MAX_FILE_BYTES) {
                Ok(bytes) => {
                    total += bytes.len();
                    files.push(HandedFile { name, bytes });
                }
                // Large data beside the code is not what is graded.
                Err(Refusal::TooLarge(_)) if !is_python(&name) => {}
                Err(refusal) => return Ok(Handed::failed(refusal.kind(), refusal.message(&name))),
            }
        }
        if total > MOST_BYTES {
            let message = format!("the files in `{}` are larger than {} MiB", base.display(), MOST_BYTES >> 20);
            return Ok(Handed::failed("too_large", message));
        }
        let is_code = |file: &&HandedFile| is_python(&file.name) && !is_blank(&file.bytes);
        if !files.iter().any(|file| is_code(&file)) {
            let message = format!("there is no Python in `{}`", base.display());
            return Ok(Handed::Unusable {
                outcome: crate::verdict::SubmissionOutcome::Missing,
                problem: crate::verdict::Problem { kind: "missing".to_owned(), message, location: None, column: None },
            });
        }
        Ok(Handed::Files(Self { hash: hash(&files), files }))
    }
}

/// Whether Python imports from a file of this name.
pub(crate) fn is_python(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|end| end == "py")
}

fn walk(base: &Path, prefix: &str, names: &mut Vec<String>) -> Result<()> {
    let folder = base.join(prefix);
    let entries = folder.read_dir().or_machine(|| format!("read the folder `{}`", folder.display()))?;
    for entry in entries.flatten() {
        let Ok(name) = entry.file_name().into_string() else { continue };
        let Ok(kind) = entry.file_type() else { continue };
        if name.starts_with('.') || names.len() > MOST_FILES {
            continue;
        }
        if kind.is_dir() && !NOT_READ.contains(&name.as_str()) {
            walk(base, &format!("{prefix}{name}/"), names)?;
        } else if kind.is_file() {
            names.push(format!("{prefix}{name}"));
        }
    }
    Ok(())
}
