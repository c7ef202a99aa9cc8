"""Probes: functions of the grader that run in the sandbox.

A probe travels as code, without anything around it: no closure, no module globals but other probes, helpers and plain constants of the same file,
which travel along. What it can't take along is an error of the author, found when the grader is loaded.
"""

from __future__ import annotations

import ast
import builtins
import inspect
import marshal
import opcode
from collections.abc import Callable, Iterator
from hashlib import blake2b
from types import CodeType, FunctionType
from typing import Any

from grader.errors import AuthorError
from sandboxed.codec import CodecError, encode

_LOADS = {
    opcode.opmap[name] for name in ("LOAD_GLOBAL", "LOAD_NAME", "LOAD_FROM_DICT_OR_GLOBALS") if name in opcode.opmap
}
_STORES = {opcode.opmap[name] for name in ("STORE_GLOBAL", "DELETE_GLOBAL")}
_LOAD_GLOBAL, _EXTENDED = opcode.opmap["LOAD_GLOBAL"], opcode.opmap["EXTENDED_ARG"]
_GIVEN = frozenset(dir(builtins)) | {"__name__", "__builtins__", "__build_class__", "__module__", "__qualname__"}
_COROUTINE = inspect.CO_COROUTINE


class Shipped:
    """A function of a grader that travels into the sandbox, with what it needs.

    As a body it is a dict: `name`, `code` (marshal), `is_async`, and `defaults`, `kwdefaults` (encoded tuple and dict, or "").
    """

    kind = "helper"

    def __init__(self, function: FunctionType) -> None:
        self.function = function
        self.name = function.__name__
        self.file = function.__code__.co_filename
        self.line = function.__code__.co_firstlineno
        self.is_async = bool(function.__code__.co_flags & _COROUTINE)
        self.__doc__ = function.__doc__
        self._own: dict[str, Any] | None = None
        self._code: CodeType | None = None

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        raise AuthorError(f"`{self.name}` runs in the sandbox; use `learner.run({self.name}, …)`", *_caller())

    def __repr__(self) -> str:
        return f"<{self.kind} {self.name}>"

    def error(self, message: str, line: int | None = None) -> AuthorError:
        return AuthorError(f"{self.kind} `{self.name}` {message}", self.file, line or self.line)

    @property
    def code(self) -> CodeType:
        """The code that travels: compiled anew where pytest has rewritten an `assert` in it."""
        if self._code is None:
            code = self.function.__code__
            if any("@pytest_ar" in each.co_names for each in _nested(code)):
                code = _recompiled(self)
            self._code = _with_file(code, f"<{self.kind} {self.name}>")
        return self._code

    def own(self) -> dict[str, Any]:
        """The function alone, as a body."""
        if self._own is None:
            if self.code.co_freevars:
                names = ", ".join(f"`{name}`" for name in self.code.co_freevars)
                raise self.error(f"uses {names} of the function around it, which does not exist in the sandbox")
            function = self.function
            self._own = {
                "name": self.name,
                "code": marshal.dumps(self.code),
                "is_async": self.is_async,
                "defaults": self._plain("a default", function.__defaults__ or ()),
                "kwdefaults": self._plain("a default", function.__kwdefaults__ or {}),
            }
        return self._own

    def needs(self) -> Iterator[tuple[str, Any]]:
        """The globals that the code reads, as (name, value)."""
        known = self.function.__globals__
        for code in _nested(self.code):
            for name, line, stored in _global_names(code):
                if stored:
                    raise self.error(f"changes the global `{name}`, which does not exist in the sandbox", line)
                if name in known and not name.startswith("__"):
                    yield name, known[name]
                elif name not in _GIVEN:
                    raise self.error(f"uses `{name}`, which is defined nowhere", line)

    def _plain(self, what: str, value: Any) -> str:
        try:
            return encode(value, plain=True) if value else ""
        except CodecError as error:
            raise self.error(f"has {what} that is not plain data: {error}") from None


class Probe(Shipped):
    """A function that is called in the sandbox, with the learner's module as its first argument."""

    kind = "probe"

    def __init__(self, function: FunctionType) -> None:
        super().__init__(function)
        self.signature = inspect.signature(function)
        self._body: dict[str, Any] | None = None

    def body(self) -> dict[str, Any]:
        """The probe and everything it needs: `Shipped` keys, `helpers` (list of such), `constants` (encoded dict or ""), `digest`."""
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
                    f"probe `{self.name}` takes {len(slots)} arguments, {len(args)} were given", *_caller()
                )
            for name, value in zip(slots, args, strict=False):
                if name in given:
                    raise AuthorError(f"probe `{self.name}` is given `{name}` twice", *_caller())
                given[name] = value
            args = ()
        try:
            self.signature.bind(None, *args, **given, **dict.fromkeys(stand_ins))
        except TypeError as error:
            raise AuthorError(f"probe `{self.name}`: {error}", *_caller()) from None
        return list(args), given

    def arguments(self, args: list[Any], given: dict[str, Any], stand_ins: frozenset[str]) -> dict[str, Any]:
        """All arguments by name, defaults filled in, as the docstring refers to them."""
        bound = self.signature.bind(None, *args, **given, **{name: _Name(name) for name in stand_ins})
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
        return first.format_map({name: _Shown(shown(value)) for name, value in arguments.items()})


class _Shown(str):
    """A text that is also its own repr, so that `{x}` and `{x!r}` in a docstring are the same."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


class _Name:
    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return self.name


def shown(value: Any, limit: int = 300) -> str:
    """The repr of a value, cut in the middle when it is long."""
    text = repr(value)
    return text if len(text) <= limit else f"{text[: limit - 60]} … {text[-50:]}"


def probe(function: Callable[..., Any]) -> Probe:
    """Marks a function as one that runs in the sandbox; see docs/grader-api.md."""
    if not isinstance(function, FunctionType):
        raise AuthorError("`@probe` is for functions", *_caller())
    return Probe(function)


def helper(function: Callable[..., Any]) -> Any:
    """Marks a function that probes of the same file may call: it travels with them."""
    if not isinstance(function, FunctionType):
        raise AuthorError("`@helper` is for functions", *_caller())
    return Shipped(function)


def _caller() -> tuple[str, int]:
    """File and line of the nearest frame outside this package."""
    import sys

    frame = sys._getframe(1)
    while frame.f_back is not None and frame.f_globals.get("__package__") == __package__:
        frame = frame.f_back
    return frame.f_code.co_filename, frame.f_lineno


def _nested(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _nested(constant)


def _with_file(code: CodeType, file: str) -> CodeType:
    """The same code under another file name: where graders lie is not told inside."""
    constants = tuple(_with_file(each, file) if isinstance(each, CodeType) else each for each in code.co_consts)
    return code.replace(co_filename=file, co_consts=constants)


def _global_names(code: CodeType) -> Iterator[tuple[str, int, bool]]:
    """(name, line, whether it is stored) of the globals that one code object touches, each once."""
    raw, names, seen, high = code.co_code, code.co_names, set(), 0
    for at in range(0, len(raw), 2):
        operation, low = raw[at], raw[at + 1]
        if operation == _EXTENDED:
            high = (high | low) << 8
            continue
        argument, high = high | low, 0
        if operation in _LOADS or operation in _STORES:
            # LOAD_GLOBAL keeps a flag in the lowest bit of its argument (3.11 and later).
            name = names[argument >> 1 if operation == _LOAD_GLOBAL else argument]
            # A name that a class body has set itself is read by LOAD_NAME too.
            if name not in seen and not (
                operation != _LOAD_GLOBAL and operation not in _STORES and _stores_name(code, name)
            ):
                seen.add(name)
                yield name, _line_at(code, at), operation in _STORES


def _stores_name(code: CodeType, name: str) -> bool:
    raw, store = code.co_code, opcode.opmap["STORE_NAME"]
    return any(raw[at] == store and code.co_names[raw[at + 1]] == name for at in range(0, len(raw), 2))


def _line_at(code: CodeType, offset: int) -> int:
    for start, end, line in code.co_lines():
        if start <= offset < end and line is not None:
            return line
    return code.co_firstlineno


def _recompiled(shipped: Shipped) -> CodeType:
    """The function's code from its source, with plain assertions."""
    with open(shipped.file, "rb") as file:
        tree = ast.parse(file.read(), shipped.file)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == shipped.name:
            first = node.decorator_list[0].lineno if node.decorator_list else node.lineno
            if first == shipped.line:
                node.decorator_list = []
                # Annotations and defaults are evaluated outside, where names of the grader exist.
                module = compile(ast.Module([node], []), shipped.file, "exec", dont_inherit=True)
                return next(
                    each for each in module.co_consts if isinstance(each, CodeType) and each.co_name == shipped.name
                )
    raise shipped.error("is not found in its own file")
