//! The zygote as the server sees it: started once, asked to fork.

use std::ffi::CString;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use rustix::net::{AddressFamily, SocketFlags, SocketType, socketpair};
use serde::{Deserialize, Serialize};

use super::root::c_path;
use super::{Step, StepError, ZYGOTE_SOCKET};
use crate::sandbox::packet;
use crate::sandbox::seccomp;
use crate::sandbox::stage_protocol::{Boot, ProcessLimits};
use crate::sandbox::sys::{self, Forked};
use crate::sandbox::syscalls::{Needs, OWN_PID, Verdict, base_rules, final_rules};
use crate::verdict::Level;

/// What the server asks of the zygote.
#[derive(Serialize)]
pub(super) enum Order<'a> {
    /// How every fork confines itself; sent once, first.
    Confinement {
        details: &'a serde_json::Value,
        inner_id: u32,
        run_as: Option<u32>,
        final_filter: String,
        own_pid: u32,
        stack_signal: i32,
        raise_oom_score: bool,
    },
    /// Descriptors: control, input, output, error, stack, then the init's pidfd and the Landlock ruleset, where there are.
    Spawn {
        process: u64,
        limits: Option<ProcessLimits>,
        namespaces: i32,
        landlock: bool,
        work: &'a str,
        temporary: &'a str,
    },
    Stack {
        process: u64,
    },
}

/// What the zygote says. It never runs learner code, so it is believed.
#[derive(Debug, Deserialize)]
pub(super) enum Report {
    Ready,
    Spawned { process: u64, pid: i32 },
    Refused { process: u64, step: String, error: String },
    Exited { process: u64, status: i32, cpu_us: u64, peak_kib: u64 },
}

pub(super) struct Zygote {
    socket: OwnedFd,
    pub(super) pid: i32,
    pub(super) pidfd: OwnedFd,
}

impl Zygote {
    /// Starts it under the base filter (if any) and waits until it has imported what it needs.
    pub(super) fn start(boot: &Boot, needs: Needs) -> Result<Self, StepError> {
        let (ours, theirs) =
            socketpair(AddressFamily::UNIX, SocketType::SEQPACKET, SocketFlags::CLOEXEC, None).step("socketpair")?;
        let filtered = boot.level >= Level::Landlock;
        let filter = seccomp::compile(&base_rules(needs), Verdict::Refuse(libc::ENOSYS));
        let zygote = match sys::clone3(0, None).step("fork the zygote")? {
            Forked::Child => {
                drop(ours);
                let failure = become_python(boot, theirs.as_fd(), filtered.then_some(filter.as_slice()));
                // Standard error is the stage's own: the supervisor shows it when the zygote does not come up.
                let _ = rustix::io::write(rustix::stdio::stderr(), failure.to_string().as_bytes());
                sys::exit_now(127)
            }
            Forked::Parent { pid, pidfd } => Self { socket: ours, pid, pidfd },
        };
        drop(theirs);
        zygote.confine(boot, needs)?;
        match zygote.next().step("start Python in the sandbox")? {
            Some(Report::Ready) => Ok(zygote),
            _ => Err(io::Error::other("the interpreter ended before it was ready")).step("start Python in the sandbox"),
        }
    }

    fn confine(&self, boot: &Boot, needs: Needs) -> Result<(), StepError> {
        let final_filter = seccomp::compile(&final_rules(needs), Verdict::Allow);
        let bytes: Vec<u8> = final_filter
            .iter()
            .flat_map(|each| {
                let [low, high] = each.code.to_ne_bytes();
                let operand = each.operand.to_ne_bytes();
                [low, high, each.jump_true, each.jump_false, operand[0], operand[1], operand[2], operand[3]]
            })
            .collect();
        let order = Order::Confinement {
            details: &boot.zygote,
            inner_id: crate::sandbox::policy::INNER_ID,
            run_as: boot.run_as,
            final_filter: if boot.level >= Level::Landlock { hex(&bytes) } else { String::new() },
            own_pid: OWN_PID,
            stack_signal: crate::sandbox::policy::STACK_SIGNAL,
            raise_oom_score: needs.memory_counted,
        };
        self.order(&order, &[]).step("configure the zygote")
    }

    pub(super) fn order(&self, order: &Order<'_>, descriptors: &[BorrowedFd<'_>]) -> io::Result<()> {
        packet::send(self.socket.as_fd(), order, descriptors)
    }

    /// The next report; `None` when it is gone.
    pub(super) fn next(&self) -> io::Result<Option<Report>> {
        Ok(packet::receive(self.socket.as_fd())?.map(|(report, _)| report))
    }

    pub(super) fn socket(&self) -> BorrowedFd<'_> {
        self.socket.as_fd()
    }
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// In the child: descriptors, filter, exec. Returns only what failed.
fn become_python(boot: &Boot, socket: BorrowedFd<'_>, filter: Option<&[sys::BpfInstruction]>) -> StepError {
    let prepared = (|| {
        let nothing = rustix::fs::open("/dev/null", rustix::fs::OFlags::RDWR, rustix::fs::Mode::empty())
            .step("open /dev/null")?;
        sys::duplicate_to(nothing.as_fd(), 0).step("standard input of the zygote")?;
        sys::duplicate_to(nothing.as_fd(), 1).step("standard output of the zygote")?;
        drop(nothing);
        sys::duplicate_to(socket, ZYGOTE_SOCKET).step("descriptor 3 of the zygote")?;
        sys::close_from(4).step("close_range for the zygote")?;
        rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL)).step("death signal")?;
        if let Some(filter) = filter {
            rustix::thread::set_no_new_privs(true).step("no new privileges")?;
            sys::install_filter(filter).step("install the base seccomp filter")?;
        }
        Ok(())
    })();
    if let Err(failure) = prepared {
        return failure;
    }
    let c = |text: &str| CString::new(text).unwrap_or_default();
    let arguments: Vec<_> =
        std::iter::once(c_path(&boot.python)).chain(boot.arguments.iter().map(|text| c(text))).collect();
    let environment: Vec<_> = boot.environment.iter().map(|(name, value)| c(&format!("{name}={value}"))).collect();
    let error = sys::execve(&c_path(&boot.python), &arguments, &environment);
    StepError { step: format!("execute {}", boot.python.display()), error }
}
