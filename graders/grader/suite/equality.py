"""`==` between what the learner's code gave and something else (docs/suites.md, "Equality").

Two objects of the learner's are compared by the learner's own `__eq__`. A plain value is another matter: an object that says that it equals
everything must not pass for the right answer. So it has to tell the value apart from others that could as well be the right one.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from grader.suite.handles import is_remote, reference

_NUMBERS = (int, float, complex)
_CONTAINERS = (list, tuple, dict, set, frozenset)
_DECOYS = 24


def of_object(self: Any, other: object) -> Any:
    """For objects without a plain base."""
    world = reference(self).world
    if is_remote(other):
        return world.ask("special", self, "__eq__", (other,))
    kind = type(other)
    if kind not in (*_NUMBERS, *_CONTAINERS, bool, str, bytes, type(None)) and not _is_value(kind):
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
        world.line.state.claims.append(f"an object of `{_name(self)}` says that it equals {other!r}, and other values too")
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


def decoys_of(value: Any) -> list[Any]:
    """Values of the same type that could as well be meant; none for what only a value of that very type can equal."""
    draw = random.SystemRandom()
    if type(value) in _NUMBERS:
        return _other_numbers(value, draw)
    if type(value) in _CONTAINERS and len(value) > 0:
        return _other_containers(value, draw)
    if type(value) in _CONTAINERS:
        return [type(value)([(1, 2)]) if type(value) is dict else type(value)([number]) for number in (0, 1, 7)]
    if type(value).__name__ in ("Decimal", "Fraction"):
        return [value + step for step in draw.sample(range(-20, 20), _DECOYS) if step]
    return []


def _other_numbers(value: Any, draw: random.SystemRandom) -> list[Any]:
    """A walk through the neighbourhood of the value, which is nowhere special on it."""
    found = {value}
    now = value
    while len(found) <= _DECOYS:
        step = draw.choice((1, -1, 2, -2, 3, 10, -10)) * (1 if type(value) is int else draw.choice((0.5, 1.0, 0.1)))
        now = draw.choice(list(found)) + step
        found.add(now)
    found.discard(value)
    return list(found)


def _other_containers(value: Any, draw: random.SystemRandom) -> list[Any]:
    """The same, with one thing changed, left out or added."""
    items = list(value.items()) if type(value) is dict else list(value)
    found = []
    for _ in range(_DECOYS):
        other = list(items)
        index = draw.randrange(len(other))
        if draw.random() < 0.4 and len(other) > 1:
            del other[index]
        elif draw.random() < 0.5 and type(value) in (list, tuple):
            other.insert(index, draw.choice(items))
        else:
            item = other[index]
            other[index] = (item[0], _other(item[1], draw)) if type(value) is dict else _other(item, draw)
        try:
            made = type(value)(other)
        except TypeError:
            continue
        if not _surely_equal(made, value):
            found.append(made)
    return found


def _other(item: Any, draw: random.SystemRandom) -> Any:
    if type(item) in _NUMBERS:
        return item + draw.choice((1, -1, 2, 5))
    if type(item) is str:
        return item + draw.choice("aex1 ")
    if type(item) in _CONTAINERS and item:
        return draw.choice(_other_containers(item, draw) or [None])
    return draw.choice((None, 0, "", -1))


def _surely_equal(one: Any, other: Any) -> bool:
    try:
        return bool(one == other)
    except Exception:
        return True


def _is_value(kind: type) -> bool:
    return kind.__module__ in ("datetime", "decimal", "fractions", "uuid") or kind in (range, bytearray)


def _name(x: Any) -> str:
    return str(type(x).__name__)
