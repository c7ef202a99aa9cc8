"""What all five decorators owe, and the program that shows them."""

from random import Random
from typing import Any

from grader import Clock, Learner, probe

FIVE = ("timer", "retry", "memoize", "validate_types", "rate_limit")


@probe
def echoes(decorators: Any, a: int, b: int, c: int, d: int) -> dict[str, Any]:
    """echo({a}, {b}, key={c}, other={d}), which returns its arguments, decorated with each of the five"""

    def echo(first, *rest, key, **others):
        return [first, list(rest), key, others]

    attempts = []

    def second_echo(first, *rest, key, **others):
        attempts.append([first, list(rest), key, others])
        if len(attempts) == 1:
            raise ConnectionError("the first attempt fails")
        return attempts[0] if attempts[0] == attempts[1] else attempts

    decorated = {
        "timer": decorators.timer(echo),
        "retry": decorators.retry(max_attempts=2, delay=0)(second_echo),
        "memoize": decorators.memoize(echo),
        "validate_types": decorators.validate_types(echo),
        "rate_limit": decorators.rate_limit(calls=2, period=1)(echo),
    }
    return {name: function(a, b, key=c, other=d) for name, function in decorated.items()}


@probe
def methods(decorators: Any, numbers: list[int]) -> dict[str, list[int]]:
    """a method add(self, more: int), decorated with each of the five, called on two objects that hold {numbers}"""
    sums: dict[str, list[int]] = {}

    class Account:
        def __init__(self, number):
            self.number = number

        @decorators.timer
        def timer(self, more: int):
            sums.setdefault("timer", []).append(self.number + more)

        @decorators.retry(max_attempts=2, delay=0)
        def retry(self, more: int):
            sums.setdefault("retry", []).append(self.number + more)
            return "done"

        @decorators.memoize
        def memoize(self, more: int):
            sums.setdefault("memoize", []).append(self.number + more)

        @decorators.validate_types
        def validate_types(self, more: int):
            sums.setdefault("validate_types", []).append(self.number + more)

        @decorators.rate_limit(calls=2, period=1)
        def rate_limit(self, more: int):
            sums.setdefault("rate_limit", []).append(self.number + more)

    accounts = [Account(number) for number in numbers]
    for name in ("timer", "retry", "memoize", "validate_types", "rate_limit"):
        for account in accounts:
            getattr(account, name)(1)
    return sums


@probe
def changed(decorators: Any) -> dict[str, list[str]]:
    """what a function tells about itself after it was decorated with each of the five

    Gives the decorators that lose it by what is lost.
    """
    import inspect

    def greet(name: str, *, loud: bool = False) -> str:
        """Say hello."""
        return f"hello {name}"

    async def fetch(url: str, timeout: float = 1) -> str:
        """Get a page."""
        return url

    retry, rate_limit = decorators.retry(max_attempts=2), decorators.rate_limit(calls=2)
    pairs = {
        "timer": (greet, decorators.timer(greet)),
        "timer on async def": (fetch, decorators.timer(fetch)),
        "retry": (greet, retry(greet)),
        "retry on async def": (fetch, decorators.retry(max_attempts=2)(fetch)),
        "memoize": (greet, decorators.memoize(greet)),
        "validate_types": (greet, decorators.validate_types(greet)),
        "rate_limit": (greet, rate_limit(greet)),
    }
    told = ("__name__", "__qualname__", "__doc__", "__module__")
    lost = {}
    for which, (before, after) in pairs.items():
        lost[which] = [name for name in told if getattr(after, name, None) != getattr(before, name)]
        if inspect.signature(after) != inspect.signature(before):
            lost[which].append("signature")
    by_name: dict[str, list[str]] = {}
    for which, names in lost.items():
        if names:
            by_name.setdefault(", ".join(names), []).append(which)
    return by_name


@probe
def program(decorators: Any, names: list[str]) -> dict[str, Any]:
    """python main.py"""
    import os
    import runpy
    import sys

    path = os.path.join(os.path.dirname(os.path.abspath(decorators.__file__)), "main.py")
    if not os.path.exists(path):
        return {"exit code": None, "shown": []}
    codes = []
    ran = set()

    def watch(name, decorator):
        """The decorator, noting the code of what it is given and of what it makes of that."""

        def noting(function, *args, **kwargs):
            decorated = decorator(function, *args, **kwargs)
            for each in (function, decorated, type(decorated).__call__):
                codes.append((getattr(each, "__code__", None), name))
            return decorated

        return noting

    def spy(name, original):
        def called(*args, **kwargs):
            if args and callable(args[0]):
                return watch(name, original)(*args, **kwargs)
            return watch(name, original(*args, **kwargs))

        return called

    def note(frame, event, _):
        if event == "call":
            ran.add(id(frame.f_code))

    for name in names:
        setattr(decorators, name, spy(name, getattr(decorators, name)))
    sys.modules["decorators"] = decorators
    arguments, sys.argv = sys.argv, ["main.py"]
    ended = 0
    sys.setprofile(note)
    try:
        runpy.run_path(path, run_name="__main__")
    except SystemExit as leaving:
        ended = leaving.code or 0
    finally:
        sys.setprofile(None)
        sys.argv = arguments
    shown = {name for code, name in codes if id(code) in ran}
    return {"exit code": ended, "shown": [name for name in names if name in shown]}


def test_arguments_and_results_go_through(learner: Learner, rng: Random) -> None:
    a, b, c, d = rng.sample(range(1000), 4)
    seen = learner.run(echoes, a, b, c, d, clock_=Clock())
    assert seen == {name: [a, [b], c, {"other": d}] for name in FIVE}


def test_methods_can_be_decorated(learner: Learner, rng: Random) -> None:
    numbers = rng.sample(range(1000), 2)
    seen = learner.run(methods, numbers, clock_=Clock())
    assert seen == {name: [number + 1 for number in numbers] for name in FIVE}


def test_decorated_functions_keep_their_names(learner: Learner) -> None:
    lost = learner.run(changed)
    words = "; ".join(f"lost by {', '.join(losers)}: {names}" for names, losers in lost.items())
    assert not lost, words


def test_main_shows_all_five(learner: Learner) -> None:
    seen = learner.run(program, list(FIVE), clock_=Clock())
    assert seen["exit code"] is not None, "there is no main.py"
    assert {"exit code": seen["exit code"]} == {"exit code": 0}
    idle = [name for name in FIVE if name not in seen["shown"]]
    assert not idle, f"main.py calls no function of its own that is decorated with {', '.join(idle)}"
    lines = [line for line in learner.stdout.splitlines() if line.strip()]
    assert len(lines) >= 5, f"main.py printed {len(lines)} lines; five or more were asked for"
