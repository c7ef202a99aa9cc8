//! What can be typed: `grade [IDS]...` and the commands.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueHint};
use clap_complete::ArgValueCandidates;

use super::completion;
use super::flags::Flags;
use crate::ci::Platform;
use crate::intake::Attempts;
use crate::setup::{Remote, Service};
use crate::store::Only;

/// Grade Python exercises in a sandbox.
#[derive(Debug, Parser)]
#[command(name = "grade", version, disable_help_subcommand = true, max_term_width = 100)]
#[command(after_help = "Shell completion, also of exercise ids: source <(COMPLETE=bash grade), or zsh, fish, elvish.")]
pub(super) struct Arguments {
    #[command(flatten)]
    pub grade: GradeArguments,

    #[command(flatten)]
    pub flags: Flags,

    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What is graded when no command is named.
#[derive(Args, Debug)]
pub(crate) struct GradeArguments {
    /// Exercises (day4/decorators), groups (day4) or tracks (plan, proof); none: what is in the repository
    #[arg(add = ArgValueCandidates::new(completion::names))]
    pub ids: Vec<String>,

    /// Show every failing check in full, not only the first of each exercise
    #[arg(long)]
    pub all: bool,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// List the exercises
    List(ListArguments),
    /// Show the text of an exercise
    Show(IdArgument),
    /// Put the starter files of an exercise into the repository
    Start(StartArguments),
    /// Show one more hint at a time
    Hint(HintArguments),
    /// Show what to do next, by what has passed
    Next(ListArguments),
    /// Show what has been shown of the mastery checklist, phase by phase
    Progress(ListArguments),
    /// Say of a learner's note, having read it, whether it explains
    Review(ReviewArguments),
    /// Grade with existing pytest or unittest files; no exercise needed
    Suite(SuiteArguments),
    /// Grade again at every save
    Watch(GradeArguments),
    /// For a CI job: grade what `grade.toml` asks for; annotations, summary, reports
    Ci(CiArguments),
    /// Write the workflow that grades this repository at every push
    Init(InitArguments),
    /// For authors: hold all sample submissions against their expected verdicts
    Verify(VerifyArguments),
    /// For authors: write a new exercise that already verifies
    New(NewArguments),
    /// Grade many submissions: folders, archives, downloads of Canvas, Moodle, Gradescope, GitHub
    Batch(BatchArguments),
    /// Grade a run again after a grader was mended: who gains, who loses
    Regrade(RegradeArguments),
    /// Tell what is in a run
    Report(ReportArguments),
    /// Show what this machine gives: Python, isolation, caches
    Doctor,
    /// Show or clear what is kept to be faster next time
    #[command(subcommand)]
    Cache(CacheCommand),
}

#[derive(Args, Debug)]
pub(crate) struct ListArguments {
    /// Groups or tracks; none: all
    #[arg(add = ArgValueCandidates::new(completion::groups))]
    pub of: Vec<String>,
}

#[derive(Args, Debug)]
pub(crate) struct IdArgument {
    /// An exercise: day4/decorators
    #[arg(add = ArgValueCandidates::new(completion::ids))]
    pub id: String,
}

#[derive(Args, Debug)]
pub(crate) struct StartArguments {
    #[command(flatten)]
    pub exercise: IdArgument,

    /// Put the starter in place of files that are there; these are kept beside it as `.bak`
    #[arg(long)]
    pub force: bool,
}

#[derive(Args, Debug)]
pub(crate) struct HintArguments {
    #[command(flatten)]
    pub exercise: IdArgument,

    /// Show all hints
    #[arg(long, conflicts_with = "reset")]
    pub all: bool,

    /// Begin again with the first hint next time
    #[arg(long)]
    pub reset: bool,
}

#[derive(Args, Debug)]
pub(crate) struct ReviewArguments {
    #[command(flatten)]
    pub exercise: IdArgument,

    /// It explains the idea
    #[arg(long, conflicts_with = "again", requires = "by")]
    pub accept: bool,

    /// Something has to be mended first
    #[arg(long, requires = "by")]
    pub again: bool,

    /// Who says so
    #[arg(long, value_name = "NAME")]
    pub by: Option<String>,

    /// What is good, and what is to be mended
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub words: String,
}

#[derive(Args, Debug)]
pub(crate) struct SuiteArguments {
    /// Test files, or folders with some; without `--solution` each holds its solution too
    #[arg(required = true, value_name = "TESTS", value_hint = ValueHint::AnyPath)]
    pub tests: Vec<PathBuf>,

    /// What is to be graded: a file or a folder; may be given several times
    #[arg(long, value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub solution: Vec<PathBuf>,

    /// A module that is the learner's [default: all that the solution holds]
    #[arg(long, value_name = "NAME")]
    pub module: Vec<String>,

    /// Seconds that one solution may take
    #[arg(long, value_name = "SECONDS", default_value = "60", value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub time: u64,

    /// Show every failing test in full, not only the first
    #[arg(long)]
    pub all: bool,
}

#[derive(Args, Debug)]
pub(crate) struct CiArguments {
    /// Whose log and reports to write [default: told by the environment]
    #[arg(long, value_enum, value_name = "NAME")]
    pub platform: Option<Platform>,

    /// Grade only what a push or a pull request touches
    #[arg(long)]
    pub changed: bool,

    /// Compare with where this commit or branch was left [default: told by the event]
    #[arg(long, value_name = "REF", requires = "changed")]
    pub base: Option<String>,

    /// Use this file in place of the repository's `grade.toml`, of which nothing is read then
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with = "trust_catalog")]
    pub config: Option<PathBuf>,

    /// Take graders from the catalogue that the repository's `grade.toml` names: whoever hands in can change them
    #[arg(long)]
    pub trust_catalog: bool,

    /// Write a report for other tools.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help = "Write a report in JUnit XML")]
    pub junit: Option<PathBuf>,

    /// Write all verdicts as JSON (`grade/1`)
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub json: Option<PathBuf>,

    /// Write a report for GitLab's code quality
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub codequality: Option<PathBuf>,

    /// Show every failing check in full, not only the first of each exercise
    #[arg(long)]
    pub all: bool,
}

#[derive(Args, Debug)]
pub(crate) struct InitArguments {
    /// The service that runs the jobs
    #[arg(long, value_enum, value_name = "SERVICE")]
    pub ci: Service,

    /// Keep `grade.toml`, exercises and graders in this repository, where learners can't edit them
    #[arg(long, value_name = "OWNER/REPO[@REF]")]
    pub graders: Option<Remote>,

    /// The repository of the action that installs and runs `grade` [default: that of this release]
    #[arg(long, value_name = "OWNER/REPO[@REF]")]
    pub action: Option<Remote>,

    /// Write in place of a workflow that is there; it is kept beside it as `.bak`
    #[arg(long)]
    pub force: bool,
}

#[derive(Args, Debug)]
pub(crate) struct VerifyArguments {
    /// Exercises, groups or tracks; none: all
    #[arg(add = ArgValueCandidates::new(completion::names))]
    pub ids: Vec<String>,

    /// Grade each sample with this many seeds
    #[arg(long, value_name = "N", default_value = "3", value_parser = clap::value_parser!(u64).range(1..=1000))]
    pub seeds: u64,

    /// Grade each sample this often with each seed, to find checks that are flaky
    #[arg(long, value_name = "N", default_value = "1", value_parser = clap::value_parser!(u64).range(1..=1000))]
    pub repeat: u64,

    /// Grade the right samples only: whether a right answer ever fails
    #[arg(long)]
    pub right: bool,

    /// Grade mutants of the right samples instead, and show those that no check finds
    #[arg(long, conflicts_with_all = ["seeds", "repeat", "right"])]
    pub mutants: bool,

    /// Write beside each exercise how many mutants each check finds (`kills.toml`)
    #[arg(long, requires = "mutants")]
    pub record: bool,
}

#[derive(Args, Debug)]
pub(crate) struct NewArguments {
    /// The id of the exercise: day4/decorators
    pub id: String,
}

#[derive(Args, Debug)]
pub(crate) struct BatchArguments {
    /// An exercise: day4/decorators
    #[arg(required_unless_present = "resume", add = ArgValueCandidates::new(completion::ids))]
    pub id: Option<String>,

    /// Folders, archives or files; each holds one learner's files or many learners'
    #[arg(value_name = "PATH", required_unless_present = "resume", value_hint = clap::ValueHint::AnyPath)]
    pub paths: Vec<PathBuf>,

    /// The file of the run: all that was handed in, and every result
    #[arg(long, value_name = "RUN", required_unless_present = "plan", value_hint = clap::ValueHint::FilePath)]
    pub out: Option<PathBuf>,

    /// Go on with an interrupted run; begins it where there is none yet
    #[arg(long, conflicts_with = "plan")]
    pub resume: bool,

    /// Show what is recognised and what it will cost, and stop
    #[arg(long)]
    pub plan: bool,

    /// Who is in the class: a CSV file; matched by id, login, email or name
    #[arg(long, value_name = "CSV", value_hint = clap::ValueHint::FilePath)]
    pub roster: Option<PathBuf>,

    /// Find the learner's id at the beginning of each path: `(?P<id>...)`; also `name`, `email`, `attempt`, `late`, `file`
    #[arg(long, value_name = "REGEX")]
    pub id_from: Option<String>,

    /// Which of several attempts by one learner to grade
    #[arg(long, value_enum, default_value_t)]
    pub attempts: Attempts,

    /// Run everything, also what was graded before
    #[arg(long)]
    pub no_cache: bool,
}

#[derive(Args, Debug)]
pub(crate) struct RegradeArguments {
    #[command(flatten)]
    pub run: RunArgument,

    /// Grade only some again
    #[arg(long, value_enum)]
    pub only: Option<Only>,

    /// Run everything, also what was graded before
    #[arg(long)]
    pub no_cache: bool,
}

#[derive(Args, Debug)]
pub(crate) struct ReportArguments {
    #[command(flatten)]
    pub run: RunArgument,

    /// What to write: a folder for html, gradescope, classroom50, exercism, jplag and dolos, else a file [default: stdout]
    #[arg(long, value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub out: Option<PathBuf>,

    /// The gradebook to fill in, as canvas or moodle exported it
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub sheet: Option<PathBuf>,

    /// The column of the sheet that takes the scores, where it can't be told
    #[arg(long, value_name = "NAME", requires = "sheet")]
    pub column: Option<String>,

    /// Apply late and weight rules; the raw score stays beside the final one
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub policy: Option<PathBuf>,

    /// Tell learners what hidden checks keep back until the due date
    #[arg(long)]
    pub after_due: bool,

    /// Codes instead of names
    #[arg(long, requires = "key")]
    pub anonymous: bool,

    /// Where it is kept which code is whose; made when it is not there yet
    #[arg(long, value_name = "FILE", requires = "anonymous", value_hint = ValueHint::FilePath)]
    pub key: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub(crate) struct RunArgument {
    /// The file of a run, as `grade batch --out RUN` made it
    #[arg(value_name = "RUN", value_hint = clap::ValueHint::FilePath)]
    pub run: PathBuf,
}

#[derive(Clone, Copy, Debug, Subcommand)]
pub(crate) enum CacheCommand {
    /// Show what is kept, and how large it is
    List,
    /// Remove what is not in use
    Clear,
}

/// All commands, for a mistyped one.
pub(crate) const COMMANDS: [&str; 18] = [
    "list", "show", "start", "hint", "next", "progress", "review", "suite", "watch", "ci", "init", "verify", "new",
    "batch", "regrade", "report", "doctor", "cache",
];
