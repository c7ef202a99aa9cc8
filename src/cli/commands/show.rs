//! `grade show ID`: the text of an exercise.

use std::process::ExitCode;

use crate::cli::arguments::IdArgument;
use crate::cli::screen::Screen;
use crate::error::Result;
use crate::report::catalog_view;
use crate::settings::Settings;

pub(in crate::cli) fn run(settings: &Settings, asked: &IdArgument, screen: &Screen) -> Result<ExitCode> {
    let exercise = settings.catalog()?.find(&asked.id)?;
    let readme = exercise.readme()?;
    let present = settings.found_repository().is_some_and(|repository| exercise.is_present(repository.root()));
    screen.results(|out, _| catalog_view::show(out, &exercise, &readme, present))?;
    Ok(ExitCode::SUCCESS)
}
