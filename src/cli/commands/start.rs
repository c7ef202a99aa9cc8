//! `grade start ID`: the starter files of an exercise, put into the repository.

use std::process::ExitCode;

use crate::cli::arguments::StartArguments;
use crate::cli::screen::Screen;
use crate::error::Result;
use crate::placing::Existing;
use crate::report::catalog_view;
use crate::settings::Settings;
use crate::starter;

pub(in crate::cli) fn run(settings: &Settings, asked: &StartArguments, screen: &Screen) -> Result<ExitCode> {
    let exercise = settings.catalog()?.find(&asked.exercise.id)?;
    let repository = settings.repository()?;
    let existing = if asked.force { Existing::Backup } else { Existing::Keep };
    let placed = starter::place(&exercise, repository, existing)?;
    screen.results(|out, _| catalog_view::start(out, &exercise, repository.root(), &placed))?;
    Ok(ExitCode::SUCCESS)
}
