//! What can be asked of the benchmark.

use clap::{Parser, ValueEnum};
use grade::verdict::Level;

/// Compare `grade` with plain pytest on the same checks of `day4/decorators`.
#[derive(Debug, Parser)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(crate) struct Arguments {
    /// Rounds that count; one more is run first
    #[arg(long, default_value = "9")]
    pub(crate) rounds: usize,

    /// Submissions a round for what starts processes: pytest, `grade` cold, saves
    #[arg(long, default_value = "5")]
    pub(crate) few: usize,

    /// Submissions a round for what is warm
    #[arg(long, default_value = "100")]
    pub(crate) many: usize,

    /// Which submissions
    #[arg(long, value_enum, default_value = "right")]
    pub(crate) mix: Mix,

    /// Only grade ten times `--many` submissions on one warm bench, and watch what is held on to
    #[arg(long)]
    pub(crate) soak: bool,

    /// Only measure a warm submission at each level of isolation, and at `full` without the filter of system calls
    #[arg(long)]
    pub(crate) levels: bool,

    /// Only measure `grade batch` beside `xargs -P` over pytest
    #[arg(long)]
    pub(crate) batch: bool,

    /// Of `--batch`: how many submissions; the one nearest to 1,000 is held against pytest
    #[arg(long, value_delimiter = ',', default_value = "100,1000,10000")]
    pub(crate) sizes: Vec<usize>,

    /// Of `--batch`: how many at once
    #[arg(long, default_value = "2")]
    pub(crate) at_once: usize,

    /// Ourselves, as the process that is measured
    #[arg(long, hide = true)]
    pub(crate) warm_worker: bool,

    /// Of the worker: a catalogue other than the embedded one
    #[arg(long, hide = true)]
    pub(crate) catalog: Option<std::path::PathBuf>,

    /// Of the worker: at this level and no other
    #[arg(long, hide = true, value_parser = level)]
    pub(crate) isolation: Option<Level>,

    /// Given by `cargo bench`
    #[arg(long, hide = true)]
    bench: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Mix {
    /// All right
    Right,
    /// One in five is wrong
    Mixed,
}

fn level(name: &str) -> Result<Level, String> {
    [Level::Limits, Level::Landlock, Level::Full]
        .into_iter()
        .find(|level| level.name() == name)
        .ok_or_else(|| "no level".into())
}

impl Arguments {
    pub(crate) fn read() -> Self {
        Self::parse()
    }
}
