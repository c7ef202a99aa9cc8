//! `grade report`: tells what is in a run.

use std::process::ExitCode;

use crate::catalog::Exercise;
use crate::class::{self, Class};
use crate::cli::arguments::ReportArguments;
use crate::cli::rounds::plain_style;
use crate::cli::screen::Screen;
use crate::error::Result;
use crate::report::run as words;
use crate::settings::{Format, Settings};
use crate::store::Run;

pub(in crate::cli) fn run(settings: &Settings, asked: &ReportArguments, screen: &Screen) -> Result<ExitCode> {
    let format = settings.format.of("grade report", &[Format::Human, Format::Csv, Format::Json, Format::Jsonl])?;
    let run = Run::open(&asked.run.run)?;
    let style = plain_style(settings, screen);
    let mut fault = None;
    screen.results(|out, _| {
        let told = match format {
            Format::Csv => words::csv(out, &run),
            Format::Json => look(settings, &run).and_then(|class| words::json(out, &run, &class)),
            Format::Jsonl => words::jsonl(out, &run),
            _ => look(settings, &run).and_then(|class| words::human(out, &style, &run, &class)),
        };
        told.or_else(|failed| match failed {
            words::Failed::Write(error) => Err(error),
            words::Failed::Read(read) => {
                fault = Some(read);
                Ok(())
            }
        })
    })?;
    fault.map_or(Ok(ExitCode::SUCCESS), Err)
}

fn look(settings: &Settings, run: &Run) -> Result<Class, words::Failed> {
    let starter = exercise(settings, run).and_then(|exercise| exercise.starter_files().ok());
    Ok(class::look(run, starter.as_deref())?)
}

/// The exercise of a run, if it is known here: a run can be looked at without it.
fn exercise(settings: &Settings, run: &Run) -> Option<std::sync::Arc<Exercise>> {
    let id = run.info().ok()?.exercise;
    settings.catalog().ok()?.select(&[id]).ok()?.exercises.into_iter().next()
}
