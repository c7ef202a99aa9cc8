"""Functions of a grader that travel into the sandbox as code, without anything around them."""

from __future__ import annotations

import ast
import builtins
import inspect
import marshal
from collections.abc import Callable, Iterator
from types import CodeType, FunctionType
from typing import Any

from sandboxed.codec import CodecError, encode

from grader.bytecode import global_names, nested, with_file
from grader.errors import AuthorError
from grader.shown import author_place

_GIVEN = frozenset(dir(builtins)) | {"__name__", "__builtins__", "__build_class__", "__module__", "__qualname__"}


class Shipped:
    """A function of a grader that travels into the sandbox, with what it needs.

    As a body it is a dict: `name`, `code` (marshal), `is_async`, and `defaults`, `kwdefaults` (encoded tuple and dict,
    or "").
    """

    kind = "helper"

    def __init__(self, function: FunctionType) -> None:
        self.function = function
        self.name = function.__name__
        self.file = function.__code__.co_filename
        self.line = function.__code__.co_firstlineno
        self.is_async = bool(function.__code__.co_flags & inspect.CO_COROUTINE)
        self.__doc__ = function.__doc__
        self._own: dict[str, Any] | None = None
        self._code: CodeType | None = None

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        raise AuthorError(f"`{self.name}` runs in the sandbox; use `learner.run({self.name}, …)`", *author_place())

    def __repr__(self) -> str:
        return f"<{self.kind} {self.name}>"

    def error(self, message: str, line: int | None = None) -> AuthorError:
        return AuthorError(f"{self.kind} `{self.name}` {message}", self.file, line or self.line)

    @property
    def code(self) -> CodeType:
        """The code that travels: compiled anew where pytest has rewritten an `assert` in it."""
        if self._code is None:
            code = self.function.__code__
            if any("@pytest_ar" in each.co_names for each in nested(code)):
                code = _recompiled(self)
            self._code = with_file(code, f"<{self.kind} {self.name}>")
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
        for code in nested(self.code):
            for name, line, stored in global_names(code):
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


def helper(function: Callable[..., Any]) -> Any:
    """Marks a function that probes of the same file may call: it travels with them."""
    if not isinstance(function, FunctionType):
        raise AuthorError("`@helper` is for functions", *author_place())
    return Shipped(function)


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
