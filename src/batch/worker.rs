//! One bench on a thread of its own, kept warm from job to job.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::runtime::Runtime;

use crate::catalog::Exercise;
use crate::environment::{Interrupt, Packages};
use crate::error::{Blame, Fault, IoContext as _, Result};
use crate::events::Silent;
use crate::runner::{Bench, Job};
use crate::sandbox::placement;
use crate::store::Lease;
use crate::submission::Handed;
use crate::verdict::{Isolation, Verdict};

/// How often it is looked whether Ctrl-C was pressed.
const EAR: Duration = Duration::from_millis(30);

/// One submission to be graded.
#[derive(Debug)]
pub(super) struct Task {
    pub(super) lease: Lease,
    pub(super) handed: Handed,
    pub(super) seed: u64,
}

/// What a worker tells.
#[derive(Debug)]
pub(super) enum Report {
    /// Its bench is warm, or can't be.
    Ready(Result<Isolation>),
    Done {
        lease: Lease,
        outcome: Result<Box<Verdict>>,
    },
}

/// What all workers share.
#[derive(Debug)]
pub(super) struct Station {
    pub(super) exercise: Arc<Exercise>,
    pub(super) packages: Packages,
    pub(super) tasks: Mutex<Receiver<Task>>,
    pub(super) interrupt: Interrupt,
}

/// Grades tasks until there are none. `processor`: where the bench stays, so that benches don't meet on one.
pub(super) fn work(mut bench: Bench, station: &Station, reports: &Sender<Report>, processor: Option<usize>) {
    if let Some(processor) = processor {
        // Where the system does not allow it, it costs speed only.
        let _ = placement::pin(None, processor);
    }
    // One thread supervises a bench from its start to its end: children ask to die with their parent's thread.
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            let fault = Err(error).or_machine(|| "start the runtime of a worker".to_owned());
            let _ = reports.send(Report::Ready(fault));
            return;
        }
    };
    let warm = warm(&mut bench, &runtime, station);
    let is_warm = warm.is_ok();
    // A report that nobody takes any more is of no use to anybody.
    if reports.send(Report::Ready(warm)).is_ok() && is_warm {
        while let Some(task) = next(station) {
            let lease = task.lease.clone();
            let outcome = grade(&mut bench, &runtime, station, task);
            if reports.send(Report::Done { lease, outcome }).is_err() {
                break;
            }
        }
    }
    runtime.block_on(bench.rest());
}

/// What fails by our own fault, as a judge does that was killed while it started, may succeed the next time.
fn warm(bench: &mut Bench, runtime: &Runtime, station: &Station) -> Result<Isolation> {
    const TRIES: usize = 3;
    let mut once = || {
        let warming = bench.warm(&station.exercise, &station.packages);
        runtime.block_on(or_interrupted(warming, &station.interrupt))
    };
    for _ in 1..TRIES {
        match once() {
            Err(fault) if fault.blame == Blame::Ourselves => {}
            other => return other,
        }
    }
    once()
}

fn next(station: &Station) -> Option<Task> {
    station.tasks.lock().unwrap_or_else(PoisonError::into_inner).recv().ok()
}

/// A panic of ours costs one attempt at one submission, not the batch.
fn grade(bench: &mut Bench, runtime: &Runtime, station: &Station, task: Task) -> Result<Box<Verdict>> {
    let job = Job {
        exercise: Arc::clone(&station.exercise),
        handed: task.handed,
        folder: String::new(),
        learner: None,
        seed: task.seed,
    };
    let graded = catch_unwind(AssertUnwindSafe(|| {
        let grading = bench.grade(&job, &station.packages, &Silent);
        runtime.block_on(or_interrupted(grading, &station.interrupt))
    }));
    graded.unwrap_or_else(|_| Err(Fault::ourselves("a worker panicked"))).map(Box::new)
}

async fn or_interrupted<T>(work: impl Future<Output = Result<T>>, interrupt: &Interrupt) -> Result<T> {
    let pressed = async {
        while !interrupt.is_raised() {
            tokio::time::sleep(EAR).await;
        }
    };
    tokio::select! {
        outcome = work => outcome,
        () = pressed => Err(Fault::interrupted()),
    }
}
