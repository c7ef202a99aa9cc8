//! `grade report`: tells what is in a run.

use std::process::ExitCode;

use crate::cli::arguments::RunArgument;
use crate::cli::rounds::plain_style;
use crate::cli::screen::Screen;
use crate::error::Result;
use crate::report::run as words;
use crate::settings::{Format, Settings};
use crate::store::Run;

pub(in crate::cli) fn run(settings: &Settings, asked: &RunArgument, screen: &Screen) -> Result<ExitCode> {
    let format = settings.format.of("grade report", &[Format::Human, Format::Csv, Format::Json, Format::Jsonl])?;
    let run = Run::open(&asked.run)?;
    let style = plain_style(settings, screen);
    let mut fault = None;
    screen.results(|out, _| {
        let told = match format {
            Format::Csv => words::csv(out, &run),
            Format::Json => words::json(out, &run),
            Format::Jsonl => words::jsonl(out, &run),
            _ => words::human(out, &style, &run),
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
