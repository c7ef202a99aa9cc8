"""In tests that run inside: an object that equals everything is not taken for the right answer.

It is one line of defence among others, for everything here is in the learner's process.
"""

from __future__ import annotations

import builtins
import functools
import unittest
from collections.abc import Callable
from typing import Any

from sandboxed.decoys import CONTAINERS, NUMBERS, decoys_of

globals()["__builtins__"] = vars(builtins).copy()

_PLAIN = frozenset((*NUMBERS, *CONTAINERS, str, bytes, bool, type(None)))
_TEXTS: dict[type, tuple[Any, ...]] = {
    str: ("\x00no", "7f3a"), bytes: (b"\x00no",), bool: ("\x00no",), type(None): ("\x00no", 7),
}  # fmt: skip


class EqualsEverything(BaseException):
    """An object says that it equals two values that are not equal."""


def told_apart(first: object, second: object) -> None:
    """Called after `first == second` was found to hold."""
    if (type(first) in _PLAIN) == (type(second) in _PLAIN):
        return
    plain, other = (first, second) if type(first) in _PLAIN else (second, first)
    for decoy in (*decoys_of(plain)[:3], *_TEXTS.get(type(plain), ())):
        if other == decoy or decoy == other:
            raise EqualsEverything(
                f"an object of `{type(other).__name__}` says that it equals {plain!r}, and {decoy!r} too"
            )


def install() -> None:
    """Has the assertions of `unittest` look too, before any learner code is loaded."""
    for name in (
        "assertEqual",
        "assertListEqual",
        "assertDictEqual",
        "assertTupleEqual",
        "assertSetEqual",
        "assertIn",
        "assertAlmostEqual",
    ):
        setattr(unittest.TestCase, name, _looking(getattr(unittest.TestCase, name)))


def _looking(assertion: Callable[..., None]) -> Callable[..., None]:
    @functools.wraps(assertion)
    def looking(self: Any, first: Any, second: Any, *args: Any, **kwargs: Any) -> None:
        __tracebackhide__ = True
        assertion(self, first, second, *args, **kwargs)
        if assertion.__name__ == "assertIn":
            if (type(first) in _PLAIN) is False and type(second) in (list, tuple):
                for each in second:
                    if first == each:
                        told_apart(first, each)
            return
        if assertion.__name__ != "assertAlmostEqual" or first == second:
            told_apart(first, second)

    return looking
