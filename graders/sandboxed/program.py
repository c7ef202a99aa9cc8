"""The learner's program as `python file.py` would run it, with the prompts of `input()` told apart."""

from __future__ import annotations

import atexit
import builtins
import os
import sys
import threading
import traceback
from types import ModuleType, TracebackType
from typing import Any, NoReturn

from sandboxed.codec import encode
from sandboxed.wire import Wire

__builtins__ = vars(builtins).copy()

_LONGEST_PROMPT = 10_000


def run(body: dict[str, Any], root: str, wire: Wire) -> NoReturn:
    """Runs `body["file"]` as `__main__` and ends the process with its exit code."""
    feed(body["stdin"])
    sys.argv = [body["file"], *body["argv"]]
    sys.path.insert(0, root.rstrip("/"))
    builtins.input = _Prompting(wire)
    path = root + body["file"]
    main = ModuleType("__main__")
    main.__file__ = path
    # Not ours, which `exec` would take: there `input` is still the plain one.
    main.__dict__["__builtins__"] = builtins
    sys.modules["__main__"] = main
    code = 0
    try:
        with open(path, "rb") as stream:
            source = stream.read()
        exec(compile(source, path, "exec", dont_inherit=True), main.__dict__)
    except SystemExit as stop:
        code = _exit_code(stop)
    except BaseException as error:
        error.__traceback__ = _learners(error.__traceback__, root)
        traceback.print_exception(error)
        code = 130 if isinstance(error, KeyboardInterrupt) else 1
    _finish(code)


def feed(stdin: bytes) -> None:
    """Makes `stdin` the process's standard input."""
    descriptor = os.open(os.environ.get("TMPDIR", "/tmp"), os.O_TMPFILE | os.O_RDWR, 0o600)
    while stdin:
        stdin = stdin[os.write(descriptor, stdin) :]
    os.lseek(descriptor, 0, os.SEEK_SET)
    os.dup2(descriptor, 0)
    os.close(descriptor)
    sys.stdin = open(0, encoding="utf-8", errors="surrogateescape", closefd=False)  # noqa: SIM115


class _Prompting:
    """`input()`, but the prompt goes to the supervisor instead of into standard output."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._owner = os.getpid()
        self._streams = (sys.stdin, sys.stdout)
        self._plain = builtins.input

    def __call__(self, prompt: object = "", /) -> str:
        if (sys.stdin, sys.stdout) != self._streams:
            # The program reads from, or prints to, something of its own: tests of programs do.
            return self._plain(prompt)
        text = str(prompt)
        sys.stdout.flush()
        line = sys.stdin.readline()
        if os.getpid() == self._owner:
            self._wire.send(b"P", encode((text[:_LONGEST_PROMPT], line[:_LONGEST_PROMPT])).encode())
            # Waits until what was printed before it has been read: so the order is known.
            self._wire.receive()
        if not line:
            raise EOFError("EOF when reading a line")
        return line.removesuffix("\n")


def _exit_code(stop: SystemExit) -> int:
    if stop.code is None:
        return 0
    if isinstance(stop.code, int):
        return stop.code & 0xFF
    print(stop.code, file=sys.stderr)
    return 1


def _learners(step: TracebackType | None, root: str) -> TracebackType | None:
    """The traceback from the learner's first frame on."""
    while step is not None and not step.tb_frame.f_code.co_filename.startswith(root):
        step = step.tb_next
    return step


def _finish(code: int) -> NoReturn:
    """What the interpreter does at its end, but without taking itself apart."""
    try:
        threading._shutdown()  # type: ignore[attr-defined]
        atexit._run_exitfuncs()
    except BaseException as error:
        traceback.print_exception(error)
        code = code or 1
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BaseException:
            code = code or 120
    os._exit(code)


def collect(names: list[str], root: str, limit: int) -> dict[str, bytes]:
    """The regular files that a program left, read from inside by a process that never ran it; others are left out."""
    found: dict[str, bytes] = {}
    room = limit
    for name in names:
        try:
            descriptor = os.open(root + name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError:
            continue
        with os.fdopen(descriptor, "rb") as stream:
            status = os.fstat(stream.fileno())
            if (status.st_mode & 0o170000) == 0o100000 and status.st_size <= room:
                found[name] = stream.read(room)
                room -= len(found[name])
    return found
