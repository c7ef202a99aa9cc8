"""A supervisor in Python: starts a judge and plays `grade` for it, with `Standin` as the sandbox."""

from __future__ import annotations

import json
import marshal
import os
import socket
import struct
import subprocess
import sys
import sysconfig
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sandboxed.codec import decode, encode

from tests.standin import Standin

JUDGE = Path(__file__).parent.parent / "grader" / "judge.py"
_HEAD = struct.Struct(">IcI")
Frame = tuple[str, dict[str, Any], bytes]
Answering = Callable[[dict[str, Any], bytes], tuple[dict[str, Any], bytes] | None]


class Supervisor:
    """One judge process. `answering` may answer a call in place of the stand-in; `asked` are the oracle calls and what was told, in
    order; `batches` how many calls each batch had.
    """

    def __init__(self, pycache: Path | None = None) -> None:
        ours, theirs = socket.socketpair()
        command = [sys.executable, "-S", "-s", "-P", "-B", str(JUDGE), "--site", sysconfig.get_path("purelib")]
        if pycache is not None:
            command += ["--pycache", str(pycache)]
        self.process = subprocess.Popen(
            command,
            pass_fds=(3,),
            preexec_fn=lambda: os.dup2(theirs.fileno(), 3),  # noqa: PLW1509
            env={"PATH": os.defpath},
        )
        theirs.close()
        self.socket = ours
        self.answering: Answering | None = None
        self.asked: list[tuple[str, Any]] = []
        self.batches: list[int] = []
        self.standin: Standin | None = None

    def load(self, test: Path, submission: Path, exercise: str, module: str) -> dict[str, Any]:
        """Loads a grader; gives the header of `l`."""
        files = [f"{module}.py"]
        self.standin = Standin(submission, files, module, self._ask, self._tell)
        header = {
            "tests": [str(test)],
            "fixtures": "",
            "exercise": exercise,
            "files": files,
            "module": module,
            "checks": [],
        }
        self.send("L", header)
        kind, found, _ = self.receive()
        assert kind == "l"
        return found

    def run(self, check: str, seed: int = 1) -> dict[str, Any]:
        """Runs a check; gives the header of `c`, with `actual` and `expected` decoded where there are any."""
        self.ask([check], seed)
        return self.result()

    def ask(self, checks: list[str], seed: int = 1) -> None:
        """Has checks run, as far as they pass."""
        self.send("R", {"checks": checks, "seed": seed})

    def result(self) -> dict[str, Any]:
        """The result of the check that runs."""
        while True:
            kind, header, body = self.receive()
            if kind == "C":
                self._call(header, body)
            elif kind == "M":
                self._compare(body)
            else:
                assert kind == "c", kind
                size = struct.unpack(">I", body[:4])[0]
                actual, expected = body[4 : 4 + size], body[8 + size :]
                return {
                    # What is empty may be left out.
                    "message": "",
                    "called": "",
                    "file": "",
                    "line": 0,
                    "location": None,
                    "traceback": [],
                    "ending": None,
                    "diff": None,
                    "stdout": "",
                    "stderr": "",
                    **header,
                    **({"actual": decode(actual)} if actual else {}),
                    **({"expected": decode(expected)} if expected else {}),
                }

    def _call(self, header: dict[str, Any], body: bytes) -> None:
        answer = self.answering(header, body) if self.answering is not None else None
        if answer is not None:
            self.send("A", *answer)
            return
        assert self.standin is not None
        if header["op"] != "batch":
            self._answer(body)
            return
        self.batches.append(header["calls"])
        for each in marshal.loads(body):
            self._answer(marshal.dumps(each))

    def _answer(self, body: bytes) -> None:
        assert self.standin is not None
        text, printed = self.standin.handle(body)
        self.send("A", {"ok": True, "cut": False, "transcript": [], **printed}, text.encode())

    def _tell(self, name: str, arguments: str) -> None:
        self.asked.append((name, decode(arguments)))
        self.send("T", {"name": name}, arguments.encode())

    def _ask(self, name: str, arguments: str) -> tuple[str | None, str]:
        self.asked.append((name, decode(arguments)))
        self.send("O", {"name": name}, arguments.encode())
        kind, header, body = self.receive()
        assert kind == "o"
        return header["raise"], body.decode()

    def _compare(self, body: bytes) -> None:
        size = struct.unpack(">I", body[:4])[0]
        equal = body[4 : 4 + size] == body[8 + size :]
        self.send(
            "m", {"equal": equal, "reason": None if equal else "line 1 differs", "diff": None if equal else "-a\n+b"}
        )

    def send(self, kind: str, header: dict[str, Any], body: bytes = b"") -> None:
        text = json.dumps(header).encode()
        self.socket.sendall(_HEAD.pack(5 + len(text) + len(body), kind.encode(), len(text)) + text + body)

    def receive(self) -> Frame:
        length, kind, size = _HEAD.unpack(self._exactly(_HEAD.size))
        rest = self._exactly(length - 5)
        return kind.decode(), json.loads(rest[:size]), rest[size:]

    def _exactly(self, size: int) -> bytes:
        data = b""
        while len(data) < size:
            part = self.socket.recv(size - len(data))
            if not part:
                raise EOFError("the judge has gone")
            data += part
        return data

    def close(self) -> int:
        """Closes the socket; gives the judge's exit code."""
        self.socket.close()
        return self.process.wait(timeout=20)


def ended(ending: str, **header: Any) -> Answering:
    """Answers every call with an ending."""
    return lambda _header, _body: ({"ok": False, "ending": ending, "stdout": "", "stderr": "", **header}, b"")


def observed(value: Any) -> Answering:
    """Answers every call with an observation."""
    return lambda _header, _body: ({"ok": True}, encode(("ok", value)).encode())
