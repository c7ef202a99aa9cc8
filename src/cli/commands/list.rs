//! `grade list`: the catalogue.

use std::process::ExitCode;

use crate::catalog::{Catalog, Selection};
use crate::cli::arguments::ListArguments;
use crate::cli::screen::Screen;
use crate::error::{Fault, Result};
use crate::report::catalog_view::{self, Row};
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

/// The exercises of `of`, or all of them.
fn rows(settings: &Settings, catalog: &Catalog, of: &[String]) -> Result<Vec<Row>> {
    let wanted = if of.is_empty() { None } else { Some(catalog.select(of)?) };
    let is_wanted =
        |id: &str, selection: &Selection| selection.exercises.iter().any(|exercise| exercise.id.as_str() == id);
    let root = settings.found_repository().map(crate::repository::Repository::root);
    let rows = catalog.all().filter(|(id, exercise)| match &wanted {
        None => true,
        Some(selection) => {
            is_wanted(id.as_str(), selection) || (exercise.is_err() && of.iter().any(|of| of == id.group()))
        }
    });
    let present = |exercise: &crate::catalog::Exercise| root.is_some_and(|root| exercise.is_present(root));
    Ok(rows
        .map(|(id, exercise)| Row {
            id: id.clone(),
            present: exercise.as_ref().is_ok_and(|exercise| present(exercise)),
            exercise,
        })
        .collect())
}
