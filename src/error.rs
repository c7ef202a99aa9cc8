//! Everything that stops `grade` from giving a verdict, told by whose fault it is.
//!
//! A learner's mistake is never a [`Fault`]: it is a verdict.

use std::fmt;
use std::path::PathBuf;

/// Whose fault it is; decides the exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Blame {
    /// The command line or `grade.toml` asks for something that can't be.
    Usage,
    /// The machine: no Python, no isolation, no disk, a broken environment.
    Machine,
    /// An exercise or grader is broken.
    Author,
    /// Our own bug.
    Ourselves,
    /// The user pressed Ctrl-C or the process was asked to end.
    Interrupted,
}

impl Blame {
    /// The process exit code that stands for this fault (DESIGN.md, "Exit codes").
    pub const fn exit_code(self) -> u8 {
        match self {
            Self::Usage => 2,
            Self::Machine => 3,
            Self::Author => 4,
            Self::Ourselves => 5,
            Self::Interrupted => 130,
        }
    }
}

/// A place in a text file; line and column count from 1, columns in characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub file: PathBuf,
    pub line: usize,
    pub column: usize,
    /// The whole line as it stands in the file, without its line end.
    pub source_line: String,
    /// How many characters from `column` on are meant (at least 1).
    pub width: usize,
}

/// Why there is no verdict: what happened, where, and what to do next.
#[derive(Clone, Debug)]
pub struct Fault {
    pub blame: Blame,
    /// Present tense, one sentence, no final full stop: "`python3` is 3.9, but 3.11 or newer is needed".
    pub what: String,
    /// Boxed, so that a `Result` stays small.
    pub place: Option<Box<Place>>,
    /// What to do next, often a command.
    pub hint: Option<String>,
    /// Boxed causes, outermost first, each one line.
    pub causes: Vec<String>,
    /// More faults found on the same way, each told after this one (all the mistakes of a file, not only its first).
    pub also: Vec<Fault>,
}

pub type Result<T, E = Fault> = std::result::Result<T, E>;

impl Fault {
    pub fn new(blame: Blame, what: impl Into<String>) -> Self {
        Self { blame, what: what.into(), place: None, hint: None, causes: Vec::new(), also: Vec::new() }
    }

    pub fn usage(what: impl Into<String>) -> Self {
        Self::new(Blame::Usage, what)
    }

    pub fn machine(what: impl Into<String>) -> Self {
        Self::new(Blame::Machine, what)
    }

    pub fn author(what: impl Into<String>) -> Self {
        Self::new(Blame::Author, what)
    }

    pub fn ourselves(what: impl Into<String>) -> Self {
        Self::new(Blame::Ourselves, what)
    }

    pub fn interrupted() -> Self {
        Self::new(Blame::Interrupted, "interrupted")
    }

    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.place = Some(Box::new(place));
        self
    }

    #[must_use]
    pub fn because(mut self, cause: impl fmt::Display) -> Self {
        self.causes.push(cause.to_string());
        self
    }

    /// Joins faults into one that tells them all, in order; `None` when there are none.
    pub fn join(faults: impl IntoIterator<Item = Self>) -> Option<Self> {
        let mut faults = faults.into_iter();
        let mut first = faults.next()?;
        first.also.extend(faults);
        Some(first)
    }

    pub fn exit_code(&self) -> u8 {
        self.blame.exit_code()
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)?;
        for cause in &self.causes {
            write!(f, ": {cause}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Fault {}

/// Turns an I/O error on our own files into a machine fault that names what was being done.
pub trait IoContext<T> {
    /// `doing` completes "can't ...": "write `/x/y`".
    fn or_machine(self, doing: impl FnOnce() -> String) -> Result<T>;
}

impl<T> IoContext<T> for std::io::Result<T> {
    fn or_machine(self, doing: impl FnOnce() -> String) -> Result<T> {
        self.map_err(|error| {
            let fault = Fault::machine(format!("can't {}", doing())).because(&error);
            match error.kind() {
                std::io::ErrorKind::StorageFull => {
                    fault.hint("free some disk space, or set GRADE_CACHE_DIR to a folder on another disk")
                }
                std::io::ErrorKind::ReadOnlyFilesystem | std::io::ErrorKind::PermissionDenied => {
                    fault.hint("set GRADE_CACHE_DIR to a folder that you can write to")
                }
                _ => fault,
            }
        })
    }
}
