//! The supervisor of a round: hands out jobs, takes results in, and is the only one who writes.

use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, channel, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use super::grounds::{Grounds, seed};
use super::reuse::Reuse;
use super::worker::{Report, Station, Task, work};
use crate::catalog::Exercise;
use crate::environment::{Interrupt, Packages};
use crate::error::{Blame, Fault, IoContext as _, Result};
use crate::events::{Tally, TallyListener};
use crate::runner::Bench;
use crate::sandbox::placement;
use crate::store::{Closed, FaultRecord, Lease, Ledger, Run};
use crate::verdict::{Isolation, SubmissionOutcome, Verdict};

/// How often a submission is tried before it counts as ungraded.
const TRIES: u32 = 3;
/// How many faults in a row, without one verdict between them, say that it is not the submissions: for each worker.
const FAULTS_IN_A_ROW: usize = 4;
/// How often Ctrl-C is looked for while nothing is reported.
const EAR: Duration = Duration::from_millis(50);

/// What a round needs beside its ledger.
#[expect(missing_debug_implementations, reason = "holds whoever listens")]
pub struct Order<'a> {
    pub exercise: Arc<Exercise>,
    pub packages: Packages,
    /// One for each submission that is graded at once.
    pub benches: Vec<Bench>,
    pub grounds: Grounds,
    pub round: i64,
    /// Of the run.
    pub seed: u64,
    /// Whether only results of the same seed may be reused.
    pub seed_is_asked: bool,
    /// `None`: everything is run again.
    pub reuse: Option<Reuse>,
    pub interrupt: Interrupt,
    pub listener: &'a dyn TallyListener,
}

/// How a round ended.
#[derive(Debug)]
pub struct Ended {
    pub tally: Tally,
    /// Why there is something left to do; `None` when there is not.
    pub stopped: Option<Fault>,
}

/// Works off all jobs of a round that are queued, `tally` of them having been done before.
///
/// # Errors
/// When nothing could be graded at all, or the run can't be written. What was closed before is kept.
pub fn run(ledger: &mut Ledger, order: Order<'_>, tally: Tally) -> Result<Ended> {
    let workers = order.benches.len();
    let processors = processors(workers);
    let (task_sender, tasks) = sync_channel(workers);
    let (report_sender, reports) = channel();
    let station = Station {
        exercise: order.exercise,
        packages: order.packages,
        tasks: Mutex::new(tasks),
        interrupt: order.interrupt.clone(),
    };
    thread::scope(|scope| {
        for (bench, processor) in order.benches.into_iter().zip(processors) {
            let (station, reports) = (&station, report_sender.clone());
            thread::Builder::new()
                .name("worker".into())
                .spawn_scoped(scope, move || work(bench, station, &reports, processor))
                .or_machine(|| "start a worker".to_owned())?;
        }
        drop(report_sender);
        let run = ledger.read()?;
        let mut office = Office {
            ledger,
            run,
            // Dropped with the office: then workers see that there is nothing more to do.
            tasks: Some(task_sender),
            reports,
            workers,
            waiting_for: workers,
            isolation: None,
            grounds: order.grounds,
            round: order.round,
            seed: order.seed,
            seed_is_asked: order.seed_is_asked,
            reuse: order.reuse,
            interrupt: order.interrupt,
            listener: order.listener,
            tally,
            out: 0,
            closed: Vec::new(),
            faults_in_a_row: 0,
            stopped: None,
        };
        office.work()?;
        Ok(Ended { tally: office.tally, stopped: office.stopped })
    })
}

/// One processor for each worker, when there are enough of them.
fn processors(workers: usize) -> Vec<Option<usize>> {
    let free = placement::allowed();
    if free.len() < workers { vec![None; workers] } else { free.into_iter().map(Some).take(workers).collect() }
}

struct Office<'a> {
    ledger: &'a mut Ledger,
    run: Run,
    tasks: Option<SyncSender<Task>>,
    reports: Receiver<Report>,
    workers: usize,
    /// Workers whose bench is not warm yet.
    waiting_for: usize,
    isolation: Option<Isolation>,
    grounds: Grounds,
    round: i64,
    seed: u64,
    seed_is_asked: bool,
    reuse: Option<Reuse>,
    interrupt: Interrupt,
    listener: &'a dyn TallyListener,
    tally: Tally,
    /// Tasks that workers have, or will have next.
    out: usize,
    /// To be written with the next commit.
    closed: Vec<(Lease, Closed)>,
    faults_in_a_row: usize,
    stopped: Option<Fault>,
}

impl Office<'_> {
    fn work(&mut self) -> Result<()> {
        self.wait_for_a_bench()?;
        self.listener.on(&self.tally);
        loop {
            let handed_out = self.turn_over()?;
            if self.out == 0 && self.closed.is_empty() && !handed_out {
                return Ok(());
            }
            if self.out > 0 {
                self.take_in();
            }
        }
    }

    /// Nothing is leased before one bench is up: a machine that can't grade must not use up attempts.
    fn wait_for_a_bench(&mut self) -> Result<()> {
        let mut last = Fault::ourselves("there is no worker");
        while self.waiting_for > 0 {
            let Ok(report) = self.reports.recv() else { return Err(last) };
            self.waiting_for -= 1;
            match report {
                Report::Ready(Ok(isolation)) => {
                    self.isolation = Some(isolation);
                    return Ok(());
                }
                Report::Ready(Err(fault)) => last = fault,
                Report::Done { .. } => {}
            }
        }
        Err(last)
    }

    /// Writes what was closed, leases as much as workers can take, and hands it out. False when nothing was left to hand out.
    fn turn_over(&mut self) -> Result<bool> {
        let room = (2 * self.workers).saturating_sub(self.out);
        let wanted = if self.is_stopping() { 0 } else { room };
        if let Some(reuse) = &self.reuse {
            reuse.keep(self.closed.iter().filter_map(|(_, how)| match how {
                Closed::Graded { verdict, key, reused: false, .. } if !key.is_empty() => {
                    Some((key.as_str(), &**verdict))
                }
                _ => None,
            }));
        }
        let leases = self.ledger.turn_over(self.round, &self.closed, wanted)?;
        if !self.closed.is_empty() {
            self.closed.clear();
            self.listener.on(&self.tally);
        }
        let any = !leases.is_empty();
        for lease in leases {
            self.hand_out(lease)?;
        }
        Ok(any)
    }

    fn is_stopping(&mut self) -> bool {
        if self.interrupt.is_raised() && self.stopped.is_none() {
            self.stopped = Some(Fault::interrupted());
        }
        self.stopped.is_some()
    }

    fn hand_out(&mut self, lease: Lease) -> Result<()> {
        if let Some((verdict, key)) = self.known(&lease) {
            let grounds = self.grounds.text().to_owned();
            self.close(lease, Closed::Graded { verdict, key, grounds, reused: true });
            return Ok(());
        }
        let handed = self.run.handed(lease.submission)?;
        let seed = seed(self.seed, lease.hash.as_deref().unwrap_or_default());
        let task = Task { lease, handed, seed };
        // Workers take tasks as long as the office is open.
        if self.tasks.as_ref().is_some_and(|tasks| tasks.send(task).is_ok()) {
            self.out += 1;
            return Ok(());
        }
        Err(Fault::ourselves("all workers are gone"))
    }

    /// The result that is known already of these files.
    fn known(&self, lease: &Lease) -> Option<(Box<Verdict>, String)> {
        let key = self.key(lease)?;
        let verdict = self.reuse.as_ref()?.find(&key)?;
        Some((Box::new(verdict), key))
    }

    fn key(&self, lease: &Lease) -> Option<String> {
        let files = lease.hash.as_deref()?;
        let seed = self.seed_is_asked.then_some(self.seed);
        Some(self.grounds.key(self.isolation.as_ref()?, files, seed))
    }

    /// Waits for a report, and takes all that are there.
    fn take_in(&mut self) {
        match self.reports.recv_timeout(EAR) {
            Ok(report) => self.take(report),
            Err(RecvTimeoutError::Timeout) => return,
            Err(RecvTimeoutError::Disconnected) => {
                self.stopped.get_or_insert_with(|| Fault::ourselves("all workers are gone"));
                self.out = 0;
                return;
            }
        }
        while let Ok(report) = self.reports.try_recv() {
            self.take(report);
        }
    }

    fn take(&mut self, report: Report) {
        match report {
            // The others go on without it.
            Report::Ready(_) => self.waiting_for = self.waiting_for.saturating_sub(1),
            Report::Done { lease, outcome } => {
                self.out -= 1;
                match outcome {
                    Ok(verdict) => {
                        self.faults_in_a_row = 0;
                        let key = self.key(&lease).unwrap_or_default();
                        let grounds = self.grounds.text().to_owned();
                        self.close(lease, Closed::Graded { verdict, key, grounds, reused: false });
                    }
                    Err(fault) => self.faulted(lease, fault),
                }
            }
        }
    }

    fn faulted(&mut self, lease: Lease, fault: Fault) {
        if fault.blame == Blame::Interrupted {
            return self.close(lease, Closed::Returned);
        }
        self.faults_in_a_row += 1;
        let record = FaultRecord::of(&fault);
        if self.faults_in_a_row >= FAULTS_IN_A_ROW * self.workers && self.stopped.is_none() {
            self.stopped = Some(fault);
        }
        if self.stopped.is_some() {
            // The machine gives nothing any more: no reason to count it against this one.
            return self.close(lease, Closed::Returned);
        }
        // The author's mistake is there the next time, too.
        let is_last = lease.faults + 1 >= TRIES || record.blame == "author";
        self.close(lease, if is_last { Closed::Ungraded(record) } else { Closed::Again(record) });
    }

    fn close(&mut self, lease: Lease, how: Closed) {
        match &how {
            Closed::Graded { verdict, reused, .. } => self.tally.add(verdict.outcome, *reused),
            Closed::Ungraded(_) => self.tally.ungraded += 1,
            Closed::Again(_) => self.tally.retried += 1,
            Closed::Returned => {}
        }
        self.closed.push((lease, how));
    }
}

impl Tally {
    fn add(&mut self, outcome: SubmissionOutcome, reused: bool) {
        self.reused += usize::from(reused);
        *match outcome {
            SubmissionOutcome::Passed => &mut self.passed,
            SubmissionOutcome::Failed => &mut self.failed,
            SubmissionOutcome::Error => &mut self.error,
            SubmissionOutcome::Missing => &mut self.missing,
        } += 1;
    }
}
