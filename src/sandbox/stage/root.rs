//! The file system that a slot sees: an empty tmpfs, what the run needs bound into it read-only, and nothing else.

use std::ffi::CString;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{DirBuilderExt as _, symlink};
use std::path::{Path, PathBuf};

use rustix::mount::{
    MountFlags, MountPropagationFlags, UnmountFlags, mount, mount_bind, mount_bind_recursive, mount_change, unmount,
};
use rustix::process::pivot_root;

use super::{Step, StepError};
use crate::sandbox::policy::{DEVICES, WORK_FOLDERS};
use crate::sandbox::stage_protocol::View;
use crate::sandbox::sys;

/// Where the host's root is seen while ours is built; detached at the end.
const OLD: &str = "/.old";

/// Builds the root of the slot's mount namespace and goes there. Process 1 of the slot, all capabilities in its user namespace.
pub(super) fn build(view: &View) -> Result<(), StepError> {
    mount_change("/", MountPropagationFlags::PRIVATE | MountPropagationFlags::REC).step("make mounts private")?;
    // Any folder that is sure to exist does as a mount point; what it covers is seen again below OLD after the pivot.
    mount("tmpfs", "/tmp", "tmpfs", MountFlags::NOSUID | MountFlags::NODEV, c"mode=755,size=1m,nr_inodes=4096")
        .step("mount the root")?;
    fs::create_dir("/tmp/.old").step("make the old root's folder")?;
    rustix::process::chdir("/tmp").step("chdir to the new root")?;
    pivot_root(".", ".old").step("pivot_root")?;
    rustix::process::chdir("/").step("chdir to the root")?;
    for (outside, inside) in &view.binds {
        bind(outside, inside)?;
    }
    for device in DEVICES {
        bind_device(device)?;
    }
    for (inside, target) in &view.links {
        link(inside, target)?;
    }
    for (inside, target) in STANDARD_LINKS {
        link(Path::new(inside), Path::new(target))?;
    }
    for (inside, text) in &view.files {
        make_parent(inside)?;
        fs::write(inside, text).step(format!("write {}", inside.display()))?;
    }
    for folder in WORK_FOLDERS.iter().chain(&["/proc"]) {
        make_folder(Path::new(folder))?;
    }
    let flags = MountFlags::NOSUID | MountFlags::NODEV | MountFlags::NOEXEC;
    mount("proc", "/proc", "proc", flags, None).step("mount the slot's /proc")?;
    unmount(OLD, UnmountFlags::DETACH).step("detach the old root")?;
    fs::remove_dir(OLD).step("remove the old root's folder")?;
    let root = MountFlags::NOSUID | MountFlags::NODEV | MountFlags::RDONLY;
    rustix::mount::mount_remount("/", MountFlags::BIND | root, c"").step("make the root read-only")
}

const STANDARD_LINKS: &[(&str, &str)] = &[
    ("/dev/fd", "/proc/self/fd"),
    ("/dev/stdin", "/proc/self/fd/0"),
    ("/dev/stdout", "/proc/self/fd/1"),
    ("/dev/stderr", "/proc/self/fd/2"),
];

fn link(inside: &Path, target: &Path) -> Result<(), StepError> {
    make_parent(inside)?;
    symlink(target, inside).step(format!("link {}", inside.display()))
}

fn old(path: &Path) -> PathBuf {
    Path::new(OLD).join(path.strip_prefix("/").unwrap_or(path))
}

fn bind(outside: &Path, inside: &Path) -> Result<(), StepError> {
    let source = old(outside);
    let name = || format!("bind {}", outside.display());
    let metadata = fs::metadata(&source).step(name())?;
    make_parent(inside)?;
    if metadata.is_dir() {
        make_folder(inside)?;
    } else {
        fs::write(inside, "").step(name())?;
    }
    mount_bind_recursive(&source, inside).step(name())?;
    sys::restrict_mount(&c_path(inside), true, false).step(format!("make {} read-only", inside.display()))
}

/// A user namespace may not make device nodes, but may show those of the host.
fn bind_device(device: &str) -> Result<(), StepError> {
    let path = Path::new(device);
    make_parent(path)?;
    fs::write(path, "").step(format!("make {device}"))?;
    mount_bind(old(path), path).step(format!("bind {device}"))?;
    sys::restrict_mount(&c_path(path), false, true).step(format!("restrict {device}"))
}

fn make_parent(path: &Path) -> Result<(), StepError> {
    path.parent().map_or(Ok(()), make_folder)
}

fn make_folder(path: &Path) -> Result<(), StepError> {
    fs::DirBuilder::new().recursive(true).mode(0o755).create(path).step(format!("make {}", path.display()))
}

pub(super) fn c_path(path: &Path) -> CString {
    // A path that came from the operating system or from our own tables holds no NUL.
    CString::new(path.as_os_str().as_bytes()).unwrap_or_default()
}
