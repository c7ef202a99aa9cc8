"""What of the standard library and pytest behaves differently while a suite is judged from outside.

Three reasons: functions that look into objects are called in the sandbox when they are given a handle; what reaches
into the process of the code under test (patching, warnings, logs) makes a test one that has to run inside; and both
sides of an `assertEqual` are noted.
"""

from __future__ import annotations

import dataclasses
import functools
import inspect
import random
import sys
from collections.abc import Callable
from typing import Any

from sandboxed.decoys import decoys_of

from grader.suite.handles import ClassHandle, is_remote, world_of
from grader.suite.state import NotOutside
from grader.suite.world import World

_KINDS = ("function", "class", "method", "generator", "generatorfunction", "coroutine", "coroutinefunction", "asyncgen")
_INSPECT = ("signature", "getdoc", "getsource", "getsourcelines", "getfullargspec", "getmembers", "unwrap")
_LOOK_INSIDE: dict[Any, tuple[str, ...]] = {
    inspect: (*_INSPECT, *[f"is{kind}" for kind in (*_KINDS, "asyncgenfunction", "abstract", "builtin", "routine")]),
    dataclasses: ("fields", "asdict", "astuple", "replace", "is_dataclass"),
}
_world: list[World] = []
_installed: set[str] = set()
_notes: list[Callable[..., None]] = []
_isinstance, _issubclass = isinstance, issubclass


def use(world: World, note: Callable[..., None]) -> None:
    """From now on `world` is the suite that is judged; `note` is told both sides of an `assertEqual` that does
    not hold, and what the test says to it.
    """
    _world[:], _notes[:] = [world], [note]
    _once("library", _patch_library)
    late()


def late() -> None:
    """Patches what only a test may have imported; to be called again after it was."""
    for name, patch in (
        ("unittest.case", _patch_unittest),
        ("unittest.mock", _patch_mock),
        ("unittest._log", lambda module: _refuse(module._AssertLogsContext, "looks at what is logged")),
        ("_pytest.recwarn", lambda module: _refuse(module.WarningsRecorder, "looks at warnings")),
    ):
        if name in sys.modules:
            _once(name, functools.partial(patch, sys.modules[name]))


def _once(name: str, patch: Callable[[], None]) -> None:
    if name not in _installed:
        _installed.add(name)
        patch()


def _patch_library() -> None:
    for module, names in _LOOK_INSIDE.items():
        for name in names:
            setattr(module, name, _inside(module.__name__, name, getattr(module, name)))
    random.seed = _seed


def _inside(module: str, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, called in the sandbox when its first argument is there."""

    @functools.wraps(function)
    def called(*args: Any, **kwargs: Any) -> Any:
        if args and is_remote(args[0]):
            return world_of(args[0]).ask("standard", module, name, args, kwargs)
        return function(*args, **kwargs)

    return called


_random_seed = random.seed


def _seed(a: Any = None, version: int = 2) -> None:
    """A test that seeds means the learner's random numbers too."""
    _random_seed(a, version)
    if _world and _world[0].line.state.over is None and type(a) in (int, str, float, bytes):
        _world[0].ask("seed", a)


def is_instance(x: object, kind: Any) -> bool:
    """`isinstance`, which the sandbox decides where a handle is held against a class that only the judge has."""
    if _isinstance(x, kind):
        return True
    if not is_remote(x) or _isinstance(x, ClassHandle):
        return False
    return any(_asked("is_instance", x, each) for each in _classes(kind))


def is_subclass(x: Any, kind: Any) -> bool:
    """`issubclass`, in the same way."""
    if _issubclass(x, kind):
        return True
    return _isinstance(x, ClassHandle) and any(_asked("is_subclass", x, each) for each in _classes(kind))


def _classes(kind: Any) -> list[Any]:
    kinds = kind if type(kind) is tuple else (kind,)
    plain = (int, float, complex, str, bytes, list, tuple, dict, set, frozenset, bool, object)
    return [
        each for each in kinds if not _isinstance(each, ClassHandle) and each not in plain and _isinstance(each, type)
    ]


def _asked(verb: str, x: Any, kind: Any) -> bool:
    try:
        return bool(world_of(x).ask(verb, x, kind))
    except NotOutside:
        # A class of the test's: nothing of the learner's is one of it without the stand-in being one.
        world_of(x).line.state.not_outside = None
        return False


def _patch_unittest(case: Any) -> None:
    case.isinstance, case.issubclass = is_instance, is_subclass
    _refuse(case._AssertWarnsContext, "looks at warnings")
    equal, almost = case.TestCase.assertEqual, case.TestCase.assertAlmostEqual

    @functools.wraps(equal)
    def assert_equal(self: Any, first: Any, second: Any, msg: Any = None) -> None:
        __tracebackhide__ = True
        try:
            equal(self, first, second, msg)
        except self.failureException:
            for note in _notes:
                note(first, second, msg)
            raise

    @functools.wraps(almost)
    def assert_almost_equal(self: Any, first: Any, second: Any, *args: Any, **kwargs: Any) -> None:
        __tracebackhide__ = True
        almost(self, first, second, *args, **kwargs)
        if is_remote(first) != is_remote(second):
            _tell_apart(self, almost, (first, second), args, kwargs)

    case.TestCase.assertEqual, case.TestCase.assertAlmostEqual = assert_equal, assert_almost_equal


def _tell_apart(test: Any, almost: Callable[..., None], pair: tuple[Any, Any], args: Any, kwargs: Any) -> None:
    """An object that is almost equal to a number must not be so to any other."""
    first, second = pair
    plain = second if is_remote(first) else first
    for decoy in decoys_of(plain * 10 + 1000 if type(plain) in (int, float) else plain)[:3]:
        try:
            almost(test, *((first, decoy) if is_remote(first) else (decoy, second)), *args, **kwargs)
        except test.failureException:
            continue
        raise test.failureException(f"it is almost equal to {plain!r}, and to {decoy!r} too")


def _patch_mock(mock: Any) -> None:
    for name in ("_patch", "_patch_dict"):
        kind = getattr(mock, name)
        _refuse(kind, "replaces things of the process that the learner's code runs in (`patch`)")


def _refuse(kind: Any, reason: str) -> None:
    """Entering such a context makes the test one that has to run inside."""
    enter = kind.__enter__

    @functools.wraps(enter)
    def entered(self: Any) -> Any:
        if _world:
            raise _world[0].line.state.leave(reason)
        return enter(self)

    kind.__enter__ = entered
    if "start" in vars(kind):
        kind.start = entered
