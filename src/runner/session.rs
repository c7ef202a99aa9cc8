//! The sandboxes of one submission, from the first request to the last.

use std::io::Write as _;
use std::os::fd::{AsFd as _, OwnedFd};
use std::time::{Duration, Instant};

use serde_json::json;

use crate::catalog::{Exercise, Limits};
use crate::error::{Fault, IoContext as _, Result};
use crate::sandbox::process::{Answer, Ended, Error, Oracles, Printed, Process, Reply, RequestLimits, Told};
use crate::sandbox::slot::{Slot, SlotError};
use crate::sandbox::stage_protocol::{Closing, ProcessLimits};
use crate::submission::Submission;
use crate::verdict::{Ending, Usage};
use crate::wire::value::{self, Bounds, Value};

/// A request's outcome together with what was printed.
#[derive(Debug)]
pub(super) struct Served {
    pub(super) outcome: Outcome,
    pub(super) printed: Printed,
}

#[derive(Debug)]
pub(super) enum Outcome {
    /// Checked; one for each call.
    Observed(Vec<Answer>),
    Ended(Ended),
}

/// A process that serves requests, in its sandbox.
struct Live {
    instance: u64,
    process: Process,
    /// Checks that it has served before the present one.
    earlier_checks: u32,
    served: bool,
}

pub(super) struct Session<'a> {
    slot: &'a mut Slot,
    limits: Limits,
    loopback: bool,
    begin: Vec<u8>,
    files: Vec<(String, u64)>,
    content: OwnedFd,
    live: Option<Live>,
    started: Instant,
    used: Usage,
}

impl<'a> Session<'a> {
    pub(super) fn new(slot: &'a mut Slot, exercise: &Exercise, submission: &Submission) -> Result<Self> {
        let limits = exercise.limits;
        let begin = json!({
            "module": exercise.module,
            "file": exercise.files.first(),
            "observation_bytes": limits.observation_kb * 1024,
        });
        Ok(Self {
            slot,
            limits,
            loopback: exercise.sandbox.loopback,
            begin: begin.to_string().into_bytes(),
            files: submission.files.iter().map(|file| (file.name.clone(), file.bytes.len() as u64)).collect(),
            content: content(submission)?,
            live: None,
            started: Instant::now(),
            used: Usage::default(),
        })
    }

    /// The next requests are those of another check.
    pub(super) fn begin_check(&mut self) {
        if let Some(live) = &mut self.live {
            live.earlier_checks += u32::from(std::mem::take(&mut live.served));
        }
    }

    /// Whether what the present check saw could come from what an earlier one left in the process.
    pub(super) fn is_shared(&self) -> bool {
        self.live.as_ref().is_some_and(|live| live.earlier_checks > 0)
    }

    /// Lets the next request meet a process that has served no other check.
    pub(super) async fn leave_other_checks(&mut self) -> Result<()> {
        if self.is_shared() { self.discard().await } else { Ok(()) }
    }

    /// Executes the learner's module once, for nothing but to see that it can be.
    pub(super) async fn load(&mut self) -> Result<Served> {
        self.request(b'L', &[], None, None, &mut Nobody).await
    }

    /// One request to the submission's process; a new one is started when there is none.
    pub(super) async fn request(
        &mut self,
        kind: u8,
        body: &[u8],
        wall_ms: Option<u64>,
        cpu_ms: Option<u64>,
        oracles: &mut impl Oracles,
    ) -> Result<Served> {
        let Some(limits) = self.request_limits(wall_ms, cpu_ms) else { return Ok(no_time_left()) };
        self.requested(kind, body, &limits, oracles).await
    }

    /// The first calls of `calls` checks in one request. What can't be told apart any more is no answer: `None`, and each is to be made for itself.
    pub(super) async fn batch(
        &mut self,
        body: &[u8],
        calls: usize,
        wall_ms: Option<u64>,
    ) -> Result<Option<Vec<Answer>>> {
        let Some(limits) = self.request_limits(wall_ms, None) else { return Ok(None) };
        let limits = RequestLimits { answers: calls, ..limits };
        let served = self.requested(b'B', body, &limits, &mut Nobody).await?;
        if let Some(live) = &mut self.live {
            live.earlier_checks += 1;
        }
        Ok(match served.outcome {
            Outcome::Observed(answers) if served.printed.total() == 0 => Some(answers),
            _ => None,
        })
    }

    async fn requested(
        &mut self,
        kind: u8,
        body: &[u8],
        limits: &RequestLimits,
        oracles: &mut impl Oracles,
    ) -> Result<Served> {
        let mut live = match self.live.take() {
            Some(live) => live,
            None => self.start().await.map_err(sandbox_fault)?,
        };
        let (reply, printed) = live.process.request(self.slot, kind, body, limits, oracles).await.map_err(run_fault)?;
        let outcome = match self.checked(reply) {
            Outcome::Observed(answers) => {
                live.served = true;
                self.live = Some(live);
                Outcome::Observed(answers)
            }
            Outcome::Ended(ended) => {
                // Kept until the check is over, for `is_shared`.
                let closing = self.close(live.instance).await?;
                Outcome::Ended(blame_memory(ended, closing))
            }
        };
        Ok(Served { outcome, printed })
    }

    /// Runs a program to its end in a sandbox of its own, then reads the files that it was to leave.
    pub(super) async fn program(
        &mut self,
        body: &[u8],
        wall_ms: Option<u64>,
        cpu_ms: Option<u64>,
        collects: bool,
    ) -> Result<(Served, Option<Ended>)> {
        let Some(limits) = self.request_limits(wall_ms, cpu_ms) else { return Ok((no_time_left(), None)) };
        let mut live = self.start_beside().await?;
        let (reply, printed) =
            live.process.request(self.slot, b'C', body, &limits, &mut Nobody).await.map_err(run_fault)?;
        // A program answers by ending; what it says on the channel itself would go round its exit code.
        let reply = match reply {
            Reply::Answered(_) => Reply::Ended(Ended::broken_protocol("an answer where a program should end")),
            ended @ Reply::Ended(_) => ended,
        };
        let (outcome, end) = match self.checked(reply) {
            Outcome::Ended(ended) if matches!(ended.ending, Ending::Exited | Ending::Signalled) => {
                let left = if collects {
                    self.collect(live.instance, body).await?
                } else {
                    Outcome::Observed(vec![Answer { told: Vec::new(), observation: NO_FILES.to_vec() }])
                };
                (left, Some(ended))
            }
            other => (other, None),
        };
        let closing = self.close(live.instance).await?;
        let end = end.map(|ended| blame_memory(ended, closing));
        let outcome = match (outcome, &end) {
            (_, Some(ended)) if ended.ending == Ending::OutOfMemory => Outcome::Ended(ended.clone()),
            (Outcome::Ended(ended), _) => Outcome::Ended(blame_memory(ended, closing)),
            (observed, _) => observed,
        };
        Ok((Served { outcome, printed }, end))
    }

    /// One request to a process in a sandbox of its own, which meets nothing that others have left and leaves nothing to others.
    pub(super) async fn apart(&mut self, body: &[u8], wall_ms: Option<u64>, cpu_ms: Option<u64>) -> Result<Served> {
        let Some(limits) = self.request_limits(wall_ms, cpu_ms) else { return Ok(no_time_left()) };
        let mut live = self.start_beside().await?;
        let (reply, printed) =
            live.process.request(self.slot, b'C', body, &limits, &mut Nobody).await.map_err(run_fault)?;
        let outcome = self.checked(reply);
        let closing = self.close(live.instance).await?;
        let outcome = match outcome {
            Outcome::Ended(ended) => Outcome::Ended(blame_memory(ended, closing)),
            observed @ Outcome::Observed(_) => observed,
        };
        Ok(Served { outcome, printed })
    }

    /// A process in a sandbox of its own, beside that of the checks.
    async fn start_beside(&mut self) -> Result<Live> {
        match self.start().await {
            // What earlier calls have left behind may be so much that nothing more can be forked.
            Err(_) if self.live.is_some() => {
                self.discard().await?;
                self.start().await
            }
            other => other,
        }
        .map_err(sandbox_fault)
    }

    /// By a process that never ran the program: what it reads is what is there.
    async fn collect(&mut self, instance: u64, body: &[u8]) -> Result<Outcome> {
        let mut process = match self.start_in(instance).await {
            Ok(process) => process,
            // The program is where all the room has gone: before it, there was enough.
            Err(failure) if failure.step == "fork" => {
                let detail = "it left so many processes behind that its files can't be read".to_owned();
                let ending = Ending::Exited;
                return Ok(Outcome::Ended(Ended { ending, detail, stack: Vec::new(), exit_code: None, signal: None }));
            }
            Err(failure) => return Err(sandbox_fault(failure)),
        };
        let Some(limits) = self.request_limits(None, None) else { return Ok(no_time_left().outcome) };
        let (reply, _) = process.request(self.slot, b'K', body, &limits, &mut Nobody).await.map_err(run_fault)?;
        Ok(self.checked(reply))
    }

    /// Throws the process away, so that the next request meets a fresh one.
    pub(super) async fn discard(&mut self) -> Result<()> {
        if let Some(live) = self.live.take() {
            self.close(live.instance).await?;
        }
        Ok(())
    }

    /// Ends everything; what it all used.
    pub(super) async fn finish(mut self) -> Result<Usage> {
        self.discard().await?;
        Ok(self.used)
    }

    async fn start(&mut self) -> Result<Live, SlotError> {
        let scratch = self.limits.file_mb * 1024 * 1024;
        let instance = self.slot.open(self.files.clone(), self.content.as_fd(), self.loopback, scratch).await?;
        match self.start_in(instance).await {
            Ok(process) => Ok(Live { instance, process, earlier_checks: 0, served: false }),
            Err(failure) => {
                let _ = self.slot.close(instance).await;
                Err(failure)
            }
        }
    }

    async fn start_in(&mut self, instance: u64) -> Result<Process, SlotError> {
        let bytes = usize::try_from(self.limits.observation_kb * 1024).unwrap_or(usize::MAX);
        let mut process = Process::start(self.slot, instance, process_limits(&self.limits), bytes).await?;
        process.begin(&self.begin).await?;
        Ok(process)
    }

    async fn close(&mut self, instance: u64) -> Result<Closing> {
        let closing = self.slot.close(instance).await.map_err(sandbox_fault)?;
        self.used.cpu_ms += closing.cpu_us.div_ceil(1000);
        self.used.memory_peak_bytes = self.used.memory_peak_bytes.max(closing.memory_peak_bytes);
        Ok(closing)
    }

    /// `None` when the time for the whole submission is used up.
    fn request_limits(&self, wall_ms: Option<u64>, cpu_ms: Option<u64>) -> Option<RequestLimits> {
        let left = Duration::from_millis(self.limits.total_wall_ms).checked_sub(self.started.elapsed())?;
        Some(RequestLimits {
            wall: Duration::from_millis(wall_ms.unwrap_or(self.limits.wall_ms)).min(left),
            cpu: Duration::from_millis(cpu_ms.unwrap_or(self.limits.cpu_ms)),
            output_bytes: self.limits.output_kb * 1024,
            // The limit on each process's data comes first; this is for many of them together.
            // A cgroup counts better: forks share pages, and each of them is charged with all of them here.
            resident_bytes: if self.slot.isolation.has("cgroup_memory") {
                u64::MAX
            } else {
                self.limits.memory_mb * 1024 * 1024 + RESIDENT_ALLOWANCE
            },
            answers: 1,
        })
    }

    /// Believes nothing: an answer that is no plain data is no answer; one that says "no memory" is an end.
    fn checked(&self, reply: Reply) -> Outcome {
        match reply {
            Reply::Answered(answers) => {
                match answers.iter().try_for_each(|answer| self.examined(&answer.observation)) {
                    Ok(()) => Outcome::Observed(answers),
                    Err(ended) => Outcome::Ended(ended),
                }
            }
            Reply::Ended(mut ended) => {
                ended.stack.retain_mut(|frame| {
                    let inside = self.slot.learners_file(&frame.file).map(str::to_owned);
                    inside.map(|file| frame.file = file).is_some()
                });
                Outcome::Ended(ended)
            }
        }
    }

    fn examined(&self, bytes: &[u8]) -> Result<(), Ended> {
        let size = usize::try_from(self.limits.observation_kb * 1024).unwrap_or(usize::MAX);
        let bounds = Bounds { bytes: size, ..Bounds::default() };
        let end = |ending, detail: String| Ended { ending, detail, stack: Vec::new(), exit_code: None, signal: None };
        value::validate(bytes, &bounds).map_err(|error| end(Ending::BrokenProtocol, error.to_string()))?;
        if bytes.starts_with(MEMORY_ERROR) {
            let mut ended = end(Ending::OutOfMemory, "MemoryError".to_owned());
            ended.stack = frames_of(bytes, &bounds);
            return Err(ended);
        }
        Ok(())
    }
}

/// The observation of a program that was to leave no files.
const NO_FILES: &[u8] = br#"["t","ok",["d"]]"#;
/// How an observation begins that says that `MemoryError` was raised.
const MEMORY_ERROR: &[u8] = br#"["t","raised",["e",["builtins","MemoryError""#;
/// Interpreter and shared pages, counted once for each process by the kernel.
const RESIDENT_ALLOWANCE: u64 = 64 * 1024 * 1024;

fn frames_of(bytes: &[u8], bounds: &Bounds) -> Vec<crate::sandbox::stack::StackFrame> {
    let Ok(Value::Tuple(parts)) = Value::decode_within(bytes, bounds) else { return Vec::new() };
    let Some(Value::Exception(raised)) = parts.into_iter().nth(1) else { return Vec::new() };
    let frame = |frame: value::RaisedFrame| crate::sandbox::stack::StackFrame {
        file: frame.file,
        line: frame.line,
        function: frame.function,
    };
    raised.frames.into_iter().map(frame).collect()
}

fn no_time_left() -> Served {
    let detail = "the time for the whole submission is used up".to_owned();
    let ended = Ended { ending: Ending::OutOfTime, detail, stack: Vec::new(), exit_code: None, signal: None };
    Served { outcome: Outcome::Ended(ended), printed: Printed::default() }
}

/// A kill by the kernel shows only in the cgroup's count.
fn blame_memory(mut ended: Ended, closing: Closing) -> Ended {
    if closing.out_of_memory > 0 && matches!(ended.ending, Ending::Signalled | Ending::Exited | Ending::BrokenProtocol)
    {
        ended.ending = Ending::OutOfMemory;
    }
    ended
}

fn process_limits(limits: &Limits) -> ProcessLimits {
    ProcessLimits {
        cpu_s: limits.total_wall_ms.div_ceil(1000),
        memory_bytes: limits.memory_mb * 1024 * 1024,
        processes: limits.processes,
        open_files: limits.open_files,
        file_bytes: limits.file_mb * 1024 * 1024,
    }
}

/// The submission in one descriptor, read once: what runs is what was hashed.
fn content(submission: &Submission) -> Result<OwnedFd> {
    let descriptor = rustix::fs::memfd_create("submission", rustix::fs::MemfdFlags::CLOEXEC)
        .map_err(std::io::Error::from)
        .or_machine(|| "keep the submission in memory".to_owned())?;
    let mut file = std::fs::File::from(descriptor);
    for handed in &submission.files {
        file.write_all(&handed.bytes).or_machine(|| "keep the submission in memory".to_owned())?;
    }
    Ok(file.into())
}

fn sandbox_fault(failure: SlotError) -> Fault {
    Fault::machine(format!("the sandbox fails at `{}`", failure.step))
        .because(failure.error)
        .hint("run `grade doctor` to see what this machine gives")
}

fn run_fault(error: Error) -> Fault {
    match error {
        Error::Slot(failure) => sandbox_fault(failure),
        Error::Judge(fault) => fault,
    }
}

/// For requests in which no oracle can be called.
struct Nobody;

impl Oracles for Nobody {
    async fn call(&mut self, name: &str, _: &[u8], _: &[Told]) -> Result<Vec<u8>> {
        // The process asks for what was never promised: answered as Python would, so that it can't stop us.
        let text = format!("there is no oracle {}", name.escape_debug());
        let mut answer = vec![12];
        answer.extend_from_slice(b"RuntimeError");
        answer.extend_from_slice(&Value::Tuple(vec![Value::Str(text)]).encode());
        Ok(answer)
    }
}
