//! One submission's sandbox at level `full`: namespaces of its own, held by a tiny init that is process 1 in them.

use std::fs;
use std::io::{Read as _, Seek as _, Write as _};
use std::os::fd::OwnedFd;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use rustix::mount::{MountFlags, mount};
use rustix::thread::{CapabilitySet, CapabilitySets, set_capabilities};

use super::{Step, StepError};
use crate::sandbox::policy::{INODES, WORK, WORK_FOLDERS};
use crate::sandbox::sys::{self, Forked};

/// A submission's files: names relative to the working folder, and bytes.
pub(super) type Files = Vec<(String, Vec<u8>)>;

/// What a new sandbox gets.
pub(super) struct Wanted {
    pub(super) files: Files,
    pub(super) loopback: bool,
    /// Size of each private folder.
    pub(super) scratch_bytes: u64,
    /// The id, in the slot's user namespace, that learner code will have.
    pub(super) owner: u32,
}

#[derive(Debug)]
pub(super) struct Instance {
    pub(super) pid: i32,
    pub(super) pidfd: OwnedFd,
    /// The namespaces that a fork of the zygote has to enter, besides that of pids.
    pub(super) namespaces: i32,
}

const NAMESPACES: i32 = libc::CLONE_NEWNS | libc::CLONE_NEWIPC | libc::CLONE_NEWUTS;

/// Makes the namespaces, mounts and files; returns once everything is in place.
pub(super) fn open(wanted: &Wanted) -> Result<Instance, StepError> {
    let namespaces = NAMESPACES | if wanted.loopback { libc::CLONE_NEWNET } else { 0 };
    let flags = u64::try_from(namespaces | libc::CLONE_NEWPID).unwrap_or(0);
    let (told, tell) = rustix::pipe::pipe_with(rustix::pipe::PipeFlags::CLOEXEC).step("pipe")?;
    match sys::clone3(flags, None).step("clone3 for a submission")? {
        Forked::Child => {
            drop(told);
            let mut tell = fs::File::from(tell);
            match set_up(wanted) {
                Ok(()) => {
                    let _ = tell.write_all(b"ok");
                    drop(tell);
                    reap_for_ever()
                }
                Err(failure) => {
                    let _ = tell.write_all(failure.to_string().as_bytes());
                    sys::exit_now(1)
                }
            }
        }
        Forked::Parent { pid, pidfd } => {
            drop(tell);
            let mut answer = String::new();
            let read = fs::File::from(told).read_to_string(&mut answer);
            if read.is_ok() && answer == "ok" {
                return Ok(Instance { pid, pidfd, namespaces });
            }
            let _ = sys::wait_usage(pid, true);
            let step = answer.split(": ").next().unwrap_or("set up").to_owned();
            Err(StepError { step, error: std::io::Error::other(answer) })
        }
    }
}

fn set_up(wanted: &Wanted) -> Result<(), StepError> {
    rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL)).step("death signal")?;
    let flags = MountFlags::NOSUID | MountFlags::NODEV;
    let options = |bytes: u64| format!("mode=700,size={bytes},nr_inodes={INODES},uid={0},gid={0}\0", wanted.owner);
    for folder in WORK_FOLDERS {
        let options = options(wanted.scratch_bytes);
        let options = std::ffi::CStr::from_bytes_with_nul(options.as_bytes()).unwrap_or(c"");
        mount("tmpfs", *folder, "tmpfs", flags, options).step(format!("mount {folder}"))?;
    }
    // Read-only, or a learner who fills memory could make the kernel's choice fall on the zygote (`oom_score_adj`).
    let of_proc = flags | MountFlags::NOEXEC | MountFlags::RDONLY;
    mount("proc", "/proc", "proc", of_proc, c"subset=pid").step("mount /proc")?;
    if wanted.loopback {
        sys::loopback_up().step("bring the loopback interface up")?;
    }
    write_files(Path::new(WORK), &wanted.files, Some(wanted.owner))?;
    // Left dumpable: setns(2) by pidfd asks for the right to inspect this process. The learner lacks it, being in another user namespace.
    set_capabilities(
        None,
        CapabilitySets {
            effective: CapabilitySet::empty(),
            permitted: CapabilitySet::empty(),
            inheritable: CapabilitySet::empty(),
        },
    )
    .step("drop capabilities of init")
}

/// Writes a submission into a fresh, empty folder that no learner code has seen yet.
pub(super) fn write_files(folder: &Path, files: &Files, owner: Option<u32>) -> Result<(), StepError> {
    let own = |path: &Path| match owner {
        Some(id) => std::os::unix::fs::chown(path, Some(id), Some(id)).step(format!("chown {}", path.display())),
        None => Ok(()),
    };
    for (name, bytes) in files {
        let path = folder.join(name);
        let name = || format!("write {name}");
        let mut made: Vec<PathBuf> = path
            .ancestors()
            .skip(1)
            .take_while(|above| *above != folder && !above.exists())
            .map(Path::to_path_buf)
            .collect();
        made.reverse();
        for above in &made {
            fs::create_dir(above).step(name())?;
            own(above)?;
        }
        let mut file = fs::File::options().write(true).create_new(true).mode(0o644).open(&path).step(name())?;
        file.write_all(bytes).step(name())?;
        own(&path)?;
    }
    Ok(())
}

/// Process 1: holds the namespaces; the kernel reaps orphans for it. Everything in the namespace dies with it.
fn reap_for_ever() -> ! {
    if sys::close_from(0).is_err() {
        sys::exit_now(1);
    }
    sys::ignore_children();
    loop {
        sys::pause();
    }
}

/// Splits the content descriptor of an `Open` request into files.
pub(super) fn read_files(content: OwnedFd, sizes: &[(String, u64)]) -> std::io::Result<Files> {
    let mut content = fs::File::from(content);
    content.rewind()?;
    sizes
        .iter()
        .map(|(name, size)| {
            let mut bytes = Vec::new();
            (&mut content).take(*size).read_to_end(&mut bytes)?;
            if bytes.len() as u64 != *size {
                return Err(std::io::Error::other(format!("{name} is cut short")));
            }
            Ok((name.clone(), bytes))
        })
        .collect()
}
