"""`retry`: when it calls again, when it gives up, and when it waits."""

from itertools import pairwise
from random import Random
from typing import Any

import pytest
from grader import Clock, Learner, probe

ERRORS = (ConnectionError, ValueError, KeyError, RuntimeError)


class Unreliable:
    """An operation that fails so many times, with another error each, and then works; remembers when it was called."""

    def __init__(self, clock: Clock, failures: int, result: Any = "done") -> None:
        self.clock = clock
        self.failures = failures
        self.result = result
        self.called_at: list[float] = []

    def __call__(self) -> Any:
        self.called_at.append(self.clock.now)
        if len(self.called_at) <= self.failures:
            raise ERRORS[len(self.called_at) % len(ERRORS)](f"attempt {len(self.called_at)} failed")
        return self.result

    @property
    def waits(self) -> list[float]:
        """Seconds between one attempt and the next, to the hundredth."""
        return [round(later - earlier, 2) for earlier, later in pairwise(self.called_at)]


@probe
def retried(decorators: Any, use: str, operation: Any) -> dict[str, Any]:
    """a function that fails now and then, decorated with {use}"""

    def function():
        return operation()

    decorated = eval(use[1:], {"retry": decorators.retry})(function)
    try:
        return {"result": decorated()}
    except Exception as error:
        return {"raised": type(error).__name__}


@probe
def last_error(decorators: Any, messages: list[str]) -> dict[str, Any]:
    """a function that raises a ConnectionError with one of {messages} at each attempt, decorated with @retry"""
    errors = [ConnectionError(message) for message in messages]
    left = iter(errors)

    @decorators.retry(max_attempts=len(messages), delay=0)
    def function():
        raise next(left, errors[-1])

    try:
        result = function()
    except Exception as error:
        return {"raised": type(error).__name__, "message": str(error), "is the last error itself": error is errors[-1]}
    return {"returned": result}


@probe
def not_exceptions(decorators: Any, names: list[str]) -> list[dict[str, Any]]:
    """functions that raise {names}, each decorated with @retry(max_attempts=3, delay=0)"""
    import builtins

    seen = []
    for name in names:
        calls = 0

        @decorators.retry(max_attempts=3, delay=0)
        def function(name):
            nonlocal calls
            calls += 1
            raise getattr(builtins, name)

        try:
            function(name)
        except BaseException as error:
            seen.append({"calls": calls, "raised": type(error).__name__})
        else:
            seen.append({"calls": calls, "raised": None})
    return seen


@probe
def calls_in_a_row(decorators: Any, times: int) -> list[str]:
    """a function whose every other attempt fails, with @retry(max_attempts=2, delay=0), called {times} times"""
    attempts = 0

    @decorators.retry(max_attempts=2, delay=0)
    def function():
        nonlocal attempts
        attempts += 1
        if attempts % 2:
            raise ConnectionError("every other attempt fails")
        return "worked"

    outcomes = []
    for _ in range(times):
        try:
            outcomes.append(function())
        except ConnectionError:
            outcomes.append("gave up")
    return outcomes


@probe
def settings_taken(decorators: Any, uses: list[str]) -> dict[str, str]:
    """a function that is never called, decorated with {uses}"""
    seen = {}
    for use in uses:
        try:
            eval(use[1:], {"retry": decorators.retry})(lambda: None)
        except ValueError:
            seen[use] = "ValueError"
        else:
            seen[use] = "fine"
    return seen


@probe
async def two_coroutines(decorators: Any, operation: Any, delay: float) -> list[str]:
    """two async def calls at the same time that fail once, decorated with @retry(max_attempts=4, delay={delay})"""
    import asyncio

    @decorators.retry(max_attempts=4, delay=delay)
    async def function(name):
        operation(name)
        return name.upper()

    return await asyncio.gather(function("a"), function("b"))


@probe
async def given_up(decorators: Any, attempts: int) -> dict[str, int]:
    """an async def function raising ConnectionError or CancelledError, with @retry(max_attempts={attempts}, delay=5)"""
    import asyncio

    calls = {"ConnectionError": 0, "CancelledError": 0}

    @decorators.retry(max_attempts=attempts, delay=5)
    async def function(error):
        calls[error.__name__] += 1
        raise error

    for error in (ConnectionError, asyncio.CancelledError):
        try:
            await function(error=error)
        except error:
            continue
        return {f"calls without a {error.__name__} in the end": calls[error.__name__]}
    return calls


def test_retry_stops_at_the_first_success(learner: Learner, rng: Random) -> None:
    for failures, result in ((rng.randrange(2, 5), rng.randrange(1000)), (1, None)):
        operation = Unreliable(clock := Clock(), failures, result)
        use = f"@retry(max_attempts={failures + 2}, delay=0)"
        seen = learner.run(retried, use, oracles_={"operation": operation}, clock_=clock)
        assert {**seen, "calls": len(operation.called_at)} == {"result": result, "calls": failures + 1}


def test_retry_gives_up_after_max_attempts(learner: Learner, rng: Random) -> None:
    many = rng.choice((2, 4))
    for attempts, use in (
        (many, f"@retry(max_attempts={many}, delay=0)"),
        (1, "@retry(max_attempts=1)"),
        (3, "@retry()"),
    ):
        operation = Unreliable(clock := Clock(), failures=20)
        learner.run(retried, use, oracles_={"operation": operation}, clock_=clock)
        assert {"calls": len(operation.called_at)} == {"calls": attempts}


def test_retry_raises_the_last_error(learner: Learner, rng: Random) -> None:
    messages = [f"line {rng.randrange(1000)} is busy ({attempt})" for attempt in range(1, rng.randrange(3, 5))]
    seen = learner.run(last_error, messages, clock_=Clock())
    assert seen == {"raised": "ConnectionError", "message": messages[-1], "is the last error itself": True}


def test_retry_waits_between_attempts(learner: Learner, rng: Random) -> None:
    delay = rng.randrange(8, 60) / 4
    for seconds, use in ((delay, f"@retry(max_attempts=3, delay={delay})"), (1, "@retry()")):
        operation = Unreliable(clock := Clock(), failures=2)
        learner.run(retried, use, oracles_={"operation": operation}, clock_=clock)
        assert operation.waits == [seconds, seconds]


def test_retry_does_not_wait_before_or_after(learner: Learner, rng: Random) -> None:
    use = f"@retry(max_attempts=2, delay={rng.randrange(2, 60)})"
    for failures in (0, 2):
        operation = Unreliable(clock := Clock(), failures)
        started = clock.now
        learner.run(retried, use, oracles_={"operation": operation}, clock_=clock)
        assert operation.called_at, "the function was never called"
        before, after = operation.called_at[0] - started, clock.now - operation.called_at[-1]
        waited = {"before the first attempt": round(before, 2), "after the last": round(after, 2)}
        assert waited == {"before the first attempt": 0.0, "after the last": 0.0}


def test_retry_lets_other_than_exceptions_through(learner: Learner, rng: Random) -> None:
    names = rng.sample(("KeyboardInterrupt", "SystemExit"), 2)
    seen = learner.run(not_exceptions, names, clock_=Clock())
    assert seen == [{"calls": 1, "raised": name} for name in names]


def test_retry_counts_anew_for_each_call(learner: Learner, rng: Random) -> None:
    times = rng.randrange(3, 6)
    assert learner.run(calls_in_a_row, times, clock_=Clock()) == ["worked"] * times


def test_retry_refuses_impossible_settings(learner: Learner, rng: Random) -> None:
    wrong = [
        "@retry(max_attempts=0)",
        f"@retry(max_attempts=-{rng.randrange(1, 9)})",
        f"@retry(delay=-{rng.randrange(1, 9) / 4})",
    ]
    right = ["@retry(max_attempts=1)", "@retry(delay=0)"]
    seen = learner.run(settings_taken, [*wrong, *right])
    assert seen == {**dict.fromkeys(wrong, "ValueError"), **dict.fromkeys(right, "fine")}


def test_retry_works_on_coroutines(learner: Learner, rng: Random) -> None:
    clock, delay = Clock(), float(rng.randrange(2, 60))
    order: list[str] = []
    times: list[float] = []

    def operation(name: str) -> None:
        order.append(name)
        times.append(clock.now)
        if order.count(name) == 1:
            raise ValueError("the first attempt fails")

    seen = learner.run(two_coroutines, delay=delay, oracles_={"operation": operation}, clock_=clock)
    assert seen == ["A", "B"]
    assert order == ["a", "b", "a", "b"]
    assert times[2] - times[0] == pytest.approx(delay, abs=0.01)
    attempts = rng.randrange(2, 5)
    started = clock.now
    assert learner.run(given_up, attempts, clock_=clock) == {"ConnectionError": attempts, "CancelledError": 1}
    assert {"seconds waited": round(clock.now - started)} == {"seconds waited": 5 * (attempts - 1)}
