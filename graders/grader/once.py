"""What is observed once for all checks of a submission, because it costs too much to be observed for each."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Any

from _pytest.outcomes import OutcomeException

from grader.errors import Ended, LearnerRaised

if TYPE_CHECKING:
    from grader.learner import Learner

# What a check may end with by the learner's fault, or by its author's wish.
_OUTCOMES = (AssertionError, LearnerRaised, Ended, OutcomeException)


@dataclass(slots=True)
class Seen:
    """What came of one function: a value, or what was raised instead; what was called and printed meanwhile."""

    value: Any = None
    error: BaseException | None = None
    traceback: TracebackType | None = None
    called: str = ""
    printed: tuple[str, str] = ("", "")

    @classmethod
    def of(cls, function: Callable[[], Any]) -> Seen:
        """Calls it. An author's mistake is raised and not kept."""
        try:
            return cls(function())
        except _OUTCOMES as error:
            return cls(error=error, traceback=error.__traceback__)

    def result(self) -> Any:
        """The value, or the exception again; its traceback is the first one, and grows no longer each time."""
        if self.error is not None:
            raise self.error.with_traceback(self.traceback)
        return self.value


# By the function (module and name) and the run's seed, for one submission.
Known = dict[tuple[str, str, int], Seen]


def once(function: Callable[[Learner, random.Random], Any]) -> Callable[[Learner], Any]:
    """Marks a function of a grader whose result all checks of a submission share; see docs/grader-api.md."""

    def shared(learner: Learner) -> Any:
        return learner.observe_once(function)

    shared.__name__ = shared.__qualname__ = function.__name__
    shared.__doc__ = function.__doc__
    return shared
