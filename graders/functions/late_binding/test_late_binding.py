"""Judges functions/late_binding: what the functions return, and where each of them finds its number."""

from random import Random
from typing import Any

from grader import Opaque, helper, probe

# --- results ---------------------------------------------------------------------------------------------------------


@helper
def problem_with(functions):
    """What is wrong with a list of functions; None when nothing is."""
    if type(functions) is not list:
        return {"returned": functions}
    for place, each in enumerate(functions):
        if not callable(each):
            return {"place": place, "item": each}
    return None


@helper
def results(make, n, numbers):
    """What the functions of `make(n)` return for each number, and how many different functions they are."""
    functions = make(n)
    # Other lists that are made in the meantime must not matter.
    make(n + 2)
    problem = problem_with(functions)
    if problem is not None:
        return problem
    each = {x: [function(x) for function in functions] for x in numbers}
    return {"results": each, "functions": len({id(function) for function in functions})}


@probe
def results_of_buggy(late_binding, n, numbers):
    """functions = buggy({n}); [function(x) for function in functions], where x is one of {numbers}"""
    return results(late_binding.buggy, n, numbers)


@probe
def results_with_default(late_binding, n, numbers):
    """functions = fixed_with_default({n}); [function(x) for function in functions], where x is one of {numbers}"""
    return results(late_binding.fixed_with_default, n, numbers)


@probe
def results_with_factory(late_binding, n, numbers):
    """functions = fixed_with_factory({n}); [function(x) for function in functions], where x is one of {numbers}"""
    return results(late_binding.fixed_with_factory, n, numbers)


def functions_in(seen: dict[str, Any]) -> dict[str, Any]:
    """The answer of a probe; fails the check when there was no list of functions."""
    is_list = "returned" not in seen
    assert is_list, f"{told(seen.get('returned'))} was returned; the README asks for a list of functions"
    all_callable = "item" not in seen
    assert all_callable, f"item {seen.get('place')} of the list is {told(seen.get('item'))}, which can't be called"
    return seen


def told(value: Any) -> str:
    """A value in a sentence."""
    return f"an object of type {value.type}" if isinstance(value, Opaque) else repr(value)[:80]


def hold_to_factors(learner: Any, rng: Random, ask: Any, factor: Any) -> None:
    """The function at place k of `n` multiplies by `factor(k, n)`."""
    for n in (rng.randrange(3, 6), 1, 0):
        numbers = rng.sample(range(2, 100), 2)
        seen = functions_in(learner.run(ask, n, numbers))
        expected = {x: [factor(k, n) * x for k in range(n)] for x in numbers}
        assert seen["results"] == expected, "what each function of the list returns, by the number it was called with"
        assert seen["functions"] == n, "the list should hold so many different functions"


def test_buggy_uses_the_last_number(learner, rng):
    hold_to_factors(learner, rng, results_of_buggy, lambda k, n: n - 1)


def test_fixed_with_default_values(learner, rng):
    hold_to_factors(learner, rng, results_with_default, lambda k, n: k)


def test_fixed_with_factory_values(learner, rng):
    hold_to_factors(learner, rng, results_with_factory, lambda k, n: k)


# --- where the number is ---------------------------------------------------------------------------------------------


@helper
def plain_functions(function):
    """The functions made by `def` or `lambda` that are behind a callable."""
    import functools
    import types

    while isinstance(function, functools.partial):
        function = function.func
    return [function] if isinstance(function, types.FunctionType) else []


@helper
def with_other_default(function, other):
    """What `function(1)` returns when each default that holds the function's number holds another one instead."""
    number = function(1)

    def replaced(value):
        return other if type(value) is int and value == number else value

    for plain in plain_functions(function):
        plain.__defaults__ = tuple(replaced(each) for each in plain.__defaults__ or ()) or None
        keyword_only = {name: replaced(each) for name, each in (plain.__kwdefaults__ or {}).items()}
        plain.__kwdefaults__ = keyword_only or None
    return function(1)


@probe
def other_variable(late_binding, n, other):
    """functions = buggy({n}); [function(1) for function in functions], with {other} in the variable that they share"""
    functions = late_binding.buggy(n)
    problem = problem_with(functions)
    if problem is not None:
        return problem
    cells = [{id(cell): cell for cell in getattr(function, "__closure__", None) or ()} for function in functions]
    shared = [cell for key, cell in cells[0].items() if all(key in each for each in cells)]
    for cell in shared:
        if type(cell.cell_contents) is int:
            cell.cell_contents = other
    return {"shared": len(shared), "results": [function(1) for function in functions]}


@probe
def other_defaults(late_binding, n, other):
    """functions = fixed_with_default({n}); [function(1) for function in functions], with {other} as default values"""
    functions = late_binding.fixed_with_default(n)
    problem = problem_with(functions)
    if problem is not None:
        return problem
    kinds = [type(function).__name__ for function in functions if function not in plain_functions(function)]
    return {"others": kinds, "results": [with_other_default(function, other) for function in functions]}


@probe
def no_defaults(late_binding, n, other):
    """functions = fixed_with_factory({n}); [function(1) for function in functions], with {other} as default values"""
    functions = late_binding.fixed_with_factory(n)
    problem = problem_with(functions)
    if problem is not None:
        return problem
    return {"results": [with_other_default(function, other) for function in functions]}


def some_numbers(rng: Random) -> tuple[int, int]:
    """`n`, and a number by which no function multiplies on its own."""
    return rng.randrange(3, 6), rng.randrange(100, 999)


def test_buggy_shares_one_variable(learner, rng):
    n, other = some_numbers(rng)
    seen = functions_in(learner.run(other_variable, n, other))
    sharing = seen["shared"] > 0
    assert sharing, "the functions have no variable of buggy in common"
    words = f"the functions have a variable of buggy in common; with {other} in it, each should multiply by {other}"
    assert seen["results"] == [other] * n, words


def test_fixed_with_default_keeps_the_number_in_a_default(learner, rng):
    n, other = some_numbers(rng)
    seen = functions_in(learner.run(other_defaults, n, other))
    assert {"no plain functions": seen["others"]} == {"no plain functions": []}, "each should be made by def or lambda"
    words = f"with {other} as default values instead of 0, 1, 2, ..., each should multiply by {other}"
    assert seen["results"] == [other] * n, words


def test_fixed_with_factory_needs_no_default(learner, rng):
    n, other = some_numbers(rng)
    seen = functions_in(learner.run(no_defaults, n, other))
    independent = other not in seen["results"]
    assert independent, "the functions take their numbers from default values, as in fixed_with_default"
