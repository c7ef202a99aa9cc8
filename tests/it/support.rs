//! A desk: a learner's repository, a catalogue and a cache of its own, and the real binary run at it.

#![expect(clippy::unwrap_used, reason = "a test that can't be set up has failed")]

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

/// A temporary folder with `repo/` (a repository), `catalog/` and `cache/`.
pub(crate) struct Desk {
    folder: tempfile::TempDir,
    root: PathBuf,
}

/// What one run of `grade` told; shows as one text for a snapshot, with the desk's folder as `[DESK]`.
pub(crate) struct Told {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// An exercise of one file and one check that is as it should be.
pub(crate) const EXERCISE: &str = r#"title = "A small exercise"
summary = "add two numbers"
track = "drill"
folder = "week1/lab"
files = ["adding.py"]

[[check]]
id = "adds"
title = "adds two numbers"
weight = 2
"#;

impl Desk {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        for name in ["repo/.git", "catalog/exercises", "catalog/graders", "catalog/fixtures", "home"] {
            fs::create_dir_all(root.join(name)).unwrap();
        }
        Self { folder, root }
    }

    /// A desk with the exercise `lab/adding`.
    pub(crate) fn with_exercise() -> Self {
        Self::new().exercise("lab/adding", EXERCISE)
    }

    /// Adds an exercise with this `exercise.toml` and everything else that it needs.
    pub(crate) fn exercise(self, id: &str, manifest: &str) -> Self {
        let folder = format!("catalog/exercises/{id}");
        self.file(&format!("{folder}/exercise.toml"), manifest)
            .file(&format!("{folder}/README.md"), "# Adding\n\nWrite `add(a, b)`.\n")
            .file(&format!("{folder}/hints.md"), "# Hints\n\n## Look\n\nRead it again.\n\n## Type\n\nUse `+`.\n")
            .file(&format!("{folder}/starter/adding.py"), "def add(a, b):\n    ...\n")
            .file(&format!("catalog/graders/{id}/test_adding.py"), "def test_adds(learner): ...\n")
    }

    /// Writes a file below the desk's folder.
    pub(crate) fn file(self, path: &str, text: &str) -> Self {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        self
    }

    pub(crate) fn without(self, path: &str) -> Self {
        let path = self.path(path);
        if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) }.unwrap();
        self
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }

    /// Runs `grade` in the repository with the desk's catalogue.
    pub(crate) fn grade(&self, arguments: &[&str]) -> Told {
        let mut all = vec!["--catalog", "../catalog"];
        all.extend(arguments);
        self.grade_in("repo", &all)
    }

    /// Runs `grade` in a folder of the desk with just these arguments.
    pub(crate) fn grade_in(&self, folder: &str, arguments: &[&str]) -> Told {
        self.run(folder, arguments, &[])
    }

    /// The same with more variables in its environment, which is otherwise empty.
    pub(crate) fn run(&self, folder: &str, arguments: &[&str], variables: &[(&str, &str)]) -> Told {
        #[expect(clippy::disallowed_methods, reason = "the tests run the binary itself")]
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_grade"))
            .args(arguments)
            .current_dir(self.path(folder))
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.path("home"))
            .env("GRADE_CACHE_DIR", self.path("cache"))
            .envs(variables.iter().copied())
            .stdin(Stdio::null())
            .output()
            .unwrap();
        Told {
            code: output.status.code().unwrap_or(-1),
            stdout: self.filtered(&output.stdout),
            stderr: self.filtered(&output.stderr),
        }
    }

    fn filtered(&self, bytes: &[u8]) -> String {
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        let shown = |path: &Path| path.display().to_string();
        text.replace(&shown(&self.root), "[DESK]").replace(&shown(self.folder.path()), "[DESK]")
    }
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "exit code: {}\n----- stdout -----\n{}----- stderr -----\n{}", self.code, self.stdout, self.stderr)
    }
}

/// Copies a folder with all that is in it.
pub(crate) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).map(drop).unwrap();
        }
    }
}
