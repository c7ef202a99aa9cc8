"""From how a check's function ended to what is said about it: outcome, message, place, both sides of a comparison."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from _pytest.outcomes import Exit, Failed, Skipped
from sandboxed.codec import Raised, encode

from grader.answer import Answer
from grader.compare import OutputMismatch
from grader.errors import AtLine, AuthorError, Ended, LearnerRaised, Mismatch, NeedsReview
from grader.loader import place_of
from grader.plugin import Current

OUTPUT_KEPT = 64 * 1024
_OUTCOMES = {
    "out_of_time": "timeout",
    "out_of_cpu": "timeout",
    "out_of_memory": "out_of_memory",
    "too_much_output": "failed",
    "broken_protocol": "tampered",
}
# What is said with an amount ("5 s") and without.
_ENDINGS = {
    "out_of_time": ("did not finish within {}", "did not finish"),
    "out_of_cpu": (
        "computed for longer than {}; is there a loop that never ends?",
        "computed for longer than it may; is there a loop that never ends?",
    ),
    "out_of_memory": ("used more memory than it may",) * 2,
    "too_much_output": ("printed more than {}", "printed more than it may"),
    "broken_protocol": ("answered something that is no answer",) * 2,
}
_UNITS = {"ms": (1000, "s"), "bytes": (1_048_576, "MiB")}


_HEADER = (
    *("inside", "restart", "message", "called", "file", "line", "location", "traceback", "ending", "diff", "review"),
    *("stdout", "stderr", "prefetched"),
)


@dataclass(slots=True)
class Result:
    """A check's result; field names are those of the `c` frame. `actual` and `expected` are encoded values, "" for
    none.
    """

    check: str
    outcome: str = "passed"
    message: str = ""
    called: str = ""
    file: str = ""
    line: int = 0
    location: tuple[str, int] | None = None
    traceback: list[tuple[str, int, str]] = field(default_factory=list)
    ending: str | None = None
    diff: str | None = None
    review: str | None = None
    actual: str = ""
    expected: str = ""
    stdout: str = ""
    stderr: str = ""
    # Of a suite: why the test has to run inside, and whether the learner's process is of no more use.
    inside: str = ""
    restart: bool = False
    # Judged by what a batch brought (grader/prefetch.py).
    prefetched: bool = False

    def header(self) -> dict[str, Any]:
        """As the header of a `c` frame: what says nothing is left out."""
        header: dict[str, Any] = {"check": self.check, "outcome": self.outcome}
        if self.outcome == "passed" and not self.stdout and not self.stderr:
            return header
        for name in _HEADER:
            value = getattr(self, name)
            if value:
                header[name] = value
        return header


def result_of(current: Current, tests: tuple[str, ...]) -> Result:
    """What is said about a check after all its phases."""
    result = Result(current.check)
    learner = current.learner
    if learner is not None:
        result.stdout, result.stderr = kept(learner.stdout), kept(learner.stderr)
    if learner is not None and current.failures:
        result.called = learner.called
    if not current.failures:
        if current.passed != {"setup", "call", "teardown"}:
            blame_author(result, AuthorError("the check has not run from beginning to end"), tests)
        return result
    when, caught = current.failures[0]
    error = caught.value
    result.file, result.line = place_of(error.__traceback__, tests)
    if isinstance(error, LearnerRaised):
        _raised(result, error.raised, learner.files if learner else ())
    elif isinstance(error, Ended):
        ended(result, error.answer)
    elif isinstance(error, Mismatch):
        _mismatch(result, error)
    elif isinstance(error, NeedsReview):
        result.outcome, result.review = "needs_review", kept(error.text)
    elif isinstance(error, Skipped):
        result.outcome, result.message = "skipped", error.msg or "skipped"
    elif isinstance(error, (AssertionError, Failed)) and when == "call":
        _failed(result, error, current)
    else:
        blame_author(result, error, tests)
    return result


def kept(text: str) -> str:
    """A text, its middle left out when it is long."""
    half = OUTPUT_KEPT // 2
    return text if len(text) <= OUTPUT_KEPT else f"{text[:half]}\n…\n{text[-half:]}"


def blame_author(result: Result, error: BaseException, tests: tuple[str, ...]) -> None:
    """An error of the grader: says what and where, nothing about the learner."""
    result.outcome = "error"
    if isinstance(error, AuthorError):
        result.message = error.message
        if error.file:
            result.file, result.line = error.file, error.line
    elif isinstance(error, Exit):
        result.message = "the check called `pytest.exit`"
    else:
        text = str(error).split("\n")[0]
        result.message = f"{type(error).__name__}: {text}" if text else type(error).__name__
    if not result.file:
        result.file, result.line = place_of(error.__traceback__, tests)
    result.file = result.file or (tests[0] if tests else "")


def _raised(result: Result, raised: Raised, files: tuple[str, ...]) -> None:
    result.outcome = "failed"
    text = f"{raised.type}: {raised.message}" if raised.message else raised.type
    result.message = f"`{text}` was raised"
    result.traceback = list(_frames(raised))
    if result.traceback:
        result.location = result.traceback[-1][:2]
    if raised.is_a("SyntaxError") and len(raised.args) == 2 and type(raised.args[1]) is tuple:
        name, line = (*raised.args[1], None, None)[:2]
        known = [each for each in files if type(name) is str and name.endswith(each)]
        if known and type(line) is int:
            result.location = (known[0], line)


def _frames(raised: Raised) -> tuple[tuple[str, int, str], ...]:
    """The learner's frames; those of what led to it when it was raised outside of the learner's code."""
    each: Raised | None = raised
    while isinstance(each, Raised) and not each.frames:
        each = each.cause or each.context
    return each.frames if isinstance(each, Raised) else ()


def _mismatch(result: Result, error: Mismatch) -> None:
    result.outcome, result.message = "failed", str(error)
    if isinstance(error, AtLine):
        result.location = (error.file, error.line)
    if error.sides:
        result.actual, result.expected = encode(error.sides["actual"]), encode(error.sides["expected"])


def ended(result: Result, answer: Answer) -> None:
    """The learner's process ended before it answered."""
    result.ending = answer.ending
    result.outcome = _OUTCOMES.get(answer.ending, "crashed")
    amount = _amount(answer.detail)
    if answer.ending == "signalled":
        result.message = f"the process was ended by {answer.signal or 'a signal'}"
    elif answer.ending in _ENDINGS:
        with_amount, without = _ENDINGS[answer.ending]
        result.message = with_amount.format(amount) if amount else without
    else:
        code = "" if answer.exit_code is None else f" (exit code {answer.exit_code})"
        result.message = f"ended the process before it answered{code}"
    if answer.ending in ("broken_protocol", "out_of_time") and answer.detail and not amount:
        result.message += f": {answer.detail}"
    result.traceback = answer.stack
    if answer.stack:
        result.location = answer.stack[-1][:2]


def _amount(detail: str) -> str:
    """A limit as a person says it: "5 s" for "5000 ms"; empty when the detail is no amount."""
    number, _, unit = detail.partition(" ")
    if not number.isdecimal() or unit not in _UNITS:
        return ""
    divisor, name = _UNITS[unit]
    return f"{int(number) / divisor:.3g} {name}"


def _failed(result: Result, error: BaseException, current: Current) -> None:
    """An assertion that does not hold."""
    result.outcome = "failed"
    if isinstance(error, OutputMismatch):
        result.message, result.diff = str(error), error.diff
        result.actual = encode(error.actual)
        result.expected = "" if error.expected is None else encode(error.expected)
        return
    said, explained = split_message(str(getattr(error, "msg", None) or error))
    # More than one comparison means `or`, `and`: no pair of them is the one to show.
    if len(current.comparisons) == 1 and isinstance(error, AssertionError):
        actual, expected = (
            presentable(each) for each in (current.comparisons[0].actual, current.comparisons[0].expected)
        )
        result.actual, result.expected = encode(actual, markers=True), encode(expected, markers=True)
        # The sentence about the two is the supervisor's, which also knows how they differ.
        result.message = said
        return
    result.message = said or explained or "the check does not hold"


def split_message(text: str) -> tuple[str, str]:
    """What the author says, and what pytest does, about a failed assertion; either may be empty."""
    if text.startswith("assert "):
        return "", _readable(text)
    said, found, explained = text.partition("\nassert ")
    return said.strip(), _readable(f"assert {explained}") if found else ""


def _readable(explanation: str) -> str:
    """pytest's explanation in one line: `assert 5 in [1, 2]`, or what stands behind a bare `assert False`."""
    lines = explanation.splitlines()
    claim = lines[0].removeprefix("assert ")
    bare = claim.removeprefix("not ")
    wanted = "false" if bare != claim else "true"
    if len(lines) > 1 and (found := lines[1].strip().removeprefix("+").strip()).startswith(f"where {bare} = "):
        claim = found.removeprefix(f"where {bare} = ")
        return f"`{claim}` should be {wanted}" if bare in ("True", "False") else f"`{claim}` is {bare}"
    return f"this does not hold: `{claim}`"


def presentable(value: Any) -> Any:
    """A value as it can be shown: what pytest's `approx` wraps instead of the wrapping."""
    kind = type(value)
    if kind.__module__ == "_pytest.approx":
        return presentable(value.expected)
    if kind in (list, tuple):
        return kind(map(presentable, value))
    if kind is dict:
        return {key: presentable(each) for key, each in value.items()}
    return value
