"""The learner's objects as a suite in the judge works with them: each use of one is a request (docs/suites.md).

Everything here runs in the learner's process and is believed by nobody; it only has to be right for honest code.
"""

from __future__ import annotations

import builtins
import importlib
import marshal
import random
import sys
from types import ModuleType
from typing import Any

from sandboxed.codec import encode
from sandboxed.exchange import Exchange, Packed
from sandboxed.lent import build_class, build_function, stand_in
from sandboxed.naming import frames_text
from sandboxed.stand_ins import Desk

globals()["__builtins__"] = vars(builtins).copy()

_class_dict = type.__dict__["__dict__"].__get__
_mro = type.__dict__["__mro__"].__get__
_bases = type.__dict__["__bases__"].__get__
_module_of = type.__dict__["__module__"].__get__
_qualname_of = type.__dict__["__qualname__"].__get__
_args_of = BaseException.__dict__["args"].__get__
_PLAIN_BASES = (int, float, complex, str, bytes, tuple, frozenset)
# What such a container really holds, whatever its own methods say.
_RAW: dict[type, Any] = {
    list: lambda x: list.__getitem__(x, slice(None)), dict: lambda x: dict(dict.items(x)),
    set: lambda x: set(set.__iter__(x)), bytearray: lambda x: bytearray.__getitem__(x, slice(None)),
}  # fmt: skip
# More than a learner's structure nests, less than the codec's own bound on arrays.
DEPTH, ITEMS = 150, 1_000_000
_MOST_CLASS_PARTS = 200


class Objects(Exchange):
    """The sandbox's end: answers requests about objects, and asks the judge when learner code uses what is the
    test's.
    """

    def __init__(self, desk: Desk, root: str, limit: int) -> None:
        super().__init__(1)
        self._desk, self._root, self._limit = desk, root, limit
        self._handles: dict[int, list[Any]] = {}
        self._handle_of: dict[int, int] = {}
        self._classes: dict[int, type] = {}
        self._class_of: dict[int, int] = {}
        self._described: list[Packed] = []
        self._lent: dict[int, Any] = {}
        self._lent_of: dict[int, int] = {}
        self._loop: Any = None

    def serve(self, request: dict[str, Any]) -> Packed:
        """One request to its answer, which is plain data whatever the learner's code did."""
        try:
            self._receive(request)
            value = getattr(self, f"do_{request['verb']}")(*[self.unpack(each) for each in request["args"]])
            return self._answer("ok", value)
        except MemoryError:
            raise
        except BaseException as error:
            return self._answer("raised", error)

    def _receive(self, message: dict[str, Any]) -> None:
        self.forget(message["forget"])
        for number, count in message["drop"]:
            held = self._handles[number]
            held[1] -= count
            if held[1] <= 0:
                del self._handles[number], self._handle_of[id(held[0])]
        self.learn(message["news"])

    def _answer(self, word: str, value: Any) -> Packed:
        packed = self.pack(value)
        news = self.news()
        described, self._described = self._described, []
        return (word, packed, tuple(news), tuple(described))

    def ask(self, verb: str, number: int, *args: Any) -> Any:
        """Has the judge do something with an object of the test's; nested requests of the judge are served
        meanwhile.
        """
        body = self._answer(verb, (number, *args))
        while True:
            reply = marshal.loads(self._exchange(body))
            if reply["what"] != "request":
                break
            body = ("done", self.serve(reply))
        self._receive(reply)
        value = self.unpack(reply["value"])
        if reply["what"] == "raise":
            raise value
        return value

    def _exchange(self, body: Packed) -> bytes:
        text = encode(body, learner_root=self._root, max_bytes=self._limit, max_depth=DEPTH, max_items=ITEMS)
        return self._desk.converse("object", text)

    # What the judge asks for.

    def do_import(self, name: str) -> Any:
        return importlib.import_module(name)

    def do_names(self, module: ModuleType) -> Any:
        chosen = getattr(module, "__all__", None)
        return list(chosen) if chosen is not None else [name for name in vars(module) if not name.startswith("_")]

    def do_get(self, target: Any, name: str) -> Any:
        return getattr(target, name)

    def do_set(self, target: Any, name: str, value: Any) -> None:
        setattr(target, name, value)

    def do_delete(self, target: Any, name: str) -> None:
        delattr(target, name)

    def do_call(self, target: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        return target(*args, **kwargs)

    def do_special(self, target: Any, name: str, args: tuple[Any, ...]) -> Any:
        if name == "__exit__" and args[1] is not None:
            args = (args[0], args[1], args[1].__traceback__)
        return getattr(type(target), name)(target, *args)

    def do_class_special(self, target: type, name: str, args: tuple[Any, ...]) -> Any:
        return getattr(type(target), name)(target, *args)

    def do_equals(self, target: Any, candidates: tuple[Any, ...]) -> tuple[bool, ...]:
        return tuple([bool(target == each) for each in candidates])

    def do_text(self, target: Any, how: str) -> str:
        return str.__str__(str(target) if how == "str" else repr(target))

    def do_base(self, target: Any) -> Any:
        for each in _mro(type(target)):
            if each in _RAW:
                return _RAW[each](target)
        raise TypeError("not a container")

    def do_standard(self, module: str, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        return _resolve(module, name)(*args, **kwargs)

    def do_is_instance(self, target: Any, kind: Any) -> bool:
        return isinstance(target, kind)

    def do_is_subclass(self, target: Any, kind: Any) -> bool:
        return issubclass(target, kind)

    def do_finish(self, coroutine: Any) -> Any:
        """Runs a coroutine to its end, on a loop that stays for the next one."""
        import asyncio

        if self._loop is None or self._loop.is_closed():
            self._loop = asyncio.new_event_loop()
            asyncio.set_event_loop(self._loop)
        return self._loop.run_until_complete(coroutine)

    def do_seed(self, seed: Any) -> None:
        random.seed(seed)

    def do_define(self, name: str, bases: tuple[Any, ...], namespace: dict[str, Any], keywords: dict[str, Any]) -> Any:
        """A class of the test's that is derived from the learner's: from now on it is the learner's too."""
        return build_class(name, bases, namespace, keywords)

    # Packing.

    def pack_object(self, x: Any) -> Packed:
        number = self._lent_of.get(id(x))
        if number is not None:
            return ("j", number)
        if isinstance(x, type):
            return self._pack_class(x)
        kind = type(x)
        for each in _mro(kind):
            if each is BaseException:
                return self._pack_exception(x)
            if each in _PLAIN_BASES and each is not kind:
                base = each.__getitem__(x, slice(None)) if each in (str, bytes, tuple) else each(_base_number(each, x))
                return ("p", self._hold(x), self._describe(kind), self.pack(base))
        if isinstance(x, ModuleType):
            return ("M", x.__name__, self._hold(x), self._describe(kind))
        return ("h", self._hold(x), self._describe(kind))

    def _hold(self, x: Any) -> int:
        number = self._handle_of.get(id(x))
        if number is None:
            number, self._next = self._next, self._next + 2
            self._handle_of[id(x)] = number
            self._handles[number] = [x, 0]
        self._handles[number][1] += 1
        return number

    def _pack_class(self, x: type) -> Packed:
        if getattr(builtins, x.__name__, None) is x:
            return ("n", x.__name__)
        return ("k", self._describe(x))

    def _pack_exception(self, x: BaseException) -> Packed:
        kind = type(x)
        text = None
        if kind.__str__ not in _NATIVE_TEXTS:
            try:
                text = str.__str__(str(x))
            except BaseException:
                text = None
        details = {name: self.pack(value) for name, value in _details(x)}
        linked = [
            None if each is None else self.pack(each)
            for each in (x.__cause__, None if x.__suppress_context__ else x.__context__)
        ]
        frames = frames_text(x, self._root)
        head = ("x", self._hold(x), self._pack_class(kind), self.pack(_args_of(x)), text)
        return (*head, tuple(map(tuple, details.items())), *linked, frames)

    def _describe(self, cls: type) -> int:
        number = self._class_of.get(id(cls))
        if number is not None:
            return number
        number, self._next = self._next, self._next + 2
        self._class_of[id(cls)] = number
        self._classes[number] = cls
        bases = tuple([self._pack_class(each) for each in _bases(cls)])
        own = _class_dict(cls)
        names = [name for name in own if type(name) is str and name.startswith("__") and name.endswith("__")]
        if type(cls) is not type:
            names.append("__metaclass__")
        if own.get("__hash__", self) is None:
            names.remove("__hash__")
            names.append("__unhashable__")
        module = _module_of(cls)
        self._described.append(
            (
                number,
                module if type(module) is str else "?",
                str.__str__(_qualname_of(cls)),
                bases,
                tuple(names[:_MOST_CLASS_PARTS]),
            )
        )
        return number

    def unpack_object(self, packed: tuple[Any, ...]) -> Any:
        tag = packed[0]
        if tag == "h":
            return self._handles[packed[1]][0]
        if tag == "k":
            return self._classes[packed[1]]
        if tag == "j":
            return self._lent[packed[1]]
        if tag == "n":
            return getattr(builtins, packed[1])
        if tag == "g":
            return _resolve(packed[1], packed[2])
        if tag == "a":
            return getattr(self.unpack(packed[1]), packed[2])
        if tag == "P":
            import functools

            function, args, keywords = [self.unpack(each) for each in packed[2:]]
            return self._keep(packed[1], functools.partial(function, *args, **keywords))
        if tag == "J":
            return self._keep(packed[1], stand_in(self, *packed[1:]))
        if tag == "c":
            return self._shipped(packed)
        if tag == "K":
            bases = tuple([self.unpack(each) for each in packed[3]])
            return self._keep(packed[1], build_class(packed[2], bases, self.unpack(packed[4]), {}))
        if tag == "D":
            return getattr(builtins, packed[1])(*[self.unpack(each) for each in packed[2:]])
        if tag == "x":
            return self._exception(packed)
        raise ValueError(tag)

    def _keep(self, number: int, made: Any) -> Any:
        self._lent[number] = made
        self._lent_of[id(made)] = number
        return made

    def _shipped(self, packed: tuple[Any, ...]) -> Any:
        """A function of the test's that came as code: known before its parts are unpacked, for it may call itself."""
        function, fill = build_function(marshal.loads(packed[2]))
        self._keep(packed[1], function)
        fill(packed[3], self.unpack)
        return function

    def _exception(self, packed: tuple[Any, ...]) -> Any:
        _, number, kind, args, cause = packed
        cls = self.unpack(kind)
        values = self.unpack(args)
        try:
            made = cls(*values)
        except Exception:
            made = cls.__new__(cls)
        made.args = values
        if cause is not None:
            made.__cause__ = self.unpack(cause)
        try:
            # So that it has a traceback, as one that was raised has.
            raise made
        except BaseException as raised:
            return self._keep(number, raised)


def _base_number(base: type, x: Any) -> Any:
    return frozenset(x) if base is frozenset else base.__pos__(x)  # type: ignore[attr-defined]


_NATIVE_TEXTS = {
    vars(each)["__str__"]
    for each in [*vars(builtins).values()]
    if isinstance(each, type) and issubclass(each, BaseException) and "__str__" in vars(each)
}
_DETAILS: tuple[tuple[type[BaseException], tuple[str, ...]], ...] = (
    (OSError, ("filename", "filename2")),
    (ImportError, ("name", "path")),
    (NameError, ("name",)),
    (AttributeError, ("name",)),
    (StopIteration, ("value",)),
    (SystemExit, ("code",)),
)


def _details(x: BaseException) -> list[tuple[str, Any]]:
    """What the built-in exceptions keep besides their arguments."""
    found = [(name, getattr(x, name)) for kind, names in _DETAILS if isinstance(x, kind) for name in names]
    found.append(("__notes__", x.__dict__.get("__notes__")))
    return [(name, value) for name, value in found if value is not None]


def _resolve(module: str, name: str) -> Any:
    target: Any = sys.modules.get(module) or importlib.import_module(module)
    for part in name.split(".") if name else ():
        target = getattr(target, part)
    return target
