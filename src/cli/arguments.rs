//! What can be typed: `grade [IDS]...` and the commands.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueHint};
use clap_complete::ArgValueCandidates;

use super::completion;
use super::flags::Flags;

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
    /// Grade with existing pytest or unittest files; no exercise needed
    Suite(SuiteArguments),
    /// Grade again at every save
    Watch(GradeArguments),
    /// For authors: hold all sample submissions against their expected verdicts
    Verify(VerifyArguments),
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
pub(crate) struct VerifyArguments {
    /// Exercises, groups or tracks; none: all
    #[arg(add = ArgValueCandidates::new(completion::names))]
    pub ids: Vec<String>,

    /// Grade each sample with this many seeds
    #[arg(long, value_name = "N", default_value = "3", value_parser = clap::value_parser!(u64).range(1..=1000))]
    pub seeds: u64,
}

#[derive(Clone, Copy, Debug, Subcommand)]
pub(crate) enum CacheCommand {
    /// Show what is kept, and how large it is
    List,
    /// Remove what is not in use
    Clear,
}

/// All commands, for a mistyped one.
pub(crate) const COMMANDS: [&str; 9] = ["list", "show", "start", "hint", "suite", "watch", "verify", "doctor", "cache"];
