//! The learner's repository: where it is and what is in it.

use std::path::{Path, PathBuf};

use crate::configuration::Configuration;
use crate::error::{Fault, IoContext as _, Result};

/// The settings of a repository (docs/configuration.md).
pub const CONFIG: &str = "grade.toml";

#[derive(Clone, Debug)]
pub struct Repository {
    /// Absolute, without links.
    root: PathBuf,
}

impl Repository {
    /// The nearest folder, from `start` upwards, that holds `grade.toml` or `.git`; nothing when there is none.
    pub fn find(start: &Path) -> Result<Option<Self>> {
        let start = start.canonicalize().or_machine(|| format!("read `{}`", start.display()))?;
        let is_root = |folder: &&Path| folder.join(CONFIG).is_file() || folder.join(".git").exists();
        Ok(start.ancestors().find(is_root).map(|root| Self { root: root.to_owned() }))
    }

    /// The repository at `root`, with or without `grade.toml` or `.git`.
    pub fn at(root: &Path) -> Result<Self> {
        match root.canonicalize() {
            Ok(folder) if folder.is_dir() => Ok(Self { root: folder }),
            Ok(_) => Err(Fault::usage(format!("`{}` is not a folder", root.display()))),
            Err(error) => Err(Fault::usage(format!("can't open the repository `{}`", root.display())).because(error)),
        }
    }

    /// What its `grade.toml` says; nothing when there is none.
    ///
    /// A link out of the repository is wrong usage: mistakes are shown with their lines, and those would be another file's.
    pub fn configuration(&self) -> Result<Configuration> {
        let file = self.root.join(CONFIG);
        if !file.is_file() {
            return Ok(Configuration::default());
        }
        if file.canonicalize().is_ok_and(|real| real.starts_with(&self.root)) {
            return Configuration::open(&file);
        }
        let fault = Fault::usage(format!("`{}` is a link that leads out of the repository", file.display()));
        Err(fault.hint("put the file itself there"))
    }

    /// Absolute, without links.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// `path` relative to the repository, with `/`; as it is when it lies elsewhere.
    pub fn shown(&self, path: &Path) -> String {
        let relative = path.strip_prefix(&self.root).unwrap_or(path);
        let parts: Vec<_> = relative.iter().map(|part| part.to_string_lossy()).collect();
        if relative.is_absolute() { relative.display().to_string() } else { parts.join("/") }
    }

    /// The folder for what `grade` itself keeps in a repository: `.grade`.
    pub fn state_dir(&self) -> PathBuf {
        self.root.join(".grade")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder_with(names: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for name in names {
            std::fs::create_dir_all(folder.path().join(name)).unwrap();
        }
        folder
    }

    #[test]
    fn a_repository_is_found_from_any_folder_inside() {
        let folder = folder_with(&[".git", "week1/day4"]);
        let found = Repository::find(&folder.path().join("week1/day4")).unwrap().unwrap();
        assert_eq!(found.root(), folder.path().canonicalize().unwrap());
    }

    #[test]
    fn the_nearest_grade_toml_wins_over_a_git_folder_above() {
        let folder = folder_with(&[".git", "course/week1"]);
        std::fs::write(folder.path().join("course/grade.toml"), "").unwrap();
        let found = Repository::find(&folder.path().join("course/week1")).unwrap().unwrap();
        assert!(found.root().ends_with("course"));
    }

    #[test]
    fn paths_are_shown_from_the_repository() {
        let folder = folder_with(&["week1"]);
        let repository = Repository::at(folder.path()).unwrap();
        assert_eq!(repository.shown(&repository.root().join("week1/a.py")), "week1/a.py");
        assert_eq!(repository.shown(Path::new("/etc/hosts")), "/etc/hosts");
    }

    #[test]
    fn a_grade_toml_outside_of_the_repository_is_not_read() {
        let folder = folder_with(&["repo"]);
        std::fs::write(folder.path().join("secret"), "token\n").unwrap();
        std::os::unix::fs::symlink("../secret", folder.path().join("repo/grade.toml")).unwrap();
        let fault = Repository::at(&folder.path().join("repo")).unwrap().configuration().unwrap_err();
        assert!(fault.what.contains("leads out") && fault.place.is_none(), "{fault}");
    }

    #[test]
    fn an_unknown_key_of_grade_toml_is_wrong_usage_with_its_line() {
        let folder = folder_with(&[]);
        std::fs::write(folder.path().join("grade.toml"), "\ncatalogue = \"x\"\n").unwrap();
        let fault = Repository::at(folder.path()).unwrap().configuration().unwrap_err();
        assert_eq!((fault.exit_code(), fault.place.unwrap().line), (2, 2));
        assert_eq!(fault.hint.as_deref(), Some("did you mean `catalog`?"));
    }
}
