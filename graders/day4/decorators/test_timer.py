"""`timer`: one line a call, with the name and the seconds."""

import re
from random import Random
from typing import Any

from grader import Clock, Learner, probe

NAMES = ("fetch", "brew", "upload", "paint", "knead")


@probe
def timed(decorators: Any, name: str, calls: int, seconds: list[float]) -> None:
    """a function named {name}, decorated with @timer, called {calls} times"""
    import time

    durations = iter([*seconds, *[0] * 100])

    def function():
        time.sleep(next(durations))

    function.__name__ = function.__qualname__ = name
    decorated = decorators.timer(function)
    for _ in range(calls):
        decorated()


@probe
def failing(decorators: Any, name: str, errors: list[str], seconds: float) -> list[str]:
    """a function named {name}, decorated with @timer, called once for each of {errors}, which it raises"""
    import builtins
    import time

    def function(error):
        time.sleep(seconds)
        raise getattr(builtins, error)(error.lower())

    function.__name__ = function.__qualname__ = name
    decorated = decorators.timer(function)
    seen = []
    for error in errors:
        try:
            decorated(error)
        except BaseException as raised:
            seen.append(type(raised).__name__ if str(raised) == error.lower() else repr(raised))
        else:
            seen.append("nothing")
    return seen


@probe
async def awaited(decorators: Any, name: str, pause: int, seconds: float, error: str) -> list[Any]:
    """an async def function named {name}, decorated with @timer, that sleeps {seconds} seconds and returns 7:
    coroutine = function({seconds}, result=7); await asyncio.sleep({pause}); await coroutine;
    then another one, which sleeps as long and raises {error:text}
    """
    import asyncio
    import builtins

    kind = getattr(builtins, error)

    async def function(seconds, result):
        await asyncio.sleep(seconds)
        if result is None:
            raise kind(error)
        return result

    function.__name__ = function.__qualname__ = name
    decorated = decorators.timer(function)
    coroutine = decorated(seconds, result=7)
    await asyncio.sleep(pause)
    seen = [await coroutine]
    try:
        await decorated(seconds, result=None)
    except kind:
        return [*seen, error]
    return [*seen, "nothing"]


def some_seconds(rng: Random) -> float:
    """A duration with three digits after the point, none of them 0."""
    whole, *digits = (rng.randrange(1, 10) for _ in range(4))
    return float(f"{whole}.{''.join(map(str, digits))}")


def printed_lines(learner: Learner, calls: int) -> list[str]:
    """What was printed, which should be a line for each call."""
    lines = [line for line in learner.stdout.splitlines() if line.strip()]
    assert lines or not learner.stderr.strip(), "nothing was printed to standard output, only to standard error"
    assert lines, "nothing was printed to standard output"
    each, rest = divmod(len(lines), calls)
    assert rest or each == 1, f"{each} lines per call, one is wanted"
    assert not rest, f"{len(lines)} {'line' if len(lines) == 1 else 'lines'} for {calls} calls, one for each is wanted"
    return lines


def seconds_in(line: str) -> str:
    """The one number in a line that has a decimal point."""
    numbers = re.findall(r"\d+\.\d+", line)
    assert numbers, f"no number with a decimal point in this line: seconds are wanted: {line!r}"
    assert len(numbers) == 1, f"{len(numbers)} numbers with a decimal point in this line, one is wanted: {line!r}"
    return numbers[0]


def hold_to_seconds(told: list[float], took: list[float], tolerance: float) -> None:
    """The seconds that were printed against those that the calls took."""
    for number, seconds in zip(told, took, strict=True):
        assert number > 0.1 or abs(number - seconds) <= tolerance, (
            f"{number:.3f} was printed for a call that took {seconds:.3f} seconds: both looks at the clock are on one "
            "side of the call, or the clock of this call is not one that is driven: use time.perf_counter"
        )
    pairs = zip(told, took, strict=True)
    seen = [seconds if abs(number - seconds) <= tolerance else round(number, 3) for number, seconds in pairs]
    assert {"seconds printed": seen} == {"seconds printed": took}


def hold_to_lines(lines: list[str], name: str, took: list[float]) -> None:
    """Each line has the name and the seconds."""
    for line in lines:
        assert name in line, f"the name of the function, {name}, is not in this line: {line!r}"
    hold_to_seconds([float(seconds_in(line)) for line in lines], took, tolerance=0.06)


def hold_to_errors(seen: list[str], raised: list[str]) -> None:
    """What the caller gets is what the function raises."""
    for got, error in zip(seen, raised, strict=True):
        through = got == error
        assert through, f"the function raised {error}, and {got} reached the caller: it should be the {error}, as it is"


def test_timer_prints_the_name_and_the_seconds(learner: Learner, rng: Random) -> None:
    name, seconds = rng.choice(NAMES), [some_seconds(rng), some_seconds(rng)]
    learner.run(timed, name, 2, seconds, clock_=Clock())
    told = []
    for line in printed_lines(learner, calls=2):
        assert name in line, f"the name of the function, {name}, is not in this line: {line!r}"
        number = seconds_in(line)
        assert re.search(r"\.\d{3}", number), f"{number} is not precise to the millisecond: {line!r}"
        told.append(float(number))
    hold_to_seconds(told, seconds, tolerance=0.0011)


def test_timer_prints_when_the_function_raises(learner: Learner, rng: Random) -> None:
    name, seconds = rng.choice(NAMES), some_seconds(rng)
    errors = ["LookupError", rng.choice(("KeyboardInterrupt", "SystemExit"))]
    seen = learner.run(failing, name, errors, seconds, clock_=Clock())
    hold_to_errors(seen, errors)
    hold_to_lines(printed_lines(learner, calls=2), name, [seconds, seconds])


def test_timer_measures_coroutines(learner: Learner, rng: Random) -> None:
    name, seconds, pause = rng.choice(NAMES), some_seconds(rng), rng.randrange(3, 9)
    error = rng.choice(("LookupError", "ArithmeticError"))
    result, raised = learner.run(awaited, name, pause, seconds, error, clock_=Clock())
    assert {"result": result} == {"result": 7}
    hold_to_errors([raised], [error])
    hold_to_lines(printed_lines(learner, calls=2), name, [seconds, seconds])
