//! `grade [IDS]...`: grades exercises in this repository.

use std::process::ExitCode;

use crate::cli::arguments::{COMMANDS, GradeArguments};
use crate::cli::ids;
use crate::cli::screen::Screen;
use crate::error::{Fault, Result};
use crate::settings::Settings;

pub(in crate::cli) fn run(settings: &Settings, asked: &GradeArguments, _screen: &Screen) -> Result<ExitCode> {
    let catalog = settings.catalog()?;
    let root = settings.repository()?.root();
    let _selection =
        if asked.ids.is_empty() { catalog.present(root) } else { ids::select(&catalog, &asked.ids, &COMMANDS)? };
    Err(Fault::ourselves("not wired yet"))
}
