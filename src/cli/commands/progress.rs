//! `grade progress`: what a learner has shown of the mastery checklist.

use std::process::ExitCode;

use crate::cli::arguments::ListArguments;
use crate::cli::screen::Screen;
use crate::error::Result;
use crate::learning::{known, map, plan};
use crate::report::learning as view;
use crate::settings::{Format, Settings};

pub(in crate::cli) fn run(settings: &Settings, asked: &ListArguments, screen: &Screen) -> Result<ExitCode> {
    let known = known::known(&settings.catalog()?, settings.repository()?, &asked.of)?;
    let (steps, phases) = (plan::steps(&known), map::map(&known));
    match settings.format.of("grade progress", &[Format::Human, Format::Json])? {
        Format::Json => screen.results(|out, _| view::progress_json(out, &steps, &phases))?,
        _ => screen.results(|out, columns| view::progress(out, &steps, &phases, columns))?,
    }
    Ok(ExitCode::SUCCESS)
}
