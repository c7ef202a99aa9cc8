//! A learner's repository under git, graded by the exercises of `tests/catalog`.
#![expect(clippy::unwrap_used, reason = "a test that can't be set up has failed")]

use std::path::PathBuf;

use crate::support::{Desk, Told};
use crate::trial::cache;

pub(super) const CATALOG: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/catalog");

/// Where the two exercises that are used go.
pub(super) const SQUARE: &str = "week1/lab/square.py";
pub(super) const ROTATE: &str = "lists/rotate.py";

/// A right `lists/rotate`, and a wrong one.
pub(super) const ROTATES: &str =
    "def rotate(items, steps):\n    at = -steps % len(items) if items else 0\n    return items[at:] + items[:at]\n";
pub(super) const STAYS: &str = "LIMIT = 3\n\n\ndef rotate(items, steps):\n    return list(items)\n";

pub(super) struct Course {
    desk: Desk,
}

impl Course {
    pub(super) fn new() -> Self {
        let course = Self { desk: Desk::new().without("repo/.git") };
        course.git(&["init", "--quiet", "--initial-branch", "main"]);
        course
    }

    /// Writes a file of the repository.
    pub(super) fn file(self, path: &str, text: &str) -> Self {
        Self { desk: self.desk.file(&format!("repo/{path}"), text) }
    }

    /// Asks for both exercises.
    pub(super) fn both(self) -> Self {
        self.file("grade.toml", "[[exercise]]\nid = \"probe/square\"\n\n[[exercise]]\nid = \"lists/rotate\"\n")
    }

    /// Commits everything; the commit.
    pub(super) fn commit(&self) -> String {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--allow-empty", "--message", "work"]);
        self.git(&["rev-parse", "HEAD"])
    }

    pub(super) fn git(&self, arguments: &[&str]) -> String {
        #[expect(clippy::disallowed_methods, reason = "the tests make repositories to be graded")]
        let output = std::process::Command::new("git")
            .args(["-c", "user.name=Ada", "-c", "user.email=ada@example.org"])
            .args(arguments)
            .current_dir(self.path("repo"))
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .output()
            .unwrap();
        assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    /// Below the desk's folder: `repo` is the repository.
    pub(super) fn path(&self, path: &str) -> PathBuf {
        self.desk.path(path)
    }

    pub(super) fn read(&self, path: &str) -> String {
        self.desk.read(path)
    }

    /// `grade ci` in the repository, with the seed 7.
    pub(super) fn ci(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Told {
        self.ci_in("repo", arguments, variables)
    }

    /// The same in another folder of the desk.
    pub(super) fn ci_in(&self, folder: &str, arguments: &[&str], variables: &[(&str, &str)]) -> Told {
        let mut all = vec!["ci", "--catalog", CATALOG, "--seed", "7"];
        let level = std::env::var("GRADE_TEST_LEVEL").unwrap_or_default();
        if !level.is_empty() && !arguments.contains(&"--isolation") {
            all.extend(["--isolation", level.as_str()]);
        }
        all.extend(arguments);
        let cache = cache();
        let cache = [("GRADE_CACHE_DIR", cache.to_str().unwrap())];
        self.desk.run(folder, &all, &[&cache, variables].concat())
    }

    /// `grade ci` as a step of GitHub Actions; what it said, its summary and its outputs.
    pub(super) fn step(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Step {
        let at = |name: &str| self.path(name).to_str().unwrap().to_owned();
        let (summary, outputs) = (at("summary"), at("outputs"));
        for file in [&summary, &outputs] {
            std::fs::write(file, "").unwrap();
        }
        let of_github =
            [("GITHUB_ACTIONS", "true"), ("GITHUB_STEP_SUMMARY", &summary), ("GITHUB_OUTPUT", outputs.as_str())];
        let told = self.ci(arguments, &[&of_github, variables].concat());
        Step { told, summary: self.read("summary"), outputs: self.read("outputs") }
    }
}

/// What a step of GitHub Actions left.
pub(super) struct Step {
    pub(super) told: Told,
    pub(super) summary: String,
    outputs: String,
}

impl Step {
    /// The commands that the runner would obey: of the whole output, read as the runner reads it.
    pub(super) fn commands(&self) -> Vec<String> {
        let mut stopped: Option<&str> = None;
        let mut obeyed = Vec::new();
        for line in self.told.stdout.lines().chain(self.told.stderr.lines()) {
            let is_command = line.trim_start().starts_with("::") || line.contains("##[");
            match stopped {
                Some(token) if line == format!("::{token}::") => stopped = None,
                None if line.starts_with("::stop-commands::") => stopped = line.strip_prefix("::stop-commands::"),
                None if is_command => obeyed.push(line.to_owned()),
                _ => {}
            }
        }
        assert_eq!(stopped, None, "commands stay stopped for the steps after this one");
        obeyed
    }

    /// An output, as the runner reads the file.
    pub(super) fn output(&self, name: &str) -> Option<&str> {
        let (_, rest) = self.outputs.split_once(&format!("{name}<<"))?;
        let (delimiter, rest) = rest.split_once('\n')?;
        rest.split_once(&format!("\n{delimiter}\n")).map(|(value, _)| value)
    }
}
