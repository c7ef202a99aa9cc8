//! What is said about one submission: plain data, serialised as `grade/1` (`docs/verdict.schema.json`).

use serde::{Deserialize, Serialize};

/// Version of the document; fields are added, never renamed, within it.
pub const SCHEMA: &str = "grade/1";

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Document {
    pub schema: String,
    pub verdicts: Vec<Verdict>,
}

impl Document {
    pub fn new(verdicts: Vec<Verdict>) -> Self {
        Self { schema: SCHEMA.to_owned(), verdicts }
    }
}

/// Outcome of a whole submission.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubmissionOutcome {
    Passed,
    Failed,
    /// The grader is broken; says nothing about the learner.
    Error,
    /// Nothing was handed in.
    Missing,
}

/// Outcome of one check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Passed,
    Failed,
    /// The grader's own code failed; the author's fault.
    Error,
    Timeout,
    OutOfMemory,
    Crashed,
    Tampered,
    NeedsReview,
    Skipped,
    /// Not told (yet); only in what a learner gets.
    Withheld,
}

impl Outcome {
    /// Whether the machine decides it, and says so.
    pub const fn is_judged(self) -> bool {
        !matches!(self, Self::NeedsReview | Self::Withheld)
    }

    /// Whether the learner has something to mend, or somebody else has.
    pub const fn is_to_mend(self) -> bool {
        !matches!(self, Self::Passed | Self::NeedsReview | Self::Skipped | Self::Withheld)
    }
}

/// How much of a check a learner is told; ordered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Told {
    /// Not even that there is such a check, beyond their number.
    Nothing,
    Name,
    /// And whether it passed.
    Outcome,
    #[default]
    Details,
}

impl Told {
    pub const ALL: [Self; 4] = [Self::Nothing, Self::Name, Self::Outcome, Self::Details];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Name => "name",
            Self::Outcome => "outcome",
            Self::Details => "details",
        }
    }
}

/// What a learner is told of a check.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visibility {
    pub now: Told,
    /// At least as much as `now`.
    pub after_due: Told,
}

impl Visibility {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
    fn is_whole(&self) -> bool {
        *self == Self::default()
    }
}

/// Checks whose outcome is not told.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Withheld {
    pub checks: usize,
    /// What they are worth together.
    pub points: f64,
    /// Whether more is told of each after the due date.
    pub until_due: bool,
}

/// How a sandboxed process ended when it did not just answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// Ended by itself with an exit code before it answered (`os._exit`, `sys.exit` in a thread, ...).
    Exited,
    Signalled,
    OutOfTime,
    OutOfCpu,
    OutOfMemory,
    TooMuchOutput,
    /// Sent something that is no answer to what was asked.
    BrokenProtocol,
}

/// What a submission was graded by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// An exercise of the catalogue.
    #[default]
    Exercise,
    /// Test files that belong to no exercise (`grade suite`).
    Suite,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Evidence {
    /// Every assertion was made outside the learner's process.
    #[default]
    Outside,
    Inside,
}

/// What the sandbox enforced; ordered from weakest to strongest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    None,
    Limits,
    Landlock,
    Full,
}

impl Level {
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Limits => "limits",
            Self::Landlock => "landlock",
            Self::Full => "full",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Isolation {
    pub level: Level,
    /// What was really switched on: `userns`, `pidns`, `seccomp`, `landlock`, `cgroup_memory`, ...
    pub mechanisms: Vec<String>,
}

impl Isolation {
    /// Whether a mechanism is switched on.
    pub fn has(&self, mechanism: &str) -> bool {
        self.mechanisms.iter().any(|name| name == mechanism)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Score {
    pub earned: f64,
    pub possible: f64,
}

/// Points without needless digits: `7`, `7.5`, `6.67`.
pub fn number(points: f64) -> String {
    let text = format!("{points:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SubmissionInfo {
    /// Path of the first file, relative to the repository, with `/`.
    pub path: String,
    /// blake3 over the names and bytes of all files that entered the sandbox; empty when missing.
    pub hash: String,
    pub learner: Option<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// CPU time of everything that ran in the sandbox, user + system, milliseconds.
    pub cpu_ms: u64,
    /// Largest resident memory, bytes: of the whole tree with a memory cgroup, else of the largest process.
    pub memory_peak_bytes: u64,
}

impl Usage {
    /// Adds what ran one after the other with it.
    pub fn add(&mut self, other: Self) {
        self.cpu_ms += other.cpu_ms;
        self.memory_peak_bytes = self.memory_peak_bytes.max(other.memory_peak_bytes);
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Location {
    /// Relative to the repository, with `/`.
    pub file: String,
    /// From 1.
    pub line: u32,
}

/// One line of a learner's traceback; only frames in the learner's own files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frame {
    pub file: String,
    pub line: u32,
    pub function: String,
}

/// Why nothing could be checked at all: the file does not parse, or fails while it is imported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// `syntax`, `import`, `encoding`, `missing`, `empty`, `unreadable`, ...
    pub kind: String,
    pub message: String,
    pub location: Option<Location>,
    /// In characters, from 1, where Python tells it.
    #[serde(default)]
    pub column: Option<u32>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CheckResult {
    pub id: String,
    pub title: String,
    pub outcome: Outcome,
    /// 0 for what only a person reviews.
    pub weight: f64,
    pub earned: f64,
    /// One or a few sentences for the learner; empty when passed.
    pub message: String,
    /// What was called, in the learner's words: `retry(max_attempts=3)(flaky)()`.
    pub called: Option<String>,
    pub expected: Option<String>,
    pub actual: Option<String>,
    /// A simple reason for the difference: "only the last newline differs".
    pub reason: Option<String>,
    /// Unified-style diff, `- ` expected, `+ ` actual, two spaces the same, `@ ` a note; invisible characters made visible.
    pub diff: Option<String>,
    pub location: Option<Location>,
    /// The learner's frames of the exception, or of the stack at a timeout; outermost first.
    pub traceback: Vec<Frame>,
    pub hint: Option<String>,
    /// What a person is to review, as it was handed in; untrusted text.
    #[serde(default)]
    pub review: Option<String>,
    /// Where its assertions were made.
    #[serde(default)]
    pub evidence: Evidence,
    /// Why they could not be made outside; completes "the test …": "uses the fixture `tmp_path`".
    #[serde(default)]
    pub inside_because: Option<String>,
    pub stdout: String,
    pub stderr: String,
    /// Set when the process did not just answer.
    pub ending: Option<Ending>,
    pub duration_ms: u64,
    /// What its learner is told of it.
    #[serde(default, skip_serializing_if = "Visibility::is_whole")]
    pub visibility: Visibility,
}

/// The message of a check that stops where a starter stops.
pub const NOT_WRITTEN: &str = "not written yet";

impl CheckResult {
    /// One about which nothing is known: it was not run.
    pub fn new(id: String, title: String) -> Self {
        Self {
            id,
            title,
            outcome: Outcome::Skipped,
            weight: 0.0,
            earned: 0.0,
            message: String::new(),
            called: None,
            expected: None,
            actual: None,
            reason: None,
            diff: None,
            location: None,
            traceback: Vec::new(),
            hint: None,
            review: None,
            evidence: Evidence::Outside,
            inside_because: None,
            stdout: String::new(),
            stderr: String::new(),
            ending: None,
            duration_ms: 0,
            visibility: Visibility::default(),
        }
    }

    /// Whether it came to a `NotImplementedError`.
    pub fn is_unwritten(&self) -> bool {
        let is_value = |actual: &String| actual.contains("NotImplementedError(");
        self.outcome == Outcome::Failed && (self.message == NOT_WRITTEN || self.actual.as_ref().is_some_and(is_value))
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Verdict {
    #[serde(default)]
    pub kind: Kind,
    /// Its id; of a suite, its files as they were named.
    pub exercise: String,
    /// blake3 over the exercise, its grader and fixtures.
    pub exercise_hash: String,
    pub submission: SubmissionInfo,
    pub outcome: SubmissionOutcome,
    pub score: Score,
    pub seed: u64,
    /// `inside` when any check was judged so.
    pub evidence: Evidence,
    pub isolation: Isolation,
    /// `3.11.7`
    pub python: String,
    pub duration_ms: u64,
    pub usage: Usage,
    pub problem: Option<Problem>,
    /// In what a learner gets: checks whose outcome is not told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withheld: Option<Withheld>,
    pub checks: Vec<CheckResult>,
}

impl Verdict {
    pub fn passed(&self) -> bool {
        self.outcome == SubmissionOutcome::Passed
    }

    /// The checks that were judged inside the sandbox, in the learner's own process.
    pub fn judged_inside(&self) -> impl Iterator<Item = &CheckResult> {
        self.checks.iter().filter(|check| check.evidence == Evidence::Inside)
    }

    /// Whether nothing of the exercise is written yet: all that ran stops at `NotImplementedError`.
    pub fn is_unbegun(&self) -> bool {
        let mut ran = self
            .checks
            .iter()
            .filter(|check| !matches!(check.outcome, Outcome::Skipped | Outcome::Withheld))
            .peekable();
        self.kind == Kind::Exercise
            && self.problem.is_none()
            && ran.peek().is_some()
            && ran.all(CheckResult::is_unwritten)
    }

    /// Whether a file that has to be there is not.
    pub fn is_missing(&self) -> bool {
        let lacks_file = self.problem.as_ref().is_some_and(|problem| problem.kind == "missing");
        self.outcome == SubmissionOutcome::Missing || lacks_file
    }

    /// Whether code of the learner's was run at all.
    pub fn was_run(&self) -> bool {
        !self.is_missing() && self.problem.as_ref().is_none_or(|problem| problem.kind == "import")
    }
}
