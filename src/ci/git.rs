//! Questions to `git` about the repository that is graded; every answer is an exit code or one commit.
//!
//! The repository may be somebody else's: nothing in its settings starts a program (no file monitor, no fetching of what is missing), and no
//! name of a file in it is ever parsed.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::environment::{Ended, Finished, Tool, Variables};
use crate::error::{Fault, IoContext as _, Result};

/// How long one question may take; a large repository on a cold disk is slow.
const LIMIT: Duration = Duration::from_mins(1);

/// The `git` on the path, asked about one folder.
#[derive(Clone, Debug)]
pub(super) struct Git {
    program: PathBuf,
    folder: PathBuf,
    variables: Variables,
}

impl Git {
    /// Nothing when `git` is not on the path.
    pub(super) fn on(folder: &Path, variables: &Variables) -> Option<Self> {
        let program = variables.on_path("git").next()?;
        let variables = Variables::default()
            .with("PATH", variables.get("PATH").unwrap_or_default())
            .with("GIT_CONFIG_NOSYSTEM", "1")
            .with("GIT_CONFIG_GLOBAL", "/dev/null")
            .with("GIT_NO_LAZY_FETCH", "1")
            .with("GIT_ALLOW_PROTOCOL", "none")
            .with("GIT_OPTIONAL_LOCKS", "0")
            .with("GIT_TERMINAL_PROMPT", "0")
            .with("LC_ALL", "C");
        Some(Self { program, folder: folder.to_owned(), variables })
    }

    /// The commit that `name` stands for, as hexadecimal digits; nothing when it stands for none here.
    pub(super) fn commit(&self, name: &str) -> Result<Option<String>> {
        if name.starts_with('-') {
            return Ok(None);
        }
        self.one_commit(&["rev-parse", "--verify", "--quiet", "--end-of-options", &format!("{name}^{{commit}}")])
    }

    /// The last commit that both histories have; nothing when they have none, or what is here does not reach back to it.
    pub(super) fn common_ancestor(&self, one: &str, other: &str) -> Result<Option<String>> {
        self.one_commit(&["merge-base", one, other])
    }

    pub(super) fn is_ancestor(&self, one: &str, of: &str) -> Result<bool> {
        Ok(self.ask(&["merge-base", "--is-ancestor", one, of])?.succeeded())
    }

    /// Whether only the end of the history is here.
    pub(super) fn is_shallow(&self) -> Result<bool> {
        Ok(self.ask(&["rev-parse", "--is-shallow-repository"])?.output.trim() == "true")
    }

    /// Whether any of `paths` (files or folders, relative to the folder, taken literally) differs between two commits.
    pub(super) fn differ(&self, one: &str, other: &str, paths: &[String]) -> Result<bool> {
        let mut arguments = vec!["--literal-pathspecs", "diff-tree", "-r", "--quiet", one, other, "--"];
        arguments.extend(paths.iter().map(String::as_str));
        let told = self.ask(&arguments)?;
        match told.ended {
            Ended::Exited(code @ (0 | 1)) => Ok(code == 1),
            _ => Err(self.refused(&told)),
        }
    }

    fn one_commit(&self, arguments: &[&str]) -> Result<Option<String>> {
        let told = self.ask(arguments)?;
        let line = told.output.trim();
        match told.ended {
            Ended::Exited(0) if is_commit(line) => Ok(Some(line.to_owned())),
            // 128 is how old versions answer about a commit that is not there.
            Ended::Exited(1 | 128) if !told.output.contains("dubious ownership") => Ok(None),
            _ => Err(self.refused(&told)),
        }
    }

    fn ask(&self, arguments: &[&str]) -> Result<Finished> {
        // In a container the checkout often belongs to another user than the job's.
        const SETTINGS: [&str; 8] = [
            "-c",
            "safe.directory=*",
            "-c",
            "core.fsmonitor=false",
            "-c",
            "core.hooksPath=/dev/null",
            "--no-pager",
            "--no-replace-objects",
        ];
        let told = Tool::new(&self.program, &self.variables, LIMIT)
            .args(SETTINGS)
            .args(arguments)
            .within(&self.folder)
            .run(None)
            .or_machine(|| format!("start `{}`", self.program.display()))?;
        if told.ended == Ended::TimedOut { Err(self.refused(&told)) } else { Ok(told) }
    }

    fn refused(&self, told: &Finished) -> Fault {
        let what = format!("git can't tell what changed in `{}`", self.folder.display());
        let because = match told.ended {
            Ended::TimedOut => format!("it took longer than {} s", LIMIT.as_secs()),
            _ => told.output.trim().to_owned(),
        };
        Fault::machine(what).because(because).hint("without `--changed` everything is graded")
    }
}

/// The full name of a commit, SHA-1 or SHA-256.
pub(super) fn is_commit(name: &str) -> bool {
    matches!(name.len(), 40 | 64) && name.bytes().all(|byte| byte.is_ascii_hexdigit())
}
