"""Printed text against expected text. The comparison itself, with its placeholders, is the supervisor's."""

from __future__ import annotations

from typing import Any

from grader.answer import Compared, Transport
from grader.errors import AuthorError
from grader.shown import author_place

_transport: list[Transport] = []


class OutputMismatch(AssertionError):
    """A text that is not as expected; `diff` shows where, line by line."""

    def __init__(self, compared: Compared, actual: str, expected: str | None) -> None:
        super().__init__(compared.reason or "the output is not as expected")
        self.diff = compared.diff
        self.actual = actual
        self.expected = expected


def use(transport: Transport) -> None:
    """Sets who compares."""
    _transport[:] = [transport]


def output(actual: str, expected: str | None = None, *, fixture: str | None = None, **options: Any) -> None:
    """Asserts that a printed text is as expected: `expected`, or the file `fixture` of the exercise's fixtures."""
    if (expected is None) == (fixture is None):
        raise AuthorError("give either `expected` or `fixture`", *author_place())
    if not isinstance(actual, str):
        raise AuthorError(f"`compare.output` compares text, not {type(actual).__name__}", *author_place())
    if not _transport:
        raise AuthorError("`compare.output` is for checks", *author_place())
    compared = _transport[0].compare(fixture, options, expected or "", actual)
    if not compared.equal:
        raise OutputMismatch(compared, actual, expected)
