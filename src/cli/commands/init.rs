//! `grade init --ci SERVICE`: the workflow of a learner's repository.

use std::process::ExitCode;

use crate::cli::arguments::InitArguments;
use crate::cli::screen::Screen;
use crate::error::Result;
use crate::placing::{self, Existing};
use crate::report::catalog_view;
use crate::settings::Settings;
use crate::setup;

pub(in crate::cli) fn run(settings: &Settings, asked: &InitArguments, screen: &Screen) -> Result<ExitCode> {
    let repository = settings.repository()?;
    let workflow = setup::workflow(asked.ci, asked.graders.as_ref(), asked.action.as_ref())?;
    let existing = if asked.force { Existing::Backup } else { Existing::Keep };
    let placed = placing::place(repository, workflow.path, workflow.text.as_bytes(), existing)?;
    screen.results(|out, _| catalog_view::init(out, repository.root(), &placed))?;
    Ok(ExitCode::SUCCESS)
}
