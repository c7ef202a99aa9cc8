"""`retry`: when it calls again, when it gives up, and when it waits."""

from itertools import pairwise
from random import Random
from typing import Any

from grader import Clock, Learner, helper, probe


class Attempts:
    """When an operation was attempted."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.called_at: list[float] = []

    def __call__(self) -> None:
        self.called_at.append(self.clock.now)

    @property
    def waits(self) -> list[float]:
        """Seconds between one attempt and the next, to the hundredth."""
        return [round(later - earlier, 2) for earlier, later in pairwise(self.called_at)]


@helper
def outcome(decorator: Any, failures: int, result: Any, attempt: Any) -> dict[str, Any]:
    """What comes of calling a decorated function once that fails so many times, with another error each, then works."""
    attempts = 0

    @decorator
    def function():
        nonlocal attempts
        attempts += 1
        attempt()
        if attempts <= failures:
            errors = (ConnectionError, ValueError, KeyError, RuntimeError)
            raise errors[attempts % len(errors)](f"attempt {attempts} failed")
        return result

    try:
        return {"result": function()}
    except Exception as error:
        return {"raised": type(error).__name__}


@probe
def retried(
    decorators: Any, failures: int, max_attempts: int, delay: float, attempt: Any, result: Any = "done"
) -> dict[str, Any]:
    """a function decorated with @retry(max_attempts={max_attempts}, delay={delay}); number of failures before it
    works: {failures}
    """
    return outcome(decorators.retry(max_attempts=max_attempts, delay=delay), failures, result, attempt)


@probe
def retried_in_vain(decorators: Any, max_attempts: int, delay: float, attempt: Any) -> dict[str, Any]:
    """a function that always fails, decorated with @retry(max_attempts={max_attempts}, delay={delay})"""
    return outcome(decorators.retry(max_attempts=max_attempts, delay=delay), 20, "done", attempt)


@probe
def retried_as_it_is(decorators: Any, failures: int, attempt: Any) -> dict[str, Any]:
    """a function that fails, decorated with @retry()"""
    return outcome(decorators.retry(), failures, "done", attempt)


@probe
def last_error(decorators: Any, messages: list[str], attempts: int) -> dict[str, Any]:
    """a function that raises a ConnectionError with one of {messages} at each attempt, decorated with
    @retry(max_attempts={attempts}, delay=0)
    """
    errors = [ConnectionError(message) for message in messages]
    left = iter(errors)

    @decorators.retry(max_attempts=attempts, delay=0)
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
def settings_taken(decorators: Any, attempts: int, delay: float) -> dict[str, str]:
    """a function that is never called, decorated with @retry(max_attempts=0), @retry(max_attempts={attempts}),
    @retry(delay={delay}), @retry(max_attempts=1), and @retry(delay=0)
    """
    wrong = ["@retry(max_attempts=0)", f"@retry(max_attempts={attempts})", f"@retry(delay={delay})"]
    seen = {}
    for use in [*wrong, "@retry(max_attempts=1)", "@retry(delay=0)"]:
        try:
            eval(use[1:], {"retry": decorators.retry})(lambda: None)
        except ValueError:
            seen[use] = "ValueError"
        else:
            seen[use] = "fine"
    return seen


@probe
async def two_coroutines(decorators: Any, attempt: Any, delay: float) -> list[str]:
    """two async def calls at the same time that fail once, decorated with @retry(max_attempts=4, delay={delay})"""
    import asyncio

    attempts = []

    @decorators.retry(max_attempts=4, delay=delay)
    async def function(name):
        attempt(name)
        attempts.append(name)
        if attempts.count(name) == 1:
            raise ValueError("the first attempt fails")
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
        attempts = Attempts(clock := Clock())
        options: dict[str, Any] = {"tells_": {"attempt": attempts}, "clock_": clock, "fresh_": True}
        seen = learner.run(retried, failures, failures + 2, 0, result=result, **options)
        assert {**seen, "calls": len(attempts.called_at)} == {"result": result, "calls": failures + 1}


def test_retry_gives_up_after_max_attempts(learner: Learner, rng: Random) -> None:
    for attempts, settings in ((many := rng.choice((2, 4)), (many, 0)), (1, (1, 0)), (3, (20,))):
        made = Attempts(clock := Clock())
        used = retried_in_vain if len(settings) == 2 else retried_as_it_is
        learner.run(used, *settings, tells_={"attempt": made}, clock_=clock, fresh_=True)
        calls = len(made.called_at)
        assert {"calls": calls if calls <= 20 else "more than 20, stopped there"} == {"calls": attempts}


def test_retry_raises_the_last_error(learner: Learner, rng: Random) -> None:
    messages = [f"line {rng.randrange(1000)} is busy ({attempt})" for attempt in range(1, rng.randrange(3, 5))]
    seen = learner.run(last_error, messages, len(messages), clock_=Clock())
    assert seen == {"raised": "ConnectionError", "message": messages[-1], "is the last error itself": True}


def test_retry_waits_between_attempts(learner: Learner, rng: Random) -> None:
    delay = rng.randrange(8, 60) / 4
    for seconds, settings in ((delay, (2, 3, delay)), (1, (2,))):
        attempts = Attempts(clock := Clock())
        used = retried if len(settings) == 3 else retried_as_it_is
        learner.run(used, *settings, tells_={"attempt": attempts}, clock_=clock, fresh_=True)
        assert {"seconds between attempts": attempts.waits} == {"seconds between attempts": [seconds, seconds]}


def test_retry_does_not_wait_before_or_after(learner: Learner, rng: Random) -> None:
    delay = rng.randrange(2, 60)
    for failures, used in ((0, retried), (2, retried_in_vain)):
        attempts = Attempts(clock := Clock())
        started = clock.now
        settings = (2, delay) if failures else (0, 2, delay)
        learner.run(used, *settings, tells_={"attempt": attempts}, clock_=clock, fresh_=True)
        assert attempts.called_at, "the function was never called"
        before, after = attempts.called_at[0] - started, clock.now - attempts.called_at[-1]
        waited = {"seconds before the first attempt": round(before, 2), "seconds after the last": round(after, 2)}
        assert waited == {"seconds before the first attempt": 0.0, "seconds after the last": 0.0}


def test_retry_lets_other_than_exceptions_through(learner: Learner, rng: Random) -> None:
    names = rng.sample(("KeyboardInterrupt", "SystemExit"), 2)
    seen = learner.run(not_exceptions, names, clock_=Clock())
    assert seen == [{"calls": 1, "raised": name} for name in names]


def test_retry_counts_anew_for_each_call(learner: Learner, rng: Random) -> None:
    times = rng.randrange(3, 6)
    assert {"calls": learner.run(calls_in_a_row, times, clock_=Clock())} == {"calls": ["worked"] * times}


def test_retry_refuses_impossible_settings(learner: Learner, rng: Random) -> None:
    attempts, delay = -rng.randrange(1, 9), -rng.randrange(1, 9) / 4
    assert learner.run(settings_taken, attempts, delay) == {
        "@retry(max_attempts=0)": "ValueError",
        f"@retry(max_attempts={attempts})": "ValueError",
        f"@retry(delay={delay})": "ValueError",
        "@retry(max_attempts=1)": "fine",
        "@retry(delay=0)": "fine",
    }


def test_retry_works_on_coroutines(learner: Learner, rng: Random) -> None:
    clock, delay = Clock(), float(rng.randrange(2, 60))
    order: list[str] = []
    times: list[float] = []

    def attempt(name: str) -> None:
        order.append(name)
        times.append(clock.now)

    seen = learner.run(two_coroutines, delay=delay, tells_={"attempt": attempt}, clock_=clock)
    assert {"results": seen} == {"results": ["A", "B"]}
    assert {"attempts in this order": order} == {"attempts in this order": ["a", "b", "a", "b"]}
    waited = round(times[2] - times[0], 2)
    assert {"seconds between two attempts": waited} == {"seconds between two attempts": delay}
    attempts = rng.randrange(2, 5)
    started = clock.now
    assert learner.run(given_up, attempts, clock_=clock, fresh_=True) == {
        "ConnectionError": attempts,
        "CancelledError": 1,
    }
    assert {"seconds waited": round(clock.now - started)} == {"seconds waited": 5 * (attempts - 1)}
