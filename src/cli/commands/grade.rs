//! `grade [IDS]...`: grades exercises in this repository.

use std::process::ExitCode;

use crate::catalog::Selection;
use crate::cli::arguments::{COMMANDS, GradeArguments};
use crate::cli::grading::grade_all;
use crate::cli::ids;
use crate::cli::screen::Screen;
use crate::cli::session::{Session, block_on};
use crate::error::{Blame, Fault, Result};
use crate::learning::day::Day;
use crate::learning::passed::Passed;
use crate::report::{
    self,
    source::{RepositorySource, SourceLines},
};
use crate::repository::Repository;
use crate::settings::{Format, Settings};
use crate::verdict::{SubmissionOutcome, Verdict};

pub(in crate::cli) fn run(settings: &Settings, asked: &GradeArguments, screen: &Screen) -> Result<ExitCode> {
    let known = [Format::Human, Format::Json, Format::Jsonl, Format::Junit];
    settings.format.of("grade", &known)?;
    let selection = select(settings, asked)?;
    let repository = settings.repository()?;
    let mut faults = selection.broken;
    if selection.exercises.is_empty() && faults.is_empty() {
        screen.tell(&nothing_here(repository));
        return Ok(ExitCode::from(1));
    }
    let mut session = Session::open(settings, &selection.exercises, Vec::new(), screen, asked.all)?;
    let verdicts = block_on(grade_all(&mut session, repository, &selection.exercises))?.verdicts(&mut faults);
    note_passes(repository, &verdicts);
    if !verdicts.is_empty() || settings.format != Format::Human {
        tell(settings, &session, repository, &verdicts, screen)?;
    }
    for fault in &faults {
        screen.tell(fault);
    }
    Ok(exit_code(&verdicts, &faults))
}

pub(super) fn select(settings: &Settings, asked: &GradeArguments) -> Result<Selection> {
    let catalog = settings.catalog()?;
    let root = settings.repository()?.root();
    if asked.ids.is_empty() { Ok(catalog.present(root)) } else { ids::select(&catalog, &asked.ids, &COMMANDS) }
}

fn nothing_here(repository: &Repository) -> Fault {
    Fault::usage(format!("no exercise has its files in `{}` yet", repository.root().display()))
        .hint("`grade list` shows all exercises, `grade start ID` puts the files of one here")
}

/// For the learner's own eyes: a repository that can't be written to must not keep a verdict from anyone.
pub(super) fn note_passes(repository: &Repository, verdicts: &[Verdict]) {
    if let Ok(mut passed) = Passed::open(repository) {
        let _ = passed.note(verdicts, Day::today());
    }
}

pub(super) fn tell(
    settings: &Settings,
    session: &Session,
    repository: &Repository,
    verdicts: &[Verdict],
    screen: &Screen,
) -> Result<()> {
    write(settings, session, &RepositorySource::new(repository.root()), verdicts, screen)
}

/// Writes the results in the format that was asked for.
pub(super) fn write(
    settings: &Settings,
    session: &Session,
    source: &dyn SourceLines,
    verdicts: &[Verdict],
    screen: &Screen,
) -> Result<()> {
    screen.results(|out, _| match settings.format {
        Format::Json => report::json::json(out, verdicts),
        Format::Jsonl => verdicts.iter().try_for_each(|verdict| report::jsonl::jsonl(out, verdict)),
        Format::Junit => report::junit::junit(out, verdicts).and_then(|()| out.flush()),
        _ => report::human(out, verdicts, source, &session.style),
    })
}

/// The gravest of what happened: our own bug, the machine, the author, the learner.
pub(super) fn exit_code(verdicts: &[Verdict], faults: &[Fault]) -> ExitCode {
    let gravest = faults.iter().map(|fault| fault.blame).max_by_key(|blame| match blame {
        Blame::Interrupted => 4,
        Blame::Ourselves => 3,
        Blame::Machine => 2,
        Blame::Author => 1,
        Blame::Usage => 0,
    });
    if let Some(blame) = gravest {
        return ExitCode::from(blame.exit_code());
    }
    if verdicts.iter().any(|verdict| verdict.outcome == SubmissionOutcome::Error) {
        return ExitCode::from(Blame::Author.exit_code());
    }
    ExitCode::from(u8::from(!verdicts.iter().all(Verdict::passed)))
}
