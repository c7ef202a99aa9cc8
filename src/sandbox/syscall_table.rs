// Included by `syscalls.rs`: the rows of the policy, grouped by reason.

const BASE: &[&[Rule]] = &[
    rules!("files and folders: mounts and Landlock decide which", ALLOW;
        read, write, open, close, stat, fstat, lstat, newfstatat, statx, poll, lseek, pread64, pwrite64, readv,
        writev, preadv, pwritev, preadv2, pwritev2, access, faccessat, faccessat2, pipe, pipe2, select, pselect6,
        ppoll, dup, dup2, dup3, fsync, fdatasync, sync_file_range, truncate, ftruncate, fallocate, getdents,
        getdents64, getcwd, chdir, fchdir, rename, renameat, renameat2, mkdir, mkdirat, rmdir, creat, openat, openat2,
        link, linkat, unlink, unlinkat, symlink, symlinkat, readlink, readlinkat, chmod, fchmod, fchmodat, fchmodat2,
        chown, fchown, lchown, fchownat, umask, statfs, fstatfs, utime, utimes, futimesat, utimensat, mknod, mknodat,
        sendfile, copy_file_range, splice, tee, fadvise64, readahead, fcntl, flock, close_range, getxattr, lgetxattr,
        fgetxattr, listxattr, llistxattr, flistxattr,
    ),
    rules!("waiting on descriptors, timers and signals", ALLOW;
        epoll_create, epoll_create1, epoll_ctl, epoll_wait, epoll_pwait, epoll_pwait2, eventfd, eventfd2,
        timerfd_create, timerfd_settime, timerfd_gettime, signalfd, signalfd4,
    ),
    rules!("the process's own memory", ALLOW;
        mmap, munmap, mprotect, mremap, brk, madvise, msync, mincore, mlock, mlock2, munlock, mlockall, munlockall,
        membarrier, memfd_create,
    ),
    rules!("processes and threads: the pid namespace, limits and cgroup decide how many and which", ALLOW;
        fork, vfork, execve, execveat, exit, exit_group, wait4, waitid, getpid, getppid, gettid, getpgid, getpgrp,
        getsid, setsid, setpgid, set_tid_address, set_robust_list, get_robust_list, futex, futex_waitv, rseq,
        sched_yield, sched_getaffinity, sched_setaffinity, sched_getparam, sched_getscheduler, sched_getattr,
        sched_get_priority_max, sched_get_priority_min, sched_rr_get_interval, getpriority, setpriority, kill, tkill,
        tgkill, pidfd_open, pidfd_send_signal, restart_syscall, arch_prctl, prctl, uname, sysinfo, getcpu, getrusage,
        getrlimit, setrlimit, times, capget,
    ),
    rules!("signals within the process", ALLOW;
        rt_sigaction, rt_sigprocmask, rt_sigreturn, rt_sigpending, rt_sigtimedwait, rt_sigqueueinfo,
        rt_tgsigqueueinfo, rt_sigsuspend, sigaltstack, pause, alarm, getitimer, setitimer, timer_create,
        timer_settime, timer_gettime, timer_getoverrun, timer_delete,
    ),
    rules!("time, read only, and sleeping", ALLOW;
        gettimeofday, time, clock_gettime, clock_getres, clock_nanosleep, nanosleep,
    ),
    rules!("randomness for secrets, hash seeds and temporary names", ALLOW;
        getrandom,
    ),
    rules!("who one is; changing it needs capabilities that are gone", ALLOW;
        getuid, geteuid, getgid, getegid, getgroups, getresuid, getresgid, setuid, setgid, setreuid, setregid,
        setresuid, setresgid, setgroups, setfsuid, setfsgid,
    ),
    rules!("sockets of the families below, within an empty network namespace", ALLOW;
        bind, connect, listen, accept, accept4, getsockname, getpeername, sendto, recvfrom, sendmsg, recvmsg,
        sendmmsg, recvmmsg, shutdown, setsockopt, getsockopt, socketpair,
    ),
    rules!("only a process that sets a sandbox up needs it; refused again before learner code loads", ALLOW;
        setns, unshare, capset, landlock_create_ruleset, landlock_add_rule, landlock_restrict_self, seccomp,
    ),
    rules!("looks into or changes another process", refuse(libc::EPERM);
        ptrace, process_vm_readv, process_vm_writev, process_madvise, process_mrelease, pidfd_getfd, kcmp,
        migrate_pages, move_pages,
    ),
    rules!("changes the view of the file system", refuse(libc::EPERM);
        mount, umount2, pivot_root, chroot, open_tree, move_mount, fsopen, fsconfig, fsmount, fspick, mount_setattr,
        open_by_handle_at, name_to_handle_at, quotactl, quotactl_fd, swapon, swapoff, acct,
    ),
    rules!("changes the machine", refuse(libc::EPERM);
        reboot, kexec_load, kexec_file_load, init_module, finit_module, delete_module, sethostname, setdomainname,
        settimeofday, clock_settime, clock_adjtime, adjtimex, iopl, ioperm, syslog, vhangup, sync, syncfs,
    ),
    rules!("kernel keyrings are shared by all processes of a user: a mailbox between submissions", refuse(libc::ENOSYS);
        add_key, request_key, keyctl,
    ),
    rules!("a large attack surface that Python does not need; absent is what libraries have a fallback for", refuse(libc::ENOSYS);
        io_uring_setup, io_uring_enter, io_uring_register, bpf, perf_event_open, userfaultfd, fanotify_init,
        fanotify_mark, lookup_dcookie, memfd_secret, vmsplice,
    ),
    rules!("watching shared read-only files is a channel between submissions", refuse(libc::ENOSYS);
        inotify_init, inotify_init1, inotify_add_watch, inotify_rm_watch,
    ),
    rules!("System V and POSIX message objects: memory that process limits do not count; use files or sockets", refuse(libc::ENOSYS);
        shmget, shmat, shmctl, shmdt, semget, semop, semctl, semtimedop, msgget, msgsnd, msgrcv, msgctl, mq_open,
        mq_unlink, mq_timedsend, mq_timedreceive, mq_notify, mq_getsetattr,
    ),
    rules!("real-time scheduling starves the machine", refuse(libc::EPERM);
        sched_setscheduler, sched_setparam, sched_setattr, ioprio_set,
    ),
    rules!("flags in memory can't be inspected: glibc falls back to clone", refuse(libc::ENOSYS);
        clone3,
    ),
    rules!("extended attributes carry capabilities", refuse(libc::EOPNOTSUPP);
        setxattr, lsetxattr, fsetxattr, removexattr, lremovexattr, fremovexattr,
    ),
    rules!("new namespaces give back capabilities and reach old kernel bugs", Verdict::Inspect(Inspection::AnyBit { argument: 0, bits: NAMESPACE_FLAGS, errno: libc::EPERM });
        clone,
    ),
    rules!("only these families: vsock, netlink, packet and the like reach outside any namespace", Verdict::Inspect(Inspection::OneOf { argument: 0, values: &[libc::AF_UNIX as u32, libc::AF_INET as u32, libc::AF_INET6 as u32], errno: libc::EAFNOSUPPORT });
        socket,
    ),
    rules!("pushes characters into a terminal's input (TIOCSTI, TIOCLINUX); only the low 32 bits count (CVE-2019-7303)", Verdict::Inspect(Inspection::NoneOf { argument: 1, values: TERMINAL_INPUT, errno: libc::EPERM });
        ioctl,
    ),
    rules!("limits of another process; 0 is oneself", Verdict::Inspect(Inspection::OneOf { argument: 0, values: &[0], errno: libc::EPERM });
        prlimit64,
    ),
    rules!("asking is harmless, switching address randomisation off is not", Verdict::Inspect(Inspection::OneOf { argument: 0, values: &[0xffff_ffff], errno: libc::EPERM });
        personality,
    ),
];

/// Without namespaces the filter itself keeps the learner from the network. Leaving the session is no way out: orphans come to the stage, a subreaper.
const ALONE: &[Rule] = &[
    Rule {
        call: calls::socket,
        name: "socket",
        verdict: Verdict::Refuse(libc::EAFNOSUPPORT),
        reason: "no network namespace; and Landlock lets anybody connect to the host's local sockets: docker, D-Bus, ssh-agent",
    },
    Rule {
        call: calls::socketpair,
        name: "socketpair",
        verdict: Verdict::Inspect(Inspection::OneOf { argument: 1, values: STREAM_TYPES, errno: libc::EOPNOTSUPP }),
        reason: "a datagram socket of a pair can still be sent from to any local socket; a stream is connected for good",
    },
];

const STREAM_TYPES: &[u32] = &[
    libc::SOCK_STREAM as u32,
    (libc::SOCK_STREAM | libc::SOCK_NONBLOCK) as u32,
    (libc::SOCK_STREAM | libc::SOCK_CLOEXEC) as u32,
    (libc::SOCK_STREAM | libc::SOCK_NONBLOCK | libc::SOCK_CLOEXEC) as u32,
];

/// Without a memory cgroup, memory that is in no address space would go uncounted.
const UNCOUNTED: &[Rule] = rules!("memory behind a descriptor is in no process's limit", refuse(libc::ENOSYS); memfd_create);

const FINAL: &[Rule] = rules!("only the set-up of the sandbox needed it", refuse(libc::EPERM); setns, unshare, capset);

/// Without a pid namespace all processes of the same user can be named.
const FINAL_ALONE: &[&[Rule]] = &[
    rules!("the same user's other processes would run slower", refuse(libc::EPERM); setpriority),
    rules!("where the same user's other processes run",
        Verdict::Inspect(Inspection::OneOf { argument: 0, values: &[0, OWN_PID], errno: libc::EPERM });
        sched_setaffinity,
    ),
];

/// Neither a pid namespace nor Landlock keeps signals inside: only oneself (by pid, or 0 for the own group) may be signalled.
const UNSCOPED: &[&[Rule]] = &[
    rules!("signals to other processes of the same user",
        Verdict::Inspect(Inspection::OneOf { argument: 0, values: &[0, OWN_PID], errno: libc::EPERM });
        kill, tgkill, rt_sigqueueinfo, rt_tgsigqueueinfo,
    ),
    rules!("signals to other processes of the same user", refuse(libc::EPERM); tkill, pidfd_send_signal),
    rules!("a descriptor sends any signal to whomever it is told that it belongs to: F_SETOWN, F_SETSIG, F_SETOWN_EX",
        Verdict::Inspect(Inspection::NoneOf { argument: 1, values: &[8, 10, 15], errno: libc::EPERM });
        fcntl,
    ),
    rules!("the same by FIOSETOWN and SIOCSPGRP",
        Verdict::Inspect(Inspection::NoneOf { argument: 1, values: &[0x8901, 0x8902], errno: libc::EPERM });
        ioctl,
    ),
];
