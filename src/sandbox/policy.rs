//! What a submission meets, as data: paths, environment, identities. System calls are in `syscalls.rs`, limits in the exercise.

/// The learner's working folder.
pub const WORK: &str = "/work";

/// Private, writable, bounded, gone afterwards: one tmpfs each for every submission.
pub const WORK_FOLDERS: &[&str] = &[WORK, "/tmp", "/dev/shm"];

/// Devices of the host that are harmless and that Python and the C library use. No terminal, no `/dev/tty`.
pub const DEVICES: &[&str] = &["/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"];

/// Where the packages of ours that run inside are seen: the runner and codec, standard library only; no grader, no fixture.
pub const KIT: &str = "/grade/sandboxed";

/// Where the exercise's locked packages are seen.
pub const PACKAGES: &str = "/grade/packages";

/// The user and group that learner code believes to be.
pub const INNER_ID: u32 = 1000;

/// Inodes of each private folder: enough for any exercise, few enough that a flood ends soon.
pub const INODES: u32 = 4096;

/// The whole environment of learner code, but `PYTHONHASHSEED` and, at the lower levels, `HOME` and `TMPDIR`.
pub const ENVIRONMENT: &[(&str, &str)] = &[
    ("PATH", "/usr/local/bin:/usr/bin:/bin"),
    ("HOME", WORK),
    ("TMPDIR", "/tmp"),
    ("LANG", "C.UTF-8"),
    ("TZ", "UTC"),
    ("USER", "learner"),
    ("PYTHONDONTWRITEBYTECODE", "1"),
    ("PYTHONUTF8", "1"),
    // A threaded BLAS in the zygote would make unshare(CLONE_NEWUSER) fail in its forks.
    ("OPENBLAS_NUM_THREADS", "1"),
    ("OMP_NUM_THREADS", "1"),
];

/// Folders of the host with the C library and its like; those that exist are shown read-only, those that are links as links.
pub const LIBRARIES: &[&str] = &["/lib", "/lib64", "/lib32", "/usr/lib", "/usr/lib64", "/usr/local/lib"];

/// Single files and folders of the host that the C library and Python read; optional.
pub const SUPPORT: &[&str] = &["/etc/ld.so.cache", "/etc/localtime", "/usr/share/zoneinfo", "/nix/store"];

/// Files made up for the inside.
pub const MADE_UP: &[(&str, &str)] = &[
    ("/etc/passwd", "root:x:0:0:root:/nonexistent:/usr/sbin/nologin\nlearner:x:1000:1000:learner:/work:/bin/sh\n"),
    ("/etc/group", "root:x:0:\nlearner:x:1000:\n"),
    ("/etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files\n"),
    ("/etc/hosts", "127.0.0.1 localhost\n::1 localhost\n"),
    ("/etc/resolv.conf", ""),
];

/// Programs that `[sandbox] tools` may name are looked for here.
pub const TOOL_FOLDERS: &[&str] = &["/usr/local/bin", "/usr/bin", "/bin"];

/// The real-time signal at which a sandboxed Python writes its stack to its stack descriptor.
pub const STACK_SIGNAL: i32 = 60;

/// Memory of the slot beyond the learner's limit: stage, zygote, page tables, bytes.
pub const SLOT_OVERHEAD_BYTES: u64 = 96 * 1024 * 1024;

/// Processes of the slot beyond the learner's limit.
pub const SLOT_OVERHEAD_PROCESSES: u64 = 12;
