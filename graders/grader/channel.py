"""Frames between the judge and `grade`, on descriptor 3 (docs/protocol.md, "judge ⇄ grade").

A frame is `u32` length of the rest, `u8` kind, `u32` length of the header, the header (a JSON object), and the body.
"""

from __future__ import annotations

import json
import marshal
import os
import struct
from types import NoneType
from typing import Any, NamedTuple

from grader.answer import Answer, Compared, Request
from grader.errors import AuthorError, ChannelError
from grader.oracle import OracleDesk

LARGEST = 16 * 1024 * 1024
_HEAD = struct.Struct(">IcI")
_LENGTH = struct.Struct(">I")
_BEHIND_LENGTH = _HEAD.size - _LENGTH.size
# Made once: `json.dumps` with separators makes one for each call.
_json = json.JSONEncoder(separators=(",", ":")).encode


# Headers repeat: most calls, answers and oracle frames say the same about themselves.
_MOST_KNOWN = 256
# Longer ones hold what learners printed and seldom come again.
_LONGEST_KNOWN = 64
_texts: dict[tuple[Any, ...], bytes] = {}
_headers: dict[bytes, dict[str, Any]] = {}


def _header_text(header: dict[str, Any]) -> bytes:
    """A header as JSON; remembered when it holds nothing but short plain values."""
    key = tuple(header.items())
    try:
        known = _texts.get(key)
    except TypeError:
        return _json(header).encode()
    if known is None:
        known = _json(header).encode()
        # `True == 1`, so the type of each value is part of what must be the same; strings and None are all there is.
        if (
            len(_texts) < _MOST_KNOWN
            and len(known) < _LONGEST_KNOWN
            and all(type(each) in (str, NoneType) for each in header.values())
        ):
            _texts[key] = known
    return known


def _header_of(text: bytes) -> dict[str, Any]:
    """A header from its JSON. What is returned is shared: nobody changes it."""
    known = _headers.get(text)
    if known is None:
        known = json.loads(text.decode())
        if type(known) is not dict:
            raise ChannelError("a header that is not an object")
        if len(_headers) < _MOST_KNOWN and len(text) < _LONGEST_KNOWN:
            _headers[text] = known
    return known


class Frame(NamedTuple):
    kind: str
    header: dict[str, Any]
    body: bytes


class Channel:
    """One end of the stream, read and written whole frames at a time."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        # What was read, and how much of it has been taken.
        self._read = b""
        self._taken = 0
        self._unsent = b""

    def send(self, kind: str, header: dict[str, Any], body: bytes = b"", *, wait: bool = False) -> None:
        """Sends one frame; one that is too large is an `AuthorError`, for only what authors make can be.

        With `wait` it goes out together with the next one: that saves everybody a turn.
        """
        text = _header_text(header)
        length = _BEHIND_LENGTH + len(text) + len(body)
        if length > LARGEST:
            raise AuthorError("a request to the sandbox is larger than 16 MiB")
        frame = _HEAD.pack(length, kind.encode(), len(text)) + text + body
        if wait:
            self._unsent += frame
            return
        data, self._unsent = memoryview(self._unsent + frame), b""
        while data:
            try:
                data = data[os.write(self._descriptor, data) :]
            except OSError as error:
                raise ChannelError(f"the supervisor has gone: {error.strerror}") from None

    def receive(self) -> Frame | None:
        """The next frame, or None when the supervisor has closed its end between two frames."""
        if not self._fill(_HEAD.size, may_end=True):
            return None
        length, kind, header_length = _HEAD.unpack_from(self._read, self._taken)
        if not _BEHIND_LENGTH <= length <= LARGEST or header_length > length - _BEHIND_LENGTH:
            raise ChannelError("a frame of an impossible length")
        self._fill(_LENGTH.size + length)
        data, start = self._read, self._taken + _HEAD.size
        end = self._taken = self._taken + _LENGTH.size + length
        if end == len(data):
            self._read, self._taken = b"", 0
        try:
            header = _header_of(data[start : start + header_length])
        except ValueError:
            raise ChannelError("a header that is not JSON") from None
        return Frame(kind.decode("latin-1"), header, data[start + header_length : end])

    def _fill(self, size: int, *, may_end: bool = False) -> bool:
        """Reads until so many bytes are there; False when the other end is closed and nothing is."""
        missing = size - (len(self._read) - self._taken)
        if missing <= 0:
            return True
        parts = [self._read[self._taken :]]
        while missing > 0:
            try:
                part = os.read(self._descriptor, max(missing, 8192))
            except OSError as error:
                raise ChannelError(f"the supervisor has gone: {error.strerror}") from None
            if not part:
                if may_end and missing == size:
                    return False
                raise ChannelError("the supervisor has gone in the middle of a frame")
            parts.append(part)
            missing -= len(part)
        self._read, self._taken = b"".join(parts), 0
        return True


class Remote:
    """The `Transport` of a real run: every request goes over the channel."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    def call(self, request: Request) -> Answer:
        """Sends a call and answers the oracle calls that come before its answer."""
        self._channel.send("C", request.header, marshal.dumps(request.body))
        desk = OracleDesk(request)
        while (frame := self._next()).kind in ("T", "O"):
            name = str(frame.header.get("name"))
            if frame.kind == "T":
                desk.hear(name, frame.body)
                continue
            raises, text = desk.answer(name, frame.body)
            self._channel.send("o", {"raise": raises}, text.encode())
        return settled(desk, answer_of(frame))

    def batch(self, requests: list[Request], wall_ms: int) -> list[Answer] | None:
        """The answers to calls that need no oracle to answer, each with what was told; None when they could not be told
        apart.
        """
        bodies = marshal.dumps([request.body for request in requests])
        self._channel.send("C", {"op": "batch", "calls": len(requests), "wall_ms": wall_ms, "cpu_ms": None}, bodies)
        answers: list[Answer] = []
        while len(answers) < len(requests):
            told: list[tuple[str, bytes]] = []
            while (frame := self._next()).kind == "T":
                told.append((str(frame.header.get("name")), frame.body))
            answer = answer_of(frame)
            if not answer.ok:
                return None
            answer.told = told
            answers.append(answer)
        return answers

    def compare(self, fixture: str | None, options: dict[str, Any], expected: str, actual: str) -> Compared:
        """Has two texts compared."""
        texts = b"".join(_LENGTH.pack(len(each)) + each for each in map(_utf8, (expected, actual)))
        self._channel.send("M", {"fixture": fixture, "options": options}, texts)
        frame = self._next()
        if frame.kind != "m":
            raise ChannelError(f"a frame {frame.kind!r} instead of a comparison")
        return Compared(frame.header.get("equal") is True, frame.header.get("reason"), frame.header.get("diff"))

    def _next(self) -> Frame:
        frame = self._channel.receive()
        if frame is None:
            raise ChannelError("the supervisor has gone")
        return frame


def settled(desk: OracleDesk, answer: Answer) -> Answer:
    """The answer, once all calls of oracles are through: raises what went wrong in them, and says what was forged."""
    desk.settle()
    if (forged := desk.forged()) is not None:
        answer.ok, answer.ending, answer.detail = False, "broken_protocol", forged
    return answer


_FIELDS = frozenset(Answer.__dataclass_fields__) - {"ok", "observation", "stack", "told"}


def answer_of(frame: Frame) -> Answer:
    """An `A` frame; keys that are not known, and null, are left out."""
    if frame.kind != "A":
        raise ChannelError(f"a frame {frame.kind!r} instead of an answer")
    known = {name: value for name, value in frame.header.items() if name in _FIELDS and value is not None}
    stack = [(str(file), int(line), str(function)) for file, line, function in frame.header.get("stack") or ()]
    return Answer(frame.header.get("ok") is True, frame.body, stack=stack, **known)


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "replace")


def pair(actual: str, expected: str) -> bytes:
    """The body of a check result: two encoded values, each after its length."""
    return b"".join(_LENGTH.pack(len(each)) + each for each in (actual.encode(), expected.encode()))
