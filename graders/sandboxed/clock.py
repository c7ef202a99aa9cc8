"""Clocks of the sandbox that can be driven from outside.

`stand_in()` replaces the functions of `time` before learner code is loaded; they are the real ones until
`drive(tell, now)` hands them to a clock of the judge. How time passes there is known here too, so nothing has to be
asked: a reading takes a microsecond, a sleep as long as it says. `tell(what, seconds, readings)` tells of it, and how
many readings there were meanwhile; `what` is one of `read`, `sleep`, `asleep`, `idle` (docs/protocol.md, "Clock").
"""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable
from typing import Any

Tell = Callable[..., object]
_NAMES = ("monotonic", "monotonic_ns", "perf_counter", "perf_counter_ns", "time", "time_ns", "sleep")
_real: dict[str, Callable[..., Any]] = {name: getattr(time, name) for name in _NAMES}
_driver: list[Tell] = []
_SECOND = 1_000_000_000
_READING = 1000
# So many readings without a message are told by one: the judge counts them, to find out who waits in a loop.
_UNTOLD = 500
# What the C library's time can hold, in seconds.
_LONGEST = 2**63 / _SECOND
_PASSING = ("sleep", "idle")


class _Time:
    """What the judge's clock shows, as far as it is known here."""

    def __init__(self) -> None:
        self.now = 0
        self.readings = 0

    def read(self) -> int:
        self.now += _READING
        self.readings += 1
        if self.readings >= _UNTOLD:
            self.tell("read", 0)
        return self.now

    def tell(self, what: str, seconds: float) -> None:
        if seconds >= _LONGEST:
            raise OverflowError("timestamp too large to convert to C _PyTime_t")
        readings, self.readings = self.readings, 0
        _driver[0](what, seconds, readings)
        if what in _PASSING:
            self.now += math.ceil(seconds * _SECOND)


_time = _Time()


def seen(now: int) -> None:
    """Takes over the judge's time in nanoseconds, told with each of its answers. It never runs backwards."""
    if now > _time.now:
        _time.now = now


class _Reading:
    """Called like the function of `time` it stands for. An object and not a function, so that it is no method in a
    class body either.
    """

    def __init__(self, name: str) -> None:
        self.__name__ = name
        self.__doc__ = _real[name].__doc__
        self._real = _real[name]
        self._ns = name.endswith("_ns")

    def __call__(self) -> Any:
        if not _driver:
            return self._real()
        now = _time.read()
        return now if self._ns else now / _SECOND


class _Sleep:
    """`time.sleep`."""

    def __init__(self) -> None:
        self.__name__ = "sleep"
        self.__doc__ = _real["sleep"].__doc__

    def __call__(self, seconds: float, /) -> None:
        if not _driver:
            _real["sleep"](seconds)
            return
        seconds = float(seconds)
        if not seconds >= 0:
            raise ValueError("sleep length must be non-negative")
        _time.tell("sleep", seconds)


def stand_in() -> None:
    """Puts the stand-ins into `time`, and into the event loops when there are any yet."""
    for name in _NAMES:
        setattr(time, name, _Sleep() if name == "sleep" else _Reading(name))
    if "asyncio" in sys.modules:
        _drive_event_loops()


def restore() -> None:
    """Undoes `stand_in`; for tests."""
    _driver.clear()
    for name, function in _real.items():
        setattr(time, name, function)


def drive(tell: Tell | None, now: int | None = None) -> None:
    """Hands the clocks over, or (None) gives the real ones back. `now`: where the judge's clock stands, at the
    beginning of a check.
    """
    _driver[:] = [] if tell is None else [tell]
    if now is not None:
        _time.now, _time.readings = now, 0
    if tell is not None and "asyncio" in sys.modules:
        _drive_event_loops()


def _drive_event_loops() -> None:
    """Makes event loops live in the driven time: a loop that has nothing to do lets time pass instead of waiting.

    By class, so that names that learner code has imported already (`from asyncio import sleep`) and loops that exist
    are reached too.
    """
    import asyncio
    import selectors
    from asyncio import futures

    loop_class, selector_class = asyncio.BaseEventLoop, selectors.DefaultSelector
    if getattr(loop_class.time, "_driven", False):
        return
    real_time, real_later, real_select = loop_class.time, loop_class.call_later, selector_class.select
    wake = futures._set_result_unless_cancelled  # type: ignore[attr-defined]

    def loop_time(self: Any) -> float:
        return _time.now / _SECOND if _driver else real_time(self)

    def call_later(self: Any, delay: float, callback: Any, *args: Any, **kwargs: Any) -> Any:
        if _driver and callback is wake:
            _time.tell("asleep", float(delay))
        return real_later(self, delay, callback, *args, **kwargs)

    def select(self: Any, timeout: float | None = None) -> Any:
        if not _driver or timeout is None or timeout <= 0:
            return real_select(self, timeout)
        # Another thread may be about to wake the loop: it gets a moment of real time first.
        ready = real_select(self, 0.02 if sys._current_frames().__len__() > 1 else 0)
        if not ready:
            _time.tell("idle", timeout)
        return ready

    loop_time._driven = True  # type: ignore[attr-defined]
    loop_class.time = loop_time  # type: ignore[method-assign]
    loop_class.call_later = call_later  # type: ignore[method-assign, assignment]
    selector_class.select = select  # type: ignore[method-assign]
