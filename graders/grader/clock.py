"""A clock of the judge behind the clocks of the sandbox: time passes when learner code sleeps, and only then."""

from __future__ import annotations

import math

from grader.errors import Forged

NAME = "@clock"
_NS = 1_000_000_000
_WORDS = ("read", "sleep", "asleep", "idle")
# What the C library's time can hold, in seconds.
_LONGEST = 2**63 / _NS


class Clock:
    """Behind `time.*`, `time.sleep` and the event loop of the sandbox.

    `sleeps` are the seconds asked for, in order, by `time.sleep` and `asyncio.sleep`; `readings` counts readings by
    learner code, each of which
    takes a microsecond. More than `busy` readings fail the check: that is waiting in a loop.
    """

    def __init__(self, start: float = 1000.0, *, busy: int = 10_000) -> None:
        self._ns = round(start * _NS)
        self._busy = busy
        self.sleeps: list[float] = []
        self.readings = 0

    @property
    def now(self) -> float:
        """The time in seconds."""
        return self._ns / _NS

    def advance(self, seconds: float) -> None:
        """Lets time pass."""
        self._ns += math.ceil(seconds * _NS)

    @property
    def nanoseconds(self) -> int:
        """The time as it goes to the sandbox with each answer."""
        return self._ns

    def answer(self, what: str, seconds: float = 0, readings: int = 0) -> None:
        """What the sandbox tells; `readings`: how often learner code has looked at the clock since the last time.

        `read`: many readings and nothing else; `sleep`: a sleep, here over at once; `asleep`: a coroutine goes to
        sleep, which is only noted; `idle`: the event loop has nothing to do for so long.
        """
        if (
            what not in _WORDS
            or type(seconds) not in (int, float)
            or not seconds < _LONGEST
            or type(readings) is not int
            or readings < 0
        ):
            raise Forged("a message to the clock that no clock sends")
        self.readings += readings
        # Those that are too many to be true fail the check in a moment and need no time of their own.
        self._ns += 1000 * min(readings, self._busy + 1)
        if self.readings > self._busy:
            raise AssertionError("the clock is read again and again: wait with a sleep instead of in a loop")
        if what in ("sleep", "asleep"):
            self.sleeps.append(seconds)
        if what in ("sleep", "idle"):
            self.advance(max(0.0, seconds))
