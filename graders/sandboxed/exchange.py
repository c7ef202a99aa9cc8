"""Values that cross between the judge and the sandbox of a suite, packed as plain data (docs/suites.md, "How values
cross").

Both ends run this code. Immutable values are copied. A mutable container exists once on each side under one number:
whoever changes its own copy tells the other with the next message, so that `list.sort` inside is seen outside and
`append` outside is seen inside.
"""

from __future__ import annotations

import builtins
import sys
from collections.abc import Callable, Iterator
from typing import Any

# As in encoding.py: the builtins as they were when this file was imported.
globals()["__builtins__"] = vars(builtins).copy()

Packed = Any
_SCALARS = frozenset({type(None), bool, int, float, complex, str, bytes})
_sys_modules = sys.modules
_refcount = sys.getrefcount
# What `sys.getrefcount` counts of a container that only this table knows: the table, a loop variable, its own argument.
_OWN_REFERENCES = 3


class Malformed(Exception):
    """Not something that the other end, left alone, would have packed."""


def _pairs(items: Iterator[tuple[Any, Any]]) -> list[Any]:
    return [part for pair in items for part in pair]


def _fill_dict(target: dict[Any, Any], parts: list[Any]) -> None:
    dict.clear(target)
    for key, value in zip(parts[::2], parts[1::2], strict=True):
        dict.__setitem__(target, key, value)


def _fill_list(target: list[Any], parts: list[Any]) -> None:
    list.__setitem__(target, slice(None), parts)


def _fill_set(target: set[Any], parts: list[Any]) -> None:
    set.clear(target)
    set.update(target, parts)


def _fill_bytes(target: bytearray, parts: list[Any]) -> None:
    bytearray.__setitem__(target, slice(None), bytes(parts[0]))


def _fill_deque(target: Any, parts: list[Any]) -> None:
    target.clear()
    target.extend(parts)


class _Kind:
    """How one type of container is taken apart, made and filled. `shape`: what is fixed when it is made."""

    def __init__(
        self,
        parts: Callable[[Any], list[Any]],
        fill: Callable[[Any, list[Any]], None],
        make: Callable[..., Any],
        shape: Callable[[Any], tuple[Any, ...]] = lambda _: (),
    ) -> None:
        self.parts, self.fill, self.make, self.shape = parts, fill, make, shape


def _collections() -> dict[str, tuple[type, _Kind]]:
    import collections

    def items(x: Any) -> list[Any]:
        return _pairs(dict.items(x))

    return {
        "list": (list, _Kind(list, _fill_list, list)),
        "dict": (dict, _Kind(items, _fill_dict, dict)),
        "set": (set, _Kind(list, _fill_set, set)),
        "bytearray": (bytearray, _Kind(lambda x: [bytes(x)], _fill_bytes, bytearray)),
        "deque": (
            collections.deque,
            _Kind(list, _fill_deque, lambda most: collections.deque(maxlen=most), lambda x: (x.maxlen,)),
        ),
        "OrderedDict": (collections.OrderedDict, _Kind(lambda x: _pairs(x.items()), _refill, collections.OrderedDict)),
        "Counter": (collections.Counter, _Kind(items, _fill_dict, collections.Counter)),
        "defaultdict": (
            collections.defaultdict,
            _Kind(items, _fill_dict, collections.defaultdict, lambda x: (x.default_factory,)),
        ),
    }


def _refill(target: Any, parts: list[Any]) -> None:
    target.clear()
    for key, value in zip(parts[::2], parts[1::2], strict=True):
        target[key] = value


_KINDS = _collections()
_NAME_OF = {kind: name for name, (kind, _) in _KINDS.items()}


def _values() -> dict[str, tuple[str, str, Callable[[Any], tuple[Any, ...]]]]:
    """Immutable types of the standard library: module, name, what they are made from again."""

    def zone(x: Any) -> Any:
        return x.tzinfo

    return {
        "range": ("builtins", "range", lambda x: (x.start, x.stop, x.step)),
        "slice": ("builtins", "slice", lambda x: (x.start, x.stop, x.step)),
        "date": ("datetime", "date", lambda x: (x.year, x.month, x.day)),
        "time": ("datetime", "time", lambda x: (x.hour, x.minute, x.second, x.microsecond, zone(x))),
        "datetime": (
            "datetime",
            "datetime",
            lambda x: (x.year, x.month, x.day, x.hour, x.minute, x.second, x.microsecond, zone(x)),
        ),
        "timedelta": ("datetime", "timedelta", lambda x: (x.days, x.seconds, x.microseconds)),
        "timezone": ("datetime", "timezone", lambda x: x.__getinitargs__()),
        "Decimal": ("decimal", "Decimal", lambda x: (str(x),)),
        "Fraction": ("fractions", "Fraction", lambda x: (x.numerator, x.denominator)),
        "UUID": ("uuid", "UUID", lambda x: (x.hex,)),
    }


_VALUES = _values()
_VALUE_NAMES = {(module, name): tag for tag, (module, name, _) in _VALUES.items()}
_SINGLES = {"NotImplemented": NotImplemented, "Ellipsis": Ellipsis}


class Exchange:
    """One end: the containers that both ends have. `first`: 1 or 2, so that the two ends never choose the same
    number.
    """

    def __init__(self, first: int) -> None:
        self._next = first
        self._containers: dict[int, Any] = {}
        self._snapshots: dict[int, list[Any]] = {}
        self._numbers: dict[int, int] = {}
        self._queue: list[int] = []
        self._swept_at = 64
        self._released: list[int] = []

    # What is neither plain nor a container is for the subclass.

    def pack_object(self, x: Any) -> Packed:
        raise NotImplementedError

    def unpack_object(self, packed: tuple[Any, ...]) -> Any:
        raise NotImplementedError

    def pack(self, x: Any) -> Packed:
        """A value as plain data; new containers in it go into the queue that `news` empties."""
        kind = type(x)
        if kind in _SCALARS:
            return x
        if kind is tuple:
            return ("t", *[self.pack(each) for each in x])
        if kind in _NAME_OF:
            return ("m", self._number(x))
        if kind is frozenset:
            return ("f", *[self.pack(each) for each in x])
        tag = _VALUE_NAMES.get((kind.__module__, kind.__name__)) if kind.__module__ in _VALUE_MODULES else None
        if tag is not None and getattr(_sys_modules.get(kind.__module__), kind.__name__, None) is kind:
            try:
                return ("v", tag, *[self._plain_part(each) for each in _VALUES[tag][2](x)])
            except Malformed:
                # A time zone that is no fixed offset, for instance.
                return self.pack_object(x)
        for name, single in _SINGLES.items():
            if x is single:
                return ("b", name)
        return self.pack_object(x)

    def _plain_part(self, x: Any) -> Packed:
        packed = self.pack(x) if type(x) in _SCALARS or type(x).__module__ == "datetime" else None
        if packed is None and x is not None:
            raise Malformed("a part of a value is not plain")
        return packed

    def unpack(self, packed: Packed) -> Any:
        if type(packed) in _SCALARS:
            return packed
        if type(packed) is not tuple or not packed:
            raise Malformed("not a packed value")
        tag = packed[0]
        if tag == "t":
            return tuple([self.unpack(each) for each in packed[1:]])
        if tag == "m":
            return self._containers[packed[1]]
        if tag == "f":
            return frozenset([self.unpack(each) for each in packed[1:]])
        if tag == "v":
            module, name, _ = _VALUES[packed[1]]
            return getattr(__import__(module), name)(*[self.unpack(each) for each in packed[2:]])
        if tag == "b":
            return _SINGLES[packed[1]]
        return self.unpack_object(packed)

    def news(self) -> list[tuple[Any, ...]]:
        """What the other end needs to know first: changes of containers it has, and those it does not have yet."""
        news: list[tuple[Any, ...]] = []
        for number, container in list(self._containers.items()):
            parts = self._parts(container)
            if not _same(parts, self._snapshots[number]):
                self._snapshots[number] = parts
                news.append((number, "", (), *[self.pack(each) for each in parts]))
        while self._queue:
            number = self._queue.pop()
            container = self._containers[number]
            name = _NAME_OF[type(container)]
            parts = self._snapshots[number]
            shape = [self.pack(each) for each in _KINDS[name][1].shape(container)]
            news.append((number, name, tuple(shape), *[self.pack(each) for each in parts]))
        return news

    def learn(self, news: Any) -> None:
        """Takes over what the other end says in its `news`."""
        if type(news) not in (tuple, list):
            raise Malformed("no news")
        for number, name, shape, *_ in news:
            if name:
                if number in self._containers or type(number) is not int:
                    raise Malformed("a container that is there already")
                self._register(number, _KINDS[name][1].make(*[self.unpack(each) for each in shape]))
        for number, _, _, *packed in news:
            container = self._containers[number]
            parts = [self.unpack(each) for each in packed]
            _KINDS[_NAME_OF[type(container)]][1].fill(container, parts)
            self._snapshots[number] = self._parts(container)

    def _number(self, container: Any) -> int:
        number = self._numbers.get(id(container))
        if number is None:
            number, self._next = self._next, self._next + 2
            self._register(number, container)
            self._snapshots[number] = self._parts(container)
            self._queue.append(number)
        return number

    def _register(self, number: int, container: Any) -> None:
        self._containers[number] = container
        self._numbers[id(container)] = number
        self._snapshots[number] = []

    @staticmethod
    def _parts(container: Any) -> list[Any]:
        return _KINDS[_NAME_OF[type(container)]][1].parts(container)

    def forget(self, numbers: list[int]) -> None:
        """Drops containers that the other end has no use for any more."""
        for number in numbers:
            container = self._containers.pop(number)
            del self._numbers[id(container)], self._snapshots[number]

    def sweep(self) -> None:
        """Lets go of containers that nobody but this table knows."""
        again = True
        while again:
            again = False
            held: dict[int, int] = {}
            for snapshot in self._snapshots.values():
                for part in snapshot:
                    if id(part) in self._numbers:
                        held[id(part)] = held.get(id(part), 0) + 1
            for number in list(self._containers):
                container = self._containers[number]
                if _refcount(container) - held.get(id(container), 0) <= _OWN_REFERENCES:
                    del container
                    self.forget([number])
                    self._released.append(number)
                    again = True
        self._swept_at = max(64, 2 * len(self._containers))

    def released(self) -> list[int]:
        """What was let go of since the last time, for the other end to forget; sweeps when there is much."""
        if len(self._containers) > self._swept_at:
            self.sweep()
        released, self._released = self._released, []
        return released


_VALUE_MODULES = frozenset(module for module, _, _ in _VALUES.values())


def _same(parts: list[Any], before: list[Any]) -> bool:
    """Whether the very same objects are in both; asks no object whether it equals another."""
    if len(parts) != len(before):
        return False
    for part, earlier in zip(parts, before, strict=True):
        if part is not earlier and not (type(part) is type(earlier) is bytes and part == earlier):
            return False
    return True
