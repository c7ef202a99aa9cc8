"""Frames on the control socket of a sandboxed process (docs/protocol.md, "grade ⇄ sandboxed process")."""

from __future__ import annotations

import builtins
import os
import struct

# A copy: what learner code does to a builtin later is not seen here.
__builtins__ = vars(builtins).copy()

CONTROL = 3
STACK = 4
NO_NONCE = bytes(8)
_CHUNK = 4096

_read, _write = os.read, os.write
_pack, _unpack = struct.pack, struct.unpack


class Closed(BaseException):
    """The supervisor has hung up: nothing is left to be done."""


class Wire:
    """One end of the control socket. `nonce` is that of the latest frame received, and goes into every frame sent."""

    __slots__ = ("buffer", "nonce", "unsent")

    def __init__(self) -> None:
        self.buffer = b""
        self.nonce = NO_NONCE
        self.unsent = b""

    def add(self, kind: bytes, body: bytes) -> None:
        """Has a frame go out together with the next that is sent: that saves everybody a turn."""
        self.unsent += _pack(">I", 9 + len(body)) + kind + self.nonce + body

    def send(self, kind: bytes, body: bytes) -> None:
        """Sends a frame, and what was added before it."""
        data = self.unsent + _pack(">I", 9 + len(body)) + kind + self.nonce + body
        self.unsent = b""
        while data:
            data = data[_write(CONTROL, data) :]

    def receive(self) -> tuple[bytes, bytes]:
        """The next frame as (kind, body)."""
        (length,) = _unpack(">I", self._take(4))
        frame = self._take(length)
        self.nonce = frame[1:9]
        return frame[:1], frame[9:]

    def _take(self, count: int) -> bytes:
        while len(self.buffer) < count:
            # Not more than is likely to come: a large buffer is a system call or two of its own, and page faults.
            missing = count - len(self.buffer)
            chunk = _read(CONTROL, missing if missing > _CHUNK else _CHUNK)
            if not chunk:
                raise Closed
            self.buffer += chunk
        taken, self.buffer = self.buffer[:count], self.buffer[count:]
        return taken
