//! `grade list`: the catalogue.

use std::process::ExitCode;
use std::sync::Arc;

use crate::catalog::{Catalog, Exercise, ExerciseId};
use crate::cli::arguments::ListArguments;
use crate::cli::screen::Screen;
use crate::error::{Fault, Result};
use crate::learning::passed::Passed;
use crate::report::catalog_view::{self, Row};
use crate::repository::Repository;
use crate::settings::{Format, Settings};

pub(in crate::cli) fn run(settings: &Settings, asked: &ListArguments, screen: &Screen) -> Result<ExitCode> {
    let catalog = settings.catalog()?;
    let rows = rows(settings, &catalog, &asked.of)?;
    match settings.format {
        Format::Human => screen.results(|out, columns| catalog_view::list(out, &rows, columns))?,
        Format::Json => screen.results(|out, _| catalog_view::list_json(out, &rows))?,
        _ => return Err(Fault::usage("`grade list` has the formats `human` and `json`")),
    }
    catalog.strays().iter().for_each(|stray| screen.tell(stray));
    Ok(ExitCode::SUCCESS)
}

/// The exercises that `of` stands for, or all of them; broken ones too.
fn rows(settings: &Settings, catalog: &Catalog, of: &[String]) -> Result<Vec<Row>> {
    // Only for its faults: a name that stands for nothing.
    catalog.select(of)?;
    let root = settings.found_repository().map(Repository::root);
    let passed = settings.found_repository().map(Passed::open).transpose()?.unwrap_or_default();
    let row = |(id, exercise): (&ExerciseId, Result<Arc<Exercise>>)| Row {
        id: id.clone(),
        passed: passed.has(id.as_str()),
        present: root.is_some_and(|root| exercise.as_ref().is_ok_and(|exercise| exercise.is_present(root))),
        exercise,
    };
    let is_wanted = |row: &Row| of.is_empty() || of.iter().any(|name| stands_for(name.trim_end_matches('/'), row));
    Ok(catalog.all().map(row).filter(is_wanted).collect())
}

fn stands_for(name: &str, row: &Row) -> bool {
    let track = row.exercise.as_ref().ok().map(|exercise| exercise.track.name());
    [Some(row.id.as_str()), Some(row.id.group()), track].contains(&Some(name))
}
