//! A bench: one judge and one slot, kept warm from submission to submission.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::time::Instant;

use super::grading::{Slots, observe, unusable, verdict};
use super::plan::{Job, SuiteJob};
use super::suite::Seen;
use super::type_check;
use crate::catalog::Exercise;
use crate::environment::{Environment, Interpreter, Packages};
use crate::error::{Fault, IoContext as _, Place, Result};
use crate::events::{Event, Listener};
use crate::judge::{Judge, JudgeSpec, Load, Loaded};
use crate::sandbox::layout::PythonFiles;
use crate::sandbox::placement::Pinned;
use crate::sandbox::slot::{Slot, SlotError, SlotSpec};
use crate::submission::Handed;
use crate::verdict::{Isolation, Level, Verdict};

/// Everything that a bench is set up from.
#[derive(Clone, Debug)]
pub struct BenchSpec {
    /// This program, to be executed again.
    pub program: PathBuf,
    /// The judge's environment; its interpreter is also the learner's.
    pub judge: Environment,
    /// `graders/` of the materialised catalogue, with `grader` and `sandboxed`.
    pub kit: PathBuf,
    /// All catalogue roots: what the judge may read.
    pub catalogs: Vec<PathBuf>,
    /// Folders of test files that are in no catalogue: the judge may read them too.
    pub suites: Vec<PathBuf>,
    pub cache_dir: PathBuf,
    /// `None`: the strongest that this machine gives.
    pub isolation: Option<Level>,
    pub seed: u64,
}

/// Keeps a judge and a slot warm. Only what differs between two submissions is made anew.
#[derive(Debug)]
pub struct Bench {
    spec: BenchSpec,
    judge: Option<Judge>,
    loaded: HashSet<String>,
    slot: Option<(SlotKey, Slot)>,
    /// With pytest in it, for tests of suites that can't be judged from outside.
    inside: Option<(SlotKey, Slot)>,
    /// With the type checker in it; learner code never runs there.
    types: Option<(SlotKey, Slot)>,
    /// The level that was found to work, and why stronger ones did not.
    level: Option<Level>,
    pub refused: Vec<(Level, SlotError)>,
}

/// What a slot can't change once it is up.
#[derive(Clone, Debug, PartialEq, Eq)]
struct SlotKey {
    packages: Option<PathBuf>,
    preload: Vec<String>,
    tools: Vec<String>,
    memory_mb: u64,
    processes: u64,
}

impl SlotKey {
    fn of(exercise: &Exercise, packages: &Packages) -> Self {
        Self {
            packages: packages.own.as_ref().and_then(|environment| environment.site_packages.clone()),
            preload: exercise.sandbox.preload.clone(),
            tools: exercise.sandbox.tools.clone(),
            memory_mb: exercise.limits.memory_mb,
            processes: exercise.limits.processes,
        }
    }

    fn of_types(types: &Environment) -> Self {
        Self {
            packages: types.site_packages.clone(),
            preload: vec![type_check::PRELOAD.to_owned()],
            tools: Vec::new(),
            memory_mb: type_check::MEMORY_MB,
            processes: type_check::PROCESSES,
        }
    }
}

impl Bench {
    pub fn new(spec: BenchSpec) -> Self {
        Self {
            spec,
            judge: None,
            loaded: HashSet::new(),
            slot: None,
            inside: None,
            types: None,
            level: None,
            refused: Vec::new(),
        }
    }

    /// Grades one submission. `packages`: those that its exercise asks for.
    ///
    /// A fault means that there is no verdict; the judge and the slot are made anew for the next one.
    pub async fn grade(&mut self, job: &Job, packages: &Packages, listener: &dyn Listener) -> Result<Verdict> {
        let (exercise, learner) = (job.exercise.id.to_string(), job.learner.clone());
        listener.on(&Event::SubmissionStarted { exercise: exercise.clone(), learner: learner.clone() });
        // Boxed: else every future that waits for it would be as large as all that grading holds.
        let outcome = Box::pin(self.try_grade(job, packages, listener)).await;
        if let Ok(verdict) = &outcome {
            listener.on(&Event::SubmissionFinished { exercise, learner, outcome: verdict.outcome });
        }
        if outcome.is_err() {
            self.rest().await;
        }
        outcome
    }

    async fn try_grade(&mut self, job: &Job, packages: &Packages, listener: &dyn Listener) -> Result<Verdict> {
        let started = Instant::now();
        let python = self.spec.judge.interpreter.version().to_string();
        let Handed::Files(submission) = &job.handed else {
            return unusable(job, python)?
                .ok_or_else(|| Fault::ourselves("a submission that is neither usable nor unusable"));
        };
        let files = submission.files.iter().map(|file| file.name.clone()).collect();
        let (mut judge, key, mut slot) = self.ready(&job.exercise, files, packages).await?;
        let isolation = slot.isolation.clone();
        let pinned = Pinned::here();
        if let Some(pinned) = &pinned {
            judge.pin(pinned.processor);
            slot.pin(pinned.processor).await.map_err(slot_fault)?;
        }
        let types = self.types.as_mut().filter(|_| packages.types.is_some()).map(|(_, slot)| slot);
        let found = observe(job, submission, &mut judge, Slots { learner: &mut slot, types }, listener).await;
        drop(pinned);
        self.judge = Some(judge);
        self.slot = Some((key, slot));
        verdict(job, submission, found?, isolation, python, started)
    }

    /// Starts judge and slot for `exercise` before there is anything to grade, so that what this machine can't do is known; what the slot enforces.
    pub async fn warm(&mut self, exercise: &Exercise, packages: &Packages) -> Result<Isolation> {
        match self.ready(exercise, exercise.files.clone(), packages).await {
            Ok((judge, key, slot)) => {
                let isolation = slot.isolation.clone();
                self.judge = Some(judge);
                self.slot = Some((key, slot));
                Ok(isolation)
            }
            Err(fault) => {
                self.rest().await;
                Err(fault)
            }
        }
    }

    /// Judge and slot as `exercise`, and a submission of these files, need them: those at hand where they fit.
    async fn ready(
        &mut self,
        exercise: &Exercise,
        files: Vec<String>,
        packages: &Packages,
    ) -> Result<(Judge, SlotKey, Slot)> {
        let key = SlotKey::of(exercise, packages);
        // Each takes about as long as starting an interpreter: side by side.
        let (judge, slot, types) = tokio::join!(
            ready_judge(self.judge.take(), &self.spec, &mut self.loaded, exercise, files),
            ready_slot(self.slot.take(), &self.spec, &key, self.level),
            ready_types(self.types.take(), &self.spec, packages, self.level)
        );
        self.types = types?;
        let (judge, (slot, refused)) = (judge?, slot?);
        self.level = Some(slot.isolation.level);
        self.refused.extend(refused);
        Ok((judge, key, slot))
    }

    /// Grades one submission by a suite; a fault means the same as for [`Self::grade`].
    pub async fn grade_suite(&mut self, job: &SuiteJob, listener: &dyn Listener) -> Result<Verdict> {
        let (exercise, learner) = (job.job.exercise.id.to_string(), job.job.learner.clone());
        listener.on(&Event::SubmissionStarted { exercise: exercise.clone(), learner: learner.clone() });
        let outcome = self.try_suite(job, listener).await;
        match &outcome {
            Ok(verdict) => {
                listener.on(&Event::SubmissionFinished { exercise, learner, outcome: verdict.outcome });
            }
            Err(_) => self.rest().await,
        }
        outcome
    }

    async fn try_suite(&mut self, suite: &SuiteJob, listener: &dyn Listener) -> Result<Verdict> {
        let started = Instant::now();
        let job = &suite.job;
        let python = self.spec.judge.interpreter.version().to_string();
        let Handed::Files(submission) = &job.handed else {
            let verdict = unusable(job, python)?;
            return verdict.ok_or_else(|| Fault::ourselves("a submission that is neither usable nor unusable"));
        };
        let key = SlotKey::of(&job.exercise, &Packages::default());
        let (judge, slot) = tokio::join!(
            async { self.judge.take().map_or_else(|| Judge::start(&judge_spec(&self.spec)?), Ok) },
            ready_slot(self.slot.take(), &self.spec, &key, self.level)
        );
        let (mut judge, (mut slot, refused)) = (judge?, slot?);
        self.loaded.clear();
        self.level = Some(slot.isolation.level);
        self.refused.extend(refused);
        let isolation = slot.isolation.clone();
        let pinned = Pinned::here();
        if let Some(pinned) = &pinned {
            judge.pin(pinned.processor);
            slot.pin(pinned.processor).await.map_err(slot_fault)?;
        }
        let mut seen = Seen::new(suite, submission);
        seen.outside(&mut judge, &mut slot, listener).await?;
        if seen.wants_inside() {
            let inside = SlotKey {
                packages: self.spec.judge.site_packages.clone(),
                preload: INSIDE.map(str::to_owned).to_vec(),
                ..key.clone()
            };
            let (mut inside_slot, _) = ready_slot(self.inside.take(), &self.spec, &inside, self.level).await?;
            if let Some(pinned) = &pinned {
                inside_slot.pin(pinned.processor).await.map_err(slot_fault)?;
            }
            seen.inside(&mut judge, &mut inside_slot, listener).await?;
            self.inside = Some((inside, inside_slot));
        }
        drop(pinned);
        self.judge = Some(judge);
        self.slot = Some((key, slot));
        seen.verdict(isolation, python, started)
    }

    /// What the slot in use enforces.
    pub fn isolation(&self) -> Option<&Isolation> {
        self.slot.as_ref().map(|(_, slot)| &slot.isolation)
    }

    /// Pids of the judge and the stage, for measuring.
    pub fn judge_pid(&self) -> Option<u32> {
        self.judge.as_ref().and_then(Judge::pid)
    }

    /// Takes everything down; nothing is left running when it returns.
    pub async fn rest(&mut self) {
        self.loaded.clear();
        let judge = self.judge.take();
        let slots = [self.slot.take(), self.inside.take(), self.types.take()];
        tokio::join!(
            async {
                if let Some(judge) = judge {
                    judge.shut_down().await;
                }
            },
            async {
                for (_, slot) in slots.into_iter().flatten() {
                    slot.shut_down().await;
                }
            }
        );
    }
}

/// What a test inside needs anyway: imported once, before the fork.
const INSIDE: [&str; 3] = ["unittest", "pytest", "_pytest.unittest"];

/// The slot that is warm, when it is the one that is wanted.
async fn ready_slot(
    warm: Option<(SlotKey, Slot)>,
    spec: &BenchSpec,
    key: &SlotKey,
    known: Option<Level>,
) -> Result<(Slot, Vec<(Level, SlotError)>)> {
    match warm {
        Some((warm_key, slot)) if warm_key == *key => Ok((slot, Vec::new())),
        other => {
            if let Some((_, old)) = other {
                old.shut_down().await;
            }
            start_slot(spec, key, known).await
        }
    }
}

/// The type checker's slot, kept for the next exercise that asks for it when this one does not.
async fn ready_types(
    warm: Option<(SlotKey, Slot)>,
    spec: &BenchSpec,
    packages: &Packages,
    known: Option<Level>,
) -> Result<Option<(SlotKey, Slot)>> {
    let Some(types) = &packages.types else { return Ok(warm) };
    let key = SlotKey::of_types(types);
    let (slot, _) = ready_slot(warm, spec, &key, known).await?;
    Ok(Some((key, slot)))
}

async fn ready_judge(
    judge: Option<Judge>,
    spec: &BenchSpec,
    loaded: &mut HashSet<String>,
    exercise: &Exercise,
    files: Vec<String>,
) -> Result<Judge> {
    let mut judge = if let Some(judge) = judge {
        judge
    } else {
        loaded.clear();
        Judge::start(&judge_spec(spec)?)?
    };
    let name = exercise.id.to_string();
    let load = load_of(exercise, files)?;
    let answer = judge.load(&load).await?;
    if loaded.insert(name) {
        hold_against_plan(exercise, &answer)?;
    }
    Ok(judge)
}

fn load_of(exercise: &Exercise, files: Vec<String>) -> Result<Load> {
    Ok(Load {
        exercise: exercise.id.to_string(),
        tests: exercise.test_files()?,
        fixtures: exercise.fixtures_dir(),
        files,
        note: exercise.note.clone(),
        module: exercise.module.clone(),
        checks: exercise.checks.iter().map(|check| check.id.clone()).collect(),
    })
}

/// Every planned check has its test function and the other way round; else the author is told where.
fn hold_against_plan(exercise: &Exercise, loaded: &Loaded) -> Result<()> {
    let mut faults: Vec<Fault> = loaded
        .problems
        .iter()
        .map(|problem| at(Fault::author(problem.message.clone()), problem.file.as_deref(), problem.line))
        .collect();
    if faults.is_empty() {
        let functions = || loaded.functions.iter().map(|function| function.id.as_str());
        for check in exercise.checks.iter().filter(|check| functions().all(|id| id != check.id)) {
            let fault = Fault::author(format!("check `{}` has no `def test_{}` in the grader", check.id, check.id));
            let fault = match crate::suggest::did_you_mean(&check.id, functions()) {
                Some(hint) => fault.hint(hint),
                None => fault,
            };
            faults.push(at(fault, Some(&exercise.manifest_path()), Some(check.line)));
        }
        for function in loaded.functions.iter().filter(|function| exercise.check(&function.id).is_none()) {
            let fault = Fault::author(format!("`test_{}` is no check of `exercise.toml`", function.id))
                .hint(format!("add `[[check]]` with `id = \"{}\"`", function.id));
            faults.push(at(fault, Some(&function.file), Some(function.line)));
        }
    }
    Fault::join(faults).map_or(Ok(()), Err)
}

pub(super) fn at(fault: Fault, file: Option<&Path>, line: Option<usize>) -> Fault {
    let (Some(file), Some(line)) = (file, line) else { return fault };
    let text = std::fs::read_to_string(file).unwrap_or_default();
    let source_line = text.lines().nth(line.saturating_sub(1)).unwrap_or("").to_owned();
    let column = source_line.chars().take_while(|c| c.is_whitespace()).count() + 1;
    let width = source_line.trim().chars().count().max(1);
    fault.at(Place { file: file.to_owned(), line, column, source_line, width })
}

fn judge_spec(spec: &BenchSpec) -> Result<JudgeSpec> {
    let interpreter = &spec.judge.interpreter;
    let bytecode = spec.cache_dir.join("bytecode").join(&interpreter.cache_tag);
    std::fs::create_dir_all(&bytecode).or_machine(|| format!("make `{}`", bytecode.display()))?;
    let site_packages =
        spec.judge.site_packages.clone().ok_or_else(|| Fault::ourselves("the judge's environment has no packages"))?;
    let mut readable = python_files(interpreter).folders;
    readable.extend([interpreter.executable.clone(), spec.kit.clone(), site_packages.clone()]);
    readable.extend(spec.catalogs.iter().chain(&spec.suites).cloned());
    readable.extend(crate::sandbox::policy::LIBRARIES.iter().chain(crate::sandbox::policy::SUPPORT).map(PathBuf::from));
    Ok(JudgeSpec {
        program: spec.program.clone(),
        python: interpreter.executable.clone(),
        script: spec.kit.join("grader/judge.py"),
        site_packages,
        bytecode,
        readable,
        level: spec.isolation.unwrap_or(Level::Full),
    })
}

fn python_files(interpreter: &Interpreter) -> PythonFiles {
    let mut folders = vec![
        interpreter.base_prefix.clone(),
        interpreter.base_exec_prefix.clone(),
        interpreter.stdlib.clone(),
        interpreter.platstdlib.clone(),
    ];
    folders.extend(interpreter.dynload.iter().cloned());
    folders.extend(interpreter.shared_library.as_deref().and_then(Path::parent).map(Path::to_path_buf));
    PythonFiles { executable: interpreter.executable.clone(), folders }
}

fn slot_fault(failure: SlotError) -> Fault {
    Fault::machine("the sandbox is gone").because(failure).hint("run `grade doctor` to see what this machine gives")
}

/// At the wanted level, or, when any will do, at the strongest that comes up; with what the stronger ones failed at.
async fn start_slot(spec: &BenchSpec, key: &SlotKey, known: Option<Level>) -> Result<(Slot, Vec<(Level, SlotError)>)> {
    let slot_spec = slot_spec(spec, key);
    if let Some(level) = spec.isolation.or(known) {
        return Slot::start(&slot_spec, level).await.map(|slot| (slot, Vec::new())).map_err(|failure| {
            Fault::machine(format!("no sandbox at level `{}`", level.name()))
                .because(failure)
                .hint("`grade doctor` says what is missing and how to get it")
        });
    }
    let mut refused = Vec::new();
    for level in [Level::Full, Level::Landlock, Level::Limits] {
        match Slot::start(&slot_spec, level).await {
            Ok(slot) => return Ok((slot, refused)),
            Err(failure) => refused.push((level, failure)),
        }
    }
    let mut fault = Fault::machine("no sandbox can be made on this machine")
        .hint("`grade doctor` says what is missing and how to get it");
    for (level, failure) in refused {
        fault = fault.because(format!("`{}` fails at {failure}", level.name()));
    }
    Err(fault)
}

fn slot_spec(spec: &BenchSpec, key: &SlotKey) -> SlotSpec {
    SlotSpec {
        program: spec.program.clone(),
        python: python_files(&spec.judge.interpreter),
        kit: spec.kit.join("sandboxed"),
        packages: key.packages.clone(),
        preload: key.preload.clone(),
        tools: key.tools.clone(),
        memory_bytes: key.memory_mb * 1024 * 1024,
        processes: key.processes,
        hash_seed: hash_seed(spec.seed),
    }
}

/// Derived and not the seed itself: learner code reads it in its environment, and must not know what will be asked of it.
fn hash_seed(seed: u64) -> u32 {
    let hash = blake3::derive_key("grade 2026 hash seed of learner code", &seed.to_le_bytes());
    u32::from_le_bytes([hash[0], hash[1], hash[2], hash[3]])
}

/// A slot as an exercise without wishes would get it.
pub(crate) fn plain_slot(program: &Path, interpreter: &Interpreter, kit: &Path) -> SlotSpec {
    let limits = crate::catalog::Limits::default();
    SlotSpec {
        program: program.to_owned(),
        python: python_files(interpreter),
        kit: kit.join("sandboxed"),
        packages: None,
        preload: Vec::new(),
        tools: Vec::new(),
        memory_bytes: limits.memory_mb * 1024 * 1024,
        processes: limits.processes,
        hash_seed: 0,
    }
}
