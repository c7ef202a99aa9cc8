"""What all handles have in common: the number of something in the sandbox, and where that is."""

from __future__ import annotations

from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from grader.suite.world import World

# Special methods by which Python's own syntax and functions use an object.
_BINARY = [
    "add",
    "sub",
    "mul",
    "matmul",
    "truediv",
    "floordiv",
    "mod",
    "divmod",
    "pow",
    "lshift",
    "rshift",
    "and",
    "xor",
    "or",
]
FORWARDED = frozenset(
    f"__{name}__"
    for name in [
        "len",
        "length_hint",
        "getitem",
        "setitem",
        "delitem",
        "iter",
        "next",
        "reversed",
        "contains",
        "call",
        "enter",
        "exit",
        "missing",
        "neg",
        "pos",
        "abs",
        "invert",
        "complex",
        "int",
        "float",
        "index",
        "round",
        "trunc",
        "floor",
        "ceil",
        "bool",
        "lt",
        "le",
        "gt",
        "ge",
        "hash",
        "format",
        "bytes",
        "fspath",
        "await",
        "aiter",
        "anext",
        "aenter",
        "aexit",
    ]
    + [prefix + name for name in _BINARY for prefix in ("", "r", "i")]
)


class ClassHandle(type):
    """Of stand-ins for classes of the sandbox."""


class ModuleHandle(ModuleType):
    """Of stand-ins for modules of the sandbox."""


class Reference:
    """The number of an object of the sandbox; when nobody has it any more, the sandbox is told."""

    __slots__ = ("count", "number", "world")

    def __init__(self, world: World, number: int) -> None:
        self.world, self.number, self.count = world, number, 0

    def __del__(self) -> None:
        self.world.dropped.append((self.number, self.count))


def reference(x: Any) -> Reference:
    """What a handle stands for."""
    found: Reference = object.__getattribute__(x, "_grade")
    return found


def world_of(x: Any) -> World:
    """Where a handle, or a class of the learner's, lives."""
    if isinstance(x, ClassHandle):
        found: World = type.__getattribute__(x, "_grade_world")
        return found
    return reference(x).world


def is_remote(x: object) -> bool:
    """Whether this stands for something in the sandbox."""
    kind = type(x)
    return isinstance(kind, ClassHandle) or issubclass(kind, ClassHandle | ModuleHandle)
