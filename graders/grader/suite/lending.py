"""What learner code may do with the functions and objects of the test that it was given.

It may call what it was given, use the special methods of an object, and get at its public attributes. It gets at
nothing that leads further: no underscore names, no frames, no code, no globals.
"""

from __future__ import annotations

import inspect
import types
from typing import TYPE_CHECKING, Any

from sandboxed.exchange import Malformed

from grader.suite.handles import FORWARDED
from grader.suite.state import NotOutside

if TYPE_CHECKING:
    from grader.suite.world import World

_INNER = ("_", "gi_", "cr_", "ag_", "f_", "tb_", "co_", "func_", "im_")
_COMPARED = frozenset(("__eq__", "__ne__", "__str__", "__repr__"))
# What a mock records is the test's evidence.
_OF_MOCKS = (
    "assert_",
    "mock_",
    "call",
    "side_effect",
    "return_value",
    "method_calls",
    "reset_mock",
    "attach_mock",
    "configure_mock",
)
_FUNCTIONS = (types.FunctionType, types.MethodType, types.BuiltinFunctionType, types.BuiltinMethodType)


def identity(x: Any) -> Any:
    """What tells objects apart; a bound method is made anew each time it is looked at."""
    if type(x) is types.MethodType:
        return ("method", id(x.__self__), id(x.__func__))
    return id(x)


def describe(world: World, x: Any) -> tuple[Any, ...]:
    """How the sandbox makes a stand-in for an object that it does not have yet."""
    if isinstance(x, types.FunctionType | types.MethodType):
        return ("J", world.lend(x), "function", x.__name__, (x.__qualname__, x.__doc__, _parameters(world, x)))
    names = tuple(
        sorted(name for name in dir(type(x)) if name in FORWARDED or (name in _COMPARED and _has_own(x, name)))
    )
    return ("J", world.lend(x), "object", type(x).__name__, names)


def _has_own(x: Any, name: str) -> bool:
    return getattr(type(x), name) is not getattr(object, name)


def _parameters(world: World, function: Any) -> Any:
    """(name, kind, (default) or ()) of each parameter; None where a default does not travel."""
    try:
        signature = inspect.signature(function)
        found = []
        for each in signature.parameters.values():
            default = () if each.default is each.empty else (each.default,)
            if default and not _is_plain(default[0]):
                return None
            found.append((each.name, int(each.kind), default))
    except (TypeError, ValueError, NotOutside):
        return None
    return tuple(found)


def _is_plain(x: Any) -> bool:
    return type(x) in (type(None), bool, int, float, str, bytes)


def perform(world: World, verb: str, target: Any, args: tuple[Any, ...]) -> Any:
    """Does what is asked of an object that was lent."""
    if target is None:
        raise Malformed("a question about what was never lent")
    if verb == "call" and len(args) == 2:
        positional, named = args
        if not callable(target) or type(positional) is not tuple or type(named) is not dict:
            raise Malformed("a call that is none")
        return target(*positional, **named)
    if verb == "special" and len(args) == 2:
        name, positional = args
        if name not in FORWARDED | _COMPARED or type(positional) is not tuple:
            raise Malformed("a special method that is none")
        if _is_mock(target):
            # What is set up for one mock is found by way of it.
            return getattr(target, name)(*positional)
        return getattr(type(target), name)(target, *positional)
    if verb == "get" and len(args) == 1:
        return getattr(target, _public(world, target, args[0], writes=False))
    if verb == "set" and len(args) == 2:
        return setattr(target, _public(world, target, args[0], writes=True), args[1])
    raise Malformed("a question of no known kind")


def _public(world: World, target: Any, name: Any, *, writes: bool) -> str:
    if type(name) is not str:
        raise Malformed("a name that is none")
    if _is_mock(target) and (writes or name.startswith(_OF_MOCKS)) and not name.startswith("_"):
        raise world.line.state.leave("lets the learner's code change, or look into, a mock")
    private = name.startswith("_") and not name.startswith("__") and world.is_own_module(type(target).__module__)
    if isinstance(target, _FUNCTIONS) or (name.startswith(_INNER) and not private):
        raise AttributeError(f"{type(target).__name__!r} object has no attribute {name!r}")
    return name


def _is_mock(x: Any) -> bool:
    return type(x).__module__ == "unittest.mock" or any(each.__module__ == "unittest.mock" for each in type(x).__mro__)
