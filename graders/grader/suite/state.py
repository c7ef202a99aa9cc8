"""What can happen to a test besides passing and failing, remembered where no `except` of the test reaches it."""

from __future__ import annotations

from grader.answer import Answer


class NotOutside(BaseException):
    """This test can't be judged from outside; `reason` completes "it …": "patches `time.sleep`"."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Over(BaseException):
    """The learner's process has ended; no `except Exception` of a test shall take that for an exception of the
    learner's.
    """

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.ending)
        self.answer = answer


class LearnerInterrupt(KeyboardInterrupt):
    """A `KeyboardInterrupt` that learner code raised: like any other exception of its, and nobody's wish to stop
    the judge.
    """


class State:
    """Of one test: the first thing that makes its own outcome void."""

    def __init__(self) -> None:
        self.not_outside: str | None = None
        self.over: Answer | None = None
        self.claims: list[str] = []
        self.swallowed: BaseException | None = None
        # Bytes that the sandbox has said.
        self.heard = 0

    def leave(self, reason: str) -> NotOutside:
        """Notes, for the first time, why the test has to run inside; to be raised."""
        self.not_outside = self.not_outside or reason
        return NotOutside(self.not_outside)

    def end(self, answer: Answer) -> Over:
        """Notes how the learner's process ended; to be raised."""
        self.over = self.over or answer
        return Over(self.over)
