"""How a check can end other than by returning: whose fault it is decides the class."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sandboxed.codec import Raised

    from grader.answer import Answer


class AuthorError(Exception):
    """The grader is wrong: says what is, and where in the grader's own files."""

    def __init__(self, message: str, file: str = "", line: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.file = file
        self.line = line


class LearnerRaised(Exception):
    """Learner code raised out of a probe or a program where it should not have."""

    def __init__(self, raised: Raised, called: str) -> None:
        super().__init__(f"{raised.type}: {raised.message}" if raised.message else raised.type)
        self.raised = raised
        self.called = called


class Ended(Exception):
    """The sandboxed process ended, or had to be ended, before it answered."""

    def __init__(self, answer: Answer, called: str) -> None:
        super().__init__(answer.ending)
        self.answer = answer
        self.called = called


class ChannelError(Exception):
    """The supervisor sent something that is not in the protocol, or has gone: the judge can't go on."""


class Forged(Exception):
    """The sandbox said something that its own side, left alone, would never say."""


class NeedsReview(Exception):
    """The check hands a text of the learner's to a person, and decides nothing."""

    def __init__(self, text: str) -> None:
        super().__init__("needs a person's review")
        self.text = text


class Mismatch(AssertionError):
    """Something of the learner's is not as it should be; `sides` has `expected` and `actual`, or nothing."""

    def __init__(self, message: str, **sides: Any) -> None:
        super().__init__(message)
        self.sides = sides


class AtLine(Mismatch):
    """A mismatch that has a line in one of the learner's files."""

    def __init__(self, message: str, file: str, line: int, **sides: Any) -> None:
        super().__init__(message, **sides)
        self.file = file
        self.line = line


class SourceProblem(AtLine):
    """The learner's file does not parse."""

    def __init__(self, file: str, line: int, message: str) -> None:
        super().__init__(f"`{file}` is not valid Python: {message} (line {line})", file, line)
