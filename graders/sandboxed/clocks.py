"""The judge's clock inside: `time` and the event loop ask it, so that seconds pass only when they are slept through."""

from __future__ import annotations

import builtins
import sys
import time
from collections.abc import Callable
from typing import Any

__builtins__ = vars(builtins).copy()

Ask = Callable[..., int]

_NS = 1_000_000_000
_NAMES = ("time", "monotonic", "perf_counter", "time_ns", "monotonic_ns", "perf_counter_ns", "sleep")
_ORIGINAL: dict[str, Any] = {name: getattr(time, name) for name in _NAMES}
_undo: list[tuple[Any, str, Any]] = []


def install(ask: Ask, with_asyncio: bool) -> None:
    """Puts stand-ins in place of the clock and of sleeping; before the learner's module is executed, so that any style of import gets them."""
    uninstall()

    def seconds() -> float:
        return ask("read") / _NS

    def nanoseconds() -> int:
        return ask("read")

    def sleep(seconds: float, /) -> None:
        if type(seconds) not in (int, float):
            seconds = float(seconds)
        if seconds < 0:
            raise ValueError("sleep length must be non-negative")
        ask("sleep", seconds)

    for name in ("time", "monotonic", "perf_counter"):
        _replace(time, name, _named(seconds, name))
        _replace(time, name + "_ns", _named(nanoseconds, name + "_ns"))
    _replace(time, "sleep", sleep)
    if with_asyncio:
        _install_in_asyncio(ask)


def uninstall() -> None:
    """Gives the real clock back."""
    while _undo:
        owner, name, value = _undo.pop()
        setattr(owner, name, value)
    for name, value in _ORIGINAL.items():
        setattr(time, name, value)


def _named(function: Callable[[], Any], name: str) -> Callable[[], Any]:
    def stand_in() -> Any:
        return function()

    stand_in.__name__ = stand_in.__qualname__ = name
    return stand_in


def _replace(owner: Any, name: str, value: Any) -> None:
    _undo.append((owner, name, getattr(owner, name)))
    setattr(owner, name, value)


def _install_in_asyncio(ask: Ask) -> None:
    import asyncio
    import selectors

    real_sleep = asyncio.sleep
    real_select = selectors.DefaultSelector.select

    async def sleep(delay: float, result: Any = None) -> Any:
        ask("asleep", float(delay))
        return await real_sleep(delay, result)

    def select(self: Any, timeout: float | None = None) -> Any:
        ready = real_select(self, 0 if timeout is None or timeout > 0 else timeout)
        if ready or timeout is not None and timeout <= 0:
            return ready
        if timeout is None:
            return real_select(self, None)
        ask("idle", float(timeout))
        return real_select(self, 0)

    _replace(asyncio, "sleep", sleep)
    _replace(sys.modules["asyncio.tasks"], "sleep", sleep)
    _replace(sys.modules["asyncio.base_events"].BaseEventLoop, "time", lambda self: ask("loop") / _NS)
    _replace(selectors.DefaultSelector, "select", select)
