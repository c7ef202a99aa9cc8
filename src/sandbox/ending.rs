//! How a sandboxed process ended instead of answering.

use super::stack::StackFrame;
use crate::verdict::Ending;

/// How a process ended instead of answering.
#[derive(Clone, Debug)]
pub struct Ended {
    pub ending: Ending,
    pub detail: String,
    /// The learner's Python frames at the end of time or at a crash, outermost first.
    pub stack: Vec<StackFrame>,
    pub exit_code: Option<i32>,
    pub signal: Option<&'static str>,
}

impl Ended {
    /// It said what may not be said.
    pub fn broken_protocol(detail: &str) -> Self {
        Self {
            ending: Ending::BrokenProtocol,
            detail: detail.to_owned(),
            stack: Vec::new(),
            exit_code: None,
            signal: None,
        }
    }
}

/// A process that has ended, as `wait(2)` tells it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Exited {
    pub(super) status: i32,
}

impl Exited {
    pub(super) fn explain(self, stack: Vec<StackFrame>) -> Ended {
        let (code, signal) = (libc_status::exit_code(self.status), libc_status::signal(self.status));
        let ending = match signal {
            Some(libc::SIGXCPU) => Ending::OutOfCpu,
            Some(_) => Ending::Signalled,
            None => Ending::Exited,
        };
        let detail = match (code, signal) {
            (Some(code), _) => format!("exit code {code}"),
            (_, Some(number)) => format!("signal {number}"),
            _ => String::new(),
        };
        Ended { ending, detail, stack, exit_code: code, signal: signal.map(signal_name) }
    }
}

/// The macros of `wait(2)` as functions.
mod libc_status {
    pub(super) fn exit_code(status: i32) -> Option<i32> {
        libc::WIFEXITED(status).then(|| libc::WEXITSTATUS(status))
    }

    pub(super) fn signal(status: i32) -> Option<i32> {
        libc::WIFSIGNALED(status).then(|| libc::WTERMSIG(status))
    }
}

const fn signal_name(number: i32) -> &'static str {
    match number {
        libc::SIGABRT => "SIGABRT",
        libc::SIGALRM => "SIGALRM",
        libc::SIGBUS => "SIGBUS",
        libc::SIGFPE => "SIGFPE",
        libc::SIGHUP => "SIGHUP",
        libc::SIGILL => "SIGILL",
        libc::SIGINT => "SIGINT",
        libc::SIGKILL => "SIGKILL",
        libc::SIGPIPE => "SIGPIPE",
        libc::SIGSEGV => "SIGSEGV",
        libc::SIGSYS => "SIGSYS",
        libc::SIGTERM => "SIGTERM",
        libc::SIGUSR1 => "SIGUSR1",
        libc::SIGUSR2 => "SIGUSR2",
        libc::SIGXCPU => "SIGXCPU",
        libc::SIGXFSZ => "SIGXFSZ",
        _ => "another signal",
    }
}
