//! The judge's own light sandbox: it needs to read Python, its packages and the graders, and to write bytecode; nothing else.

use std::ffi::CString;
use std::os::fd::AsFd as _;
use std::os::unix::ffi::OsStrExt as _;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::sandbox::syscalls::{Needs, Verdict, base_rules};
use crate::sandbox::{landlock, policy, seccomp, sys};
use crate::verdict::Level;

/// What `__judge` is told, as its only argument, in JSON.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Confined {
    pub(super) python: PathBuf,
    pub(super) arguments: Vec<String>,
    pub(super) environment: Vec<(String, String)>,
    pub(super) readable: Vec<PathBuf>,
    pub(super) writable: Vec<PathBuf>,
    /// Below `landlock` nothing is asked of the kernel.
    pub(super) level: Level,
}

/// Descriptor 3 of the judge is its socket; it arrives here as standard input.
const SOCKET: i32 = 3;

/// Entry point of the hidden command `__judge`: confines itself and becomes Python. Never returns.
pub fn main() -> ! {
    let complaint = match std::env::args().nth(2).map(|text| serde_json::from_str::<Confined>(&text)) {
        Some(Ok(confined)) => become_judge(&confined),
        _ => "no instructions".to_owned(),
    };
    let _ = rustix::io::write(rustix::stdio::stderr(), complaint.as_bytes());
    sys::exit_now(127)
}

/// Returns only what failed.
fn become_judge(confined: &Confined) -> String {
    // Ctrl-C in the terminal is for the supervisor.
    let _ = rustix::process::setsid();
    match confine(confined) {
        Ok(()) => {}
        Err(complaint) => return complaint,
    }
    let c = |bytes: &[u8]| CString::new(bytes).unwrap_or_default();
    let path = c(confined.python.as_os_str().as_bytes());
    let arguments: Vec<_> =
        std::iter::once(path.clone()).chain(confined.arguments.iter().map(|text| c(text.as_bytes()))).collect();
    let environment: Vec<_> =
        confined.environment.iter().map(|(name, value)| c(format!("{name}={value}").as_bytes())).collect();
    let error = sys::execve(&path, &arguments, &environment);
    format!("execute {}: {error}", confined.python.display())
}

fn confine(confined: &Confined) -> Result<(), String> {
    let io = |step: &'static str| move |error: std::io::Error| format!("{step}: {error}");
    let errno = |step: &'static str| move |error: rustix::io::Errno| format!("{step}: {error}");
    rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL))
        .map_err(errno("death signal"))?;
    sys::duplicate_to(rustix::stdio::stdin(), SOCKET).map_err(io("socket"))?;
    let nothing = rustix::fs::open("/dev/null", rustix::fs::OFlags::RDWR, rustix::fs::Mode::empty())
        .map_err(errno("open /dev/null"))?;
    sys::duplicate_to(nothing.as_fd(), 0).map_err(io("standard input"))?;
    drop(nothing);
    sys::close_from(4).map_err(io("close_range"))?;
    if confined.level < Level::Landlock {
        return Ok(());
    }
    rustix::thread::set_no_new_privs(true).map_err(errno("no new privileges"))?;
    let scoped = sys::landlock_abi() >= landlock::SCOPES;
    if sys::landlock_abi() > 0 {
        let ruleset = landlock::alone(&confined.readable, &confined.writable, policy::DEVICES)?;
        sys::landlock_enforce(&ruleset).map_err(io("landlock"))?;
    }
    let needs = Needs { alone: true, memory_counted: true, signals_scoped: scoped };
    sys::install_filter(&seccomp::compile(&base_rules(needs), Verdict::Refuse(libc::ENOSYS))).map_err(io("seccomp"))
}
