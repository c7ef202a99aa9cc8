//! Puts together what a run needs: interpreter, the judge's environment, our own Python files, and benches made from them.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;

use crate::catalog::Exercise;
use crate::environment::{
    self, Environment, Environments, Interpreter, Interrupt, Packages, Progress, Request, Requirements, bytecode,
    discover,
};
use crate::error::{IoContext as _, Result};
use crate::runner::{Bench, BenchSpec};
use crate::sandbox::slot::SlotSpec;
use crate::verdict::Level;

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Order {
    pub cache_dir: PathBuf,
    /// The materialised catalogue first, then those that add to it.
    pub catalogs: Vec<PathBuf>,
    /// Folders of test files that are in no catalogue.
    pub suites: Vec<PathBuf>,
    pub python: Option<PathBuf>,
    /// Oldest interpreter that the exercises of the run take.
    pub minimum: (u32, u32),
    pub isolation: Option<Level>,
    pub seed: u64,
    pub interrupt: Option<Interrupt>,
}

/// An interpreter with everything built for it; makes benches.
#[derive(Debug)]
pub struct Workshop {
    order: Order,
    environments: Environments,
    judge: Environment,
    kit: PathBuf,
    packages: HashMap<PathBuf, Environment>,
    types: Option<Environment>,
}

impl Workshop {
    /// Finds the interpreter and builds, at most once per machine, the judge's environment. May block for seconds the first time.
    pub fn open(order: Order, progress: &dyn Progress) -> Result<Self> {
        let interpreter = discover(&Request::new(order.python.clone(), order.minimum, &order.cache_dir))?;
        let mut environments = Environments::new(&order.cache_dir);
        if let Some(interrupt) = &order.interrupt {
            environments = environments.with_interrupt(interrupt.clone());
        }
        let judge = environments.prepare(&interpreter, &Requirements::of_the_judge(), progress)?;
        let kit = order.catalogs.first().map_or_else(PathBuf::new, |root| root.join("graders"));
        if kit.starts_with(&order.cache_dir) {
            // Never checked against its source again: only for the copy that nobody edits.
            bytecode::compile(&judge, &[&kit.join("grader"), &kit.join("sandboxed")], order.interrupt.as_ref())?;
        }
        Ok(Self { order, environments, judge, kit, packages: HashMap::new(), types: None })
    }

    pub fn interpreter(&self) -> &Interpreter {
        &self.judge.interpreter
    }

    /// The judge's environment.
    pub fn judge(&self) -> &Environment {
        &self.judge
    }

    /// A bench of its own judge and slot; nothing starts before its first job.
    pub fn bench(&self) -> Bench {
        self.bench_of(&program())
    }

    /// The same with another program as stage and judge: for tests, which are no `grade` themselves.
    pub fn bench_of(&self, program: &Path) -> Bench {
        Bench::new(BenchSpec {
            program: program.to_owned(),
            judge: self.judge.clone(),
            kit: self.kit.clone(),
            catalogs: self.order.catalogs.clone(),
            suites: self.order.suites.clone(),
            cache_dir: self.order.cache_dir.clone(),
            isolation: self.order.isolation,
            seed: self.order.seed,
        })
    }

    /// The packages that an exercise asks for, built when they are not there yet.
    pub fn packages(&mut self, exercise: &Exercise, progress: &dyn Progress) -> Result<Packages> {
        let own = self.own_packages(exercise, progress)?;
        let types = if exercise.sandbox.types { Some(self.type_checker(progress)?) } else { None };
        Ok(Packages { own, types })
    }

    /// One for all exercises.
    fn type_checker(&mut self, progress: &dyn Progress) -> Result<Environment> {
        if let Some(known) = &self.types {
            return Ok(known.clone());
        }
        let wanted = Requirements::of_the_type_checker(&self.kit)?;
        let built = self.environments.prepare(&self.judge.interpreter, &wanted, progress)?;
        Ok(self.types.insert(built).clone())
    }

    fn own_packages(&mut self, exercise: &Exercise, progress: &dyn Progress) -> Result<Option<Environment>> {
        let Some(path) = &exercise.requirements else { return Ok(None) };
        if let Some(known) = self.packages.get(path) {
            return Ok(Some(known.clone()));
        }
        let lock = std::fs::read(path).or_machine(|| format!("read `{}`", path.display()))?;
        let built = self.environments.prepare(
            &self.judge.interpreter,
            &Requirements::new(exercise.id.to_string(), lock),
            progress,
        )?;
        self.packages.insert(path.clone(), built.clone());
        Ok(Some(built))
    }

    /// What one of our scripts for authors (`graders/authoring/`) writes about these files.
    pub fn ask<T: DeserializeOwned>(&self, script: &str, files: &[PathBuf]) -> Result<T> {
        let script = self.kit.join("authoring").join(script);
        environment::script::run(&self.judge.interpreter, &script, files, self.order.interrupt.as_ref())
    }

    /// A slot as an exercise without wishes would get it; for `grade doctor`.
    pub fn plain_slot(&self) -> SlotSpec {
        crate::runner::bench::plain_slot(&program(), &self.judge.interpreter, &self.kit)
    }
}

/// This program, to be executed again: by its own file, even when that has been replaced meanwhile.
fn program() -> PathBuf {
    Path::new("/proc/self/exe").to_owned()
}
