//! The keeper: the slot's cgroup, its namespaces from outside, its end.

use std::fs;
use std::io::{Read as _, Write as _};
use std::os::fd::{AsFd, OwnedFd};

use rustix::event::{PollFd, PollFlags, poll};

use super::{Step, StepError, server};
use crate::sandbox::cgroup::Cgroup;
use crate::sandbox::stage_protocol::Boot;
use crate::sandbox::sys::{self, Forked};

const SLOT_NAMESPACES: i32 = libc::CLONE_NEWUSER
    | libc::CLONE_NEWNS
    | libc::CLONE_NEWPID
    | libc::CLONE_NEWIPC
    | libc::CLONE_NEWUTS
    | libc::CLONE_NEWNET
    | libc::CLONE_NEWCGROUP;

pub(super) fn run(boot: &Boot, socket: &OwnedFd) -> Result<(), StepError> {
    let cgroup = Cgroup::enter(&boot.slot, boot.memory_bytes, boot.processes);
    let outcome = hold(boot, socket, cgroup.as_ref());
    if let Some(cgroup) = cgroup {
        cgroup.leave();
        cgroup.remove();
    }
    outcome
}

fn hold(boot: &Boot, socket: &OwnedFd, cgroup: Option<&Cgroup>) -> Result<(), StepError> {
    let (go_read, go_write) = rustix::pipe::pipe_with(rustix::pipe::PipeFlags::CLOEXEC).step("pipe")?;
    let flags = u64::try_from(SLOT_NAMESPACES).unwrap_or(0);
    match sys::clone3(flags, None).step("clone3 with namespaces")? {
        Forked::Child => {
            drop(go_write);
            let mut go = [0];
            if fs::File::from(go_read).read_exact(&mut go).is_err() {
                sys::exit_now(1);
            }
            server::main(boot, socket, cgroup)
        }
        Forked::Parent { pid, pidfd } => {
            drop(go_read);
            let mapped = write_maps(pid, boot.run_as)
                .and_then(|()| fs::File::from(go_write).write_all(&[1]).step("start the server"));
            if mapped.is_ok() {
                wait_for_the_end(socket, &pidfd);
            }
            // Process 1 of the namespace: with it the kernel kills everything in there.
            let _ = rustix::process::pidfd_send_signal(&pidfd, rustix::process::Signal::KILL);
            let _ = sys::wait_usage(pid, true);
            mapped
        }
    }
}

/// As root the server keeps id 0 (it must read an interpreter that may be below `/root`) and learners get an id that is nobody's. As a
/// plain user there is one id to map, the own.
fn write_maps(pid: i32, run_as: Option<u32>) -> Result<(), StepError> {
    let (uid, gid) = (rustix::process::geteuid().as_raw(), rustix::process::getegid().as_raw());
    let write = |file: &str, text: String| fs::write(format!("/proc/{pid}/{file}"), text).step(format!("write {file}"));
    if let Some(id) = run_as {
        write("uid_map", format!("0 {uid} 1\n1 {id} 1\n"))?;
        return write("gid_map", format!("0 {gid} 1\n1 {id} 1\n"));
    }
    write("uid_map", format!("0 {uid} 1\n"))?;
    write("setgroups", "deny".to_owned())?;
    write("gid_map", format!("0 {gid} 1\n"))
}

/// Until the supervisor hangs up, or the server dies.
fn wait_for_the_end(socket: &OwnedFd, pidfd: &OwnedFd) {
    loop {
        // No events asked for on the socket: hang-up is always told, and the packets are for the server.
        let mut waiting =
            [PollFd::from_borrowed_fd(socket.as_fd(), PollFlags::empty()), PollFd::new(pidfd, PollFlags::IN)];
        match poll(&mut waiting, None) {
            Err(rustix::io::Errno::INTR) => {}
            Err(_) => return,
            Ok(_) if waiting.iter().any(|each| !each.revents().is_empty()) => return,
            Ok(_) => {}
        }
    }
}
