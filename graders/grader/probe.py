"""Probes: functions of the grader that run in the sandbox, with the learner's module as their first argument.

What a probe uses of its file (other probes, helpers, plain constants) travels along. What can't travel is an error of
the author, found when the grader is loaded.
"""

from __future__ import annotations

import inspect
import marshal
from collections.abc import Callable
from hashlib import blake2b
from types import FunctionType
from typing import Any

from sandboxed.codec import CodecError, encode

from grader.errors import AuthorError
from grader.shipped import Shipped
from grader.shown import Name, Shown, author_place, shown


class Probe(Shipped):
    """A function that is called in the sandbox, with the learner's module as its first argument."""

    kind = "probe"

    def __init__(self, function: FunctionType) -> None:
        super().__init__(function)
        self.signature = inspect.signature(function)
        parameters = list(self.signature.parameters.values())[1:]
        # All its parameters but the module; which of them have no default; whether each can be given by its name.
        self._names = frozenset(each.name for each in parameters)
        self._needed = frozenset(each.name for each in parameters if each.default is each.empty)
        self._by_name = all(each.kind in (each.POSITIONAL_OR_KEYWORD, each.KEYWORD_ONLY) for each in parameters)
        self._body: dict[str, Any] | None = None

    def body(self) -> dict[str, Any]:
        """The probe and everything it needs: `Shipped` keys, `helpers` (list of such), `constants` (encoded dict or
        ""), `digest`.
        """
        if self._body is None:
            helpers, constants = self._reached()
            body = {**self.own(), "helpers": [each.own() for each in helpers], "constants": self._constants(constants)}
            body["digest"] = blake2b(marshal.dumps(body), digest_size=16).hexdigest()
            self._check_signature()
            self._body = body
        return self._body

    def _reached(self) -> tuple[list[Shipped], dict[str, Any]]:
        """Helpers and constants, found by following what the probe's code reads."""
        helpers: dict[str, Shipped] = {}
        constants: dict[str, Any] = {}
        waiting: list[Shipped] = [self]
        while waiting:
            for name, value in waiting.pop().needs():
                if isinstance(value, Shipped):
                    if value is not self and name not in helpers:
                        if name != value.name:
                            raise self.error(f"uses {value.kind} `{value.name}` under the name `{name}`")
                        helpers[name] = value
                        waiting.append(value)
                else:
                    constants[name] = value
        return list(helpers.values()), constants

    def _constants(self, constants: dict[str, Any]) -> str:
        for name, value in constants.items():
            try:
                encode(value, plain=True)
            except CodecError:
                what = (
                    "a function: mark it with `@helper`"
                    if isinstance(value, FunctionType)
                    else f"{type(value).__name__}"
                )
                hint = ": import it inside the probe" if inspect.ismodule(value) else ""
                raise self.error(f"uses the global `{name}`, which is {what}, not plain data{hint}") from None
        return encode(constants, plain=True) if constants else ""

    def _check_signature(self) -> None:
        parameters = list(self.signature.parameters.values())
        if not parameters or parameters[0].kind not in (
            parameters[0].POSITIONAL_ONLY,
            parameters[0].POSITIONAL_OR_KEYWORD,
        ):
            raise self.error("takes the learner's module as its first parameter")
        try:
            self.called({each.name: None for each in parameters[1:]})
        except (KeyError, IndexError, ValueError, AttributeError) as error:
            raise self.error(f"has a docstring that can't be filled in with its arguments: {error!r}") from None

    def bind(
        self, args: tuple[Any, ...], kwargs: dict[str, Any], stand_ins: frozenset[str]
    ) -> tuple[list[Any], dict[str, Any]]:
        """Positional and keyword arguments as they travel, defaults left out; `stand_ins` are filled in inside."""
        parameters = list(self.signature.parameters.values())[1:]
        given = dict(kwargs)
        if all(each.kind is not each.VAR_POSITIONAL for each in parameters):
            slots = [
                each.name
                for each in parameters
                if each.kind is each.POSITIONAL_OR_KEYWORD and each.name not in stand_ins
            ]
            if len(args) > len(slots):
                raise AuthorError(
                    f"probe `{self.name}` takes {len(slots)} arguments, {len(args)} were given", *author_place()
                )
            for name, value in zip(slots, args, strict=False):
                if name in given:
                    raise AuthorError(f"probe `{self.name}` is given `{name}` twice", *author_place())
                given[name] = value
            args = ()
        names = given.keys() | stand_ins
        if self._by_name and not args and self._needed <= names <= self._names and given.keys().isdisjoint(stand_ins):
            return [], given
        try:
            self.signature.bind(None, *args, **given, **dict.fromkeys(stand_ins))
        except TypeError as error:
            raise AuthorError(f"probe `{self.name}`: {error}", *author_place()) from None
        return list(args), given

    def arguments(self, args: list[Any], given: dict[str, Any], stand_ins: frozenset[str]) -> dict[str, Any]:
        """All arguments by name, defaults filled in, as the docstring refers to them."""
        bound = self.signature.bind(None, *args, **given, **{name: Name(name) for name in stand_ins})
        bound.apply_defaults()
        values = dict(bound.arguments)
        values.pop(next(iter(values)))
        return values

    def called(self, arguments: dict[str, Any]) -> str:
        """What the learner is told that was called."""
        text = self.__doc__
        if not text:
            return f"{self.name}({', '.join(f'{name}={shown(value)}' for name, value in arguments.items())})"
        first = inspect.cleandoc(text).split("\n\n")[0].replace("\n", " ")
        return first.format_map({name: Shown.of(value) for name, value in arguments.items()}).strip()


def probe(function: Callable[..., Any]) -> Probe:
    """Marks a function as one that runs in the sandbox; see docs/grader-api.md."""
    if not isinstance(function, FunctionType):
        raise AuthorError("`@probe` is for functions", *author_place())
    return Probe(function)
