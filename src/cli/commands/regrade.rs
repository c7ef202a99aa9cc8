//! `grade regrade`: grades a run again, and tells who gains and who loses.

use std::process::ExitCode;

use crate::batch::{Change, changes};
use crate::cli::arguments::{COMMANDS, RegradeArguments};
use crate::cli::ids;
use crate::cli::rounds::{Round, exit_code, open_session};
use crate::cli::screen::Screen;
use crate::error::{Fault, Result};
use crate::report::regrade as words;
use crate::settings::{Format, Settings};
use crate::store::{Ledger, RoundKind, Run};

pub(in crate::cli) fn run(mut settings: Settings, asked: &RegradeArguments, screen: &Screen) -> Result<ExitCode> {
    settings.format.of("grade regrade", &[Format::Human, Format::Json])?;
    let path = &asked.run.run;
    let mut ledger = Ledger::open(path)?;
    let run = ledger.read()?;
    let info = run.info()?;
    let last = run.rounds()?.pop().ok_or_else(|| never_graded(path))?;
    if last.finished_at.is_none() && last.kind == RoundKind::Batch {
        return Err(never_graded(path));
    }
    let catalog = settings.catalog()?;
    let selection = ids::select(&catalog, std::slice::from_ref(&info.exercise), &COMMANDS)?;
    Fault::join(selection.broken).map_or(Ok(()), Err)?;
    let exercise =
        selection.exercises.into_iter().next().ok_or_else(|| Fault::ourselves("an id without an exercise"))?;
    // The same seed as before: what changes is the grader, not what it asks.
    settings.seed = Some(info.seed);
    let session = open_session(settings.clone(), std::slice::from_ref(&exercise), screen)?;
    let mut round = Round::new(settings, session, exercise, asked.no_cache)?;
    if last.finished_at.is_none() && last.only == asked.only {
        round.go_on(last.id);
    } else {
        let chosen = run.choose(asked.only, round.grounds.text())?;
        round.begin(&mut ledger, RoundKind::Regrade, asked.only, &chosen)?;
    }
    let (id, format, style) = (round.id(), round.settings.format, round.style());
    let ended = round.work(&mut ledger, screen)?;
    let run = Run::open(path)?;
    let all: Vec<Change> = changes(&run, id)?.collect::<Result<_>>()?;
    screen.results(|out, _| match format {
        Format::Json => words::json(out, &all, &ended.tally),
        _ => words::human(out, &style, &all, &ended.tally),
    })?;
    exit_code(&ended, screen, &format!("grade regrade {}", path.display()))
}

fn never_graded(path: &std::path::Path) -> Fault {
    Fault::usage(format!("`{}` was never graded to its end", path.display()))
        .hint(format!("`grade batch --resume --out {}` goes on with it", path.display()))
}
