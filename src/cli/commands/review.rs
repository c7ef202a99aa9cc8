//! `grade review ID`: shows a note and what was said of it, or adds a reviewer's mark.

use std::process::ExitCode;

use crate::cli::arguments::ReviewArguments;
use crate::cli::screen::Screen;
use crate::error::{Fault, IoContext as _, Result};
use crate::learning::day::Day;
use crate::learning::reviews::{Mark, Reviews};
use crate::report::learning as view;
use crate::settings::{Format, Settings};

pub(in crate::cli) fn run(settings: &Settings, asked: &ReviewArguments, screen: &Screen) -> Result<ExitCode> {
    settings.format.of("grade review", &[Format::Human])?;
    let exercise = settings.catalog()?.find(&asked.exercise.id)?;
    let repository = settings.repository()?;
    let no_note = || Fault::usage(format!("`{}` asks for no note, so there is nothing to review", exercise.id));
    let mut reviews = Reviews::open(&exercise, repository)?.ok_or_else(no_note)?;
    let note = exercise.note.as_deref().map(|note| exercise.path_of(note)).unwrap_or_default();
    if !reviews.has_note() {
        let fault = Fault::usage(format!("`{note}` is not there yet"));
        return Err(fault.hint(format!("`grade start {}` puts a template there", exercise.id)));
    }
    let mark = match (asked.accept, asked.again) {
        (true, _) => Mark::Accepted,
        (_, true) => Mark::Again,
        _ => {
            let file = repository.root().join(&note);
            let text = std::fs::read(&file).or_machine(|| format!("read `{}`", file.display()))?;
            let text = String::from_utf8_lossy(&text);
            screen.results(|out, _| view::note(out, &exercise, &note, &text, &reviews))?;
            return Ok(ExitCode::SUCCESS);
        }
    };
    let kept = reviews.add(mark, asked.by.as_deref().unwrap_or_default().trim(), asked.words.trim(), Day::today())?;
    let kept = repository.shown(kept);
    screen.results(|out, _| view::reviewed(out, &exercise, mark, &kept))?;
    Ok(ExitCode::SUCCESS)
}
