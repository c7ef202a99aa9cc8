//! Runs one tool of ours (an interpreter's probe, `uv`, `pip`): no stdin, bounded time, bounded output, killed as a group.

use std::ffi::OsStr;
use std::io::{self, PipeReader, Read};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group};
use wait_timeout::ChildExt;

use super::{Interrupt, Variables};

/// How much of the end of a tool's output is kept.
const OUTPUT_BYTES: usize = 64 * 1024;
/// How often an interrupt is looked for.
const PULSE: Duration = Duration::from_millis(50);
/// How long a pipe may stay open after its writer ended (a descendant that left the group may hold it for ever).
const DRAIN: Duration = Duration::from_millis(500);

/// How a tool ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    Exited(i32),
    Signalled(i32),
    TimedOut,
    Interrupted,
}

/// What a tool did.
#[derive(Debug)]
pub(crate) struct Finished {
    pub(crate) ended: Ended,
    /// The last 64 KiB of stdout and stderr as they came, control characters and all: escape before showing.
    pub(crate) output: String,
}

impl Finished {
    pub(crate) fn succeeded(&self) -> bool {
        self.ended == Ended::Exited(0)
    }
}

/// A tool about to run.
#[derive(Debug)]
pub(crate) struct Tool {
    command: Command,
    limit: Duration,
}

impl Tool {
    /// `program` with exactly these environment variables, allowed to run for `limit` of wall time.
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place where the environment module starts processes, none of them the learner's"
    )]
    pub(crate) fn new(program: impl AsRef<OsStr>, variables: &Variables, limit: Duration) -> Self {
        let mut command = Command::new(program);
        command.env_clear().envs(variables.iter()).stdin(Stdio::null()).process_group(0);
        Self { command, limit }
    }

    pub(crate) fn args<S: AsRef<OsStr>>(mut self, args: impl IntoIterator<Item = S>) -> Self {
        self.command.args(args);
        self
    }

    pub(crate) fn within(mut self, folder: &Path) -> Self {
        self.command.current_dir(folder);
        self
    }

    /// Runs it to its end, its time limit or the interrupt, whichever comes first; then nothing of its process group is left. Errors: it
    /// can't be started.
    pub(crate) fn run(mut self, interrupt: Option<&Interrupt>) -> io::Result<Finished> {
        let (reader, writer) = io::pipe()?;
        self.command.stdout(writer.try_clone()?).stderr(writer);
        let mut child = self.command.spawn()?;
        // The command keeps our ends of the pipe open for as long as it lives, and the reader waits for the last of them.
        drop(self.command);
        let output = collect(reader);
        let ended = match watch(&mut child, self.limit, interrupt)? {
            Ok(status) => status.code().map_or_else(|| Ended::Signalled(status.signal().unwrap_or(0)), Ended::Exited),
            Err(ended) => {
                kill(&mut child)?;
                ended
            }
        };
        let tail = output.recv_timeout(DRAIN).unwrap_or_default();
        Ok(Finished { ended, output: String::from_utf8_lossy(&tail).into_owned() })
    }
}

/// Waits for the child; the inner error says why the wait was given up with the child still running.
fn watch(child: &mut Child, limit: Duration, interrupt: Option<&Interrupt>) -> io::Result<Result<ExitStatus, Ended>> {
    let started = Instant::now();
    loop {
        if interrupt.is_some_and(Interrupt::is_raised) {
            return Ok(Err(Ended::Interrupted));
        }
        let Some(left) = limit.checked_sub(started.elapsed()) else { return Ok(Err(Ended::TimedOut)) };
        if let Some(status) = child.wait_timeout(left.min(PULSE))? {
            return Ok(Ok(status));
        }
    }
}

/// Kills the child's whole group, then reaps it: in this order its id can't have become another process's.
fn kill(child: &mut Child) -> io::Result<()> {
    let group = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    if let Some(group) = group {
        kill_process_group(group, Signal::KILL)?;
    }
    child.wait().map(drop)
}

/// Reads the pipe to its end on a thread of its own, keeping the last part.
fn collect(mut pipe: PipeReader) -> Receiver<Vec<u8>> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        let mut kept = Vec::new();
        let mut chunk = [0; 8192];
        while let Ok(count @ 1..) = pipe.read(&mut chunk) {
            kept.extend_from_slice(&chunk[..count]);
            let surplus = kept.len().saturating_sub(OUTPUT_BYTES);
            kept.drain(..surplus);
        }
        // Nobody may be listening any more; then the output is of no use either.
        let _ = sender.send(kept);
    });
    receiver
}

/// Some output of a tool as it may go to a terminal or a log: at most `limit` characters, whatever steers a terminal escaped.
pub(crate) fn shown(text: &str, limit: usize) -> String {
    let escape = |c: char| if matches!(c, '"' | '\'' | '\\') { c.to_string() } else { c.escape_debug().to_string() };
    text.chars().take(limit).map(escape).collect()
}
