"""The judge's end of a suite: the learner's objects as handles, the test's own as numbers the sandbox may ask about."""

from __future__ import annotations

import builtins
import json
import os
import sys
import weakref
from typing import Any

from sandboxed.codec import Cut
from sandboxed.exchange import Exchange, Malformed, Packed

from grader.channel import Channel
from grader.suite import lending, shipping
from grader.suite.exceptions import finished, real_exception
from grader.suite.handles import Reference, reference
from grader.suite.line import ENDED, Line
from grader.suite.remote import RemoteClass, RemoteModule, make_class
from grader.suite.state import LearnerInterrupt, NotOutside, Over

# Built-in classes that the sandbox may name as themselves.
_CLASSES = {
    name: value
    for name, value in vars(builtins).items()
    if isinstance(value, type) and (issubclass(value, BaseException) or value.__module__ == "builtins")
}

# What reading something comes to that no honest sandbox would have said.
_ODD = (Malformed, LookupError, TypeError, ValueError, AttributeError, RecursionError, ArithmeticError)
# What `sys.getrefcount` counts of a handle that only this table knows.
_OWN_REFERENCES = 3


class World(Exchange):
    """All that one suite has in the sandbox."""

    def __init__(self, channel: Channel, modules: frozenset[str], folders: tuple[str, ...]) -> None:
        super().__init__(2)
        self.line = Line(channel, self._serve)
        # Import names of the learner's.
        self.modules = modules
        # Where the tests are: what is defined in files there is theirs.
        self._folders = tuple(folder + os.sep for folder in folders)
        self.dropped: list[tuple[int, int]] = []
        self._handles: weakref.WeakValueDictionary[int, Any] = weakref.WeakValueDictionary()
        # Subclasses of `int`, `tuple` and `bytes`, which can't be referred to weakly.
        self._kept: dict[int, Any] = {}
        self._classes: dict[int, RemoteClass] = {}
        self.lent: dict[int, Any] = {}
        self._lent_numbers: dict[Any, int] = {}

    # Requests.

    def ask(self, verb: str, *args: Any) -> Any:
        """One request: its value, or the exception that learner code raised."""
        packed = [self.pack(each) for each in args]
        parts = self.line.request({"verb": verb, "args": packed, **self._rest()})
        word, value = self._taken(parts)
        if word == "raised":
            raise value
        return value

    def _rest(self) -> dict[str, Any]:
        forget = self.released()
        dropped, self.dropped = self.dropped, []
        return {"news": self.news(), "forget": forget, "drop": dropped}

    def _taken(self, parts: tuple[Any, ...]) -> tuple[str, Any]:
        """(word, value) of a message of the sandbox; what is wrong with it is remembered and ends the test."""
        try:
            word, packed, news, described = parts
            if any(type(each) is Cut for each in (packed, news, described)):
                raise Malformed("more than can be told at once")
            self._learn_classes(described)
            self.learn(news)
            return word, self.unpack(packed)
        except _ODD as error:
            raise self.line.forged(f"{type(error).__name__} in what it says") from None

    def _serve(self, message: tuple[Any, ...]) -> dict[str, Any]:
        """Does what learner code asks of an object of the test's."""
        try:
            if len(message) != 4:
                raise Malformed("a question that is none")
            verb, args = self._taken(message)
            if type(args) is not tuple or not args or type(args[0]) is not int:
                raise Malformed("a question about nothing")
            what, value = "value", lending.perform(self, verb, self.lent.get(args[0]), args[1:])
        except Malformed:
            raise
        except Over:
            raise
        except NotOutside:
            return ENDED
        except BaseException as error:
            if isinstance(error, AssertionError) and self.line.state.swallowed is None:
                self.line.state.swallowed = error
            what, value = "raise", error
        try:
            return {"what": what, "value": self.pack(value), **self._rest()}
        except NotOutside:
            return ENDED

    # Packing.

    def pack_object(self, x: Any) -> Packed:
        kind = type(x)
        if isinstance(kind, RemoteClass) or kind is RemoteModule:
            return ("h", reference(x).number)
        if kind is RemoteClass or isinstance(x, RemoteClass):
            return ("k", type.__getattribute__(x, "_grade_number"))
        number = self._lent_numbers.get(lending.identity(x))
        if number is not None:
            return ("j", number)
        if isinstance(x, type) and _CLASSES.get(x.__name__) is x:
            return ("n", x.__name__)
        return shipping.pack(self, x)

    def lend(self, x: Any) -> int:
        """The number of an object of the test's, from now on known to the sandbox."""
        number, self._next = self._next, self._next + 2
        self.lent[number] = x
        self._lent_numbers[lending.identity(x)] = number
        return number

    def unpack_object(self, packed: tuple[Any, ...]) -> Any:
        tag = packed[0]
        if tag == "h":
            return self._handle(packed[1], packed[2])
        if tag == "p":
            return self._handle(packed[1], packed[2], self.unpack(packed[3]))
        if tag == "x":
            return self._exception(packed)
        if tag == "k":
            return self._classes[packed[1]]
        if tag == "n":
            return _CLASSES[packed[1]]
        if tag == "j":
            return self.lent[packed[1]]
        if tag == "M":
            return self._module(packed[1], packed[2])
        raise Malformed("an unknown tag")

    def is_own_module(self, name: str) -> bool:
        """Whether it is a file of the tests, or a helper beside them."""
        file = getattr(sys.modules.get(name), "__file__", None)
        return type(file) is str and file.startswith(self._folders)

    def _module(self, name: str, number: int) -> Any:
        if type(name) is not str:
            raise Malformed("a module without a name")
        known = self._handles.get(number)
        if known is None:
            known = RemoteModule(name, Reference(self, number))
            self._handles[number] = known
        reference(known).count += 1
        return known

    def _handle(self, number: int, kind: int, *base: Any) -> Any:
        known = self._kept.get(number) if number in self._kept else self._handles.get(number)
        if known is None:
            cls = self._classes[kind]
            plain = type.__getattribute__(cls, "_grade_plain")
            if (plain is not None) != bool(base) or (base and type(base[0]) is not plain):
                raise Malformed("an object that is not of its class")
            known = plain.__new__(cls, *base) if plain is not None else _empty(cls)
            object.__setattr__(known, "_grade", Reference(self, number))
            if plain in (int, tuple, bytes):
                self._kept[number] = known
            else:
                self._handles[number] = known
        reference(known).count += 1
        return known

    def sweep(self) -> None:
        """Also lets go of handles that nobody but this table knows."""
        for number in list(self._kept):
            held = self._kept[number]
            if sys.getrefcount(held) <= _OWN_REFERENCES:
                del self._kept[number]
            del held
        super().sweep()

    def _exception(self, packed: tuple[Any, ...]) -> Any:
        _, number, kind, args, text, details, cause, context, frames = packed
        known = self._handles.get(number)
        if known is not None:
            reference(known).count += 1
            return known
        cls = self.unpack(kind)
        values = self.unpack(args)
        if not (isinstance(cls, type) and issubclass(cls, BaseException)) or type(values) is not tuple:
            raise Malformed("an exception that is none")
        if cls is KeyboardInterrupt:
            cls = LearnerInterrupt
        made = finished(cls, values, text, {name: self.unpack(value) for name, value in details}, _frames(frames))
        reference_ = Reference(self, number)
        reference_.count = 1
        made._grade = reference_
        if isinstance(type(made), RemoteClass):
            self._handles[number] = made
        made.__cause__ = None if cause is None else self.unpack(cause)
        if made.__cause__ is None:
            made.__context__ = None if context is None else self.unpack(context)
        return made

    def _learn_classes(self, described: Any) -> None:
        if type(described) is not tuple:
            raise Malformed("classes that are none")
        for number, module, qualname, bases, names in described:
            if number in self._classes or not all(type(each) is str for each in (module, qualname, *names)):
                raise Malformed("a class that is none")
            real = real_exception(module, qualname)
            known = tuple(self.unpack(each) for each in bases)
            self._classes[number] = real or make_class(self, number, module, qualname, known, frozenset(names))  # type: ignore[assignment]


def _empty(cls: Any) -> Any:
    for each in (list, dict, set, bytearray):
        if issubclass(cls, each):
            return each.__new__(cls)
    return object.__new__(cls)


def _frames(text: Any) -> tuple[tuple[str, int, str], ...]:
    if type(text) is not str:
        raise Malformed("frames that are none")
    found = json.loads(text)
    if type(found) is not list:
        raise Malformed("frames that are none")
    return tuple((str(file), int(line), str(function)) for file, line, function in found)
