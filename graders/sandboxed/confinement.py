"""What a fork of the zygote does to itself before it loads learner code: the last steps of the sandbox, in order.

The stage (Rust) decides the policy and hands it over as data; here it is carried out, because only the forked process
itself can. Each step has a name, which is what the user is told when it fails.
"""

from __future__ import annotations

import ctypes
import os
import resource
import struct
from collections.abc import Callable
from typing import Any

_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long

CLONE_NEWPID = 0x20000000
CLONE_NEWUSER = 0x10000000
_PR_SET_DUMPABLE, _PR_SET_SECCOMP, _PR_CAPBSET_DROP = 4, 22, 24
_PR_SET_SECUREBITS, _PR_SET_NO_NEW_PRIVS = 28, 38
_SECCOMP_MODE_FILTER = 2
# NOROOT, NO_SETUID_FIXUP and NO_CAP_AMBIENT_RAISE, each with its lock (linux/securebits.h).
_SECUREBITS = 0x01 | 0x02 | 0x04 | 0x08 | 0x40 | 0x80
_LAST_CAPABILITY = 40
_CAPABILITY_VERSION_3 = 0x20080522
_SYS_CAPSET = {"x86_64": 126, "aarch64": 91}[os.uname().machine]
_SYS_CLOSE_RANGE = 436
_SYS_LANDLOCK_RESTRICT_SELF = 446


class StepFailed(Exception):
    """A step of the confinement that the kernel refused."""


def _checked(step: str, result: int) -> None:
    if result < 0:
        number = ctypes.get_errno()
        raise StepFailed(f"{step}: {os.strerror(number)}")


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def enter_pid_namespace(descriptor: int) -> None:
    """Puts the next children of this process into the pid namespace behind a pidfd or a namespace descriptor."""
    _checked("setns(pid)", _libc.setns(descriptor, CLONE_NEWPID))


class Confinement:
    """The policy of one slot, prepared so that carrying it out takes few and small steps."""

    def __init__(self, policy: dict[str, Any]) -> None:
        self.inner_id: int = policy["inner_id"]
        self.run_as: int | None = policy["run_as"]
        self.raise_oom_score: bool = policy["raise_oom_score"]
        self._filter = bytes.fromhex(policy["final_filter"])
        self._own_pid = struct.pack("=I", policy["own_pid"])
        self._no_capabilities = ctypes.create_string_buffer(24)
        self._header = struct.pack("=Ii", _CAPABILITY_VERSION_3, 0)

    def apply(self, order: dict[str, Any], descriptors: list[int], say: Callable[[str], None]) -> None:
        """All steps; `say` names the step under way. `descriptors`: control, input, output, error, stack, [pidfd],
        [ruleset].
        """
        namespaces, limits = order["namespaces"], order["limits"]
        rest = descriptors[5:]
        say("setsid")
        os.setsid()
        # Inside, /proc is read-only.
        say("/proc/self")
        own = os.open("/proc/self", os.O_PATH | os.O_DIRECTORY) if namespaces else None
        if namespaces:
            say("setns")
            _checked("setns", _libc.setns(rest.pop(0), namespaces))
        say("chdir")
        os.chdir(order["work"])
        self._become_nobody(say, bool(namespaces))
        if own is not None:
            self._own_user_namespace(say, own)
        if self.raise_oom_score:
            self._die_first(own)
        if own is not None:
            os.close(own)
        say("descriptors")
        ruleset = self._place(descriptors[:5], rest)
        if limits is not None:
            say("rlimits")
            self._limit(limits)
            self._drop_capabilities(say)
        if ruleset is not None:
            say("landlock")
            _checked("landlock_restrict_self", _libc.syscall(_SYS_LANDLOCK_RESTRICT_SELF, ruleset, 0))
            os.close(ruleset)
        if self._filter:
            say("seccomp")
            self._install_filter()

    def _become_nobody(self, say: Callable[[str], None], namespaced: bool) -> None:
        if self.run_as is None:
            return
        # In the slot's user namespace the id is mapped as 1.
        target = 1 if namespaced else self.run_as
        say("setresuid")
        if not namespaced:
            os.setgroups([])
        os.setresgid(target, target, target)
        os.setresuid(target, target, target)

    def _own_user_namespace(self, say: Callable[[str], None], own: int) -> None:
        """Separates this submission from its siblings, which have the same id: signals, limits and counts are per user
        namespace.
        """
        uid, gid = os.getuid(), os.getgid()
        # Changed ids made the process undumpable, and its maps root's.
        _checked("dumpable", _libc.prctl(_PR_SET_DUMPABLE, 1, 0, 0, 0))
        say("unshare(user)")
        _checked("unshare(user)", _libc.unshare(CLONE_NEWUSER))
        say("id maps")
        for file, text in (
            ("setgroups", "deny"),
            ("uid_map", f"{self.inner_id} {uid} 1"),
            ("gid_map", f"{self.inner_id} {gid} 1"),
        ):
            descriptor = os.open(file, os.O_WRONLY, dir_fd=own)
            os.write(descriptor, text.encode())
            os.close(descriptor)

    def _die_first(self, own: int | None) -> None:
        """When the slot's memory is used up, the kernel shall kill the learner and not the zygote."""
        try:
            folder = "" if own is not None else "/proc/self/"
            descriptor = os.open(f"{folder}oom_score_adj", os.O_WRONLY, dir_fd=own)
        except OSError:
            return
        os.write(descriptor, b"1000")
        os.close(descriptor)

    def _place(self, fixed: list[int], rest: list[int]) -> int | None:
        """Control to 3, input, output and error to 0, 1 and 2, stack to 4, a ruleset to 5; all else is closed."""
        control, stdin, stdout, stderr, stack = fixed
        # The received numbers are all above 5: the zygote keeps its own descriptors low and nothing else open.
        for source, target in ((stdin, 0), (stdout, 1), (stderr, 2)):
            os.dup2(source, target, inheritable=True)
        for source, target in ((control, 3), (stack, 4)):
            os.dup2(source, target, inheritable=False)
        ruleset = None
        if rest:
            ruleset = os.dup2(rest[0], 5, inheritable=False)
        _checked("close_range", _libc.syscall(_SYS_CLOSE_RANGE, 6 if rest else 5, 0x7FFFFFFF, 0))
        return ruleset

    def _limit(self, limits: dict[str, int]) -> None:
        memory = limits["memory_bytes"]
        for kind, wanted in (
            (resource.RLIMIT_CORE, 0),
            (resource.RLIMIT_CPU, limits["cpu_s"]),
            (resource.RLIMIT_DATA, memory),
            # Address space alone costs nothing, but shared mappings are counted nowhere else.
            (resource.RLIMIT_AS, memory * 4 + (1 << 30)),
            (resource.RLIMIT_NPROC, limits["processes"]),
            (resource.RLIMIT_NOFILE, limits["open_files"]),
            (resource.RLIMIT_FSIZE, limits["file_bytes"]),
            (resource.RLIMIT_MEMLOCK, 0),
            (resource.RLIMIT_MSGQUEUE, 0),
            (resource.RLIMIT_STACK, 8 << 20),
        ):
            hard = resource.getrlimit(kind)[1]
            limit = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
            resource.setrlimit(kind, (limit, limit))

    def _drop_capabilities(self, say: Callable[[str], None]) -> None:
        say("capabilities")
        # Refused without the capability for it, that is, where there is none to drop.
        _libc.prctl(_PR_SET_SECUREBITS, _SECUREBITS, 0, 0, 0)
        for capability in range(_LAST_CAPABILITY + 1):
            if _libc.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0) < 0:
                break
        _checked("capset", _libc.syscall(_SYS_CAPSET, self._header, self._no_capabilities))
        _checked("no_new_privs", _libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))

    def _install_filter(self) -> None:
        code = self._filter.replace(self._own_pid, struct.pack("=I", os.getpid()))
        program = _Program(len(code) // 8, code)
        _checked("seccomp", _libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0))
