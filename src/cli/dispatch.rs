//! Hands each command what it needs.

use std::process::ExitCode;

use super::arguments::{Arguments, Command};
use super::commands::{
    batch, cache, doctor, grade, hint, list, new, next, progress, regrade, report, review, show, start, suite, verify,
    watch,
};
use super::screen::Screen;
use crate::error::Result;
use crate::settings::Settings;

/// Runs the command that was asked for; the code is what the process exits with.
pub(super) fn dispatch(arguments: Arguments, screen: &Screen) -> Result<ExitCode> {
    let settings = Settings::resolve(arguments.flags.into())?;
    match arguments.command {
        None => grade::run(&settings, &arguments.grade, screen),
        Some(Command::List(asked)) => list::run(&settings, &asked, screen),
        Some(Command::Show(asked)) => show::run(&settings, &asked, screen),
        Some(Command::Start(asked)) => start::run(&settings, &asked, screen),
        Some(Command::Hint(asked)) => hint::run(&settings, &asked, screen),
        Some(Command::Next(asked)) => next::run(&settings, &asked, screen),
        Some(Command::Progress(asked)) => progress::run(&settings, &asked, screen),
        Some(Command::Review(asked)) => review::run(&settings, &asked, screen),
        Some(Command::Suite(asked)) => suite::run(&settings, &asked, screen),
        Some(Command::Watch(asked)) => watch::run(&settings, &asked, screen),
        Some(Command::Verify(asked)) => verify::run(&settings, &asked, screen),
        Some(Command::New(asked)) => new::run(&settings, &asked, screen),
        Some(Command::Batch(asked)) => batch::run(settings, &asked, screen),
        Some(Command::Regrade(asked)) => regrade::run(settings, &asked, screen),
        Some(Command::Report(asked)) => report::run(&settings, &asked, screen),
        Some(Command::Doctor) => doctor::run(&settings, screen),
        Some(Command::Cache(asked)) => cache::run(&settings, asked, screen),
    }
}
