//! What the commands that grade have in common: a runtime, a workshop, a style, an ear for Ctrl-C.

use std::future::Future;
use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::screen::Screen;
use crate::catalog::Exercise;
use crate::environment::{Interrupt, Packages};
use crate::error::{Fault, IoContext as _, Result};
use crate::events::{self, Listener};
use crate::report::Style;
use crate::report::environment::EnvironmentProgress;
use crate::report::progress::Progress;
use crate::repository::Repository;
use crate::runner::Job;
use crate::settings::Settings;
use crate::submission::{Handed, Submission};
use crate::workshop::{Order, Workshop};

/// Oldest interpreter that `grade` itself works with.
pub(super) const OLDEST_PYTHON: (u32, u32) = (3, 11);

/// How often it is looked whether Ctrl-C was pressed.
const EAR: Duration = Duration::from_millis(30);

/// Everything that lives as long as one command.
pub(super) struct Session {
    pub workshop: Workshop,
    pub interrupt: Interrupt,
    pub style: Style,
    pub seed: u64,
    plain: bool,
}

impl Session {
    /// Finds Python and builds what is missing, for these exercises.
    ///
    /// `suites`: folders of test files that are in no catalogue.
    pub(super) fn open(
        settings: &Settings,
        exercises: &[Arc<Exercise>],
        suites: Vec<PathBuf>,
        screen: &Screen,
        all: bool,
    ) -> Result<Self> {
        let style = style(settings, screen, all);
        let interrupt = Interrupt::on_signals().or_machine(|| "listen for signals".to_owned())?;
        let seed = settings.seed.map_or_else(random_seed, Ok)?;
        let minimum = exercises.iter().map(|exercise| exercise.python).max().unwrap_or(OLDEST_PYTHON);
        let order = Order {
            cache_dir: settings.cache_dir.clone(),
            catalogs: settings.catalog_roots()?,
            suites,
            python: settings.python.clone(),
            minimum: minimum.max(OLDEST_PYTHON),
            isolation: settings.isolation,
            seed,
            interrupt: Some(interrupt.clone()),
        };
        let workshop = Workshop::open(order, &EnvironmentProgress::new(style.plain))?;
        Ok(Self { workshop, interrupt, style, seed, plain: settings.plain })
    }

    /// The packages that an exercise asks for, built when they are not there yet.
    pub(super) fn packages(&mut self, exercise: &Exercise) -> Result<Packages> {
        self.workshop.packages(exercise, &EnvironmentProgress::new(self.plain))
    }

    /// The same for a job; where nothing is handed in that could run, nothing is built for it.
    pub(super) fn packages_for(&mut self, job: &Job) -> Result<Packages> {
        if matches!(job.handed, Handed::Files(_)) { self.packages(&job.exercise) } else { Ok(Packages::default()) }
    }

    /// What is being checked, on a terminal.
    pub(super) fn listener(&self) -> Box<dyn Listener> {
        match Progress::on_stderr(&self.style) {
            Some(progress) => Box::new(progress),
            None => Box::new(events::Silent),
        }
    }

    /// What `work` comes to, or [`Fault::interrupted`] as soon as Ctrl-C is pressed.
    pub(super) async fn unless_interrupted<T>(&self, work: impl Future<Output = Result<T>>) -> Result<T> {
        tokio::select! {
            outcome = work => outcome,
            () = interrupted(&self.interrupt) => Err(Fault::interrupted()),
        }
    }
}

async fn interrupted(interrupt: &Interrupt) {
    while !interrupt.is_raised() {
        tokio::time::sleep(EAR).await;
    }
}

/// The one thread on which everything is supervised; it is the main one, since children ask to die with their parent's thread.
pub(super) fn block_on<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .or_machine(|| "start the runtime".to_owned())?;
    runtime.block_on(work)
}

/// The learner's files of an exercise in their repository, to be graded.
pub(super) fn job(repository: &Repository, exercise: &Arc<Exercise>, seed: u64) -> Result<Job> {
    let handed = Submission::read(repository.root(), &exercise.folder, exercise)?;
    Ok(Job { exercise: Arc::clone(exercise), handed, folder: exercise.folder.clone(), learner: None, seed })
}

pub(super) fn style(settings: &Settings, screen: &Screen, all: bool) -> Style {
    let is_terminal = std::io::stdout().is_terminal();
    let color = settings.color.applies(is_terminal);
    let plain = settings.plain || !(is_terminal || color);
    let hyperlinks = is_terminal && color && supports_hyperlinks::on(supports_hyperlinks::Stream::Stdout);
    Style { color: color && !plain, unicode: unicode(), hyperlinks, width: screen.columns(), plain, all }
}

/// Whether the locale can show more than ASCII.
fn unicode() -> bool {
    let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let locale = set("LC_ALL").or_else(|| set("LC_CTYPE")).or_else(|| set("LANG"));
    locale.is_some_and(|name| {
        let name = name.to_ascii_lowercase();
        name.contains("utf-8") || name.contains("utf8")
    })
}

/// Short enough to be typed again.
fn random_seed() -> Result<u64> {
    let mut bytes = [0; 4];
    rustix::rand::getrandom(&mut bytes, rustix::rand::GetRandomFlags::empty())
        .map_err(std::io::Error::from)
        .or_machine(|| "draw a seed".to_owned())?;
    Ok(u64::from(u32::from_le_bytes(bytes)))
}
