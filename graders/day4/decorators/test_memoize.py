"""`memoize`: what is remembered, and what must not be mixed up."""

from random import Random
from typing import Any

from grader import Learner, probe


@probe
def numbered(decorators: Any, calls: list[str]) -> dict[str, list[int]]:
    """f, which returns how many times it has run, decorated with @memoize: {calls}, and then all of them again"""
    runs = 0

    @decorators.memoize
    def f(*args, **kwargs):
        nonlocal runs
        runs += 1
        return runs

    first = [eval(call, {"f": f}) for call in calls]
    again = [eval(call, {"f": f}) for call in calls]
    return {call: [one, other] for call, one, other in zip(calls, first, again, strict=True)}


@probe
def runs_for_many(decorators: Any, first: int, count: int) -> int:
    """a function decorated with @memoize, called with {count} different numbers, and then with all of them again"""
    runs = 0

    @decorators.memoize
    def function(number):
        nonlocal runs
        runs += 1
        return number

    for _ in range(2):
        for number in range(first, first + count):
            function(number)
    return runs


@probe
def orders(decorators: Any, calls: list[str]) -> dict[str, list[Any]]:
    """order(item, size="small", milk="none") returning its arguments, decorated with @memoize: {calls}. Here ann and
    namesake are two objects with the same repr that are not equal; each is shown by its number, 1 or 2
    """

    class Person:
        def __init__(self, number):
            self.number = number

        def __repr__(self):
            return "Ann"

    @decorators.memoize
    def order(item, size="small", milk="none"):
        return [item.number if isinstance(item, Person) else item, size, milk]

    names = {"order": order, "ann": Person(1), "namesake": Person(2)}
    return {call: eval(call, names) for call in calls}


@probe
def runs_for_results(decorators: Any, results: list[Any]) -> list[Any]:
    """a function that returns one of {results}, decorated with @memoize, called twice for each of them"""
    ran = []

    @decorators.memoize
    def function(index):
        ran.append(index)
        return results[index]

    seen = [function(index) for index in range(len(results)) for _ in range(2)]
    return [{"results": seen[2 * index : 2 * index + 2], "runs": ran.count(index)} for index in range(len(results))]


@probe
def errors(decorators: Any, names: list[str]) -> dict[str, list[str]]:
    """a function that raises at its first run and then works, decorated with @memoize, called 3 times; for each of
    {names}
    """
    import builtins

    seen = {}
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
        seen[name] = outcomes
    return seen


@probe
def two_functions(decorators: Any, number: int) -> list[int]:
    """two functions of the same name, decorated with @memoize: one doubles its argument, one triples it; both called
    with {number}
    """

    def multiplier(factor):
        @decorators.memoize
        def multiply(number):
            return number * factor

        return multiply

    double, triple = multiplier(2), multiplier(3)
    return [double(number), triple(number)]


@probe
def unhashable(decorators: Any, values: list[int]) -> list[int]:
    """total({values}, more=[1]), decorated with @memoize, called again with more=[2], and after values.append(5)"""

    @decorators.memoize
    def total(values, more):
        return sum(values) + sum(more)

    seen = [total(values, more=[1]), total(values, more=[2])]
    values.append(5)
    return [*seen, total(values, more=[2])]


def test_memoize_runs_once_for_the_same_arguments(learner: Learner, rng: Random) -> None:
    a, b, c = rng.sample(range(1000), 3)
    seen = learner.run(numbered, [f"f({a}, 'x')", f"f({b}, more={c})", f"f(one={a}, other={b})"])
    assert seen == {call: [run, run] for run, call in enumerate(seen, 1)}
    assert {"runs": learner.run(runs_for_many, a, 1100, fresh_=True)} == {"runs": 1100}


def test_memoize_tells_calls_apart(learner: Learner, rng: Random) -> None:
    a, b = rng.sample(range(10, 1000), 2)
    expected = {
        f"order({a}, {b})": [a, b, "none"],
        f"order({b}, {a})": [b, a, "none"],
        f"order({a}, milk={b})": [a, "small", b],
        f"order({a}, milk={a})": [a, "small", a],
        f"order({a}, size={b})": [a, b, "none"],
        f"order({a}, '{b}')": [a, str(b), "none"],
        f"order('{a}, {b}')": [f"{a}, {b}", "small", "none"],
        f"order({a}, 'milk', {b})": [a, "milk", b],
        f"order({a}, ('milk', {b}))": [a, ("milk", b), "none"],
        f"order(-1, {a})": [-1, a, "none"],
        f"order(-2, {a})": [-2, a, "none"],
        "order(ann)": [1, "small", "none"],
        "order(namesake)": [2, "small", "none"],
    }
    wrong = {call: result for call, result in learner.run(orders, list(expected)).items() if result != expected[call]}
    assert wrong == {call: expected[call] for call in wrong}


def test_memoize_remembers_any_result(learner: Learner, rng: Random) -> None:
    results = [None, 0, "", False, rng.randrange(1, 1000)]
    rng.shuffle(results)
    assert learner.run(runs_for_results, results) == [{"results": [result] * 2, "runs": 1} for result in results]


def test_memoize_does_not_remember_errors(learner: Learner, rng: Random) -> None:
    names = rng.sample(("ValueError", "TypeError", "KeyError"), 3)
    expected = {name: [name, "result of run 2", "result of run 2"] for name in names}
    wrong = {name: outcomes for name, outcomes in learner.run(errors, names).items() if outcomes != expected[name]}
    assert wrong == {name: expected[name] for name in wrong}


def test_memoize_keeps_functions_apart(learner: Learner, rng: Random) -> None:
    number = rng.randrange(1, 1000)
    assert {"results": learner.run(two_functions, number)} == {"results": [number * 2, number * 3]}


def test_memoize_works_with_unhashable_arguments(learner: Learner, rng: Random) -> None:
    values = [rng.randrange(100) for _ in range(3)]
    totals = [sum(values) + 1, sum(values) + 2, sum(values) + 7]
    assert {"totals": learner.run(unhashable, values)} == {"totals": totals}
