"""What learner code gets in place of the test's own functions, objects and classes."""

from __future__ import annotations

import builtins
import marshal
import types
from collections.abc import Callable
from inspect import Parameter, Signature
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sandboxed.objects import Objects

globals()["__builtins__"] = vars(builtins).copy()


class Lent:
    """An object of the test's: every use of it is a question to the judge."""

    __slots__ = ("_lent_number", "_lent_objects")

    def __init__(self, objects: Objects, number: int) -> None:
        object.__setattr__(self, "_lent_objects", objects)
        object.__setattr__(self, "_lent_number", number)

    def __getattr__(self, name: str) -> Any:
        return self._lent_objects.ask("get", self._lent_number, name)

    def __setattr__(self, name: str, value: Any) -> None:
        self._lent_objects.ask("set", self._lent_number, name, value)

    def __repr__(self) -> str:
        text: str = self._lent_objects.ask("special", self._lent_number, "__repr__", ())
        return text

    def __str__(self) -> str:
        text: str = self._lent_objects.ask("special", self._lent_number, "__str__", ())
        return text


_kinds: dict[tuple[str, tuple[str, ...]], type] = {}


def _special(name: str) -> Callable[..., Any]:
    def special(self: Lent, *args: Any) -> Any:
        return self._lent_objects.ask("special", self._lent_number, name, args)

    special.__name__ = special.__qualname__ = name
    return special


def stand_in(objects: Objects, number: int, kind: str, name: str, details: tuple[Any, ...]) -> Any:
    """A function that asks, or an object of a class with the same special methods as the test's."""
    if kind == "function":
        return _function(objects, number, name, details)
    known = _kinds.get((name, details))
    if known is None:
        methods: dict[str, Any] = {each: _special(each) for each in details if each not in ("__str__", "__repr__")}
        if "__eq__" in methods and "__hash__" not in methods:
            methods["__hash__"] = None
        known = _kinds[name, details] = type(name, (Lent,), {"__slots__": (), **methods})
    return known(objects, number)


def _function(objects: Objects, number: int, name: str, details: tuple[Any, ...]) -> Callable[..., Any]:
    def function(*args: Any, **kwargs: Any) -> Any:
        return objects.ask("call", number, args, kwargs)

    qualname, doc, parameters = details
    function.__name__, function.__qualname__, function.__doc__ = name, qualname, doc
    if parameters is not None:
        signature = [
            Parameter(each, kind, default=default[0] if default else Parameter.empty)  # type: ignore[arg-type]
            for each, kind, default in parameters
        ]
        function.__signature__ = Signature(signature)  # type: ignore[attr-defined]
    return function


def build_function(parts: dict[str, Any]) -> tuple[Any, Callable[[dict[str, Any], Any], None]]:
    """A function from its code, and what fills in what it refers to."""
    scope: dict[str, Any] = {"__builtins__": builtins, "__name__": parts["module"]}
    cells = tuple(types.CellType() for _ in parts["free"])
    function = types.FunctionType(marshal.loads(parts["code"]), scope, parts["name"], None, cells)
    function.__qualname__, function.__doc__ = parts["qualname"], parts["doc"]

    def fill(references: dict[str, Any], unpack: Callable[[Any], Any]) -> None:
        for name, value in references["globals"].items():
            scope[name] = unpack(value)
        for cell, value in zip(cells, references["cells"], strict=True):
            if value is not None:
                cell.cell_contents = unpack(value[0])
        function.__defaults__ = unpack(references["defaults"])
        function.__kwdefaults__ = {name: unpack(value) for name, value in references["kwdefaults"].items()} or None
        function.__annotations__ = {name: unpack(value) for name, value in references["annotations"].items()}

    return function, fill


def build_class(name: str, bases: tuple[type, ...], namespace: dict[str, Any], keywords: dict[str, Any]) -> type:
    """A class of the test's; methods that use `super()` share the cell that names their class."""
    cell = types.CellType()
    body: dict[str, Any] = {}
    for key, value in namespace.items():
        body[key] = _with_cell(value, cell)

    def execute(target: dict[str, Any]) -> None:
        target.update(body)

    made = types.new_class(name, bases, keywords, execute)
    cell.cell_contents = made
    return made


def _with_cell(value: Any, cell: types.CellType) -> Any:
    if isinstance(value, staticmethod | classmethod):
        return type(value)(_with_cell(value.__func__, cell))
    if isinstance(value, property):
        return property(*[each and _with_cell(each, cell) for each in (value.fget, value.fset, value.fdel)])
    if isinstance(value, types.FunctionType) and "__class__" in value.__code__.co_freevars:
        names = value.__code__.co_freevars
        cells = tuple(
            cell if each == "__class__" else own for each, own in zip(names, value.__closure__ or (), strict=True)
        )
        made = types.FunctionType(value.__code__, value.__globals__, value.__name__, value.__defaults__, cells)
        made.__kwdefaults__, made.__qualname__ = value.__kwdefaults__, value.__qualname__
        return made
    return value
