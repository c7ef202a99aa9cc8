"""The test's own functions, classes and objects on their way into the sandbox.

A function that reads nothing but plain data and the standard library goes as code. Any other stays here and is called
from inside, so that what it counts or collects is seen and not reported. What can do neither makes the test one that
has to run inside.
"""

from __future__ import annotations

import builtins
import functools
import inspect
import io
import marshal
import sys
import types
from typing import TYPE_CHECKING, Any

from grader.bytecode import global_names, nested, with_file
from grader.suite import lending
from grader.suite.exceptions import is_learners
from grader.suite.handles import ClassHandle, is_remote, reference, world_of

if TYPE_CHECKING:
    from grader.suite.world import World

_IMMUTABLE = (type(None), bool, int, float, complex, str, bytes)
_LENT_TYPES = (io.StringIO, io.BytesIO, types.SimpleNamespace)
_ITERATORS = (
    types.GeneratorType, type(iter([])), type(iter(())), type(iter({})), type(iter(range(0))), type(iter("")),
    map, filter, zip, enumerate, reversed,
)  # fmt: skip
_ASYNC = inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR | inspect.CO_ITERABLE_COROUTINE


def pack(world: World, x: Any) -> tuple[Any, ...]:
    """An object of the judge's that is neither plain data nor a handle."""
    kind = type(x)
    if kind is types.FunctionType:
        return _function(world, x)
    if kind is types.TracebackType:
        return None  # type: ignore[return-value]
    if isinstance(x, BaseException):
        return _exception(world, x)
    if kind is types.MethodType:
        return lending.describe(world, x)
    if kind is functools.partial:
        return ("P", world.lend(x), world.pack(x.func), world.pack(x.args), world.pack(x.keywords))
    if kind in (property, staticmethod, classmethod):
        return _descriptor(world, x)
    named = _standard(x)
    if named is not None:
        return ("g", *named)
    if kind is types.BuiltinMethodType and not isinstance(x.__self__, types.ModuleType):
        # `results.append`: of the list that both sides have.
        return ("a", world.pack(x.__self__), x.__name__)
    if isinstance(x, type):
        return _class(world, x)
    if kind in _LENT_TYPES or kind in _ITERATORS or is_own(world, kind):
        return lending.describe(world, x)
    if kind.__module__ in ("unittest.mock", "random", "itertools"):
        return lending.describe(world, x)
    raise world.line.state.leave(f"gives the learner's code an object of `{kind.__module__}.{kind.__qualname__}`")


def is_own(world: World, kind: type) -> bool:
    """Whether a class is defined in a test file, and is no test itself."""
    unittest = sys.modules.get("unittest")
    if unittest is not None and issubclass(kind, unittest.TestCase):
        return False
    return any(
        world.is_own_module(each.__module__) for each in kind.__mro__ if each.__module__ not in sys.stdlib_module_names
    )


def _standard(x: Any) -> tuple[str, str] | None:
    """(module, name) under which the sandbox finds the same function, class or module of the standard library."""
    if isinstance(x, types.ModuleType):
        return (x.__name__, "") if x.__name__.partition(".")[0] in sys.stdlib_module_names else None
    owner = getattr(x, "__objclass__", None)
    module = getattr(x, "__module__", None) or (owner.__module__ if owner is not None else None)
    if isinstance(x, types.BuiltinFunctionType) and isinstance(x.__self__, types.ModuleType):
        module = x.__self__.__name__
    name = getattr(x, "__qualname__", None)
    if type(module) is not str or type(name) is not str or module.partition(".")[0] not in sys.stdlib_module_names:
        return None
    found: Any = sys.modules.get(module)
    for part in name.split("."):
        found = getattr(found, part, None)
    return (module, name) if found is x or (found is not None and found == x) else None


def _function(world: World, x: types.FunctionType) -> tuple[Any, ...]:
    named = _standard(x)
    if named is not None:
        return ("g", *named)
    is_async = any(code.co_flags & _ASYNC for code in nested(x.__code__))
    parts = _shippable(world, x, mutable=is_async)
    if parts is None:
        if is_async:
            raise world.line.state.leave(
                f"gives the learner's code `{x.__name__}`, which is async and uses what only the test has"
            )
        return lending.describe(world, x)
    return _ship(world, x, parts)


def _ship(world: World, x: types.FunctionType, parts: tuple[dict[str, Any], list[Any]]) -> tuple[Any, ...]:
    number = world.lend(x)
    code = {
        "code": marshal.dumps(with_file(x.__code__, f"<test {x.__name__}>")),
        "name": x.__name__,
        "qualname": x.__qualname__,
        "doc": x.__doc__,
        "module": "test",
        "free": x.__code__.co_freevars,
    }
    read, cells = parts
    references = {
        "globals": {name: world.pack(value) for name, value in read.items()},
        "cells": [None if each is _EMPTY else (world.pack(each),) for each in cells],
        "defaults": world.pack(x.__defaults__),
        "kwdefaults": {name: world.pack(value) for name, value in (x.__kwdefaults__ or {}).items()},
        "annotations": {
            name: world.pack(value) for name, value in x.__annotations__.items() if _travels(world, value, True)
        },
    }
    return ("c", number, marshal.dumps(code), references)


_EMPTY = object()


def _shippable(world: World, x: types.FunctionType, *, mutable: bool) -> tuple[dict[str, Any], list[Any]] | None:
    """(globals it reads, contents of its cells), or None when it needs what only the judge has.

    `mutable`: containers may go along, for a function that can't be called from inside.
    """
    read: dict[str, Any] = {}
    for code in nested(x.__code__):
        if "@pytest_ar" in code.co_names or "@py_assert" in "".join(code.co_varnames):
            return None
        for name, _, stored in global_names(code):
            if stored:
                return None
            if name in x.__globals__ and name != "__name__":
                read[name] = x.__globals__[name]
            elif not hasattr(builtins, name) and name not in (
                "__name__",
                "__module__",
                "__qualname__",
                "__build_class__",
            ):
                return None
    if _writes_cells(x.__code__):
        return None
    names = x.__code__.co_freevars
    # The class around a method: whoever makes the class inside puts it there.
    cells = [
        _EMPTY if name == "__class__" else _content(cell) for name, cell in zip(names, x.__closure__ or (), strict=True)
    ]
    values = [*read.values(), *cells, *(x.__defaults__ or ()), *(x.__kwdefaults__ or {}).values()]
    if all(each is x or each is _EMPTY or _travels(world, each, mutable) for each in values):
        return read, cells
    return None


def _content(cell: Any) -> Any:
    try:
        return cell.cell_contents
    except ValueError:
        return _EMPTY


def _writes_cells(code: types.CodeType) -> bool:
    """Whether a variable of the function around it is set: `nonlocal`."""
    import dis

    free = set(code.co_freevars)
    return any(
        step.opname in ("STORE_DEREF", "DELETE_DEREF") and step.argval in free
        for each in nested(code)
        for step in dis.get_instructions(each)
    )


def _travels(world: World, value: Any, mutable: bool) -> bool:
    """Whether the sandbox can have this without the judge being asked when it is used."""
    if type(value) in _IMMUTABLE or is_remote(value):
        return True
    if type(value) in (tuple, frozenset):
        return all(_travels(world, each, mutable) for each in value)
    if mutable and type(value) in (list, set):
        return all(_travels(world, each, mutable) for each in value)
    if mutable and type(value) is dict:
        return all(_travels(world, each, mutable) for pair in value.items() for each in pair)
    if type(value) is types.FunctionType:
        known = _standard(value) is not None or lending.identity(value) in world._lent_numbers
        return known or _shippable(world, value, mutable=mutable) is not None
    if isinstance(value, type):
        return _standard(value) is not None
    return _standard(value) is not None


def _exception(world: World, x: BaseException) -> tuple[Any, ...]:
    if is_learners(x):
        return ("h", reference(x).number)
    cause = None if x.__cause__ is None else world.pack(x.__cause__)
    kind = world.pack(type(x))
    return ("x", world.lend(x), kind, world.pack(x.args), cause)


def _class(world: World, x: type) -> tuple[Any, ...]:
    """A class of the test's: exceptions, and classes of nothing but functions and plain data, are made inside too."""
    if not is_own(world, x):
        raise world.line.state.leave(f"gives the learner's code the class `{x.__module__}.{x.__qualname__}`")
    left_out = ("__dict__", "__weakref__", "__module__", "__firstlineno__", "__static_attributes__")
    body = {name: value for name, value in vars(x).items() if name not in left_out}
    bases = [world.pack(each) for each in x.__bases__]
    packed = world.pack(_methods(world, body, x.__name__))
    return ("K", world.lend(x), x.__name__, tuple(bases), packed)


def define(name: str, bases: tuple[Any, ...], namespace: dict[str, Any], keywords: dict[str, Any]) -> Any:
    """A class of the test's that derives from one of the learner's: made inside, where its base is."""
    world = world_of(next(each for each in bases if isinstance(each, ClassHandle)))
    body = {key: value for key, value in namespace.items() if key != "__classcell__"}
    made = world.ask("define", name, bases, _methods(world, body, name), keywords)
    if "__classcell__" in namespace:
        # Where methods that stay here find their class; `class` insists that somebody fills it.
        namespace["__classcell__"].cell_contents = made
    return made


def _methods(world: World, body: dict[str, Any], name: str) -> dict[str, Any]:
    """The body of a class. Only functions that go as code can say `super()`; the others are called from inside."""
    for value in body.values():
        for function in _functions_of(value):
            if "__class__" in function.__code__.co_freevars and _shippable(world, function, mutable=True) is None:
                raise world.line.state.leave(
                    f"makes the learner's code use `{name}`, which uses what only the test has"
                )
    return body


def _descriptor(world: World, x: Any) -> tuple[Any, ...]:
    parts = (x.fget, x.fset, x.fdel) if isinstance(x, property) else (x.__func__,)
    return ("D", type(x).__name__, *[world.pack(each) for each in parts])


def _functions_of(value: Any) -> list[types.FunctionType]:
    if isinstance(value, property):
        parts = [value.fget, value.fset, value.fdel]
    elif isinstance(value, staticmethod | classmethod):
        parts = [value.__func__]
    else:
        parts = [value]
    return [each for each in parts if type(each) is types.FunctionType]
