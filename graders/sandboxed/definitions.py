"""What a module has defined, where executing it does nothing else: as long as that is unchanged, executing it again
would come to the same.

Whether it does nothing else is told by its first execution: no function of its own ran (`Watch`), and whatever its top
level names is known to be harmless when it is called (`only_defines`). Whether it is unchanged is told by comparing,
object by object, all that can be changed of what is reached from its namespace (`Definitions`). In doubt, and for any
value of a type that is not named here, a module is executed again.
"""

from __future__ import annotations

import builtins
import opcode
import sys
from operator import attrgetter, is_
from types import (
    BuiltinFunctionType,
    ClassMethodDescriptorType,
    CodeType,
    FunctionType,
    GenericAlias,
    GetSetDescriptorType,
    MappingProxyType,
    MemberDescriptorType,
    MethodDescriptorType,
    MethodType,
    MethodWrapperType,
    ModuleType,
    UnionType,
    WrapperDescriptorType,
)
from typing import Any

__builtins__ = vars(builtins).copy()


class Doubt(Exception):
    """Something that is not known well enough."""


# Of these, nothing can be changed by learner code, or nothing that executing a module again would bring back.
_CONSTANT = frozenset(
    (
        type(None), bool, int, float, complex, str, bytes, type(...), type(NotImplemented), range, object,
        ModuleType, CodeType, BuiltinFunctionType, GenericAlias, UnionType, GetSetDescriptorType, MemberDescriptorType,
        MethodDescriptorType, WrapperDescriptorType, MethodWrapperType, ClassMethodDescriptorType,
    )
)  # fmt: skip
# Where types are from whose instances are like that: type variables and aliases, what describes the fields of a
# dataclass, what was imported from the future, our clocks.
_CONSTANT_FROM = frozenset(("typing", "dataclasses", "__future__", "sandboxed.clock"))
_CONSTANT_TYPES = frozenset(
    (
        ("collections", "_tuplegetter"), ("_collections", "_tuplegetter"), ("decimal", "Decimal"),
        ("fractions", "Fraction"),
    )
)  # fmt: skip
# In every namespace, and none of the learner's making.
_GIVEN = frozenset(("__builtins__", "__loader__", "__spec__"))
# Data that nothing can be done to.
_DATA = frozenset(
    (type(None), bool, int, float, complex, str, bytes, type(...), range, object, tuple, frozenset)
)  # fmt: skip
# Types from here may be called, and instances of them asked for anything, and nothing happens but that a value comes
# of it.
_HARMLESS_TYPES = frozenset(
    (
        "builtins", "typing", "types", "collections", "collections.abc", "abc", "dataclasses", "functools", "inspect",
        "numbers", "decimal", "fractions",
    )
)  # fmt: skip
_HARMLESS_FUNCTIONS = frozenset(
    (
        "abc.abstractmethod", "contextlib.asynccontextmanager", "contextlib.contextmanager", "dataclasses.dataclass",
        "dataclasses.field", "functools.wraps", "typing.NamedTuple", "typing.cast", "typing.final", "typing.overload",
    )
)  # fmt: skip
# More than that is compared no faster than it is made.
_MOST = 4000

# What can be changed about a function. From 3.14 on its annotations are worked out by learner code, when they are
# asked for.
_FUNCTION = attrgetter(
    "__code__", "__defaults__", "__kwdefaults__", "__dict__", "__name__", "__qualname__", "__doc__", "__module__",
    "__annotations__" if sys.version_info < (3, 14) else "__annotate__",
)  # fmt: skip
_CLASS = attrgetter("__bases__", "__name__", "__qualname__")
_subclasses = type.__subclasses__

_OPTIMIZED = 1
_NAMED = frozenset(opcode.hasname)
_ops = opcode.opmap
_EXTENDED_ARG, _IMPORT_NAME, _IMPORT_FROM, _STORE_NAME = (
    _ops[name] for name in ("EXTENDED_ARG", "IMPORT_NAME", "IMPORT_FROM", "STORE_NAME")
)
_IMPORTING = frozenset((_IMPORT_NAME, _IMPORT_FROM))
_OF_OBJECTS = frozenset(_ops[name] for name in ("LOAD_ATTR", "LOAD_METHOD") if name in _ops)
_CHANGING = frozenset(
    _ops[name] for name in ("STORE_ATTR", "DELETE_ATTR", "DELETE_NAME", "STORE_GLOBAL", "DELETE_GLOBAL")
)
# In these the lowest bits of the argument are flags.
_FLAGS = {
    _ops["LOAD_GLOBAL"]: 1,
    _ops["LOAD_ATTR"]: 1 if sys.version_info >= (3, 12) else 0,
    _ops.get("LOAD_SUPER_ATTR", -1): 2,
}


class Watch:
    """A profile function for the first execution of a module: whether any function of its file ran meanwhile."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.ran = False

    def __call__(self, frame: Any, event: str, _: Any) -> None:
        if event == "call":
            code = frame.f_code
            # Its top level and the bodies of its classes are not optimized.
            if code.co_flags & _OPTIMIZED and code.co_filename == self.path:
                self.ran = True


def class_bodies(code: CodeType) -> list[CodeType]:
    """The bodies of the classes in a module, or in the body of a class, that are executed when it is."""
    return [const for const in code.co_consts if type(const) is CodeType and not const.co_flags & _OPTIMIZED]


def only_defines(code: CodeType, module: ModuleType) -> bool:
    """Whether a module that was executed, and no function of which ran meanwhile, has done nothing but define things.

    It has when whatever is named at its top level, or in the body of a class, is harmless, in whatever way it may have
    been used.
    """
    try:
        _TopLevel(module).look_at(code, is_module=True)
    except Exception:
        # Doubt, or something that learner code has made of its types.
        return False
    return True


def definitions_of(module: ModuleType, path: str, root: str) -> Definitions | None:
    """What a module that only defines things has defined; `root`: where the learner's files are. None when in doubt."""
    try:
        return Definitions(module, path, root)
    except Exception:
        # As above.
        return None


class _TopLevel:
    def __init__(self, module: ModuleType) -> None:
        self.name = module.__name__
        self.names = module.__dict__

    def look_at(self, code: CodeType, *, is_module: bool) -> None:
        used, attributes = _names(code, is_module=is_module)
        modules = []
        for name in used:
            # What is in neither is a name of a class body, and was made from what is named in it.
            value = self.names.get(name, vars(builtins).get(name))
            if name in _GIVEN:
                raise Doubt
            if name == "__annotations__":
                continue
            if type(value) is ModuleType:
                modules.append(value)
            else:
                self.harmless(value)
        for module in modules:
            for name in attributes & module.__dict__.keys():
                value = module.__dict__[name]
                if type(value) is not ModuleType:
                    self.harmless(value)
                elif value not in modules:
                    modules.append(value)
        for body in class_bodies(code):
            self.look_at(body, is_module=False)

    def harmless(self, value: Any) -> None:
        kind = type(value)
        if kind in _DATA or kind.__module__ == "typing":
            return
        if kind is FunctionType:
            # One of its own did not run.
            if value.__globals__ is self.names or f"{value.__module__}.{value.__qualname__}" in _HARMLESS_FUNCTIONS:
                return
        elif issubclass(kind, type) and (value.__module__ == self.name or value.__module__ in _HARMLESS_TYPES):
            return
        raise Doubt


def _names(code: CodeType, *, is_module: bool) -> tuple[set[str], set[str]]:
    """Names that a code object uses, and does not only import or assign: as variables, and as attributes."""
    used, attributes, assigned, high = set(), set(), set(), 0
    content = code.co_code
    for operation, argument in zip(content[::2], content[1::2], strict=True):
        if operation == _EXTENDED_ARG:
            high = (high | argument) << 8
            continue
        number, high = high | argument, 0
        if operation not in _NAMED:
            continue
        if operation == _STORE_NAME:
            # What it was when it was used could not be told.
            if is_module and number in assigned:
                raise Doubt
            assigned.add(number)
        elif operation in _CHANGING or (operation == _IMPORT_NAME and not is_module):
            raise Doubt
        elif operation not in _IMPORTING:
            name = code.co_names[number >> _FLAGS.get(operation, 0)]
            (attributes if operation in _OF_OBJECTS else used).add(name)
    return used, attributes


class Definitions:
    """All that can be changed of what a module has defined, and how it was when this was made.

    Making it raises `Doubt` where not all of that is understood.
    """

    def __init__(self, module: ModuleType, path: str, root: str) -> None:
        self.module = module
        self._path, self._root = path, root
        self._mappings: list[Any] = []
        self._collections: list[Any] = []
        self._functions: list[FunctionType] = []
        self._classes: list[type] = []
        self._cells: list[Any] = []
        self._seen: set[int] = set()
        self._mapping(module.__dict__)
        del self._seen
        self._before = self._state()
        if len(self._before) > _MOST:
            raise Doubt

    def unchanged(self) -> bool:
        """Whether every single object is still the same. Nothing of the learner's is called to find out."""
        try:
            now = self._state()
        except (RuntimeError, ValueError):
            # A thread is changing a dict just now, or a cell has been emptied.
            return False
        return len(now) == len(self._before) and all(map(is_, now, self._before))

    def _state(self) -> list[Any]:
        state: list[Any] = []
        for mapping in self._mappings:
            state += mapping
            state += mapping.values()
        for each in self._collections:
            state += each
        for function in self._functions:
            state += _FUNCTION(function)
        for cls in self._classes:
            state += _CLASS(cls)
            state += _subclasses(cls)
        for cell in self._cells:
            state.append(cell.cell_contents)
        return state

    def _visit(self, value: Any) -> None:
        kind = type(value)
        if kind in _CONSTANT or kind.__module__ in _CONSTANT_FROM or id(value) in self._seen:
            return
        self._seen.add(id(value))
        if len(self._seen) > _MOST:
            raise Doubt
        if kind is FunctionType:
            self._function(value)
        elif issubclass(kind, type):
            self._class(value)
        elif kind is tuple or kind is frozenset:
            self._all(value)
        elif kind is list or kind is set:
            self._collections.append(value)
            self._all(value)
        elif kind is dict or kind is MappingProxyType:
            self._mapping(value)
        elif kind is property:
            self._all((value.fget, value.fset, value.fdel))
        elif kind is staticmethod or kind is classmethod:
            self._visit(value.__func__)
            self._mapping(value.__dict__)
        elif kind is MethodType and value.__func__.__module__ == type(value.__self__).__module__ == "random":
            # A generator of the library's own: it is seeded, not made anew.
            pass
        elif (kind.__module__, kind.__name__) not in _CONSTANT_TYPES:
            raise Doubt

    def _all(self, values: Any) -> None:
        for value in values:
            self._visit(value)

    def _mapping(self, mapping: Any) -> None:
        self._mappings.append(mapping)
        for name, value in mapping.items():
            if type(name) is not str:
                self._visit(name)
            if name not in _GIVEN or mapping is not self.module.__dict__:
                self._visit(value)

    def _function(self, function: FunctionType) -> None:
        file = function.__code__.co_filename
        if (
            function.__globals__ is not self.module.__dict__
            and not function.__closure__
            and not file.startswith(self._root)
        ):
            return
        if file != self._path and file.startswith(self._root):
            raise Doubt
        self._functions.append(function)
        for cell in function.__closure__ or ():
            self._cells.append(cell)
            self._visit(cell.cell_contents)
        self._all(_FUNCTION(function))

    def _class(self, cls: type) -> None:
        if cls.__module__ != self.module.__name__:
            return
        if type(cls) is not type:
            # A metaclass may keep what it knows of its classes anywhere, as that of abstract classes does.
            raise Doubt
        self._classes.append(cls)
        self._mapping(cls.__dict__)
        self._all(cls.__bases__)
