"""Values between the two ends of a suite: what is the same on both sides, what is let go of, what is refused."""

from __future__ import annotations

import collections
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from sandboxed.codec import decode, encode
from sandboxed.decoys import decoys_of
from sandboxed.exchange import Exchange, Malformed


class Pair:
    """Two ends, and messages between them that travel as plain data."""

    def __init__(self) -> None:
        self.judge, self.sandbox = Exchange(2), Exchange(1)

    def send(self, value: Any, *, back: bool = False) -> Any:
        """The value at the other end."""
        here, there = (self.sandbox, self.judge) if back else (self.judge, self.sandbox)
        packed = here.pack(value)
        packed, news = decode(encode((packed, tuple(here.news())), plain=True))
        there.learn(news)
        return there.unpack(packed)


VALUES = [
    None, True, 7, -(2**70), 1.5, 1 + 2j, "text", b"bytes", (), (1, ("a",)), frozenset((1, 2)), range(3), slice(1, None),
    date(2020, 2, 29), datetime(2020, 1, 1, 2, 3, tzinfo=timezone(timedelta(hours=2))), timedelta(1, 2, 3),
    Decimal("1.10"), Fraction(1, 3), [], [1, [2, {"a": {3}}]], {"k": [1]}, {1, 2}, bytearray(b"x"), Ellipsis, NotImplemented,
    collections.deque([1, 2], 3), collections.Counter("aab"), collections.OrderedDict(a=1), collections.defaultdict(None, a=1),
]  # fmt: skip


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_a_value_arrives_as_it_was(value: Any) -> None:
    arrived = Pair().send(value)
    assert type(arrived) is type(value)
    assert arrived == value


def test_a_container_is_the_same_one_whenever_it_crosses() -> None:
    pair, own = Pair(), [1]
    there = pair.send(own)
    assert pair.send(own) is there
    assert pair.send((own, {"x": own}))[1]["x"] is there
    assert pair.send(there, back=True) is own


def test_what_one_side_changes_the_other_sees_with_the_next_message() -> None:
    pair, own = Pair(), [3, 1, [2]]
    there = pair.send(own)
    there[2].append(5)
    there[:2] = sorted(there[:2])
    pair.send(None, back=True)
    assert own == [1, 3, [2, 5]]
    own.clear()
    pair.send(None)
    assert there == []


def test_a_container_that_contains_itself_crosses() -> None:
    own: list[Any] = [1]
    own.append(own)
    there = Pair().send(own)
    assert there[1] is there


def test_deep_nesting_is_no_deep_message() -> None:
    own: list[Any] = []
    for _ in range(1000):
        own = [own]
    there, depth = Pair().send(own), 0
    while there:
        there, depth = there[0], depth + 1
    assert depth == 1000


def test_one_and_true_are_told_apart_when_they_change() -> None:
    pair, own = Pair(), [1]
    there = pair.send(own)
    own[0] = True
    pair.send(None)
    assert there[0] is True


def test_what_nobody_knows_any_more_is_let_go_of() -> None:
    pair = Pair()
    kept: list[Any] = [[1]]
    pair.send(kept)
    pair.send([[2], [3]])
    pair.judge.sweep()
    released = pair.judge.released()
    assert len(released) == 3
    pair.sandbox.forget(released)
    assert pair.send(kept) == [[1]]


@pytest.mark.parametrize(
    "packed",
    [(), ("?",), [1], ("t", ("v",)), ("m", 99), ("v", "Decimal", "x"), ("b", "None"), ("f", ("m", 1))],
    ids=repr,
)
def test_what_no_end_would_say_is_refused(packed: Any) -> None:
    with pytest.raises((Malformed, LookupError, TypeError, ValueError, ArithmeticError, NotImplementedError)):
        Pair().judge.unpack(packed)


def test_a_container_is_not_put_in_the_place_of_another() -> None:
    pair, own = Pair(), [1]
    pair.send(own)
    with pytest.raises(Malformed):
        pair.judge.learn(((2, "list", (), 5),))


@pytest.mark.parametrize("value", [0, 3, 2.5, [1, 2], [[1]], (1, "a"), {"a": 1}, {1, 2}, []], ids=repr)
def test_decoys_are_of_the_same_type_and_never_equal(value: Any) -> None:
    for _ in range(20):
        decoys = decoys_of(value)
        assert decoys
        assert all(type(each) is type(value) and each != value for each in decoys)
