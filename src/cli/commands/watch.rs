//! `grade watch`: grades again at every save, warm.

use std::collections::HashSet;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use super::grade::{note_passes, select, tell};
use crate::catalog::Exercise;
use crate::cli::arguments::GradeArguments;
use crate::cli::screen::Screen;
use crate::cli::session::{Session, block_on, job};
use crate::disclosure::{self, Moment};
use crate::error::{Blame, Fault, Result};
use crate::report::watch as view;
use crate::repository::Repository;
use crate::runner::Bench;
use crate::settings::{Format, Settings};
use crate::submission::watched_folders;
use crate::verdict::Verdict;
use crate::watch::{Wanted, Watch};

pub(in crate::cli) fn run(settings: &Settings, asked: &GradeArguments, screen: &Screen) -> Result<ExitCode> {
    if !matches!(settings.format, Format::Human | Format::Jsonl) {
        return Err(Fault::usage("`grade watch` has the formats `human` and `jsonl`"));
    }
    let mut selection = select(settings, asked)?;
    if let Some(fault) = selection.broken.pop() {
        return Err(fault);
    }
    if selection.exercises.is_empty() {
        return Err(
            Fault::usage("there is nothing to watch yet").hint("name an exercise: `grade watch day4/decorators`")
        );
    }
    let session = Session::open(settings, &selection.exercises, Vec::new(), screen, asked.all)?;
    let repository = settings.repository()?;
    let mut watching =
        Watching { settings, session, repository, screen, exercises: selection.exercises, last: Vec::new() };
    match block_on(watching.run()) {
        // Ctrl-C is how one leaves.
        Err(fault) if fault.blame == Blame::Interrupted => Ok(ExitCode::SUCCESS),
        Err(fault) => Err(fault),
        Ok(()) => Ok(ExitCode::SUCCESS),
    }
}

struct Watching<'a> {
    settings: &'a Settings,
    session: Session,
    repository: &'a Repository,
    screen: &'a Screen,
    exercises: Vec<Arc<Exercise>>,
    /// The last verdict of each exercise, in their order.
    last: Vec<Option<Verdict>>,
}

impl Watching<'_> {
    async fn run(&mut self) -> Result<()> {
        let mut bench = self.session.workshop.bench();
        let outcome = self.watch(&mut bench).await;
        bench.rest().await;
        outcome
    }

    async fn watch(&mut self, bench: &mut Bench) -> Result<()> {
        self.last = self.exercises.iter().map(|_| None).collect();
        let mut due: Vec<usize> = (0..self.exercises.len()).collect();
        loop {
            // Made before grading, so that a save meanwhile is not lost; and anew each time, for a folder may have come.
            let mut watch = Watch::on(self.wanted()?)?;
            self.grade(bench, &due).await?;
            loop {
                let touched = self.session.unless_interrupted(async { Ok(watch.next().await) }).await?;
                due = self.concerned(&touched);
                if !due.is_empty() {
                    break;
                }
            }
        }
    }

    fn wanted(&self) -> Result<Wanted> {
        let root = self.repository.root();
        let mut wanted = Wanted::default();
        for exercise in &self.exercises {
            wanted.files.extend(exercise.files.iter().map(|file| root.join(exercise.path_of(file))));
            wanted.folders.extend(watched_folders(root, exercise)?);
        }
        Ok(wanted)
    }

    fn concerned(&self, touched: &HashSet<PathBuf>) -> Vec<usize> {
        let root = self.repository.root();
        let concerns = |exercise: &Exercise| {
            let asked =
                |path: &PathBuf| exercise.files.iter().any(|file| root.join(exercise.path_of(file)).starts_with(path));
            let taken = |path: &PathBuf| !exercise.include.is_empty() && path.starts_with(root.join(&exercise.folder));
            touched.iter().any(|path| asked(path) || taken(path))
        };
        self.exercises.iter().enumerate().filter(|(_, exercise)| concerns(exercise)).map(|(index, _)| index).collect()
    }

    /// The last verdict stays on the screen until the new one is there.
    async fn grade(&mut self, bench: &mut Bench, due: &[usize]) -> Result<()> {
        let listener = self.session.listener();
        let mut fresh = Vec::new();
        for index in due {
            let exercise = Arc::clone(&self.exercises[*index]);
            let job = job(self.repository, &exercise, self.session.seed)?;
            let packages = self.session.packages_for(&job)?;
            let graded = self.session.unless_interrupted(bench.grade(&job, &packages, listener.as_ref())).await;
            match graded {
                Ok(verdict) => {
                    let verdict = disclosure::for_learner(verdict, Moment::Now);
                    self.last[*index] = Some(verdict.clone());
                    fresh.push(verdict);
                }
                // While an author mends a grader, the watch goes on.
                Err(fault) if fault.blame == Blame::Author => self.screen.tell(&fault),
                Err(fault) => return Err(fault),
            }
        }
        drop(listener);
        note_passes(self.repository, &fresh);
        self.show(&fresh)
    }

    fn show(&self, fresh: &[Verdict]) -> Result<()> {
        let style = &self.session.style;
        if style.plain || self.settings.format == Format::Jsonl {
            tell(self.settings, &self.session, self.repository, fresh, self.screen)?;
            return if self.settings.format == Format::Human {
                self.screen.results(|out, _| view::waiting(out, style))
            } else {
                Ok(())
            };
        }
        let all: Vec<Verdict> = self.last.iter().flatten().cloned().collect();
        self.screen.results(|out, _| view::clear(out))?;
        tell(self.settings, &self.session, self.repository, &all, self.screen)?;
        self.screen.results(|out, _| view::waiting(out, style).and_then(|()| out.flush()))
    }
}
