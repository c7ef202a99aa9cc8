//! A slot: one stage with its warm zygote, in which submissions are run one after the other.

use std::io;
use std::os::fd::{AsFd as _, BorrowedFd, OwnedFd};
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use rustix::net::{AddressFamily, SocketFlags, SocketType, socketpair};
use serde_json::json;
use tokio::io::AsyncReadExt as _;
use tokio::io::Interest;
use tokio::net::UnixDatagram;
use tokio::process::{Child, ChildStderr};

use super::cgroup::Cgroup;
use super::layout::{PythonFiles, view};
use super::packet;
use super::policy::{ENVIRONMENT, KIT, PACKAGES, SLOT_OVERHEAD_BYTES, SLOT_OVERHEAD_PROCESSES, STACK_SIGNAL, WORK};
use super::stage_protocol::{Boot, Closing, Event, ProcessLimits, Request};
use crate::verdict::{Isolation, Level};

/// What stays the same for all submissions of a slot.
#[derive(Clone, Debug)]
pub struct SlotSpec {
    /// This program, to be executed again as the stage.
    pub program: PathBuf,
    pub python: PythonFiles,
    /// Host folder of the `sandboxed` package.
    pub kit: PathBuf,
    /// Host folder with the exercise's locked packages.
    pub packages: Option<PathBuf>,
    pub preload: Vec<String>,
    pub tools: Vec<String>,
    /// The learner's memory and process limits; the slot's own need is added.
    pub memory_bytes: u64,
    pub processes: u64,
    /// Fixes the order of sets of strings (`PYTHONHASHSEED`).
    pub hash_seed: u32,
}

/// Why a slot could not be made, or died.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{step}: {error}")]
pub struct SlotError {
    /// The step of the set-up.
    pub step: String,
    pub error: String,
}

impl SlotError {
    fn new(step: &str, error: impl std::fmt::Display) -> Self {
        Self { step: step.to_owned(), error: error.to_string() }
    }
}

/// Longest time for a stage and its interpreter to come up.
const BOOT_TIME: Duration = Duration::from_secs(20);
/// Longest time for a killed sandbox to be gone.
const CLOSE_TIME: Duration = Duration::from_secs(30);
/// Most of a stage's standard error that is shown when it does not come up, bytes.
const COMPLAINT_BYTES: usize = 4000;

#[derive(Debug)]
pub struct Slot {
    /// A seqpacket socket; tokio's datagram type waits for it just as well.
    socket: UnixDatagram,
    stage: Child,
    pub isolation: Isolation,
    next: u64,
    name: String,
}

impl Slot {
    /// Starts a stage at exactly this level; an error names the step that this machine refuses.
    pub async fn start(spec: &SlotSpec, level: Level) -> Result<Self, SlotError> {
        let (ours, theirs) =
            socketpair(AddressFamily::UNIX, SocketType::SEQPACKET, SocketFlags::CLOEXEC | SocketFlags::NONBLOCK, None)
                .map_err(|error| SlotError::new("socketpair", error))?;
        // The stage reads its end blocking; the flag belongs to the open file, and each end is one of its own.
        rustix::io::ioctl_fionbio(&theirs, false).map_err(|error| SlotError::new("socketpair", error))?;
        let mut stage = start_stage(&spec.program, theirs).map_err(|error| SlotError::new("start the stage", error))?;
        let complaint = stage.stderr.take();
        let socket = UnixDatagram::from_std(ours.into()).map_err(|error| SlotError::new("socket", error))?;
        let mut slot = Self {
            socket,
            stage,
            isolation: Isolation { level, mechanisms: Vec::new() },
            next: 1,
            name: String::new(),
        };
        match tokio::time::timeout(BOOT_TIME, slot.boot(spec, level)).await {
            Ok(Ok(())) => Ok(slot),
            Ok(Err(failure)) => Err(explain(failure, complaint).await),
            Err(_) => Err(SlotError::new("start Python in the sandbox", "it did not come up in time")),
        }
    }

    async fn boot(&mut self, spec: &SlotSpec, level: Level) -> Result<(), SlotError> {
        let boot = boot(spec, level);
        self.name.clone_from(&boot.slot);
        self.send(&boot, &[]).await?;
        match self.event().await? {
            Event::Ready { mechanisms } => {
                self.isolation.mechanisms = mechanisms;
                Ok(())
            }
            Event::Broken { step, error } => Err(SlotError { step, error }),
            other => Err(SlotError::new("start the stage", format!("unexpected {other:?}"))),
        }
    }

    /// The name of a learner's file from its path inside; `None` for all other files. (Not every path with `/work/` in it is theirs.)
    pub fn learners_file<'p>(&self, path: &'p str) -> Option<&'p str> {
        if self.isolation.level == Level::Full {
            return path.strip_prefix(WORK)?.strip_prefix('/');
        }
        let scratch = format!("{}/{}-", std::env::temp_dir().display(), self.name).replace("//", "/");
        path.strip_prefix(&scratch)?.split_once("/work/").map(|(_, file)| file)
    }

    /// A number that no other sandbox or process of this slot has.
    pub fn number(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    /// Asks for a fresh sandbox with these files; its failure shows as a `Refused` event.
    pub async fn open(
        &mut self,
        files: Vec<(String, u64)>,
        content: BorrowedFd<'_>,
        loopback: bool,
        scratch_bytes: u64,
    ) -> Result<u64, SlotError> {
        let instance = self.number();
        self.send(&Request::Open { instance, files, loopback, scratch_bytes }, &[content]).await?;
        Ok(instance)
    }

    pub(super) async fn spawn(
        &mut self,
        instance: u64,
        limits: ProcessLimits,
        descriptors: &[BorrowedFd<'_>],
    ) -> Result<u64, SlotError> {
        let process = self.number();
        self.send(&Request::Spawn { instance, process, limits }, descriptors).await?;
        Ok(process)
    }

    pub(super) async fn ask_for_stack(&mut self, process: u64) -> Result<(), SlotError> {
        self.send(&Request::Stack { process }, &[]).await
    }

    /// Keeps what runs in this slot on one processor.
    pub async fn pin(&mut self, processor: usize) -> Result<(), SlotError> {
        self.send(&Request::Pin { processor }, &[]).await
    }

    pub(super) async fn ask_for_sample(&mut self) -> Result<(), SlotError> {
        self.send(&Request::Sample, &[]).await
    }

    /// Kills everything in a sandbox; returns when it is gone.
    pub async fn close(&mut self, instance: u64) -> Result<Closing, SlotError> {
        self.send(&Request::Close { instance }, &[]).await?;
        let closed = async {
            loop {
                if let Event::Closed { instance: closed, usage } = self.event().await?
                    && closed == instance
                {
                    return Ok(usage);
                }
            }
        };
        tokio::time::timeout(CLOSE_TIME, closed)
            .await
            .map_err(|_| SlotError::new("close a sandbox", "it is still there"))?
    }

    /// The next event of the stage. Cancel-safe.
    pub async fn event(&mut self) -> Result<Event, SlotError> {
        loop {
            self.socket.readable().await.map_err(|error| SlotError::new("read from the stage", error))?;
            match self.socket.try_io(Interest::READABLE, || packet::receive::<Event>(self.socket.as_fd())) {
                Ok(Some((event, _))) => return Ok(event),
                Ok(None) => return Err(SlotError::new("the stage", "it ended")),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Err(SlotError::new("read from the stage", error)),
            }
        }
    }

    async fn send(&mut self, message: &impl serde::Serialize, descriptors: &[BorrowedFd<'_>]) -> Result<(), SlotError> {
        loop {
            let sent =
                self.socket.try_io(Interest::WRITABLE, || packet::send(self.socket.as_fd(), message, descriptors));
            match sent {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    self.socket.writable().await.map_err(|error| SlotError::new("write to the stage", error))?;
                }
                other => return other.map_err(|error| SlotError::new("write to the stage", error)),
            }
        }
    }

    /// Cuts the leash and waits until the stage has taken everything down.
    pub async fn shut_down(self) {
        let Self { socket, mut stage, name, .. } = self;
        drop(socket);
        if tokio::time::timeout(CLOSE_TIME, stage.wait()).await.is_err() {
            let _ = stage.kill().await;
        }
        // A stage that was killed could not do it itself.
        Cgroup::remove_left(&name);
    }
}

#[expect(clippy::disallowed_methods, reason = "the stage is where sandboxes come from")]
fn start_stage(program: &std::path::Path, socket: OwnedFd) -> io::Result<Child> {
    let mut command = tokio::process::Command::new(program);
    command.arg0("grade").arg("__stage").env_clear();
    command.stdin(Stdio::from(socket)).stdout(Stdio::null()).stderr(Stdio::piped()).spawn()
}

/// What the stage or its interpreter wrote before it died says more than "it ended".
async fn explain(mut failure: SlotError, complaint: Option<ChildStderr>) -> SlotError {
    let mut text = Vec::new();
    if let Some(stderr) = complaint {
        let reading = stderr.take(COMPLAINT_BYTES as u64);
        tokio::pin!(reading);
        let _ = tokio::time::timeout(Duration::from_millis(500), reading.read_to_end(&mut text)).await;
    }
    let text = String::from_utf8_lossy(&text);
    let last = text.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or("");
    if !last.is_empty() {
        failure.error = format!("{} ({})", failure.error, last.trim());
    }
    failure
}

fn boot(spec: &SlotSpec, level: Level) -> Boot {
    let full = level == Level::Full;
    let kit = if full { PathBuf::from(KIT) } else { spec.kit.clone() };
    let packages = spec.packages.as_ref().map(|host| if full { PathBuf::from(PACKAGES) } else { host.clone() });
    let mut environment: Vec<_> =
        ENVIRONMENT.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    environment.push(("PYTHONHASHSEED".to_owned(), spec.hash_seed.to_string()));
    Boot {
        level,
        python: spec.python.executable.clone(),
        arguments: ["-S", "-s", "-P", "-B"]
            .map(str::to_owned)
            .into_iter()
            .chain([kit.join("zygote.py").display().to_string()])
            .collect(),
        environment,
        view: view(&spec.python, &spec.kit, spec.packages.as_deref(), &spec.tools),
        run_as: run_as(spec, full),
        memory_bytes: spec.memory_bytes + SLOT_OVERHEAD_BYTES,
        // A program runs while the process that serves calls waits, with what either has left behind.
        processes: 2 * spec.processes + SLOT_OVERHEAD_PROCESSES,
        slot: format!("grade-{}-{}", std::process::id(), unique()),
        scratch: std::env::temp_dir(),
        zygote: json!({
            "namespaces": full,
            "packages": packages,
            "preload": spec.preload,
            "stack_signal": STACK_SIGNAL,
        }),
    }
}

fn unique() -> u32 {
    use std::sync::atomic::{AtomicU32, Ordering};
    static NEXT: AtomicU32 = AtomicU32::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// Ids that no account has: above what distributions hand out, below what containers are given.
const FIRST_FREE_ID: u32 = 1_700_000_000;
/// `nobody`, for a root that has few ids (a container in a user namespace of its own).
const NOBODY: u32 = 65534;

/// Only root can become someone else. Without a private root file system the interpreter must be readable to that someone.
fn run_as(spec: &SlotSpec, full: bool) -> Option<u32> {
    if !rustix::process::geteuid().is_root() || !(full || readable_to_all(&spec.python) && readable_above(&spec.kit)) {
        return None;
    }
    let wanted = FIRST_FREE_ID + std::process::id() % 100_000 + unique();
    Some(if id_is_mapped(wanted) { wanted } else { NOBODY })
}

fn id_is_mapped(id: u32) -> bool {
    let map = std::fs::read_to_string("/proc/self/uid_map").unwrap_or_default();
    map.lines().any(|line| {
        let mut fields = line.split_whitespace().filter_map(|field| field.parse::<u64>().ok());
        let (Some(first), Some(_), Some(count)) = (fields.next(), fields.next(), fields.next()) else { return false };
        (first..first + count).contains(&u64::from(id))
    })
}

fn readable_to_all(python: &PythonFiles) -> bool {
    python.folders.iter().chain([&python.executable]).all(|path| readable_above(path))
}

/// Whether others may pass through every folder above.
fn readable_above(path: &std::path::Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    path.ancestors().all(|above| above.metadata().is_ok_and(|metadata| metadata.permissions().mode() & 0o005 == 0o005))
}
