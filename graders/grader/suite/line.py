"""The conversation of a suite with the sandbox: requests about objects, and what learner code asks of the test's
objects meanwhile.
"""

from __future__ import annotations

import marshal
import threading
from collections.abc import Callable
from typing import Any

from sandboxed.codec import CodecError, Raised, decode
from sandboxed.exchange import Malformed

from grader.answer import Answer
from grader.channel import Channel, Frame, answer_of
from grader.errors import ChannelError
from grader.suite.exceptions import told
from grader.suite.state import Over, State

_HEADER = {"op": "object", "wall_ms": None, "cpu_ms": None}
_MOST_NESTED = 200
# Bytes, of all answers to one test.
_MOST_HEARD = 128 * 1024 * 1024
# What learner code is told that goes on asking after the test has come to its end.
ENDED: dict[str, Any] = {
    "what": "raise", "value": ("x", 0, ("n", "RuntimeError"), ("t", "the test has ended"), None),
    "news": (), "drop": (), "forget": (),
}  # fmt: skip


class Line:
    """Carries messages. Requests may nest: learner code calls a function of the test, which uses an object of
    the learner's.
    """

    def __init__(self, channel: Channel, serve: Callable[[tuple[Any, ...]], dict[str, Any]]) -> None:
        self._channel = channel
        self._serve = serve
        self._thread = threading.get_ident()
        self._nested = 0
        # Whether the request under way has had its answer: then nobody waits for a reply of ours.
        self._is_answered = True
        self.state = State()
        self.stdout: list[str] = []
        self.stderr: list[str] = []
        self.on_output: Callable[[str, str], None] = lambda _out, _err: None

    def request(self, message: dict[str, Any]) -> tuple[Any, ...]:
        """Sends one request and gives its answer, whose parts are not yet looked into."""
        if threading.get_ident() != self._thread:
            raise self.state.leave("uses the learner's code from several threads")
        self._stop_where_it_is_over()
        if self._nested >= _MOST_NESTED:
            raise RecursionError("functions of the test and of the learner call each other without end")
        if self._nested:
            self._channel.send("o", {"raise": None}, marshal.dumps({"what": "request", **message}))
        else:
            self._is_answered = False
            self._channel.send("C", _HEADER, marshal.dumps({"op": "object", **message}))
        answer = self._converse()
        self._stop_where_it_is_over()
        return answer

    def forged(self, what: str) -> Over:
        """Notes that the sandbox said something that its own side never would; to be raised."""
        return self.state.end(Answer(False, ending="broken_protocol", detail=what))

    def _stop_where_it_is_over(self) -> None:
        if self.state.over is not None:
            raise self.state.end(self.state.over)
        if self.state.not_outside is not None:
            raise self.state.leave(self.state.not_outside)

    def _converse(self) -> tuple[Any, ...]:
        """Answers what learner code asks until the answer to the latest request is there."""
        while True:
            frame = self._channel.receive()
            if frame is None:
                raise ChannelError("the supervisor has gone")
            self._count(frame)
            if frame.kind == "A":
                return self._answered(frame)
            if frame.kind == "T":
                # Calls that want no answer belong to graders; a suite has none.
                self.forged("a message that nobody expects")
                continue
            if frame.kind != "O":
                raise ChannelError(f"a frame {frame.kind!r} instead of an answer")
            try:
                message = _decoded(frame.body) if frame.header.get("name") == "object" else ()
                if self._nested and len(message) == 2 and message[0] == "done" and type(message[1]) is tuple:
                    return message[1]
                reply = self._reply(message)
            except Malformed as error:
                self.forged(str(error))
                # Whoever asks so is not told off but kept waiting for nothing: the request is played to its end.
                reply = ENDED
            except Over:
                if self._is_answered:
                    raise
                reply = ENDED
            self._channel.send("o", {"raise": None}, marshal.dumps(reply))

    def _count(self, frame: Frame) -> None:
        """What one test may be told in all is bounded, for the judge keeps what the test keeps."""
        self.state.heard += len(frame.body)
        if self.state.heard > _MOST_HEARD:
            self.state.end(Answer(False, ending="too_much_output", detail=f"{_MOST_HEARD} bytes"))

    def _reply(self, message: tuple[Any, ...]) -> dict[str, Any]:
        if self.state.over is not None or self.state.not_outside is not None:
            return ENDED
        self._nested += 1
        try:
            return self._serve(message)
        finally:
            self._nested -= 1

    def _answered(self, frame: Frame) -> tuple[Any, ...]:
        self._is_answered = True
        answer = answer_of(frame)
        self.stdout.append(answer.stdout)
        self.stderr.append(answer.stderr)
        if answer.stdout or answer.stderr:
            self.on_output(answer.stdout, answer.stderr)
        if not answer.ok:
            raise self.state.end(answer)
        if self._nested:
            raise self.forged("an answer in the middle of a call")
        try:
            word, parts = _decoded(answer.observation)
        except (Malformed, ValueError) as error:
            raise self.forged(str(error)) from None
        if word == "raised" and type(parts) is Raised:
            # More than could be told: nested too deeply, for instance.
            raise told(parts)
        if word != "ok" or type(parts) is not tuple:
            raise self.forged("an answer that is none")
        return parts


def _decoded(body: bytes) -> tuple[Any, ...]:
    try:
        message = decode(body)
    except CodecError as error:
        raise Malformed(str(error)) from None
    if type(message) is not tuple or not message:
        raise Malformed("a message that is none")
    return message
