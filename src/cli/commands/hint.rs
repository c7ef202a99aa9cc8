//! `grade hint ID`: one more hint at a time.

use std::process::ExitCode;

use crate::cli::arguments::HintArguments;
use crate::cli::screen::Screen;
use crate::error::Result;
use crate::hints_seen::HintsSeen;
use crate::report::catalog_view;
use crate::settings::Settings;

pub(in crate::cli) fn run(settings: &Settings, asked: &HintArguments, screen: &Screen) -> Result<ExitCode> {
    let exercise = settings.catalog()?.find(&asked.exercise.id)?;
    let hints = exercise.hints()?;
    let mut seen = HintsSeen::open(settings.repository()?)?;
    if asked.reset {
        seen.set(&exercise.id, 0)?;
        screen.results(|out, _| catalog_view::hints_reset(out, &exercise, hints.len()))?;
        return Ok(ExitCode::SUCCESS);
    }
    let before = seen.of(&exercise.id).min(hints.len());
    let last = if asked.all { hints.len() } else { (before + 1).min(hints.len()) };
    let first = if asked.all { 0 } else { last - 1 };
    // Shown first: a repository that can't be written to must not keep help from anyone.
    screen.results(|out, _| catalog_view::hints(out, &exercise, &hints, first..last))?;
    seen.set(&exercise.id, last)?;
    Ok(ExitCode::SUCCESS)
}
