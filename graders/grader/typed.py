"""What a type checker says about the learner's files (found out by `sandboxed.type_check`), and the checks on it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sandboxed.codec import CodecError

from grader.errors import AtLine, Mismatch

# mypy's name for a function without type hints, or with some of them only.
_INCOMPLETE = "no-untyped-def"
_MOST_SHOWN = 5


@dataclass(frozen=True, slots=True)
class TypeProblem:
    """One error of mypy's, `code` being its short name for it; `column` is counted from 1."""

    file: str
    line: int
    column: int
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Use:
    """A line that uses the learner's module as its README describes it, and what mypy has against it."""

    text: str
    message: str


@dataclass(frozen=True, slots=True)
class Types:
    """`problems` in the learner's files, `uses` that do not fit, and `switches`: file and line of comments that tell a
    type checker to look away. They are not obeyed.
    """

    problems: tuple[TypeProblem, ...]
    uses: tuple[Use, ...]
    switches: tuple[tuple[str, int], ...]

    @classmethod
    def of(cls, answer: Any, uses: str) -> Types:
        """Raises `CodecError` for what the type checker's side would never say."""
        lines = uses.splitlines()
        try:
            return cls(
                tuple(TypeProblem(*each) for each in answer["problems"]),
                tuple(Use(lines[line - 1].strip(), message) for line, _, message in answer["uses"]),
                tuple((file, line) for file, line in answer["switches"]),
            )
        except (KeyError, TypeError, ValueError, IndexError) as error:
            raise CodecError(f"no answer of the type checker: {error}") from None

    @property
    def incomplete(self) -> tuple[TypeProblem, ...]:
        """Functions that lack type hints."""
        return tuple(each for each in self.problems if each.code == _INCOMPLETE)

    @property
    def wrong(self) -> tuple[TypeProblem, ...]:
        """Everything that mypy has to say besides."""
        return tuple(each for each in self.problems if each.code != _INCOMPLETE)

    def complete(self) -> None:
        """Fails the check unless every function has all its type hints, and those say what the README says."""
        _none_of(self.incomplete, "mypy finds functions without complete type hints")
        if self.uses:
            listed = [f"`{use.text}`: {use.message}" for use in self.uses]
            raise Mismatch(_list("mypy, about code that uses your file as the README describes it", listed))

    def hold(self) -> None:
        """Fails the check unless the type hints hold, as far as mypy can tell, and nothing tells it to look away."""
        for file, line in self.switches[:1]:
            text = f"line {line} of `{file}` tells the type checker to look away; mend what it would say there"
            raise AtLine(text, file, line)
        _none_of(self.wrong, "mypy finds what can't be right")


def _none_of(problems: Sequence[TypeProblem], what: str) -> None:
    for first in problems[:1]:
        listed = [f"{each.file}:{each.line}: {each.message} [{each.code}]" for each in problems]
        raise AtLine(_list(what, listed), first.file, first.line)


def _list(what: str, items: Iterable[str]) -> str:
    shown = list(items)
    more = [f"and {len(shown) - _MOST_SHOWN} more"] if len(shown) > _MOST_SHOWN else []
    return f"{what}: {'; '.join([*shown[:_MOST_SHOWN], *more])}"
