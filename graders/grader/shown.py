"""Values as a learner reads them, and places in the grader's own files."""

from __future__ import annotations

import sys
from typing import Any


def shown(value: Any, limit: int = 300) -> str:
    """The repr of a value, cut in the middle when it is long."""
    try:
        text = repr(value)
    except ValueError:
        # Python refuses to write an integer of thousands of digits in decimal.
        return f"<{type(value).__name__} with an integer too long to show>"
    return text if len(text) <= limit else f"{text[: limit - 60]} … {text[-50:]}"


class Shown(str):
    """What a learner reads of a value: its own repr, so that `{x}` and `{x!r}` in a docstring are the same.

    `{x:text}` is a string without the quotes, for what is code or prose already; several lines stand apart from what
    is around them.
    """

    __slots__ = ("value",)
    value: Any

    @classmethod
    def of(cls, value: Any) -> Shown:
        made = cls(shown(value))
        made.value = value
        return made

    def __repr__(self) -> str:
        return str(self)

    def __format__(self, spec: str) -> str:
        if spec != "text":
            return format(str(self), spec)
        text = self.value if isinstance(self.value, str) else str(self)
        return f"\n{text}\n" if "\n" in text else text


class Name:
    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return self.name


def author_place() -> tuple[str, int]:
    """File and line of the nearest frame outside this package."""
    frame = sys._getframe(1)
    while frame.f_back is not None and frame.f_globals.get("__package__") == __package__:
        frame = frame.f_back
    return frame.f_code.co_filename, frame.f_lineno
