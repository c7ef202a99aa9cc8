"""`==` between what the learner's code gave and something else (docs/suites.md, "Equality").

Two objects of the learner's are compared by the learner's own `__eq__`. A plain value is another matter: an object
that says that it equals everything must not pass for the right answer. So it has to tell the value apart from others
that could as well be the right one.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from sandboxed.decoys import CONTAINERS, NUMBERS, decoys_of

from grader.suite.handles import is_remote, reference


def of_object(self: Any, other: object) -> Any:
    """For objects without a plain base."""
    world = reference(self).world
    if is_remote(other):
        return world.ask("special", self, "__eq__", (other,))
    kind = type(other)
    if kind not in (*NUMBERS, *CONTAINERS, bool, str, bytes, type(None)) and not _is_value(kind):
        # An object of the test's own: `mock.ANY`, `pytest.approx`, … decide for themselves.
        return NotImplemented
    decoys = decoys_of(other)
    candidates = [*decoys, other]
    order = list(range(len(candidates)))
    random.SystemRandom().shuffle(order)
    if not decoys:
        candidates, order = [other], [0]
    said = world.ask("equals", self, tuple(candidates[each] for each in order))
    if type(said) is not tuple or len(said) != len(order) or any(type(each) is not bool for each in said):
        raise world.line.forged("an answer to `==` that is none")
    claims = dict(zip(order, said, strict=True))
    if not claims[len(candidates) - 1]:
        return False
    if not decoys:
        world.line.state.claims.append(f"an object of `{_name(self)}` says that it equals {other!r}")
        return False
    if any(claims[index] for index in range(len(decoys))):
        world.line.state.claims.append(
            f"an object of `{_name(self)}` says that it equals {other!r}, and other values too"
        )
        return False
    return True


def of_container(self: Any, other: object) -> Any:
    """For subclasses of `list`, `dict`, `set`: by what is in them."""
    if is_remote(other):
        return reference(self).world.ask("special", self, "__eq__", (other,))
    return reference(self).world.ask("base", self) == other


def of_plain(plain: type) -> Callable[[Any, object], Any]:
    """For subclasses of `int`, `str`, `tuple`, …: by their base value."""

    def equals(self: Any, other: object) -> Any:
        if is_remote(other):
            return reference(self).world.ask("special", self, "__eq__", (other,))
        return plain.__eq__(self, other)

    return equals


def negated(self: Any, other: object) -> Any:
    """`!=`, as Python derives it from `==`."""
    result = type(self).__eq__(self, other)
    return result if result is NotImplemented else not result


def _is_value(kind: type) -> bool:
    return kind.__module__ in ("datetime", "decimal", "fractions", "uuid") or kind in (range, bytearray)


def _name(x: Any) -> str:
    return str(type(x).__name__)
