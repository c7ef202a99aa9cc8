"""A warm interpreter that forks a confined child for each request. It never loads learner code, nor knows anything
worth hiding.

Started by the stage as `python -S -s -P -B zygote.py`, with its socket as descriptor 3; `src/sandbox/stage/zygote.rs`
is the other side.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import select
import sys
from pathlib import PurePath
from typing import Any, NoReturn

sys.path.insert(0, str(PurePath(__file__).parents[1]))

# The plain module: the Python one around it takes milliseconds to import.
import _socket

from sandboxed import confinement, runner, wire

_SOCKET = 3
_LARGEST = 128 * 1024
_ROOM_FOR_DESCRIPTORS = _socket.CMSG_SPACE(8 * 4)


class Zygote:
    """The loop around the socket: orders in, reports out."""

    def __init__(self) -> None:
        self.socket = _socket.socket(fileno=_SOCKET)
        self.poll = select.poll()
        self.poll.register(_SOCKET, select.POLLIN)
        # pidfd of each child → (pid, the number the stage gave it).
        self.children: dict[int, tuple[int, int]] = {}
        self.namespaced = False
        self.own_namespace = -1

    def run(self) -> NoReturn:
        """Serves until the stage hangs up."""
        orders = self._receive()
        if orders is None:
            os._exit(0)
        policy = orders[0]["Confinement"]
        details = policy["details"]
        self.confinement = confinement.Confinement(policy)
        self._warm_up(details)
        self.details = details
        self.namespaced = details["namespaces"]
        if self.namespaced:
            self.own_namespace = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)
        if len(os.listdir("/proc/self/task" if self.namespaced else f"/proc/{os.getpid()}/task")) != 1:
            os._exit(3)
        self._send('"Ready"')
        while True:
            for descriptor, _ in self.poll.poll():
                if descriptor == _SOCKET:
                    self._obey()
                else:
                    self._reap(descriptor)

    def _warm_up(self, details: dict[str, Any]) -> None:
        sys.path[:] = [path for path in sys.path if path and PurePath(path) != PurePath(__file__).parent]
        if details["packages"]:
            sys.path.append(details["packages"])
        for name in details["preload"]:
            # A name that this interpreter lacks costs speed only; the exercise's own check of it speaks up elsewhere.
            try:
                importlib.import_module(name)
            except ImportError:
                continue
        for stream in (sys.stdout, sys.stderr):
            # What was printed before a crash or a timeout should be seen.
            stream.reconfigure(line_buffering=True)  # type: ignore[union-attr]
        runner.warm_up()
        # Objects that exist now are the same for all children: not touched by their collectors, they stay shared pages.
        gc.collect()
        gc.freeze()

    def _obey(self) -> None:
        received = self._receive()
        if received is None:
            os._exit(0)
        order, descriptors = received
        if "Stack" in order:
            self._ask_for_stack(order["Stack"]["process"])
        else:
            self._spawn(order["Spawn"], descriptors)

    def _spawn(self, order: dict[str, Any], descriptors: list[int]) -> None:
        process = order["process"]
        try:
            if order["namespaces"]:
                confinement.enter_pid_namespace(descriptors[5])
            try:
                pid = os.fork()
                if pid == 0:
                    self._become(order, descriptors)
            finally:
                if order["namespaces"]:
                    confinement.enter_pid_namespace(self.own_namespace)
        except (OSError, confinement.StepFailed) as error:
            self._send(json.dumps({"Refused": {"process": process, "step": "fork", "error": str(error)}}))
            return
        finally:
            for descriptor in descriptors:
                os.close(descriptor)
        pidfd = os.pidfd_open(pid)
        self.children[pidfd] = (pid, process)
        self.poll.register(pidfd, select.POLLIN)
        if not order["namespaces"]:
            self._send(f'{{"Spawned":{{"process":{process},"pid":{pid}}}}}')

    def _become(self, order: dict[str, Any], descriptors: list[int]) -> NoReturn:
        """In the child: confine, then run; nothing of the zygote's loop is ever returned to."""
        step = "start"

        def say(name: str) -> None:
            nonlocal step
            step = name

        control = descriptors[0]
        # Its number is about to be the learner's own socket; the object must not close that when it goes.
        self.socket.detach()
        try:
            self.confinement.apply(order, descriptors, say)
        except BaseException as error:
            text = f"{step}: {error}".encode()
            frame = (9 + len(text)).to_bytes(4, "big") + b"F" + wire.NO_NONCE + text
            for descriptor in (control, wire.CONTROL):
                try:
                    os.write(descriptor, frame)
                    break
                except OSError:
                    continue
            os._exit(125)
        if not self.namespaced:
            os.environ["HOME"] = order["work"]
            os.environ["TMPDIR"] = order["temporary"]
        details = self.details
        # Nothing of the harness is reachable from learner code by way of this object.
        self.__dict__.clear()
        try:
            runner.main(order["work"], details)
        except BaseException as error:
            os.write(2, repr(error).encode())
        os._exit(124)

    def _ask_for_stack(self, process: int) -> None:
        for pid, number in self.children.values():
            if number == process:
                os.kill(pid, self.details["stack_signal"])

    def _reap(self, pidfd: int) -> None:
        pid, process = self.children.pop(pidfd)
        self.poll.unregister(pidfd)
        os.close(pidfd)
        _, status, used = os.wait4(pid, 0)
        cpu_us = int((used.ru_utime + used.ru_stime) * 1_000_000)
        self._send(
            f'{{"Exited":{{"process":{process},"status":{status},"cpu_us":{cpu_us},"peak_kib":{used.ru_maxrss}}}}}'
        )

    def _receive(self) -> tuple[dict[str, Any], list[int]] | None:
        data, ancillary, _, _ = self.socket.recvmsg(_LARGEST, _ROOM_FOR_DESCRIPTORS, _socket.MSG_CMSG_CLOEXEC)
        if not data:
            return None
        descriptors: list[int] = []
        for level, kind, content in ancillary:
            if level == _socket.SOL_SOCKET and kind == _socket.SCM_RIGHTS:
                descriptors.extend(memoryview(content).cast("i"))
        return json.loads(data), descriptors

    def _send(self, text: str) -> None:
        self.socket.send(text.encode())


if __name__ == "__main__":
    Zygote().run()
