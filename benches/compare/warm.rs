//! `grade` warm: one bench (judge, stage, zygote) that is kept, in a process of its own, through the library.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use grade::catalog::{Catalog, Exercise};
use grade::environment::Silent;
use grade::events;
use grade::runner::{Bench, Job};
use grade::submission::Submission;
use grade::verdict::Level;
use grade::workshop::{Order, Workshop};
use serde::{Deserialize, Serialize};

use crate::Outcome;
use crate::ground::{self, EXERCISE, GRADE, Ground, Sample, told};
use crate::tree::{self, Held, Resident};

/// What the worker says about a batch.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub(crate) struct Told {
    wall_us: u64,
    passed: Vec<bool>,
    pub(crate) level: String,
    pub(crate) python: String,
    pub(crate) checks: usize,
}

/// Resident memory of each kind of process.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Memory {
    pub(crate) supervisor: Resident,
    pub(crate) judge: Resident,
    pub(crate) zygote: Resident,
}

impl Memory {
    /// Of the processes below (and with) a supervisor.
    pub(crate) fn of(supervisor: u32) -> Outcome<Self> {
        let all = tree::below(supervisor)?;
        let of = |word: &str| tree::with_word(&all, word).map(tree::resident).unwrap_or_default();
        Ok(Self { supervisor: tree::resident(supervisor), judge: of("judge.py"), zygote: of("zygote.py") })
    }
}

/// Where a worker grades.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) cache: PathBuf,
    /// The highest that can be had, unless said.
    pub(crate) isolation: Option<&'static str>,
}

impl Place {
    pub(crate) fn at(level: &'static str) -> Self {
        Self { cache: ground::cache_dir(), isolation: Some(level) }
    }
}

/// The worker, from outside.
#[derive(Debug)]
pub(crate) struct Warm {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    pub(crate) told: Told,
}

impl Warm {
    pub(crate) fn start(ground: &Ground) -> Outcome<Self> {
        Self::start_at(ground, Place { cache: ground::cache_dir(), isolation: None })
    }

    #[expect(clippy::disallowed_methods, reason = "a benchmark starts what it measures")]
    pub(crate) fn start_at(ground: &Ground, place: Place) -> Outcome<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("--warm-worker").env("GRADE_CACHE_DIR", place.cache);
        command.args(place.isolation.iter().flat_map(|level| ["--isolation", level]));
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let Some(output) = child.stdout.take() else { return Err("pipes".into()) };
        let input = child.stdin.take();
        let mut warm = Self { child, input, output: BufReader::new(output), told: Told::default() };
        warm.run(&ground.take(0, 5))?;
        Ok(warm)
    }

    pub(crate) fn run(&mut self, samples: &[Sample]) -> Outcome<Duration> {
        let folders: Vec<_> = samples.iter().map(|sample| &sample.dir).collect();
        let Some(input) = &mut self.input else { return Err("the worker has been told to end".into()) };
        writeln!(input, "{}", serde_json::to_string(&folders)?)?;
        let mut line = String::new();
        self.output.read_line(&mut line)?;
        self.told = serde_json::from_str(&line)?;
        for (sample, passed) in samples.iter().zip(&self.told.passed) {
            if *passed != sample.right {
                return Err(format!("grade warm: wrong verdict on {}", sample.dir.display()).into());
            }
        }
        Ok(Duration::from_micros(self.told.wall_us))
    }

    pub(crate) fn memory(&self) -> Outcome<Memory> {
        Memory::of(self.child.id())
    }

    pub(crate) fn held(&self) -> Outcome<Held> {
        Held::by(self.child.id())
    }
}

impl Drop for Warm {
    fn drop(&mut self) {
        // It ends, and takes everything down, when nothing more can come.
        drop(self.input.take());
        let _ = self.child.wait();
    }
}

/// The worker itself: one line in, folders of submissions, one line out.
pub(crate) fn work(catalog: Option<PathBuf>, isolation: Option<Level>) -> Outcome<()> {
    let catalog = catalog.map_or_else(ground::catalog, Ok)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let workshop = Workshop::open(order(&catalog, isolation), &Silent).map_err(told)?;
        let mut bench = workshop.bench_of(GRADE.as_ref());
        let exercise = Catalog::load(&[catalog]).map_err(told)?.find(EXERCISE).map_err(told)?;
        let mut seed = 1;
        for line in std::io::stdin().lock().lines() {
            let answer =
                grade_all(&mut bench, &exercise, &serde_json::from_str::<Vec<PathBuf>>(&line?)?, &mut seed).await?;
            let mut out = std::io::stdout().lock();
            writeln!(out, "{}", serde_json::to_string(&answer)?)?;
        }
        bench.rest().await;
        Ok(())
    })
}

fn order(catalog: &Path, isolation: Option<Level>) -> Order {
    Order {
        suites: Vec::new(),
        cache_dir: ground::cache_dir(),
        catalogs: vec![catalog.to_owned()],
        python: None,
        minimum: (3, 11),
        isolation,
        seed: 7,
        interrupt: None,
    }
}

async fn grade_all(bench: &mut Bench, exercise: &Arc<Exercise>, folders: &[PathBuf], seed: &mut u64) -> Outcome<Told> {
    let mut answer = Told::default();
    let started = Instant::now();
    for folder in folders {
        *seed += 1;
        let handed = Submission::read(folder, "", exercise).map_err(told)?;
        let job =
            Job { exercise: exercise.clone(), handed, folder: exercise.folder.clone(), learner: None, seed: *seed };
        let verdict =
            bench.grade(&job, &grade::environment::Packages::default(), &events::Silent).await.map_err(told)?;
        answer.passed.push(verdict.passed());
        verdict.isolation.level.name().clone_into(&mut answer.level);
        answer.checks = verdict.checks.len();
        answer.python = verdict.python;
    }
    answer.wall_us = u64::try_from(started.elapsed().as_micros())?;
    Ok(answer)
}
