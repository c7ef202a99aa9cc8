"""Values that could as well have been meant: whoever says that it equals one of them too is not the right answer.

Used by the judge, and in the sandbox by tests that run there.
"""

from __future__ import annotations

import random
from typing import Any

NUMBERS = (int, float, complex)
CONTAINERS = (list, tuple, dict, set, frozenset)
_DECOYS = 24


def decoys_of(value: Any) -> list[Any]:
    """Values of the same type that could as well be meant; none for what only a value of that very type can equal."""
    draw = random.SystemRandom()
    if type(value) in NUMBERS:
        return _other_numbers(value, draw)
    if type(value) in CONTAINERS and len(value) > 0:
        return _other_containers(value, draw)
    if type(value) in CONTAINERS:
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
    if type(item) in NUMBERS:
        return item + draw.choice((1, -1, 2, 5))
    if type(item) is str:
        return item + draw.choice("aex1 ")
    if type(item) in CONTAINERS and item:
        return draw.choice(_other_containers(item, draw) or [None])
    return draw.choice((None, 0, "", -1))


def _surely_equal(one: Any, other: Any) -> bool:
    try:
        return bool(one == other)
    except Exception:
        return True
