//! Grades mutants of the right samples, several at once, each within limits that an endless loop soon meets.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::Future;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;

use crate::catalog::{Exercise, Limits, MutantRecords, Sample, is_python_file};
use crate::cli::session::Session;
use crate::environment::Packages;
use crate::error::{Blame, Fault, Result};
use crate::events::Silent;
use crate::runner::{Bench, Job};
use crate::submission::{Handed, Submission};
use crate::verdict::Verdict;
use crate::verify::mutants::{Fate, Harvest, Mutant, Mutation};

/// How many seeds a survivor is tried with: what one draw of inputs misses, another may find.
const SEEDS: u64 = 3;

/// All mutants of the exercise's right samples, and what became of each.
pub(super) async fn harvest(session: &mut Session, exercise: &Arc<Exercise>, jobs: NonZeroUsize) -> Result<Harvest> {
    let packages = session.packages(exercise)?;
    let records = exercise.mutant_records()?;
    let rights: Vec<Sample> = exercise.samples()?.into_iter().filter(Sample::is_right).collect();
    let mut bench = session.workshop.bench();
    let limits = measure(session, &mut bench, exercise, &packages, &rights).await;
    bench.rest().await;
    let hurried = Arc::new(exercise.within(limits?));
    let work = Work {
        session,
        exercise: &hurried,
        packages: &packages,
        waiting: RefCell::new(mutants(session, exercise, &rights, &records)?),
        done: RefCell::default(),
        stop: Cell::new(false),
    };
    let workers: Vec<_> = (0..jobs.get()).map(|_| work.serve()).collect();
    all(workers).await.into_iter().collect::<Result<Vec<()>>>()?;
    let mut done = work.done.into_inner();
    done.sort_by_key(|(place, ..)| *place);
    let mutants = done.into_iter().map(|(_, mutant, fate)| (mutant, fate)).collect();
    Ok(Harvest::new(exercise, mutants, &records.equivalent))
}

/// Limits for mutants, by what the right samples need on this machine now.
async fn measure(
    session: &Session,
    bench: &mut Bench,
    exercise: &Arc<Exercise>,
    packages: &Packages,
    rights: &[Sample],
) -> Result<Limits> {
    let mut slowest = (0, 0);
    for sample in rights {
        let verdict =
            session.unless_interrupted(bench.grade(&job(session, exercise, sample)?, packages, &Silent)).await?;
        if !verdict.passed() {
            let fault = Fault::author(format!("`{}` does not pass, so its mutants say nothing", sample.dir.display()));
            return Err(fault.hint(format!("`grade verify {}` shows why", exercise.id)));
        }
        slowest = (slowest.0.max(verdict.duration_ms), slowest.1.max(verdict.usage.cpu_ms));
    }
    let (wall, cpu) = slowest;
    let limits = exercise.limits;
    Ok(Limits {
        wall_ms: limits.wall_ms.min((2 * wall).max(1_500)),
        cpu_ms: limits.cpu_ms.min((3 * cpu).max(500)),
        total_wall_ms: limits.total_wall_ms.min((4 * wall).max(6_000)),
        ..limits
    })
}

fn job(session: &Session, exercise: &Arc<Exercise>, sample: &Sample) -> Result<Job> {
    let handed = Submission::read_sample(&sample.dir, exercise)?;
    let folder = exercise.folder.clone();
    Ok(Job { exercise: Arc::clone(exercise), handed, folder, learner: None, seed: session.seed })
}

/// A mutant to be graded, with its number, the submission that it is in, and the seed to begin with.
type Waiting = VecDeque<(usize, Mutant, Submission)>;

fn mutants(session: &Session, exercise: &Arc<Exercise>, rights: &[Sample], records: &MutantRecords) -> Result<Waiting> {
    let mut sources: Vec<(&Sample, Submission, String)> = Vec::new();
    for sample in rights {
        let Handed::Files(submission) = job(session, exercise, sample)?.handed else { continue };
        let is_mutated = |name: &String| is_python_file(name) && !records.left_open.contains(name);
        let names: Vec<String> = submission.files.iter().map(|file| file.name.clone()).filter(is_mutated).collect();
        sources.extend(names.into_iter().map(|name| (sample, submission.clone(), name)));
    }
    let paths: Vec<PathBuf> = sources.iter().map(|(sample, _, name)| sample.dir.join(name)).collect();
    let found: Vec<Vec<Mutation>> = session.workshop.ask("mutate.py", &paths)?;
    let mut waiting = Waiting::new();
    for ((sample, submission, file), mutations) in sources.into_iter().zip(found) {
        for mutation in mutations {
            let handed = submission.with_content(&file, mutation.text.as_bytes());
            let mutant = Mutant { sample: sample.name.clone(), file: file.clone(), mutation };
            waiting.push_back((waiting.len(), mutant, handed));
        }
    }
    Ok(waiting)
}

/// What the workers share; all of them live on one thread.
struct Work<'a> {
    session: &'a Session,
    exercise: &'a Arc<Exercise>,
    packages: &'a Packages,
    waiting: RefCell<Waiting>,
    done: RefCell<Vec<(usize, Mutant, Fate)>>,
    stop: Cell<bool>,
}

impl Work<'_> {
    /// Takes one mutant after the other until none is left, or another worker has met a fault.
    async fn serve(&self) -> Result<()> {
        let mut bench = self.session.workshop.bench();
        let outcome = self.serve_with(&mut bench).await;
        self.stop.set(self.stop.get() || outcome.is_err());
        bench.rest().await;
        outcome
    }

    async fn serve_with(&self, bench: &mut Bench) -> Result<()> {
        while !self.stop.get() {
            let Some((place, mutant, submission)) = self.waiting.borrow_mut().pop_front() else { break };
            let fate = self.fate(bench, &submission).await?;
            self.done.borrow_mut().push((place, mutant, fate));
        }
        Ok(())
    }

    async fn fate(&self, bench: &mut Bench, submission: &Submission) -> Result<Fate> {
        for step in 0..SEEDS {
            let job = Job {
                exercise: Arc::clone(self.exercise),
                handed: Handed::Files(submission.clone()),
                folder: self.exercise.folder.clone(),
                learner: None,
                seed: self.session.seed.wrapping_add(step),
            };
            let graded = self.session.unless_interrupted(bench.grade(&job, self.packages, &Silent)).await;
            match fate_of(graded)? {
                Fate::Survived => {}
                other => return Ok(other),
            }
        }
        Ok(Fate::Survived)
    }
}

/// A fault of the grader's author is what a mutant has brought out; any other is in the way of all of them.
fn fate_of(graded: Result<Verdict>) -> Result<Fate> {
    match graded {
        Ok(verdict) => Ok(Fate::of(&verdict)),
        Err(fault) if fault.blame == Blame::Author => Ok(Fate::BrokeTheGrader(fault.what)),
        Err(fault) => Err(fault),
    }
}

/// A future, and what it came to.
type Pending<F> = (Pin<Box<F>>, Option<<F as Future>::Output>);

/// Waits for all futures at once, on this thread.
async fn all<F: Future>(futures: Vec<F>) -> Vec<F::Output> {
    let mut pending: Vec<Pending<F>> = futures.into_iter().map(|future| (Box::pin(future), None)).collect();
    std::future::poll_fn(|context| {
        for (future, output) in pending.iter_mut().filter(|(_, output)| output.is_none()) {
            if let Poll::Ready(ready) = future.as_mut().poll(context) {
                *output = Some(ready);
            }
        }
        if pending.iter().all(|(_, output)| output.is_some()) { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    pending.into_iter().filter_map(|(_, output)| output).collect()
}
