//! Flags that every command takes.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser as _};
use clap::{Args, ValueHint};

use crate::settings::{Asked, ColorWhen, Format, Trust};
use crate::verdict::Level;

#[derive(Args, Debug)]
#[command(next_help_heading = "Common options")]
pub(super) struct Flags {
    /// The learner's repository [default: up from here to `grade.toml` or `.git`]
    #[arg(long, global = true, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub repo: Option<PathBuf>,

    /// A folder of exercises that adds to, or replaces, the built-in ones
    #[arg(long, global = true, value_name = "DIR", value_hint = ValueHint::DirPath, env = "GRADE_CATALOG", hide_env_values = true)]
    pub catalog: Vec<PathBuf>,

    /// The Python interpreter to use
    #[arg(long, global = true, value_name = "PATH", value_hint = ValueHint::ExecutablePath, env = "GRADE_PYTHON", hide_env_values = true)]
    pub python: Option<PathBuf>,

    /// Repeat the run with this seed
    #[arg(long, global = true, value_name = "N")]
    pub seed: Option<u64>,

    /// Isolate at exactly this level [default: the strongest that this machine gives]
    #[arg(long, global = true, value_name = "LEVEL", value_parser = level(), env = "GRADE_ISOLATION", hide_env_values = true)]
    pub isolation: Option<Level>,

    /// How to tell the results
    #[arg(long, global = true, value_name = "F", value_enum, default_value_t)]
    pub format: Format,

    /// How many submissions to grade at once [default: one a processor]
    #[arg(short, long, global = true, value_name = "N")]
    pub jobs: Option<NonZeroUsize>,

    /// When to use colours
    #[arg(long, global = true, value_name = "WHEN", value_enum, default_value_t)]
    pub color: ColorWhen,

    /// No symbols and no redrawing, for screen readers and logs
    #[arg(long, global = true)]
    pub plain: bool,
}

impl From<Flags> for Asked {
    fn from(flags: Flags) -> Self {
        Self {
            repo: flags.repo,
            catalogs: flags.catalog,
            python: flags.python,
            seed: flags.seed,
            isolation: flags.isolation,
            format: flags.format,
            jobs: flags.jobs,
            color: flags.color,
            plain: flags.plain,
            trust: Trust::default(),
        }
    }
}

fn level() -> impl clap::builder::TypedValueParser<Value = Level> {
    const LEVELS: [Level; 4] = [Level::Full, Level::Landlock, Level::Limits, Level::None];
    PossibleValuesParser::new(LEVELS.map(Level::name))
        .map(|name| LEVELS.into_iter().find(|level| level.name() == name).unwrap_or(Level::Full))
}
