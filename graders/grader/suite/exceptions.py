"""Exceptions of learner code as the test's `except`, `pytest.raises` and `assertRaises` meet them."""

from __future__ import annotations

import builtins
import sys
from contextlib import suppress
from typing import Any

from sandboxed.codec import Raised

# A test framework takes these for its own.
_NOT_FROM = ("unittest", "bdb", "doctest")


def real_exception(module: str, qualname: str) -> type[BaseException] | None:
    """The exception class of the standard library that goes by this name, where the judge has it too."""
    if module == "builtins":
        found = getattr(builtins, qualname, None)
    elif module.partition(".")[0] in sys.stdlib_module_names and not module.startswith(_NOT_FROM):
        # Nothing is imported because the sandbox says so: what a test refers to, it has imported itself.
        found = getattr(sys.modules.get(module), qualname, None)
    else:
        return None
    return found if isinstance(found, type) and issubclass(found, BaseException) else None


def finished(
    cls: type[BaseException],
    args: tuple[Any, ...],
    text: str | None,
    details: dict[str, Any],
    frames: tuple[tuple[str, int, str], ...],
) -> Any:
    """An exception of the class with these arguments. `text`: what the learner's own `__str__` gives."""
    made: Any = cls.__new__(cls, *args)
    real = next(each for each in cls.__mro__ if each.__module__ == "builtins")
    with suppress(Exception):
        real.__init__(made, *args)
    made.args = args
    for name, value in details.items():
        with suppress(AttributeError, TypeError):
            setattr(made, name, value)
    made._grade_text = text
    made._grade_frames = frames
    return made


class Text:
    """Mixed into the stand-ins of the learner's own exception classes."""

    def __str__(self) -> str:
        text = self.__dict__.get("_grade_text")
        return text if text is not None else super().__str__()

    def __getattr__(self, name: str) -> Any:
        held = self.__dict__.get("_grade")
        if held is None or name.startswith(("_pytest", "_grade")):
            raise AttributeError(name)
        return held.world.ask("get", self, name)


def told(raised: Raised) -> BaseException:
    """An exception of which no more is known than what the plain encoding tells."""
    kind = real_exception(raised.module, raised.type) or RuntimeError
    made: BaseException = finished(
        kind if issubclass(kind, Exception) else RuntimeError, (raised.message,), None, {}, raised.frames
    )
    return made


def frames_of(error: BaseException) -> tuple[tuple[str, int, str], ...]:
    """The learner's frames, where learner code raised it."""
    found: tuple[tuple[str, int, str], ...] = getattr(error, "_grade_frames", ())
    return found


def is_learners(error: BaseException) -> bool:
    """Whether it came out of the sandbox."""
    return "_grade_frames" in vars(error)
