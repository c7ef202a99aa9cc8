"""From how a test of a suite ended to what is said about it."""

from __future__ import annotations

import os
from typing import Any

from _pytest._code import ExceptionInfo
from sandboxed.codec import Opaque, Raised, encode

from grader.loader import place_of
from grader.result import Result, ended, kept, presentable, split_message
from grader.suite.exceptions import frames_of, is_learners
from grader.suite.handles import is_remote
from grader.suite.plugin import Run
from grader.suite.state import LearnerInterrupt
from grader.suite.world import World

_PHASES = {"setup", "call", "teardown"}


def result_of(check: str, run: Run, world: World, tests: tuple[str, ...]) -> Result:
    """What is said about a test after all its phases."""
    result = Result(check)
    line = world.line
    result.stdout, result.stderr = kept("".join(line.stdout)), kept("".join(line.stderr))
    state = line.state
    if state.over is not None:
        ended(result, state.over)
        result.restart = True
    elif state.not_outside is not None:
        result.outcome, result.inside = "skipped", state.not_outside
    elif run.failures or state.swallowed is not None:
        when, caught = run.failures[0] if run.failures else ("call", ExceptionInfo.from_exception(state.swallowed))
        _failed(result, caught.value, run, tests)
        if when != "call":
            result.message = f"{'before' if when == 'setup' else 'after'} the test: {result.message}"
    else:
        _settled(result, run)
    if state.claims and result.outcome == "failed":
        result.message = ". ".join(each for each in (result.message, *state.claims[:1]) if each)
    return result


def _settled(result: Result, run: Run) -> None:
    """Nothing raised what counts as a failure: passed, skipped, or failed by the rules of pytest."""
    reports = run.reports
    failed = [each for each in reports if each.failed]
    skipped = [each for each in reports if each.skipped and not hasattr(each, "wasxfail") and each.when != "teardown"]
    if failed:
        result.outcome, result.message = "failed", str(failed[0].longrepr).splitlines()[0] or "it does not hold"
    elif skipped and not any(each.passed and each.when == "call" for each in reports):
        result.outcome = "skipped"
        told: Any = skipped[0].longrepr
        result.message = str(told[2] if isinstance(told, tuple) else told).removeprefix("Skipped: ")
    elif any(hasattr(each, "wasxfail") for each in reports):
        result.outcome = "passed"
    elif {each.when for each in reports if each.passed} != _PHASES:
        result.outcome, result.message = "error", "the test has not run from beginning to end"
    else:
        result.outcome = "passed"


def uses_files(error: BaseException) -> bool:
    """Whether the test wants files of a place that the judge has no right to: the learner's code has others."""
    return isinstance(error, OSError) and not is_learners(error) and error.errno is not None


def _failed(result: Result, error: BaseException, run: Run, tests: tuple[str, ...]) -> None:
    result.outcome = "failed"
    if is_learners(error):
        _raised(result, error)
        return
    file, line = place_of(error.__traceback__, tests)
    result.file, result.line = file, line
    if not isinstance(error, AssertionError):
        text = str(error).split("\n")[0]
        result.message = f"{os.path.basename(file)}:{line}: {type(error).__name__}: {text}".rstrip(": ")
        return
    said, explained = split_message(str(error))
    if len(run.comparisons) == 1:
        (sides,) = run.comparisons
        actual, expected = (tellable(presentable(each)) for each in (sides.actual, sides.expected))
        result.actual, result.expected = encode(actual, markers=True), encode(expected, markers=True)
        # What `unittest` says of itself is the difference, which is shown better.
        result.message = run.said or ("" if " != " in said.partition("\n")[0] else said)
        return
    result.message = (said or explained or "the test does not hold").partition("\n")[0]


def _raised(result: Result, error: BaseException) -> None:
    text = str(error)
    name = "KeyboardInterrupt" if type(error) is LearnerInterrupt else type(error).__name__
    result.message = f"`{name}: {text}` was raised" if text else f"`{name}` was raised"
    step: BaseException | None = error
    while step is not None and not frames_of(step):
        step = step.__cause__ or step.__context__
    result.traceback = list(frames_of(step)) if step is not None else []
    if result.traceback:
        result.location = result.traceback[-1][:2]


def tellable(value: Any, depth: int = 20) -> Any:
    """A value without handles: what is known of their classes in their place."""
    kind = type(value)
    if is_remote(value):
        name = kind if not isinstance(value, type) else value
        bases = tuple(f"{each.__module__}.{each.__qualname__}" for each in type.mro(name)[1:-1] if is_remote(each))
        return Opaque(name.__module__, name.__qualname__, bases)
    if depth == 0:
        return value
    if kind in (list, tuple, set, frozenset):
        return kind([tellable(each, depth - 1) for each in value])
    if kind is dict:
        return {tellable(key, depth - 1): tellable(each, depth - 1) for key, each in value.items()}
    return value


def problem_of(error: BaseException) -> bytes:
    """Why the learner's code could not be imported, as an encoded exception."""
    args = error.args if all(type(each) in (str, int, type(None), tuple) for each in error.args) else (str(error),)
    bases = tuple(f"{each.__module__}.{each.__qualname__}" for each in type(error).__mro__[1:-1])
    name = type(error)
    raised = Raised(name.__module__, name.__qualname__, bases, args, None, None, frames_of(error))
    return encode(("raised", raised), markers=True).encode()
