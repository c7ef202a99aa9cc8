"""`memoize`: what is remembered, and what must not be mixed up."""

from random import Random
from typing import Any

from grader import Learner, probe


@probe
def numbered(decorators: Any, calls: list[Any]) -> list[int]:
    """a function that returns how many times it has run, decorated with @memoize, called with {calls}"""
    runs = 0

    @decorators.memoize
    def function(*args, **kwargs):
        nonlocal runs
        runs += 1
        return runs

    return [function(*args, **kwargs) for args, kwargs in calls]


@probe
def orders(decorators: Any, calls: list[Any]) -> list[Any]:
    """order(item, size="small", milk="none") returning its arguments, decorated with @memoize, called with {calls}"""

    @decorators.memoize
    def order(item, size="small", milk="none"):
        return [item, size, milk]

    return [order(*args, **kwargs) for args, kwargs in calls]


@probe
def runs_for_results(decorators: Any, results: list[Any]) -> list[Any]:
    """a function that returns one of {results}, decorated with @memoize, called twice for each"""
    ran = []

    @decorators.memoize
    def function(index):
        ran.append(index)
        return results[index]

    seen = [function(index) for index in range(len(results)) for _ in range(2)]
    return [{"results": seen[2 * index : 2 * index + 2], "runs": ran.count(index)} for index in range(len(results))]


@probe
def errors(decorators: Any, names: list[str]) -> list[list[str]]:
    """a function that raises one of {names} at its first run and then works, decorated with @memoize, called 3 times"""
    import builtins

    seen = []
    for name in names:
        runs = 0

        @decorators.memoize
        def function(name):
            nonlocal runs
            runs += 1
            if runs == 1:
                raise getattr(builtins, name)("only once")
            return f"result of run {runs}"

        outcomes = []
        for _ in range(3):
            try:
                outcomes.append(function(name))
            except Exception as error:
                outcomes.append(type(error).__name__)
        seen.append(outcomes)
    return seen


@probe
def two_functions(decorators: Any, number: int) -> list[int]:
    """double({number}) and triple({number}), each decorated with @memoize"""

    @decorators.memoize
    def double(number):
        return number * 2

    @decorators.memoize
    def triple(number):
        return number * 3

    return [double(number), triple(number)]


@probe
def unhashable(decorators: Any, values: list[int]) -> list[int]:
    """total({values}, more=[1]), decorated with @memoize, called twice; in between, 5 is appended to the first list"""

    @decorators.memoize
    def total(values, more):
        return sum(values) + sum(more)

    first = total(values, more=[1])
    values.append(5)
    return [first, total(values, more=[1])]


def test_memoize_runs_once_for_the_same_arguments(learner: Learner, rng: Random) -> None:
    numbers = rng.sample(range(1000), 200)
    few: list[Any] = [[(numbers[0], "x"), {}], [(numbers[1],), {"a": 1}], [(), {"a": 1, "b": numbers[2]}]]
    assert learner.run(numbered, [*few, *few]) == [1, 2, 3] * 2
    many = [[(number,), {}] for number in numbers]
    seen = learner.run(numbered, [*many, *many])
    runs = "runs for 200 different calls, each made twice"
    assert {runs: max(seen)} == {runs: 200}


def test_memoize_tells_calls_apart(learner: Learner, rng: Random) -> None:
    a, b = rng.sample(range(10, 1000), 2)
    both = f"{a}, {b}"
    calls = [[(a, b), {}], [(b, a), {}], [(a,), {"milk": b}], [(a,), {"size": b}], [(a, str(b)), {}], [(both,), {}]]
    expected = [[a, b, "none"], [b, a, "none"], [a, "small", b], [a, b, "none"], [a, str(b), "none"]]
    assert learner.run(orders, calls) == [*expected, [both, "small", "none"]]


def test_memoize_remembers_any_result(learner: Learner, rng: Random) -> None:
    results = [None, 0, "", False, rng.randrange(1, 1000)]
    rng.shuffle(results)
    assert learner.run(runs_for_results, results) == [{"results": [result] * 2, "runs": 1} for result in results]


def test_memoize_does_not_remember_errors(learner: Learner, rng: Random) -> None:
    names = rng.sample(("ValueError", "TypeError", "KeyError"), 3)
    assert learner.run(errors, names) == [[name, "result of run 2", "result of run 2"] for name in names]


def test_memoize_keeps_functions_apart(learner: Learner, rng: Random) -> None:
    number = rng.randrange(1, 1000)
    assert learner.run(two_functions, number) == [number * 2, number * 3]


def test_memoize_works_with_unhashable_arguments(learner: Learner, rng: Random) -> None:
    values = [rng.randrange(100) for _ in range(3)]
    assert learner.run(unhashable, values) == [sum(values) + 1, sum(values) + 6]
