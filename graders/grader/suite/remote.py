"""Handles: what stands in the judge for an object, a class or a module of the sandbox."""

from __future__ import annotations

import collections.abc
import sys
from collections.abc import Callable
from types import ModuleType
from typing import TYPE_CHECKING, Any

from grader.suite import equality, shipping
from grader.suite.exceptions import Text
from grader.suite.handles import FORWARDED, ClassHandle, ModuleHandle, Reference, reference, world_of

if TYPE_CHECKING:
    from grader.suite.world import World

_COROUTINE = frozenset(("send", "throw", "close"))
_PLAIN = (int, float, complex, str, bytes, tuple, frozenset)
_MUTABLE = (list, dict, set, bytearray)
_OF_TYPE = frozenset(dir(type)) - {"__doc__", "__annotations__"}
_LOCAL = frozenset(("_grade", "__class__"))


class RemoteClass(ClassHandle):
    """The class of stand-ins for classes of the sandbox. Called, it makes an object there."""

    def __new__(mcs, name: str, bases: tuple[Any, ...], namespace: dict[str, Any], **keywords: Any) -> Any:
        """A `class` statement of the test's that derives from a class of the learner's: the class is made inside."""
        return shipping.define(name, bases, namespace, keywords)

    def __init__(cls, *_: Any, **__: Any) -> None:
        """Nothing: `type.__init__` would look at what is not there."""

    def __getattribute__(cls, name: str) -> Any:
        if name in _OF_TYPE or name.startswith("_grade"):
            return type.__getattribute__(cls, name)
        if name.startswith("__") and name.endswith("__"):
            for each in type.__getattribute__(cls, "__mro__"):
                if isinstance(each, RemoteClass) and name in type.__getattribute__(each, "__dict__"):
                    return type.__getattribute__(cls, name)
        return world_of(cls).ask("get", cls, name)

    def __setattr__(cls, name: str, value: Any) -> None:
        world_of(cls).ask("set", cls, name, value)

    def __delattr__(cls, name: str) -> None:
        world_of(cls).ask("delete", cls, name)

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        return world_of(cls).ask("call", cls, args, kwargs)

    def __instancecheck__(cls, x: Any) -> bool:
        if type.__instancecheck__(cls, x):
            return True
        if not type.__getattribute__(cls, "_grade_own_metaclass"):
            return False
        return bool(world_of(cls).ask("is_instance", x, cls))

    def __hash__(cls) -> int:
        return object.__hash__(cls)

    def __eq__(cls, other: object) -> bool:
        return cls is other

    def __repr__(cls) -> str:
        return str(world_of(cls).ask("text", cls, "repr"))

    def __dir__(cls) -> Any:
        return world_of(cls).ask("standard", "builtins", "dir", (cls,), {})


def _class_special(name: str) -> Callable[..., Any]:
    def special(cls: RemoteClass, *args: Any) -> Any:
        return world_of(cls).ask("class_special", cls, name, args)

    special.__name__ = name
    return special


for _name in ("__len__", "__iter__", "__getitem__", "__contains__", "__reversed__", "__or__"):
    setattr(RemoteClass, _name, _class_special(_name))


class Remote:
    """The methods of every stand-in for an object; copied into each class, since a plain base may stand before
    this one.
    """

    def __getattribute__(self, name: str) -> Any:
        if name in _LOCAL:
            return object.__getattribute__(self, name)
        return reference(self).world.ask("get", self, name)

    def __setattr__(self, name: str, value: Any) -> None:
        reference(self).world.ask("set", self, name, value)

    def __delattr__(self, name: str) -> None:
        reference(self).world.ask("delete", self, name)

    def __repr__(self) -> str:
        return str(reference(self).world.ask("text", self, "repr"))

    def __str__(self) -> str:
        return str(reference(self).world.ask("text", self, "str"))

    def __dir__(self) -> Any:
        return reference(self).world.ask("standard", "builtins", "dir", (self,), {})

    def __copy__(self) -> Any:
        return reference(self).world.ask("standard", "copy", "copy", (self,), {})

    def __deepcopy__(self, _: Any) -> Any:
        return reference(self).world.ask("standard", "copy", "deepcopy", (self,), {})

    def __reduce_ex__(self, _: Any) -> Any:
        raise reference(self).world.line.state.leave("pickles an object of the learner's")


_COMMON = {name: vars(Remote)[name] for name in vars(Remote) if name.startswith("__") and callable(vars(Remote)[name])}


def _special(name: str) -> Callable[..., Any]:
    def special(self: Any, *args: Any) -> Any:
        return reference(self).world.ask("special", self, name, args)

    special.__name__ = special.__qualname__ = name
    return special


def _call(self: Any, *args: Any, **kwargs: Any) -> Any:
    return reference(self).world.ask("call", self, args, kwargs)


_SPECIALS = {**{name: _special(name) for name in FORWARDED}, "__call__": _call}


def _await(self: Any) -> Any:
    """The coroutine is run to its end inside, on the sandbox's own loop."""
    yield from ()
    return _finish(self)


def _send(self: Any, _: Any) -> Any:
    raise StopIteration(_finish(self))


def _finish(self: Any) -> Any:
    asyncio = sys.modules.get("asyncio")
    world = reference(self).world
    if asyncio is not None and len(asyncio.all_tasks()) > 1:
        raise world.line.state.leave("runs several coroutines side by side")
    return world.ask("finish", self)


def _method(name: str) -> Callable[..., Any]:
    def method(self: Any, *args: Any) -> Any:
        return reference(self).world.ask("get", self, name)(*args)

    method.__name__ = name
    return method


def make_class(
    world: World, number: int, module: str, qualname: str, bases: tuple[Any, ...], names: frozenset[str]
) -> RemoteClass:
    """The stand-in for a class. `names`: the special methods that it defines itself."""
    own_bases = tuple(Remote if each in (object, type) else each for each in bases)
    is_exception = any(issubclass(each, BaseException) for each in own_bases)
    namespace: dict[str, Any] = {
        "__module__": module, "__qualname__": qualname, "_grade_world": world, "_grade_number": number,
        "_grade_own_metaclass": "__metaclass__" in names,
        "_grade_plain": _first(own_bases, _PLAIN),
    }  # fmt: skip
    if is_exception:
        if not any(issubclass(each, Text) for each in own_bases):
            own_bases = (Text, *own_bases)
    else:
        namespace.update(_methods(own_bases, names))
        if not any(issubclass(each, Remote) for each in own_bases):
            own_bases = (*own_bases, Remote)
    made = type.__new__(RemoteClass, qualname.rpartition(".")[2], own_bases, namespace)
    for base in bases:
        _register(base, made)
    _register_named(module, qualname, made)
    return made


def _methods(bases: tuple[Any, ...], names: frozenset[str]) -> dict[str, Any]:
    found = dict(_COMMON)
    plain, mutable = _first(bases, _PLAIN), _first(bases, _MUTABLE)
    if mutable is not None:
        names |= {name for name in dir(mutable) if name in FORWARDED} | {"__eq__"} - {"__hash__"}
    for name in names & FORWARDED:
        found[name] = _SPECIALS[name]
    if plain is not None and "__repr__" not in names:
        for name in ("__repr__", "__str__"):
            if name not in names and plain is not tuple:
                del found[name]
    if "__eq__" in names:
        found["__eq__"] = (
            equality.of_plain(plain) if plain else equality.of_container if mutable else equality.of_object
        )
        found["__ne__"] = equality.negated
        if plain is not None and "__hash__" not in names:
            found["__hash__"] = plain.__hash__
    if "__unhashable__" in names or mutable is not None:
        found["__hash__"] = None
    elif "__eq__" in found and "__hash__" not in found:
        found["__hash__"] = object.__hash__
    if "__await__" in names:
        found.update({"__await__": _await, "send": _send, "throw": _method("throw"), "close": _method("close")})
    elif "__next__" in names:
        found.update({name: _method(name) for name in _COROUTINE & names})
    return found


def _first(bases: tuple[Any, ...], kinds: tuple[type, ...]) -> Any:
    for base in bases:
        for each in base.__mro__:
            if each in kinds:
                return each
    return None


def _register(base: Any, made: RemoteClass) -> None:
    """A class that derives from an abstract one of the library counts as such here too."""
    named = type.__getattribute__(base, "__dict__").get("_grade_abstract") if isinstance(base, RemoteClass) else None
    if named is not None:
        type.__setattr__(made, "_grade_abstract", named)
        named.register(made)


def _register_named(module: str, qualname: str, made: RemoteClass) -> None:
    found = None
    if module == "collections.abc":
        found = getattr(collections.abc, qualname, None)
    elif module in ("numbers", "abc", "typing") and module in sys.modules:
        found = getattr(sys.modules[module], qualname, None) if module == "numbers" else None
    if isinstance(found, type) and hasattr(found, "register"):
        type.__setattr__(made, "_grade_abstract", found)
        found.register(made)


class RemoteModule(ModuleHandle):
    """A module of the learner's: its names are looked up when they are asked for."""

    def __init__(self, name: str, held: Reference) -> None:
        super().__init__(name)
        ModuleType.__setattr__(self, "_grade", held)

    def __getattribute__(self, name: str) -> Any:
        if name in ("_grade", "__class__", "__name__", "__spec__", "__path__", "__loader__", "__package__", "__dict__"):
            return ModuleType.__getattribute__(self, name)
        held = ModuleType.__getattribute__(self, "_grade")
        if name == "__all__":
            return held.world.ask("names", self)
        if name in ("__file__", "__cached__"):
            raise AttributeError(name)
        return held.world.ask("get", self, name)

    def __setattr__(self, name: str, value: Any) -> None:
        if name.startswith("__") and name.endswith("__"):
            ModuleType.__setattr__(self, name, value)
        # `import package.module` binds the second in the first; inside that is so already.
        elif type(value) is not RemoteModule:
            reference(self).world.ask("set", self, name, value)

    def __delattr__(self, name: str) -> None:
        reference(self).world.ask("delete", self, name)
