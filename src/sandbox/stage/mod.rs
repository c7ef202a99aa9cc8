//! The stage: `grade` executed again, single-threaded, to build sandboxes and to hold the zygote that forks into them.
//!
//! At level `full` it is two processes. The *keeper* makes the cgroup, clones the *server* into fresh namespaces, writes its id maps, waits for
//! the leash (its socket) to be cut, and then takes everything down. The server is process 1 of the slot's pid namespace: it builds
//! the root, starts the zygote, and makes one more set of namespaces, with a tiny init, for each submission. At the lower levels both are one process.

mod instance;
mod keeper;
mod processes;
mod root;
mod scratch;
mod server;
mod zygote;

use std::fmt;
use std::os::fd::{AsFd, OwnedFd};

use super::packet;
use super::stage_protocol::{Boot, Event};
use super::sys;

/// The zygote's descriptor for its socket to the server.
const ZYGOTE_SOCKET: i32 = 3;

/// The stage gets its socket as standard input: that needs no code between fork and exec in the many-threaded supervisor.
const STAGE_SOCKET: i32 = 0;

/// A set-up step that failed; each step has a name of its own.
#[derive(Debug)]
pub(crate) struct StepError {
    pub(crate) step: String,
    pub(crate) error: std::io::Error,
}

impl fmt::Display for StepError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.step, self.error)
    }
}

/// Names the step that an operation belongs to.
pub(crate) trait Step<T> {
    fn step(self, name: impl Into<String>) -> Result<T, StepError>;
}

impl<T, E: Into<std::io::Error>> Step<T> for Result<T, E> {
    fn step(self, name: impl Into<String>) -> Result<T, StepError> {
        self.map_err(|error| StepError { step: name.into(), error: error.into() })
    }
}

/// Entry point of the hidden command `__stage`. Never returns; says what failed on its socket.
pub fn main() -> ! {
    let Ok(socket) = sys::inherited(STAGE_SOCKET) else { sys::exit_now(2) };
    let outcome = run(&socket);
    if let Err(failure) = outcome {
        let event = Event::Broken { step: failure.step, error: failure.error.to_string() };
        // The supervisor may be gone already; then nobody needs to be told.
        let _ = packet::send(socket.as_fd(), &event, &[]);
        sys::exit_now(1);
    }
    sys::exit_now(0)
}

fn run(socket: &OwnedFd) -> Result<(), StepError> {
    // Ctrl-C in the user's terminal is for the supervisor; it cuts the leash.
    rustix::process::setsid()
        .map(drop)
        .or_else(|error| if error == rustix::io::Errno::PERM { Ok(()) } else { Err(error) })
        .step("setsid")?;
    rustix::io::fcntl_setfd(socket, rustix::io::FdFlags::CLOEXEC).step("close-on-exec")?;
    let Some((boot, _)) = packet::receive::<Boot>(socket.as_fd()).step("boot packet")? else { return Ok(()) };
    match boot.level {
        crate::verdict::Level::Full => keeper::run(&boot, socket),
        _ => server::alone(&boot, socket),
    }
}
