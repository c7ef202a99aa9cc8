//! `grade batch`: grades many submissions to one exercise into a run.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use crate::batch::Reuse;
use crate::catalog::Exercise;
use crate::cli::arguments::{BatchArguments, COMMANDS};
use crate::cli::ids;
use crate::cli::rounds::{Round, exit_code, open_session};
use crate::cli::screen::Screen;
use crate::environment::Interrupt;
use crate::error::{Blame, Fault, IoContext as _, Result};
use crate::intake::{self, Request};
use crate::report::batch as words;
use crate::settings::{Format, Settings};
use crate::store::{Ledger, NewRun, RoundKind, Run};

pub(in crate::cli) fn run(settings: Settings, asked: &BatchArguments, screen: &Screen) -> Result<ExitCode> {
    settings.format.of("grade batch", &[Format::Human, Format::Json])?;
    let Some(out) = asked.out.as_deref().filter(|_| !asked.plan) else { return plan(&settings, asked, screen) };
    if asked.resume && out.exists() {
        return resume(settings, asked, out, screen);
    }
    if asked.id.is_none() || asked.paths.is_empty() {
        return Err(Fault::usage(format!("there is no run at `{}` to go on with", out.display()))
            .hint("`grade batch ID PATH... --out RUN` begins one"));
    }
    let (exercise, request) = (exercise(&settings, asked.id.as_deref())?, request(asked)?);
    let seed_is_asked = settings.seed.is_some();
    let session = open_session(settings.clone(), std::slice::from_ref(&exercise), screen)?;
    let new = NewRun {
        exercise: exercise.id.to_string(),
        seed: session.seed,
        seed_is_asked,
        intake: serde_json::to_string(&request).map_err(|error| Fault::ourselves("can't write JSON").because(error))?,
    };
    let mut ledger = Ledger::create(out, &new)?;
    let selected = Sources { settings: &settings, request: &request, exercise: &exercise, out }.take_in(
        &mut ledger,
        &session.interrupt,
        screen,
    )?;
    let mut round = Round::new(settings, session, exercise, asked.no_cache)?;
    round.begin(&mut ledger, RoundKind::Batch, None, &selected)?;
    finish(round, &mut ledger, out, screen)
}

/// Goes on where an earlier process was stopped, wherever that was.
fn resume(mut settings: Settings, asked: &BatchArguments, out: &Path, screen: &Screen) -> Result<ExitCode> {
    let mut ledger = Ledger::open(out)?;
    let info = ledger.read()?.info()?;
    let exercise = exercise(&settings, Some(&info.exercise))?;
    if asked.id.as_ref().is_some_and(|id| *id != info.exercise) {
        return Err(Fault::usage(format!("`{}` is a run of `{}`", out.display(), info.exercise)));
    }
    if settings.seed.is_some_and(|seed| seed != info.seed) {
        return Err(Fault::usage(format!("`{}` was begun with the seed {}", out.display(), info.seed)));
    }
    settings.seed = Some(info.seed);
    let session = open_session(settings.clone(), std::slice::from_ref(&exercise), screen)?;
    let rounds = ledger.read()?.rounds()?;
    if !info.taken_in {
        let request: Request = serde_json::from_str(&info.intake)
            .map_err(|error| Fault::machine("the run does not say what to take in").because(error))?;
        Sources { settings: &settings, request: &request, exercise: &exercise, out }.take_in(
            &mut ledger,
            &session.interrupt,
            screen,
        )?;
    }
    let mut round = Round::new(settings, session, exercise, asked.no_cache)?;
    match rounds.last() {
        // Killed between the intake and the first round.
        None => {
            let all = ledger.read()?.choose(None, "")?;
            round.begin(&mut ledger, RoundKind::Batch, None, &all)?;
        }
        Some(last) => {
            if last.finished_at.is_none() && last.grounds != round.grounds.text() {
                screen.note(
                    "the exercise, its grader, Python or `grade` itself is not what it was when this run was begun. What was graded before \
                     stays; `grade regrade RUN --only changed` grades that again.",
                );
            }
            round.go_on(last.id);
        }
    }
    finish(round, &mut ledger, out, screen)
}

fn finish(round: Round, ledger: &mut Ledger, out: &Path, screen: &Screen) -> Result<ExitCode> {
    let (settings, style) = (round.settings.clone(), round.style());
    let ended = round.work(ledger, screen)?;
    let run = Run::open(out)?;
    screen.results(|to, _| match settings.format {
        Format::Json => words::ended_json(to, &ended.tally),
        _ => words::ended(to, &style, &ended.tally, &run.missing().unwrap_or_default(), out),
    })?;
    exit_code(&ended, screen, &format!("grade batch --resume --out {}", out.display()))
}

fn plan(settings: &Settings, asked: &BatchArguments, screen: &Screen) -> Result<ExitCode> {
    let (exercise, request) = (exercise(settings, asked.id.as_deref())?, request(asked)?);
    // The same way as a real intake, into a run that nobody keeps.
    let folder = tempfile::tempdir().or_machine(|| "make a temporary folder".to_owned())?;
    let new = NewRun { exercise: exercise.id.to_string(), seed: 0, seed_is_asked: false, intake: String::new() };
    let mut ledger = Ledger::create(&folder.path().join("plan"), &new)?;
    let intake = ledger.take_in()?;
    // A process that is ended by the signal itself would leave the folder behind.
    let interrupt = Interrupt::on_signals().or_machine(|| "listen for signals".to_owned())?;
    let summary = intake::take_in(&request, &exercise, &intake, &interrupt)?;
    let usual = Reuse::open(&settings.cache_dir).ok().and_then(|reuse| reuse.usual_time(exercise.hash().ok()?));
    let cost = words::Cost {
        workers: settings.jobs.get(),
        usual,
        most: std::time::Duration::from_millis(exercise.limits.total_wall_ms),
    };
    let style = crate::cli::session::style(settings, screen, false);
    screen.results(|out, _| {
        words::taken_in(out, &style, exercise.id.as_str(), &summary)?;
        words::cost(out, &style, &summary, &cost)
    })?;
    Ok(ExitCode::SUCCESS)
}

/// What is to be taken in, and for which run.
struct Sources<'a> {
    settings: &'a Settings,
    request: &'a Request,
    exercise: &'a Exercise,
    out: &'a Path,
}

impl Sources<'_> {
    /// Takes the submissions in and tells what was recognised; the ids of those that count.
    fn take_in(&self, ledger: &mut Ledger, interrupt: &Interrupt, screen: &Screen) -> Result<Vec<i64>> {
        let intake = ledger.take_in()?;
        let summary = intake::take_in(self.request, self.exercise, &intake, interrupt).map_err(|fault| {
            let go_on =
                format!("nothing was graded yet: `grade batch --resume --out {}` begins anew", self.out.display());
            if fault.blame == Blame::Interrupted { fault.hint(go_on) } else { fault }
        })?;
        intake.finish()?;
        let style = crate::cli::session::style(self.settings, screen, false);
        screen.aside(|out, _| words::taken_in(out, &style, self.exercise.id.as_str(), &summary));
        Ok(summary.selected)
    }
}

fn exercise(settings: &Settings, id: Option<&str>) -> Result<Arc<Exercise>> {
    let catalog = settings.catalog()?;
    let asked = [id.unwrap_or_default().to_owned()];
    let selection = ids::select(&catalog, &asked, &COMMANDS)?;
    Fault::join(selection.broken).map_or(Ok(()), Err)?;
    match <[Arc<Exercise>; 1]>::try_from(selection.exercises) {
        Ok([exercise]) => Ok(exercise),
        Err(several) => Err(Fault::usage(format!("`{}` stands for {} exercises", asked[0], several.len()))
            .hint("a run is about one exercise: name it by its full id")),
    }
}

fn request(asked: &BatchArguments) -> Result<Request> {
    let absolute = |path: &PathBuf| std::path::absolute(path).or_machine(|| format!("use `{}`", path.display()));
    if let Some(pattern) = &asked.id_from {
        intake::Pattern::new(pattern)?;
    }
    Ok(Request {
        paths: asked.paths.iter().map(absolute).collect::<Result<_>>()?,
        roster: asked.roster.as_ref().map(absolute).transpose()?,
        id_from: asked.id_from.clone(),
        attempts: asked.attempts,
    })
}
