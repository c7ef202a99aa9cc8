//! `grade new ID`: a new exercise for its author.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::catalog::ExerciseId;
use crate::cli::arguments::NewArguments;
use crate::cli::screen::Screen;
use crate::error::{Fault, IoContext as _, Result};
use crate::report::catalog_view;
use crate::settings::Settings;
use crate::template;

pub(in crate::cli) fn run(settings: &Settings, asked: &NewArguments, screen: &Screen) -> Result<ExitCode> {
    let id = ExerciseId::parse(&asked.id).ok_or_else(|| {
        Fault::usage(format!("`{}` can't be the id of an exercise", asked.id))
            .hint("an id is `group/name`, in lower-case letters, digits, `_` and `-`, as `day4/decorators`")
    })?;
    let named: PathBuf = settings.catalogs.last().cloned().unwrap_or_else(|| PathBuf::from("."));
    let root = std::path::absolute(&named).or_machine(|| format!("use the folder `{}`", named.display()))?;
    let files = template::write(Path::new(&root), &id)?;
    screen.results(|out, _| catalog_view::new(out, &id, &named, &files))?;
    Ok(ExitCode::SUCCESS)
}
