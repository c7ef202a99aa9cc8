//! What a learner has shown so far, kept in their repository for their own eyes: nobody takes marks from it.

pub mod day;
pub mod known;
pub mod map;
pub mod passed;
pub mod plan;
pub mod reviews;

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

/// Writes a file that is whole at every moment; its folder is made where it is not there yet.
pub(crate) fn replace(path: &Path, text: &str) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = path.parent().ok_or(io::ErrorKind::InvalidFilename)?;
    fs::create_dir_all(folder)?;
    // Readable by others as far as the user's mask allows, like any file they create.
    let shared = fs::Permissions::from_mode(0o666);
    let mut file = tempfile::Builder::new().prefix(".grade-").permissions(shared).tempfile_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.persist(path).map(drop).map_err(|error| error.error)
}

/// What git keeps of the folder `.grade`: what one learner has looked at is no part of their work.
const IGNORE: &str = "*\n!.gitignore\n!progress.txt\n";

/// Writes a file in a repository's folder `.grade`, and first what git is to keep of it, unless the learner has said that.
pub(crate) fn keep(path: &Path, text: &str) -> io::Result<()> {
    let ignore = path.with_file_name(".gitignore");
    // What earlier versions wrote is nobody's own.
    if fs::read_to_string(&ignore).is_ok_and(|text| text != "*\n") {
        return replace(path, text);
    }
    replace(&ignore, IGNORE)?;
    replace(path, text)
}
