//! The files of an exercise, and one hash over them.

use std::io;
use std::path::{Path, PathBuf};

use super::strays::is_stray;
use crate::error::{IoContext as _, Result};

/// All files below `folder` as (name with `/`, path), sorted; none when there is no such folder.
///
/// What tools leave behind is passed over, and links to folders are: they may lead in circles.
pub(super) fn files_below(folder: &Path) -> io::Result<Vec<(String, PathBuf)>> {
    let mut files = Vec::new();
    if folder.is_dir() {
        collect(folder, "", &mut files)?;
    }
    files.sort();
    Ok(files)
}

fn collect(folder: &Path, prefix: &str, files: &mut Vec<(String, PathBuf)>) -> io::Result<()> {
    for entry in folder.read_dir()? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if is_stray(&name) {
            continue;
        }
        let path = entry.path();
        if entry.file_type()?.is_dir() {
            collect(&path, &format!("{prefix}{name}/"), files)?;
        } else if path.is_file() {
            files.push((format!("{prefix}{name}"), path));
        }
    }
    Ok(())
}

/// blake3 over the names and bytes of all files in `paths`, which are folders or files, or are not there; as hexadecimal digits.
pub(super) fn hash(paths: &[PathBuf]) -> Result<String> {
    let mut hasher = blake3::Hasher::new();
    for path in paths {
        let files = if path.is_file() { Ok(vec![(String::new(), path.clone())]) } else { files_below(path) };
        let files = files.or_machine(|| format!("read `{}`", path.display()))?;
        hasher.update(&(files.len() as u64).to_le_bytes());
        for (name, path) in files {
            let bytes = std::fs::read(&path).or_machine(|| format!("read `{}`", path.display()))?;
            add_file(&mut hasher, &name, &bytes);
        }
    }
    Ok(hasher.finalize().to_hex().to_string())
}

/// Adds one file to `hasher`; the lengths keep it apart from the next.
pub(crate) fn add_file(hasher: &mut blake3::Hasher, name: &str, bytes: &[u8]) {
    hasher.update(&(name.len() as u64).to_le_bytes()).update(name.as_bytes());
    hasher.update(&(bytes.len() as u64).to_le_bytes()).update(bytes);
}
