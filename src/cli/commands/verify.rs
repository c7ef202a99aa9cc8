//! `grade verify`: the gate for authors. Samples against their expected verdicts, and mutants of the right ones.

mod mutants;
mod samples;

use std::process::ExitCode;
use std::sync::Arc;

use crate::catalog::Exercise;
use crate::cli::arguments::{COMMANDS, VerifyArguments};
use crate::cli::ids;
use crate::cli::screen::Screen;
use crate::cli::session::{Session, block_on};
use crate::error::{Fault, Result};
use crate::report::verify as view;
use crate::settings::{Format, Settings};
use crate::verify::kills::Kills;

/// Decides the inputs of mutants where nobody asks for others: what is on record must come out again.
const MUTANTS_SEED: u64 = 1;

pub(in crate::cli) fn run(settings: &Settings, asked: &VerifyArguments, screen: &Screen) -> Result<ExitCode> {
    settings.format.of("grade verify", &[Format::Human])?;
    let exercises = exercises(settings, asked)?;
    if asked.record {
        refuse_built_in(settings, &exercises)?;
    }
    let mut session = Session::open(settings, &exercises, Vec::new(), screen, false)?;
    let is_sound = if asked.mutants {
        session.seed = settings.seed.unwrap_or(MUTANTS_SEED);
        run_mutants(&mut session, settings, &exercises, asked.record, screen)?
    } else {
        let tell = |verified: &view::Verified| screen.results(|out, _| view::samples(out, verified));
        let total = block_on(samples::verify_all(&mut session, &exercises, asked, tell))?;
        screen.results(|out, _| total.tell(out))?;
        total.is_sound()
    };
    Ok(if is_sound { ExitCode::SUCCESS } else { ExitCode::from(4) })
}

fn exercises(settings: &Settings, asked: &VerifyArguments) -> Result<Vec<Arc<Exercise>>> {
    let catalog = settings.catalog()?;
    if asked.ids.is_empty() {
        return catalog.all().map(|(_, exercise)| exercise).collect();
    }
    let selection = ids::select(&catalog, &asked.ids, &COMMANDS)?;
    Fault::join(selection.broken).map_or(Ok(()), Err)?;
    Ok(selection.exercises)
}

/// The copy in the cache is nobody's to change.
fn refuse_built_in(settings: &Settings, exercises: &[Arc<Exercise>]) -> Result<()> {
    match exercises.iter().find(|exercise| exercise.exercise_dir().starts_with(&settings.cache_dir)) {
        Some(exercise) => {
            Err(Fault::usage(format!("`{}` is built in, so nothing can be recorded beside it", exercise.id))
                .hint("name the folder that holds its source by `--catalog DIR`"))
        }
        None => Ok(()),
    }
}

/// Each exercise is told as soon as it is done: all of them together take a while.
fn run_mutants(
    session: &mut Session,
    settings: &Settings,
    exercises: &[Arc<Exercise>],
    record: bool,
    screen: &Screen,
) -> Result<bool> {
    let mut is_sound = true;
    for exercise in exercises {
        let harvest = block_on(mutants::harvest(session, exercise, settings.jobs))?;
        is_sound &= harvest.is_sound();
        screen.results(|out, _| view::mutants(out, &harvest))?;
        if record {
            Kills::of(exercise, &harvest)?.write(exercise)?;
        }
    }
    Ok(is_sound)
}
