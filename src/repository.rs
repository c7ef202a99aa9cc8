//! The learner's repository: where it is and what is in it.

use std::path::{Path, PathBuf};

use toml::Spanned;

use crate::document::Document;
use crate::error::{Blame, Fault, IoContext as _, Result};

/// The settings of a repository (docs/configuration.md).
const CONFIG: &str = "grade.toml";

const KEYS: &[&str] = &["catalog"];

#[derive(Clone, Debug)]
pub struct Repository {
    /// Absolute, without links.
    root: PathBuf,
    catalog: Option<PathBuf>,
}

impl Repository {
    /// The nearest folder, from `start` upwards, that holds `grade.toml` or `.git`; nothing when there is none.
    pub fn find(start: &Path) -> Result<Option<Self>> {
        let start = start.canonicalize().or_machine(|| format!("read `{}`", start.display()))?;
        let is_root = |folder: &&Path| folder.join(CONFIG).is_file() || folder.join(".git").exists();
        start.ancestors().find(is_root).map(|root| Self::open(root.to_owned())).transpose()
    }

    /// The repository at `root`, with or without `grade.toml` or `.git`.
    pub fn at(root: &Path) -> Result<Self> {
        match root.canonicalize() {
            Ok(folder) if folder.is_dir() => Self::open(folder),
            Ok(_) => Err(Fault::usage(format!("`{}` is not a folder", root.display()))),
            Err(error) => Err(Fault::usage(format!("can't open the repository `{}`", root.display())).because(error)),
        }
    }

    fn open(root: PathBuf) -> Result<Self> {
        let config = root.join(CONFIG);
        let catalog = if config.is_file() { read_catalog(&config, &root)? } else { None };
        Ok(Self { root, catalog })
    }

    /// Absolute, without links.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The catalogue that `grade.toml` names; a folder that is there.
    pub fn catalog(&self) -> Option<&Path> {
        self.catalog.as_deref()
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

fn read_catalog(config: &Path, root: &Path) -> Result<Option<PathBuf>> {
    Document::open(config, Blame::Usage)?.read(KEYS, |section| {
        let Some(named) = section.text("catalog") else { return Some(None) };
        let span = named.span();
        let folder = root.join(Spanned::into_inner(named));
        if !folder.is_dir() {
            section.mistake(span, format!("there is no folder `{}`", folder.display()));
        }
        Some(Some(folder))
    })
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
    fn an_unknown_key_of_grade_toml_is_wrong_usage_with_its_line() {
        let folder = folder_with(&[]);
        std::fs::write(folder.path().join("grade.toml"), "\ncatalogue = \"x\"\n").unwrap();
        let fault = Repository::at(folder.path()).unwrap_err();
        assert_eq!((fault.exit_code(), fault.place.unwrap().line), (2, 2));
        assert_eq!(fault.hint.as_deref(), Some("did you mean `catalog`?"));
    }
}
