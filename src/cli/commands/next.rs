//! `grade next`: what to do today.

use std::process::ExitCode;

use crate::cli::arguments::ListArguments;
use crate::cli::screen::Screen;
use crate::error::Result;
use crate::learning::{known, plan};
use crate::report::learning as view;
use crate::settings::{Format, Settings};

pub(in crate::cli) fn run(settings: &Settings, asked: &ListArguments, screen: &Screen) -> Result<ExitCode> {
    settings.format.of("grade next", &[Format::Human])?;
    let (catalog, repository) = (settings.catalog()?, settings.repository()?);
    let known = known::known(&catalog, repository, &asked.of)?;
    screen.results(|out, _| view::next(out, &plan::steps(&known), repository.root()))?;
    Ok(ExitCode::SUCCESS)
}
