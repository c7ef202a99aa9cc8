"""A solution that uses a bit of everything that a test can meet."""

import asyncio
import collections
import contextlib
import enum
import functools
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

VERSION = "1.2"
LIMITS = {"items": 3}


class ShopError(Exception):
    pass


class OutOfStock(ShopError, LookupError):
    def __init__(self, name, left):
        super().__init__(name, left)
        self.name, self.left = name, left

    def __str__(self):
        return f"only {self.left} of {self.name} left"


class Color(enum.Enum):
    RED = 1
    BLUE = 2


class Size(enum.IntEnum):
    SMALL = 1
    LARGE = 10


Point = collections.namedtuple("Point", "x y")


@dataclass(order=True)
class Item:
    name: str
    price: int = 0
    tags: list = field(default_factory=list)


@dataclass(frozen=True)
class Fixed:
    value: int


class Money:
    currency = "EUR"

    def __init__(self, cents):
        self.cents = cents

    def __eq__(self, other):
        if isinstance(other, Money):
            return self.cents == other.cents
        return self.cents == other

    def __hash__(self):
        return hash(self.cents)

    def __add__(self, other):
        return Money(self.cents + (other.cents if isinstance(other, Money) else other))

    __radd__ = __add__

    def __lt__(self, other):
        return self.cents < other.cents

    def __repr__(self):
        return f"Money({self.cents})"

    @property
    def euros(self):
        return self.cents / 100

    @euros.setter
    def euros(self, value):
        if value < 0:
            raise ValueError("no debts")
        self.cents = int(value * 100)

    @classmethod
    def parse(cls, text):
        return cls(int(float(text) * 100))

    @staticmethod
    def names():
        return ("cent", "euro")


class Stack:
    def __init__(self, items=()):
        self.items = list(items)

    def __len__(self):
        return len(self.items)

    def __iter__(self):
        return iter(self.items)

    def __getitem__(self, index):
        return self.items[index]

    def __setitem__(self, index, value):
        self.items[index] = value

    def __delitem__(self, index):
        del self.items[index]

    def __contains__(self, value):
        return value in self.items

    def push(self, value):
        self.items.append(value)
        return self

    def pop(self):
        return self.items.pop()

    def __bool__(self):
        return bool(self.items)


class Registry(dict):
    pass


class Shape:
    sides = 0

    def area(self):
        raise NotImplementedError("area")

    def describe(self):
        return f"{type(self).__name__} of {self.area()}"


class Timer:
    def __init__(self):
        self.log = []

    def __enter__(self):
        self.log.append("in")
        return self

    def __exit__(self, kind, error, traceback):
        self.log.append(kind.__name__ if kind else "out")
        return kind is KeyError


@contextlib.contextmanager
def opened(name):
    yield name.upper()


def countdown(start):
    while start:
        yield start
        start -= 1
    return "done"


def echo():
    heard = None
    while True:
        heard = yield heard


def stock(name, left=0):
    raise OutOfStock(name, left)


def chained():
    try:
        {}["x"]
    except KeyError as error:
        raise ShopError("wrapped") from error


def leave(code):
    raise SystemExit(code)


def interrupt():
    raise KeyboardInterrupt


def apply(function, *values):
    return [function(value) for value in values]


def twice(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs), function(*args, **kwargs)

    return wrapper


def retry(times, only=Exception):
    def decorate(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            for attempt in range(times):
                try:
                    return function(*args, **kwargs)
                except only:
                    if attempt == times - 1:
                        raise

        return wrapper

    return decorate


def sort_in_place(values):
    values.sort()


def fill(mapping):
    mapping["new"] = [1]
    mapping["new"].append(2)


def pick(values):
    return values


def birthday():
    return date(2020, 2, 29), Decimal("1.10"), {1, 2}, frozenset("ab"), b"x", 1 + 2j, range(3)


def counts(text):
    return collections.Counter(text)


def say(text):
    print(text)


async def fetch(value):
    await asyncio.sleep(0)
    return value


async def call_all(function, *values):
    return [await function(value) for value in values]


def total(pairs):
    return sum(pair.price for pair in pairs)


def compose(*functions):
    return functools.reduce(lambda f, g: lambda x: f(g(x)), functions)
