//! `grade cache`: shows or clears what is kept.

use std::process::ExitCode;
use std::time::SystemTime;

use crate::cli::arguments::CacheCommand;
use crate::cli::screen::Screen;
use crate::environment::cache;
use crate::error::Result;
use crate::report;
use crate::settings::Settings;

pub(in crate::cli) fn run(settings: &Settings, asked: CacheCommand, screen: &Screen) -> Result<ExitCode> {
    let text = match asked {
        CacheCommand::List => {
            report::cache::list(&cache::list(&settings.cache_dir)?, &settings.cache_dir, SystemTime::now())
        }
        CacheCommand::Clear => report::cache::cleared(&cache::clear(&settings.cache_dir, None)?),
    };
    screen.results(|out, _| out.write_all(text.as_bytes()))?;
    Ok(ExitCode::SUCCESS)
}
