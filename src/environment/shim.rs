//! pyenv's shims, understood without running them: one is a Bash script that takes 60 ms to say what four small files say.

use std::path::{Path, PathBuf};

use super::Variables;
use super::variables::is_executable;

/// What a shim stands for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// This program.
    Program(PathBuf),
    /// Whatever comes later on `PATH`.
    System,
    /// Something that only running it can tell.
    Unknown,
}

/// What the shim would run for somebody who stands in `cwd`.
///
/// The order is that of `pyenv help version-name`: `PYENV_VERSION`, `.python-version` here or in a folder above, the global `version` file.
pub(crate) fn target(shim: &Path, variables: &Variables, cwd: &Path) -> Target {
    let (Some(name), Some(root)) = (shim.file_name(), root_of(shim)) else { return Target::Unknown };
    let chosen = selection(&root, variables, cwd);
    let names: Vec<&str> = chosen.as_deref().map_or_else(Vec::new, |text| words(text).collect());
    if names.is_empty() {
        return Target::System;
    }
    for version in names {
        if version == "system" {
            return Target::System;
        }
        if !is_plain_name(version) {
            return Target::Unknown;
        }
        let program = root.join("versions").join(version).join("bin").join(name);
        if is_executable(&program) {
            return Target::Program(program);
        }
    }
    // A version that is not installed, or a prefix such as `3.12`, which newer versions of pyenv complete.
    Target::Unknown
}

/// The pyenv root of a shim: `<root>/shims/<name>`, where `<root>/versions` is a folder too.
fn root_of(shim: &Path) -> Option<PathBuf> {
    let shims = shim.parent()?;
    let root = shims.parent()?;
    (shims.ends_with("shims") && root.join("versions").is_dir()).then(|| root.to_owned())
}

/// The text that names the versions, colons and line ends alike between them.
fn selection(root: &Path, variables: &Variables, cwd: &Path) -> Option<String> {
    if let Some(value) = variables.get("PYENV_VERSION") {
        return value.to_str().map(|text| text.replace(':', "\n"));
    }
    let local = cwd.ancestors().map(|folder| folder.join(".python-version"));
    // The first file that is there counts, even when it is empty.
    let file = local.chain([root.join("version")]).find(|file| file.is_file())?;
    std::fs::read_to_string(file).ok()
}

/// The first word of each line, comments left out.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter_map(|line| line.split_whitespace().next()).filter(|word| !word.starts_with('#'))
}

/// A version name that can't lead out of `versions` (a `.python-version` is a file in a learner's repository).
fn is_plain_name(version: &str) -> bool {
    !version.starts_with('.')
        && version.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '+'))
}
