//! One sandboxed process as the supervisor sees it: requests and answers, what it prints, how it ends.

use std::io;
use std::os::fd::{AsFd as _, OwnedFd};
use std::time::{Duration, Instant};

use rustix::net::{AddressFamily, SocketFlags, SocketType, socketpair};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::UnixStream;
use tokio::net::unix::pipe::Receiver;
use tokio::time::{Interval, MissedTickBehavior};

use super::capture::Capture;
pub use super::ending::Ended;
use super::ending::Exited;
pub use super::printed::Printed;
use super::slot::{Slot, SlotError};
use super::stack;
use super::stage_protocol::{Event, ProcessLimits};
use crate::verdict::Ending;
use crate::wire::frame::{FrameBuffer, Nonce, SandboxFrame};
use crate::wire::value::{self, Bounds, Value};

/// Bounds of one request.
#[derive(Clone, Copy, Debug)]
pub struct RequestLimits {
    pub wall: Duration,
    /// CPU time of everything in the sandbox; looked at a few times a second.
    pub cpu: Duration,
    /// Standard output and error together, bytes.
    pub output_bytes: u64,
    /// Resident memory of everything in the sandbox, bytes, where no cgroup bounds it.
    pub resident_bytes: u64,
    /// How many answers the request has, at least one. All together are no larger than one may be.
    pub answers: usize,
}

/// What came of a request.
#[derive(Debug)]
pub enum Reply {
    /// As many as were asked for.
    Answered(Vec<Answer>),
    Ended(Ended),
}

/// What a process answers to one call.
#[derive(Debug, Default)]
pub struct Answer {
    /// What it told on the way, in order.
    pub told: Vec<Told>,
    /// Encoded plain data, not yet looked into.
    pub observation: Vec<u8>,
}

/// A call of the judge's function that waits for no answer, so that it travels with the next frame that does.
#[derive(Debug)]
pub struct Told {
    pub name: String,
    /// Encoded plain data.
    pub arguments: Vec<u8>,
}

/// Where the judge's functions are called.
pub trait Oracles {
    /// `arguments` as encoded by the sandbox, `told` what was told before; the answer is what goes back: `u8` length and name of an exception, then encoded
    /// data.
    fn call(
        &mut self,
        name: &str,
        arguments: &[u8],
        told: &[Told],
    ) -> impl Future<Output = Result<Vec<u8>, crate::error::Fault>>;
}

/// What may be told between two frames that are answered; the process asks before it would be more.
const MOST_TOLD: usize = 128;
/// Frames longer than an observation may be: kind, nonce, tags.
const FRAME_ALLOWANCE: usize = 64;
/// How often usage is looked at while a request is under way: most requests are over before it is.
const SAMPLE_EVERY: Duration = Duration::from_millis(100);
/// How long the first message, which is short, may take.
const BEGIN_TIME: Duration = Duration::from_secs(10);
/// How long a process that closed its channel may take to be reported dead.
const EXIT_GRACE: Duration = Duration::from_millis(500);
/// How long a stack may take to begin.
const STACK_GRACE: Duration = Duration::from_millis(150);
/// How long a stack may take in all: who writes it is the learner's process.
const STACK_TIME: Duration = Duration::from_millis(400);
const STACK_BYTES: usize = 64 * 1024;

#[derive(Debug)]
pub struct Process {
    number: u64,
    control: UnixStream,
    frames: FrameBuffer,
    nonce: Nonce,
    nonces: Nonces,
    told: Vec<Told>,
    answers: Vec<Answer>,
    observation_bytes: usize,
    stdout: Option<Receiver>,
    stderr: Option<Receiver>,
    stack: Receiver,
    printed: Printed,
    exited: Option<Exited>,
    /// When usage is looked at. It goes on from request to request: a timer that is set anew for each wakes the runtime each time.
    samples: Interval,
}

/// The step of the confinement that failed, or the stage's own failure.
pub type StartError = SlotError;

impl Process {
    /// Forks one into an open sandbox; returns when it is confined and waits for requests.
    pub async fn start(
        slot: &mut Slot,
        instance: u64,
        limits: ProcessLimits,
        observation_bytes: usize,
    ) -> Result<Self, StartError> {
        let ends = Ends::make().map_err(|error| SlotError { step: "pipes".to_owned(), error: error.to_string() })?;
        let Ends { ours, theirs } = ends;
        let descriptors = theirs.each_ref().map(OwnedFd::as_fd);
        let number = slot.spawn(instance, limits, &descriptors).await?;
        drop(theirs);
        let mut process = ours.into_process(number, observation_bytes)?;
        tokio::time::timeout(Duration::from_secs(10), process.confined(slot))
            .await
            .map_err(|_| SlotError { step: "confine".to_owned(), error: "it took too long".to_owned() })??;
        Ok(process)
    }

    async fn confined(&mut self, slot: &mut Slot) -> Result<(), StartError> {
        let lost = |error: &str| SlotError { step: "confine".to_owned(), error: error.to_owned() };
        loop {
            tokio::select! {
                biased;
                frame = read_frame(&mut self.control, &mut self.frames) => {
                    return match frame {
                        Ok(Some(SandboxFrame { kind: b'Y', .. })) => Ok(()),
                        Ok(Some(SandboxFrame { kind: b'F', body, .. })) => {
                            let text = String::from_utf8_lossy(&body).into_owned();
                            let (step, error) = text.split_once(": ").unwrap_or(("confine", &text));
                            Err(SlotError { step: step.to_owned(), error: error.to_owned() })
                        }
                        Ok(Some(_)) => Err(lost("an unexpected frame")),
                        Ok(None) => Err(self.stillborn(slot).await),
                        Err(error) => Err(lost(&error.to_string())),
                    };
                }
                event = slot.event() => match event? {
                    Event::Refused { step, error, .. } | Event::Broken { step, error } => return Err(SlotError { step, error }),
                    _ => {}
                },
            }
        }
    }

    /// Why it ended before it was ready: what the stage says, else the last line that it wrote.
    async fn stillborn(&mut self, slot: &mut Slot) -> SlotError {
        let refused = tokio::time::timeout(EXIT_GRACE, async {
            loop {
                match slot.event().await {
                    Ok(Event::Refused { step, error, .. } | Event::Broken { step, error }) => {
                        return SlotError { step, error };
                    }
                    Ok(Event::Exited { process, .. }) if process == self.number => break,
                    Ok(_) => {}
                    Err(failure) => return failure,
                }
            }
            while self.stderr.is_some() {
                read_pipe(&mut self.stderr, &mut self.printed.stderr).await;
            }
            let text = self.printed.stderr.text();
            SlotError {
                step: "confine".to_owned(),
                error: format!("it ended: {}", text.lines().last().unwrap_or("without a word")),
            }
        });
        refused.await.unwrap_or_else(|_| SlotError { step: "confine".to_owned(), error: "it ended".to_owned() })
    }

    /// Tells the process what it is for; answered by nothing.
    pub async fn begin(&mut self, body: &[u8]) -> Result<(), SlotError> {
        let deadline = tokio::time::Instant::now() + BEGIN_TIME;
        self.send(b'B', body, deadline)
            .await
            .map_err(|error| SlotError { step: "begin".to_owned(), error: error.to_string() })
    }

    /// Asks, and waits for as many answers as `limits` says or the end. After [`Reply::Ended`] the sandbox is to be closed.
    pub async fn request(
        &mut self,
        slot: &mut Slot,
        kind: u8,
        body: &[u8],
        limits: &RequestLimits,
        oracles: &mut impl Oracles,
    ) -> Result<(Reply, Printed), Error> {
        self.printed = Printed::default();
        self.told.clear();
        self.answers.clear();
        let deadline = tokio::time::Instant::now() + limits.wall;
        let reply = if self.frames.is_empty() {
            match self.send(kind, body, deadline).await {
                Ok(()) => self.wait(slot, limits, deadline, oracles).await?,
                Err(error) if error.kind() == io::ErrorKind::TimedOut => self.too_late(slot, limits).await,
                // The other end is gone: what became of it is told by the stage.
                Err(_) => self.gone(slot).await?,
            }
        } else {
            Self::broken("it spoke without being asked")
        };
        self.drain();
        Ok((reply, std::mem::take(&mut self.printed)))
    }

    async fn wait(
        &mut self,
        slot: &mut Slot,
        limits: &RequestLimits,
        deadline: tokio::time::Instant,
        oracles: &mut impl Oracles,
    ) -> Result<Reply, Error> {
        let started = Instant::now();
        let mut first_sample = None;
        let too_late = tokio::time::sleep_until(deadline);
        tokio::pin!(too_late);
        loop {
            if self.printed.total() > limits.output_bytes {
                return Ok(Reply::Ended(
                    self.ended(slot, Ending::TooMuchOutput, format!("{} bytes", limits.output_bytes)).await,
                ));
            }
            // Not left to the branch below: frames that never cease would keep it from its turn.
            if tokio::time::Instant::now() >= deadline {
                return Ok(self.too_late(slot, limits).await);
            }
            tokio::select! {
                biased;
                frame = read_frame(&mut self.control, &mut self.frames) => match frame {
                    Ok(Some(frame)) => if let Some(reply) = self.take(frame, limits, deadline, oracles).await? { return Ok(reply) },
                    Ok(None) => return self.gone(slot).await,
                    Err(error) => return Ok(Self::broken(&error.to_string())),
                },
                event = slot.event() => match event? {
                    Event::Exited { process, status, .. } if process == self.number => self.exited = Some(Exited { status }),
                    Event::Sampled { cpu_ms, resident_bytes, .. } => {
                        let cpu = Duration::from_millis(cpu_ms);
                        // What was used before the first look can't be more than the time that had passed.
                        let base = *first_sample.get_or_insert(cpu.saturating_sub(started.elapsed()));
                        if cpu.saturating_sub(base) > limits.cpu {
                            return Ok(Reply::Ended(self.ended(slot, Ending::OutOfCpu, format!("{} ms", limits.cpu.as_millis())).await));
                        }
                        if resident_bytes > limits.resident_bytes {
                            return Ok(Reply::Ended(self.ended(slot, Ending::OutOfMemory, format!("{resident_bytes} bytes")).await));
                        }
                    }
                    Event::Broken { step, error } => return Err(SlotError { step, error }.into()),
                    _ => {}
                },
                () = read_pipe(&mut self.stdout, &mut self.printed.stdout) => {}
                () = read_pipe(&mut self.stderr, &mut self.printed.stderr) => {}
                () = &mut too_late => {}
                // Everything that it had said has been read above; a child of its may hold the channel open for ever.
                () = std::future::ready(()), if self.exited.is_some() => return self.gone(slot).await,
                _ = self.samples.tick() => slot.ask_for_sample().await?,
            }
        }
    }

    async fn too_late(&mut self, slot: &mut Slot, limits: &RequestLimits) -> Reply {
        Reply::Ended(self.ended(slot, Ending::OutOfTime, format!("{} ms", limits.wall.as_millis())).await)
    }

    /// One frame of the process, in lock step: whatever is not exactly what may come now breaks the protocol.
    async fn take(
        &mut self,
        frame: SandboxFrame,
        limits: &RequestLimits,
        deadline: tokio::time::Instant,
        oracles: &mut impl Oracles,
    ) -> Result<Option<Reply>, Error> {
        if frame.nonce != self.nonce {
            return Ok(Some(Self::broken("an answer to another request")));
        }
        match frame.kind {
            b'A' => Ok(self.answered(frame.body, limits.answers)),
            b'T' => Ok(self.tell(&frame.body)),
            // Whose call it is could not be told.
            b'O' if limits.answers > 1 => Ok(Some(Self::broken("an oracle call in a batch"))),
            b'O' => self.oracle(&frame.body, deadline, oracles).await,
            b'P' => {
                let reply = self.prompt(&frame.body);
                // As for an oracle: a failure is met by the loop.
                let _ = self.send(b'p', &[], deadline).await;
                Ok(reply)
            }
            _ => Ok(Some(Self::broken("a frame of an unknown kind"))),
        }
    }

    fn answered(&mut self, observation: Vec<u8>, wanted: usize) -> Option<Reply> {
        self.answers.push(Answer { told: std::mem::take(&mut self.told), observation });
        if self.answers.len() < wanted {
            let bytes: usize = self.answers.iter().map(|answer| answer.observation.len()).sum();
            return (bytes > self.observation_bytes).then(|| Self::broken("more answers than there is room for"));
        }
        if !self.frames.is_empty() {
            return Some(Self::broken("more than one answer"));
        }
        Some(Reply::Answered(std::mem::take(&mut self.answers)))
    }

    fn tell(&mut self, body: &[u8]) -> Option<Reply> {
        if self.told.len() >= MOST_TOLD {
            return Some(Self::broken("too much told at once"));
        }
        match named(body) {
            Ok((name, arguments)) => {
                self.told.push(Told { name: name.to_owned(), arguments: arguments.to_vec() });
                None
            }
            Err(reason) => Some(Self::broken(&reason)),
        }
    }

    async fn oracle(
        &mut self,
        body: &[u8],
        deadline: tokio::time::Instant,
        oracles: &mut impl Oracles,
    ) -> Result<Option<Reply>, Error> {
        let (name, arguments) = match named(body) {
            Ok(parsed) => parsed,
            Err(reason) => return Ok(Some(Self::broken(&reason))),
        };
        let told = std::mem::take(&mut self.told);
        let answer = oracles.call(name, arguments, &told).await?;
        // When this fails it died while the judge thought, or does not read: the loop sees either next.
        let _ = self.send(b'o', &answer, deadline).await;
        Ok(None)
    }

    /// What the program says of its own conversation; shown, never judged.
    fn prompt(&mut self, body: &[u8]) -> Option<Reply> {
        self.drain();
        let Ok(Value::Tuple(told)) = Value::decode(body) else { return Some(Self::broken("a prompt that is none")) };
        let text =
            |value: Option<&Value>| if let Some(Value::Str(text)) = value { text.clone() } else { String::new() };
        self.printed.prompted(text(told.first()), text(told.get(1)));
        None
    }

    /// Bounded in time: a process that has stopped reads nothing.
    async fn send(&mut self, kind: u8, body: &[u8], deadline: tokio::time::Instant) -> io::Result<()> {
        self.nonce = self.nonces.next()?;
        let frame = SandboxFrame::to_bytes(kind, self.nonce, body);
        tokio::time::timeout_at(deadline, self.control.write_all(&frame)).await?
    }

    fn broken(detail: &str) -> Reply {
        Reply::Ended(Ended::broken_protocol(detail))
    }

    /// The channel is closed: the process has ended, or has closed it.
    async fn gone(&mut self, slot: &mut Slot) -> Result<Reply, Error> {
        let waited = tokio::time::timeout(EXIT_GRACE, async {
            while self.exited.is_none() {
                match slot.event().await? {
                    Event::Exited { process, status, .. } if process == self.number => {
                        self.exited = Some(Exited { status });
                    }
                    Event::Broken { step, error } => return Err(SlotError { step, error }),
                    _ => {}
                }
            }
            Ok(())
        })
        .await;
        if let Ok(outcome) = waited {
            outcome?;
        }
        let Some(exited) = self.exited else { return Ok(Self::broken("it closed its channel")) };
        let stack = stack::parse(&self.read_stack(Duration::from_millis(1)).await);
        Ok(Reply::Ended(exited.explain(stack)))
    }

    /// Asks for the Python stack of a process that is about to be killed.
    async fn ended(&mut self, slot: &mut Slot, ending: Ending, detail: String) -> Ended {
        let stack = match slot.ask_for_stack(self.number).await {
            Ok(()) => stack::parse(&self.read_stack(STACK_GRACE).await),
            Err(_) => Vec::new(),
        };
        Ended { ending, detail, stack, exit_code: None, signal: None }
    }

    async fn read_stack(&mut self, first: Duration) -> String {
        let mut bytes = Vec::new();
        let end = tokio::time::Instant::now() + STACK_TIME;
        let mut grace = first;
        let mut chunk = vec![0; 8192];
        while bytes.len() < STACK_BYTES {
            let until = end.min(tokio::time::Instant::now() + grace);
            match tokio::time::timeout_at(until, self.stack.read(&mut chunk)).await {
                Ok(Ok(count)) if count > 0 => bytes.extend_from_slice(&chunk[..count]),
                _ => break,
            }
            // Once it has begun, the rest follows at once.
            grace = Duration::from_millis(15);
        }
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// What is in the pipes already: the process flushed before it answered.
    fn drain(&mut self) {
        for (pipe, capture) in
            [(&mut self.stdout, &mut self.printed.stdout), (&mut self.stderr, &mut self.printed.stderr)]
        {
            let Some(pipe) = pipe else { continue };
            let mut chunk = [0; 8192];
            // By the descriptor itself: what tokio knows of it may be older than the answer. And bounded: a process that goes on printing
            // after its answer is not read for ever.
            for _ in 0..256 {
                match rustix::io::read(&*pipe, &mut chunk) {
                    Ok(count) if count > 0 => capture.push(&chunk[..count]),
                    _ => break,
                }
            }
        }
    }
}

/// Name and arguments of an oracle's call, or why they are none.
fn named(body: &[u8]) -> Result<(&str, &[u8]), String> {
    let (name, arguments) = body
        .split_first()
        .and_then(|(length, rest)| rest.split_at_checked(usize::from(*length)))
        .and_then(|(name, arguments)| Some((std::str::from_utf8(name).ok()?, arguments)))
        .ok_or("an oracle call without a name")?;
    value::validate(arguments, &Bounds::default()).map_err(|error| format!("an oracle call with {error}"))?;
    Ok((name, arguments))
}

/// A request failed for a reason that is not the learner's.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Slot(#[from] SlotError),
    #[error("{0}")]
    Judge(crate::error::Fault),
}

impl From<crate::error::Fault> for Error {
    fn from(fault: crate::error::Fault) -> Self {
        Self::Judge(fault)
    }
}

/// Read at once, bytes; most frames are far smaller.
const CHUNK: usize = 8192;

/// The next frame; `None` when the other end is closed. Cancel-safe: bytes that were read are in `frames`.
///
/// By `read_buf`: after a read that did not fill the buffer, tokio knows without another system call that nothing is left.
async fn read_frame(control: &mut UnixStream, frames: &mut FrameBuffer) -> io::Result<Option<SandboxFrame>> {
    loop {
        if let Some(bytes) = frames.take().map_err(io::Error::other)? {
            return SandboxFrame::parse(bytes).map(Some).map_err(io::Error::other);
        }
        match control.read_buf(frames.space(CHUNK)).await {
            Ok(0) => return Ok(None),
            Ok(_) => {}
            // A process that died with unread data in its socket resets the connection.
            Err(error) if error.kind() == io::ErrorKind::ConnectionReset => return Ok(None),
            Err(error) => return Err(error),
        }
    }
}

/// Waits until something was printed and takes it; for ever when the pipe is closed.
async fn read_pipe(pipe: &mut Option<Receiver>, capture: &mut Capture) {
    let Some(open) = pipe else { return std::future::pending().await };
    if open.readable().await.is_err() || !take_output(open, capture) {
        *pipe = None;
    }
}

/// Whether the pipe is still open.
fn take_output(pipe: &Receiver, capture: &mut Capture) -> bool {
    let mut chunk = [0; 16384];
    match pipe.try_read(&mut chunk) {
        Ok(0) => false,
        Ok(count) => {
            capture.push(&chunk[..count]);
            true
        }
        Err(error) => error.kind() == io::ErrorKind::WouldBlock,
    }
}

/// Random bytes, drawn from the kernel for many nonces at once.
#[derive(Debug, Default)]
struct Nonces {
    left: Vec<Nonce>,
}

impl Nonces {
    fn next(&mut self) -> io::Result<Nonce> {
        if self.left.is_empty() {
            let mut bytes = [0; 64 * size_of::<Nonce>()];
            // Up to 256 bytes come whole; more may be cut short by a signal.
            for part in bytes.chunks_mut(256) {
                if rustix::rand::getrandom(&mut *part, rustix::rand::GetRandomFlags::empty())? != part.len() {
                    return Err(io::Error::other("no random bytes"));
                }
            }
            self.left = bytes.as_chunks().0.to_vec();
        }
        self.left.pop().ok_or_else(|| io::Error::other("no random bytes"))
    }
}

fn samples() -> Interval {
    let mut samples = tokio::time::interval_at(tokio::time::Instant::now() + SAMPLE_EVERY, SAMPLE_EVERY);
    samples.set_missed_tick_behavior(MissedTickBehavior::Delay);
    samples
}

/// Both ends of everything a process is connected by.
struct Ends {
    ours: OurEnds,
    /// Control, standard input, output, error, stack.
    theirs: [OwnedFd; 5],
}

struct OurEnds {
    control: OwnedFd,
    stdout: OwnedFd,
    stderr: OwnedFd,
    stack: OwnedFd,
}

impl Ends {
    fn make() -> io::Result<Self> {
        let (control, their_control) = socketpair(AddressFamily::UNIX, SocketType::STREAM, SocketFlags::CLOEXEC, None)?;
        rustix::io::ioctl_fionbio(&control, true)?;
        let pipe = || rustix::pipe::pipe_with(rustix::pipe::PipeFlags::CLOEXEC);
        let ((stdout, their_stdout), (stderr, their_stderr), (stack, their_stack)) = (pipe()?, pipe()?, pipe()?);
        for end in [&stdout, &stderr, &stack] {
            rustix::io::ioctl_fionbio(end, true)?;
        }
        let nothing = rustix::fs::open(
            "/dev/null",
            rustix::fs::OFlags::RDONLY | rustix::fs::OFlags::CLOEXEC,
            rustix::fs::Mode::empty(),
        )?;
        Ok(Self {
            ours: OurEnds { control, stdout, stderr, stack },
            theirs: [their_control, nothing, their_stdout, their_stderr, their_stack],
        })
    }
}

impl OurEnds {
    fn into_process(self, number: u64, observation_bytes: usize) -> Result<Process, SlotError> {
        let failed = |error: io::Error| SlotError { step: "pipes".to_owned(), error: error.to_string() };
        Ok(Process {
            number,
            control: UnixStream::from_std(self.control.into()).map_err(failed)?,
            frames: FrameBuffer::new(SandboxFrame::OVERHEAD, observation_bytes + FRAME_ALLOWANCE),
            nonce: [0; 8],
            nonces: Nonces::default(),
            told: Vec::new(),
            answers: Vec::new(),
            observation_bytes,
            stdout: Some(Receiver::from_owned_fd(self.stdout).map_err(failed)?),
            stderr: Some(Receiver::from_owned_fd(self.stderr).map_err(failed)?),
            stack: Receiver::from_owned_fd(self.stack).map_err(failed)?,
            printed: Printed::default(),
            exited: None,
            samples: samples(),
        })
    }
}
