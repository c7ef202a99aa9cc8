//! Hands each command what it needs.

use std::process::ExitCode;

use super::arguments::{Arguments, Command};
use super::commands::{
    batch, cache, ci, doctor, grade, hint, init, list, new, next, progress, regrade, report, review, show, start,
    suite, verify, watch,
};
use super::flags::Flags;
use super::screen::Screen;
use crate::error::Result;
use crate::settings::{Asked, Settings};

/// Runs the command that was asked for; the code is what the process exits with.
pub(super) fn dispatch(arguments: Arguments, screen: &Screen) -> Result<ExitCode> {
    let flags = arguments.flags;
    let settings = |flags: Flags| Settings::resolve(flags.into());
    match arguments.command {
        None => grade::run(&settings(flags)?, &arguments.grade, screen),
        Some(Command::List(asked)) => list::run(&settings(flags)?, &asked, screen),
        Some(Command::Show(asked)) => show::run(&settings(flags)?, &asked, screen),
        Some(Command::Start(asked)) => start::run(&settings(flags)?, &asked, screen),
        Some(Command::Hint(asked)) => hint::run(&settings(flags)?, &asked, screen),
        Some(Command::Next(asked)) => next::run(&settings(flags)?, &asked, screen),
        Some(Command::Progress(asked)) => progress::run(&settings(flags)?, &asked, screen),
        Some(Command::Review(asked)) => review::run(&settings(flags)?, &asked, screen),
        Some(Command::Suite(asked)) => suite::run(&settings(flags)?, &asked, screen),
        Some(Command::Watch(asked)) => watch::run(&settings(flags)?, &asked, screen),
        // It tells by itself that they are wrong, too.
        Some(Command::Ci(asked)) => {
            ci::run(Settings::resolve(Asked { trust: ci::trust(&asked), ..flags.into() }), &asked, screen)
        }
        Some(Command::Init(asked)) => init::run(&settings(flags)?, &asked, screen),
        Some(Command::Verify(asked)) => verify::run(&settings(flags)?, &asked, screen),
        Some(Command::New(asked)) => new::run(&settings(flags)?, &asked, screen),
        Some(Command::Batch(asked)) => batch::run(settings(flags)?, &asked, screen),
        Some(Command::Regrade(asked)) => regrade::run(settings(flags)?, &asked, screen),
        Some(Command::Report(asked)) => report::run(&settings(flags)?, &asked, screen),
        Some(Command::Doctor) => doctor::run(&settings(flags)?, screen),
        Some(Command::Cache(asked)) => cache::run(&settings(flags)?, asked, screen),
    }
}
