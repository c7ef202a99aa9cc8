"""`timer`: one line a call, with the name and the seconds."""

import re
from random import Random
from typing import Any

import pytest
from grader import Clock, Learner, probe

NAMES = ("fetch", "brew", "upload", "paint", "knead")


@probe
def timed(decorators: Any, name: str, work: Any, calls: int) -> None:
    """a function named {name}, decorated with @timer, called {calls} times"""

    def function():
        work()

    function.__name__ = function.__qualname__ = name
    decorated = decorators.timer(function)
    for _ in range(calls):
        decorated()


@probe
def failing(decorators: Any, name: str, message: str, work: Any) -> str:
    """a function named {name}, decorated with @timer, that raises LookupError({message})"""

    def function():
        work()
        raise LookupError(message)

    function.__name__ = function.__qualname__ = name
    try:
        decorators.timer(function)()
    except LookupError as error:
        return f"LookupError: {error}"
    return "no LookupError"


@probe
async def awaited(decorators: Any, name: str, seconds: float) -> int:
    """an async def function named {name}, decorated with @timer, that sleeps {seconds} seconds and returns 7"""
    import asyncio

    async def function(seconds, result):
        await asyncio.sleep(seconds)
        return result

    function.__name__ = function.__qualname__ = name
    return await decorators.timer(function)(seconds, result=7)


def some_seconds(rng: Random) -> float:
    """A duration with three digits after the point, none of them 0."""
    return rng.randrange(1, 9) + rng.randrange(1, 10) / 10 + rng.randrange(1, 10) / 100 + rng.randrange(1, 10) / 1000


def lines(printed: str) -> list[str]:
    return [line for line in printed.splitlines() if line.strip()]


def reports(printed: str, name: str) -> list[float | str]:
    """The seconds that each line tells; or the line itself where the name is missing, or one number precise enough."""
    found: list[float | str] = []
    for line in lines(printed):
        numbers = re.findall(r"\d+\.\d+", line)
        good = name in line and len(numbers) == 1 and re.search(r"\.\d{3}", numbers[0])
        found.append(float(numbers[0]) if good else line)
    return found


def test_timer_prints_the_name_and_the_seconds(learner: Learner, rng: Random) -> None:
    clock, name, seconds = Clock(), rng.choice(NAMES), [some_seconds(rng), some_seconds(rng)]
    durations = iter([*seconds, *[0] * 100])
    learner.run(timed, name, calls=2, oracles_={"work": lambda: clock.advance(next(durations))}, clock_=clock)
    assert reports(learner.stdout, name) == pytest.approx(seconds, abs=0.0011)


def test_timer_prints_when_the_function_raises(learner: Learner, rng: Random) -> None:
    clock, name, seconds, message = Clock(), rng.choice(NAMES), some_seconds(rng), f"shelf {rng.randrange(100, 1000)}"
    seen = learner.run(failing, name, message, oracles_={"work": lambda: clock.advance(seconds)}, clock_=clock)
    assert seen == f"LookupError: {message}"
    assert {"lines printed": len(lines(learner.stdout))} == {"lines printed": 1}


def test_timer_measures_coroutines(learner: Learner, rng: Random) -> None:
    name, seconds = rng.choice(NAMES), some_seconds(rng)
    result = learner.run(awaited, name, seconds, clock_=Clock())
    assert result == 7
    told = [float(number) for line in lines(learner.stdout) for number in re.findall(r"\d+\.\d+", line)]
    assert told == pytest.approx([seconds], abs=0.06)
