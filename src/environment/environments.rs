//! Gives the environment for an interpreter and a lock: the one in the cache, or a new one built beside it and moved into place.

use std::cell::Cell;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::failure::{Failure, Kind};
use super::installer::{Installer, Job};
use super::lock::{Hold, Lock};
use super::venv::{self, Ready};
use super::{Event, Interpreter, Interrupt, Progress, Requirements, Variables};
use crate::error::{Fault, IoContext, Result};

/// How long we wait for another process that builds the same environment: longer than it may take.
const WAIT_LIMIT: Duration = Duration::from_mins(15);

/// The shared environments of one cache folder.
#[derive(Clone, Debug)]
pub struct Environments {
    cache_dir: PathBuf,
    variables: Variables,
    interrupt: Option<Interrupt>,
}

/// An interpreter with a locked set of packages. While a clone of it lives, `grade cache clear` leaves it alone.
#[derive(Clone, Debug)]
pub struct Environment {
    /// The venv; `None` when no packages are asked for, for then the base interpreter is all that is needed.
    pub root: Option<PathBuf>,
    /// The folder to put on `sys.path`.
    pub site_packages: Option<PathBuf>,
    pub interpreter: Interpreter,
    /// 32 hex digits that stand for the interpreter and the lock; it is the name of `root`.
    pub key: String,
    _in_use: Option<Arc<Lock>>,
}

impl Environment {
    /// The program to start: the venv's `bin/python`, or the base interpreter.
    pub fn python(&self) -> PathBuf {
        self.root.as_deref().map_or_else(|| self.interpreter.executable.clone(), venv::python)
    }
}

impl Environments {
    /// Those in `cache_dir` (made when needed), installed with the process's own environment variables.
    pub fn new(cache_dir: impl Into<PathBuf>) -> Self {
        Self { cache_dir: cache_dir.into(), variables: Variables::of_this_process(), interrupt: None }
    }

    #[must_use]
    pub fn with_variables(mut self, variables: Variables) -> Self {
        self.variables = variables;
        self
    }

    /// When this is raised, a running installer is killed with everything it started, and [`Self::prepare`] says that it was interrupted.
    #[must_use]
    pub fn with_interrupt(mut self, interrupt: Interrupt) -> Self {
        self.interrupt = Some(interrupt);
        self
    }

    /// The environment with exactly these packages. When it is there already this takes two looks at the disk and starts no process.
    ///
    /// Errors: machine (network, disk, a tool), author (an incomplete lock), interrupted.
    pub fn prepare(
        &self,
        interpreter: &Interpreter,
        lock: &Requirements,
        progress: &dyn Progress,
    ) -> Result<Environment> {
        let key = venv::key(interpreter, lock);
        if lock.is_empty() {
            let interpreter = interpreter.clone();
            return Ok(Environment { root: None, site_packages: None, interpreter, key, _in_use: None });
        }
        let root = self.cache_dir.join(venv::FOLDER).join(&key);
        let build =
            Build { environments: self, interpreter, lock, root: &root, progress, has_waited: Cell::new(false) };
        let in_use = loop {
            if let Some(in_use) = use_ready(&root) {
                break in_use;
            }
            build.run()?;
        };
        let site_packages = Some(venv::site_packages(&root, interpreter));
        Ok(Environment { root: Some(root), site_packages, interpreter: interpreter.clone(), key, _in_use: in_use })
    }

    fn is_interrupted(&self) -> bool {
        self.interrupt.as_ref().is_some_and(Interrupt::is_raised)
    }
}

/// The lock that keeps a finished environment from being cleared away; the outer `None` when there is none to use yet.
#[expect(clippy::option_option, reason = "two answers: is it ready, and could it be locked")]
fn use_ready(root: &Path) -> Option<Option<Arc<Lock>>> {
    if !venv::is_ready(root) {
        return None;
    }
    match Lock::try_take(root, Hold::Shared) {
        // Looked at again: it may have been cleared between the look and the lock.
        Ok(Some(lock)) => venv::is_ready(root).then(|| Some(Arc::new(lock))),
        // Its builder has not let go yet, or it is being cleared at this moment.
        Ok(None) => None,
        // A cache that we may only read can't be cleared under us either.
        Err(_) => Some(None),
    }
}

/// One environment being made.
struct Build<'a> {
    environments: &'a Environments,
    interpreter: &'a Interpreter,
    lock: &'a Requirements,
    /// Its final place.
    root: &'a Path,
    progress: &'a dyn Progress,
    /// Whether a wait was told: of several who wait, all may have to wait once more for a moment, and that is no news.
    has_waited: Cell<bool>,
}

impl Build<'_> {
    fn run(&self) -> Result<()> {
        let folder = self.root.parent().unwrap_or(self.root);
        fs::create_dir_all(folder).or_machine(|| format!("make the cache folder `{}`", folder.display()))?;
        let Some(lock) = self.take_lock()? else { return Ok(()) };
        self.remove_leftovers(folder)?;
        let (what, python) = (self.lock.name.clone(), self.interpreter.version().to_string());
        self.progress.event(Event::Building { what: what.clone(), python });
        let started = Instant::now();
        let built = self.build(folder, started);
        let ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.progress.event(if built.is_ok() { Event::Built { what, ms } } else { Event::Failed { what } });
        drop(lock);
        built
    }

    /// The lock to build under; `None` when another process has finished the same environment meanwhile (it may use it for long now, and holds
    /// the lock while it does).
    fn take_lock(&self) -> Result<Option<Lock>> {
        let is_first = !self.has_waited.get();
        let waiting = || {
            if !self.has_waited.replace(true) {
                self.progress.event(Event::Waiting { what: self.lock.name.clone() });
            }
        };
        let stop = || self.environments.is_interrupted() || venv::is_ready(self.root);
        let taken = Lock::take(self.root, WAIT_LIMIT, waiting, stop);
        if is_first && self.has_waited.get() {
            self.progress.event(Event::Waited);
        }
        let lock = taken.or_machine(|| format!("lock `{}`", Lock::path_for(self.root).display()))?;
        if self.environments.is_interrupted() {
            return Err(Fault::interrupted());
        }
        if venv::is_ready(self.root) {
            return Ok(None);
        }
        let busy = || {
            Fault::machine(format!("another grade has been building the packages of {} for too long", self.lock.name))
                .hint("end the other grade, then try again")
        };
        lock.map(Some).ok_or_else(busy)
    }

    /// What a build that died left behind. We hold the lock, so no living build is meant.
    fn remove_leftovers(&self, folder: &Path) -> Result<()> {
        let context = || format!("remove an unfinished build in `{}`", folder.display());
        for entry in fs::read_dir(folder).or_machine(context)?.flatten() {
            if is_unfinished(&entry.path(), self.root) {
                remove(&entry.path()).or_machine(context)?;
            }
        }
        // A folder in the final place that is not ready: something was deleted in it.
        remove(self.root).or_machine(context)
    }

    /// Builds beside the final place and moves it there; on failure nothing is left.
    fn build(&self, folder: &Path, started: Instant) -> Result<()> {
        let workshop = tempfile::Builder::new()
            .prefix(&format!("{}.tmp-{}-", self.root.file_name().unwrap_or_default().display(), std::process::id()))
            .tempdir_in(folder)
            .or_machine(|| format!("make a folder in `{}`", folder.display()))?;
        let lock_file = workshop.path().join("requirements.txt");
        fs::write(&lock_file, &self.lock.lock).or_machine(|| format!("write `{}`", lock_file.display()))?;
        let built = workshop.path().join("venv");
        let job = Job {
            interpreter: self.interpreter,
            root: &built,
            lock_file: &lock_file,
            variables: &self.environments.variables,
            interrupt: self.environments.interrupt.as_ref(),
        };
        let installer = self.install(&job)?;
        let site_packages = venv::site_packages(&built, self.interpreter);
        job.compile(&site_packages, self.root).map_err(|failure| self.fault(failure))?;
        if let Some(finish) = &self.lock.finish {
            job.finish(&finish.script, &site_packages).map_err(|failure| self.fault(failure))?;
        }
        let ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        venv::settle(&built, self.root)
            .and_then(|()| Ready::new(self.lock, self.interpreter, installer, ms).write(&built))
            .and_then(|()| fs::rename(&built, self.root))
            .or_machine(|| format!("move the environment to `{}`", self.root.display()))
    }

    /// Goes up the ladder until one way works; gives its name, or the fault that says most.
    fn install(&self, job: &Job<'_>) -> Result<&'static str> {
        let mut failures: Vec<(&'static str, Failure)> = Vec::new();
        for installer in Installer::ladder(self.interpreter, job.variables) {
            let understood = failures.iter().any(|(name, failure)| *name == installer.name() && !failure.is_obscure());
            if understood || !installer.is_usable(job.variables) {
                continue;
            }
            match installer.install(job) {
                Ok(()) => return Ok(installer.name()),
                Err(failure) if failure.may_pass_elsewhere() => {
                    remove(job.root).or_machine(|| format!("remove `{}`", job.root.display()))?;
                    failures.push((installer.name(), failure));
                }
                Err(failure) => return Err(self.fault(failure)),
            }
        }
        // The first that is understood, or else the first (a stable sort).
        failures.sort_by_key(|(_, failure)| failure.is_obscure());
        Err(failures.into_iter().next().map_or_else(|| self.no_installer(), |(_, failure)| self.fault(failure)))
    }

    fn fault(&self, failure: Failure) -> Fault {
        if self.environments.is_interrupted() || failure.kind == Kind::Interrupted {
            return Fault::interrupted();
        }
        failure.into_fault(&self.lock.name, &self.interpreter.version().to_string())
    }

    fn no_installer(&self) -> Fault {
        Fault::machine(format!("neither uv nor pip is there to install the packages of {}", self.lock.name))
            .hint("run `sudo apt install python3-pip`, or install uv (pip 22.3 or newer will do)")
    }
}

/// Whether `path` is where some build of `root` worked.
fn is_unfinished(path: &Path, root: &Path) -> bool {
    let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    name(path).strip_prefix(&name(root)).is_some_and(|rest| rest.starts_with(".tmp-"))
}

/// Removes a folder that may not be there, and that an orphaned installer may still write to.
fn remove(folder: &Path) -> std::io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if matches!(error.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::DirectoryNotEmpty) => {
            Ok(())
        }
        result => result,
    }
}
