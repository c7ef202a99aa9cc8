//! The system calls that no library wraps. The only `unsafe` code of the crate.

#![expect(
    unsafe_code,
    reason = "clone3, seccomp, mount_setattr and execve have no safe wrapper; every block states what it relies on"
)]

use std::ffi::CString;
use std::io;
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd};

/// One instruction of classic BPF (`struct sock_filter`, `linux/filter.h`).
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BpfInstruction {
    pub code: u16,
    pub jump_true: u8,
    pub jump_false: u8,
    pub operand: u32,
}

#[repr(C)]
struct BpfProgram {
    length: u16,
    instructions: *const BpfInstruction,
}

/// Who one is after [`clone3`].
#[derive(Debug)]
pub enum Forked {
    Child,
    /// The child's pid in the caller's pid namespace, and a descriptor for it.
    Parent {
        pid: i32,
        pidfd: OwnedFd,
    },
}

/// `linux/sched.h`; libc's constant is too narrow for it.
const CLONE_INTO_CGROUP: u64 = 0x2_0000_0000;

fn check(returned: libc::c_long) -> io::Result<libc::c_long> {
    if returned < 0 { Err(io::Error::last_os_error()) } else { Ok(returned) }
}

/// Forks into new namespaces (`flags`: `CLONE_NEW*`), optionally into a version-2 cgroup (Linux 5.7).
///
/// The caller must be single-threaded: the child gets a copy of this thread only, so a lock held by another would stay locked for ever.
pub fn clone3(flags: u64, cgroup: Option<BorrowedFd<'_>>) -> io::Result<Forked> {
    let mut pidfd: libc::c_int = -1;
    // SAFETY: clone_args is plain data; all zero is its documented default.
    let mut args: libc::clone_args = unsafe { std::mem::zeroed() };
    args.flags = flags | libc::CLONE_PIDFD as u64;
    args.pidfd = (&raw mut pidfd) as u64;
    args.exit_signal = libc::SIGCHLD as u64;
    if let Some(fd) = cgroup {
        args.flags |= CLONE_INTO_CGROUP;
        args.cgroup = u64::try_from(fd.as_raw_fd()).map_err(io::Error::other)?;
    }
    // SAFETY: no CLONE_VM and no stack is given, so this behaves as fork(2): the child goes on with a copy of this stack. `args` and `pidfd`
    // outlive the call.
    let pid = check(unsafe { libc::syscall(libc::SYS_clone3, &raw mut args, size_of::<libc::clone_args>()) })?;
    if pid == 0 {
        return Ok(Forked::Child);
    }
    // SAFETY: the kernel stored a new descriptor that nobody else owns (CLONE_PIDFD, clone(2)).
    let pidfd = unsafe { OwnedFd::from_raw_fd(pidfd) };
    Ok(Forked::Parent { pid: i32::try_from(pid).map_err(io::Error::other)?, pidfd })
}

/// Ends the process at once, without destructors or `atexit` handlers.
pub fn exit_now(code: i32) -> ! {
    // SAFETY: _exit(2) never returns and touches no memory.
    unsafe { libc::_exit(code) }
}

/// Replaces this process by another program; returns only on error.
pub fn execve(path: &CString, arguments: &[CString], environment: &[CString]) -> io::Error {
    let pointers = |strings: &[CString]| -> Vec<*const libc::c_char> {
        strings.iter().map(|string| string.as_ptr()).chain([std::ptr::null()]).collect()
    };
    let (arguments, environment) = (pointers(arguments), pointers(environment));
    // SAFETY: both arrays are null-terminated and point to strings that live until the call returns.
    unsafe { libc::execve(path.as_ptr(), arguments.as_ptr(), environment.as_ptr()) };
    io::Error::last_os_error()
}

/// Closes every descriptor from `first` on (Linux 5.9).
pub fn close_from(first: u32) -> io::Result<()> {
    // SAFETY: takes numbers only. The callers are set-up code that owns no descriptor above `first` any more.
    check(unsafe { libc::syscall(libc::SYS_close_range, first, u32::MAX, 0) }).map(drop)
}

/// Makes the descriptor `from` available as number `to`, without close-on-exec.
pub fn duplicate_to(from: BorrowedFd<'_>, to: i32) -> io::Result<()> {
    if from.as_raw_fd() == to {
        // SAFETY: fcntl on a descriptor that is borrowed, hence open.
        return check(unsafe { libc::fcntl(to, libc::F_SETFD, 0) }.into()).map(drop);
    }
    // SAFETY: dup2 replaces `to`; the callers own the low numbers of a process they are setting up.
    check(unsafe { libc::dup2(from.as_raw_fd(), to) }.into()).map(drop)
}

/// Takes over a descriptor that was inherited under a number agreed with the parent.
pub fn inherited(number: i32) -> io::Result<OwnedFd> {
    // SAFETY: F_GETFD only asks whether the number is open.
    check(unsafe { libc::fcntl(number, libc::F_GETFD) }.into())?;
    // SAFETY: it is open, and by the agreement nobody else in this freshly executed process owns it.
    Ok(unsafe { OwnedFd::from_raw_fd(number) })
}

/// Makes a mount and everything below it read-only, without set-user-ID programs and (unless `devices`) without devices (Linux 5.12).
pub fn restrict_mount(path: &CString, read_only: bool, devices: bool) -> io::Result<()> {
    #[repr(C)]
    struct MountAttributes {
        set: u64,
        clear: u64,
        propagation: u64,
        user_namespace: u64,
    }
    let mut set = libc::MOUNT_ATTR_NOSUID;
    if read_only {
        set |= libc::MOUNT_ATTR_RDONLY;
    }
    if !devices {
        set |= libc::MOUNT_ATTR_NODEV;
    }
    let attributes = MountAttributes { set, clear: 0, propagation: 0, user_namespace: 0 };
    // SAFETY: the structure has the layout of `struct mount_attr` (VER0) and both pointers are valid during the call.
    check(unsafe {
        libc::syscall(
            libc::SYS_mount_setattr,
            libc::AT_FDCWD,
            path.as_ptr(),
            libc::AT_RECURSIVE,
            &raw const attributes,
            size_of::<MountAttributes>(),
        )
    })
    .map(drop)
}

/// Puts a seccomp filter on this process and all its later children. Needs no-new-privileges.
pub fn install_filter(program: &[BpfInstruction]) -> io::Result<()> {
    let header =
        BpfProgram { length: u16::try_from(program.len()).map_err(io::Error::other)?, instructions: program.as_ptr() };
    // SAFETY: `header` describes a slice that outlives the call; the kernel checks the program.
    check(unsafe { libc::syscall(libc::SYS_seccomp, libc::SECCOMP_SET_MODE_FILTER, 0, &raw const header) }).map(drop)
}

/// Brings the loopback interface of this network namespace up.
pub fn loopback_up() -> io::Result<()> {
    use rustix::net::{AddressFamily, SocketType, socket};
    let socket = socket(AddressFamily::INET, SocketType::DGRAM, None)?;
    // SAFETY: ifreq is plain data; all zero is valid.
    let mut request: libc::ifreq = unsafe { std::mem::zeroed() };
    for (to, from) in request.ifr_name.iter_mut().zip(b"lo\0") {
        *to = from.cast_signed() as libc::c_char;
    }
    request.ifr_ifru.ifru_flags =
        libc::c_short::try_from(libc::IFF_UP | libc::IFF_RUNNING).map_err(io::Error::other)?;
    // SAFETY: SIOCSIFFLAGS reads an ifreq, which `request` is.
    check(unsafe { libc::ioctl(socket.as_raw_fd(), libc::SIOCSIFFLAGS as _, &raw const request) }.into()).map(drop)
}

/// Waits for one child and says what it used: its own and its waited-for children's CPU microseconds, and peak KiB.
pub fn wait_usage(pid: i32, block: bool) -> io::Result<Option<Ended>> {
    let mut status = 0;
    // SAFETY: rusage is plain data.
    let mut usage: libc::rusage = unsafe { std::mem::zeroed() };
    // SAFETY: both out-pointers are valid during the call.
    let got = check(
        unsafe { libc::wait4(pid, &raw mut status, if block { 0 } else { libc::WNOHANG }, &raw mut usage) }.into(),
    )?;
    if got == 0 {
        return Ok(None);
    }
    let micros = |time: libc::timeval| u64::try_from(time.tv_sec * 1_000_000 + time.tv_usec).unwrap_or(0);
    Ok(Some(Ended {
        pid: i32::try_from(got).map_err(io::Error::other)?,
        status,
        cpu_us: micros(usage.ru_utime) + micros(usage.ru_stime),
        peak_kib: u64::try_from(usage.ru_maxrss).unwrap_or(0),
    }))
}

/// How a waited-for child ended.
#[derive(Clone, Copy, Debug)]
pub struct Ended {
    pub pid: i32,
    /// As `wait(2)` reports it.
    pub status: i32,
    pub cpu_us: u64,
    pub peak_kib: u64,
}

/// The version of Landlock's interface, 0 where there is none (`landlock_create_ruleset(2)`).
pub fn landlock_abi() -> i64 {
    const VERSION: u32 = 1;
    // SAFETY: with a null pointer, size 0 and this flag the call only returns a number.
    let version = unsafe { libc::syscall(libc::SYS_landlock_create_ruleset, std::ptr::null::<u8>(), 0usize, VERSION) };
    version.max(0)
}

/// Lets the kernel reap this process's children as they end (`SIGCHLD` ignored, POSIX.1-2001).
pub fn ignore_children() {
    // SAFETY: SIG_IGN installs no handler, so no code of ours runs in a signal's context.
    unsafe { libc::signal(libc::SIGCHLD, libc::SIG_IGN) };
}

/// Sleeps until a signal comes.
pub fn pause() {
    // SAFETY: takes nothing, touches nothing.
    unsafe { libc::pause() };
}

/// Puts this process and its later children under a Landlock ruleset. Needs no-new-privileges.
pub fn landlock_enforce(ruleset: &OwnedFd) -> io::Result<()> {
    // SAFETY: takes a descriptor that is borrowed, hence open, and flags.
    check(unsafe { libc::syscall(libc::SYS_landlock_restrict_self, ruleset.as_raw_fd(), 0) }).map(drop)
}
