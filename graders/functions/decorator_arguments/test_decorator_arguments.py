"""Judges functions/decorator_arguments: how often the function is called, with what, and what comes back."""

from random import Random
from typing import Any

from grader import helper, probe


def word(rng: Random) -> str:
    return "".join(rng.choices("abcdefghijklmnopqrstuvwxyz", k=5))


@helper
def recorded(results=()):
    """A function that returns these results one by one, then None, and the list of its calls."""
    calls = []

    def f(*args, **kwargs):
        calls.append([list(args), kwargs])
        return results[len(calls) - 1] if len(calls) <= len(results) else None

    f.__qualname__ = "f"
    return f, calls


@helper
def made_of(function, decorate, calls):
    """The decorated function, and an empty list of calls."""
    decorated = decorate(function)
    if not callable(decorated):
        raise TypeError(f"the decorator made {decorated!r} of the function, and that can't be called")
    calls.clear()
    return decorated


@helper
def different(items):
    """The items without those that have come before."""
    return [item for place, item in enumerate(items) if item not in items[:place]]


# --- calls and arguments ---------------------------------------------------------------------------------------------


@probe
def number_of_calls(decorator_arguments, times):
    """f decorated with @repeat({times}), then called once: f()"""
    function, calls = recorded()
    decorated = made_of(function, decorator_arguments.repeat(times), calls)
    decorated()
    return len(calls)


@probe
def number_of_calls_by_name(decorator_arguments, times):
    """f decorated with @repeat(times={times}), then called once: f()"""
    function, calls = recorded()
    decorated = made_of(function, decorator_arguments.repeat(times=times), calls)
    decorated()
    return len(calls)


@probe
def calls_while_decorating(decorator_arguments, times, collect):
    """f decorated with @repeat({times}, collect={collect}), and not called"""
    function, calls = recorded()
    decorator_arguments.repeat(times, collect=collect)(function)
    return len(calls)


@probe
def calls_each_time(decorator_arguments, times, collect):
    """f decorated with @repeat({times}, collect={collect}), then called three times: f(); f(); f()"""
    function, calls = recorded()
    decorated = made_of(function, decorator_arguments.repeat(times, collect=collect), calls)
    counts = []
    for _ in range(3):
        calls.clear()
        decorated()
        counts.append(len(calls))
    return counts


@probe
def arguments(decorator_arguments, times, collect, args, kwargs):
    """f decorated with @repeat({times}, collect={collect}), then called as f(*{args}, **{kwargs})"""
    function, calls = recorded()
    decorated = made_of(function, decorator_arguments.repeat(times, collect=collect), calls)
    decorated(*args, **kwargs)
    return different(calls)


def test_calls_the_function_that_often(learner, rng):
    for times in (1, 2, rng.randrange(3, 9)):
        assert {"calls": learner.run(number_of_calls, times)} == {"calls": times}
    times = rng.randrange(3, 9)
    assert {"calls": learner.run(number_of_calls_by_name, times)} == {"calls": times}


def test_nothing_is_called_while_decorating(learner, rng):
    for collect in (False, True):
        calls = learner.run(calls_while_decorating, rng.randrange(2, 5), collect)
        assert {"calls before anybody called the decorated function": calls} == {
            "calls before anybody called the decorated function": 0
        }


def test_every_call_counts_anew(learner, rng):
    for collect in (False, True):
        counts = learner.run(calls_each_time, rng.randrange(2, 5), collect)
        assert {"calls": counts} == {"calls": counts[:1] * 3}, "how often f was called in each of the three calls"


def test_arguments_arrive(learner, rng):
    number = rng.randrange(100)
    given = (
        ([word(rng), [number]], {}),
        ([], {word(rng): number, word(rng): None}),
        ([number], {"times": number, "collect": word(rng), "name": word(rng)}),
    )
    for args, kwargs in given:
        for collect in (False, True):
            seen = learner.run(arguments, rng.randrange(2, 4), collect, args, kwargs)
            assert seen == [[args, kwargs]], "the arguments that f was called with: [positional, by name]"


# --- results ---------------------------------------------------------------------------------------------------------


@probe
def result(decorator_arguments, times, results):
    """f decorated with @repeat({times}), called once: f(), where f returns {results} in turn"""
    function, calls = recorded(results)
    decorated = made_of(function, decorator_arguments.repeat(times), calls)
    returned = decorated()
    return {"returned": returned, "calls": len(calls)}


@probe
def collected(decorator_arguments, times, results):
    """f decorated with @repeat({times}, collect=True), called once: f(), where f returns {results} in turn"""
    function, calls = recorded(results)
    decorated = made_of(function, decorator_arguments.repeat(times, collect=True), calls)
    returned = decorated()
    return {"returned": returned, "calls": len(calls)}


@probe
def collected_twice(decorator_arguments, times, results):
    """f decorated with @repeat({times}, collect=True); first = f(); second = f(), where f returns {results} in turn"""
    function, calls = recorded(results)
    decorated = made_of(function, decorator_arguments.repeat(times, collect=True), calls)
    first = decorated()
    until = len(calls)
    second = decorated()
    # Whether it is a list is a question of its own.
    first, second = (list(each) if type(each) is tuple else each for each in (first, second))
    return {"first": first, "second": second, "calls": [until, len(calls)]}


@probe
def failing(decorator_arguments, times, collect, good, error, message):
    """f decorated with @repeat({times}, collect={collect}), called once, where f raises {error} after {good} calls"""
    import builtins

    calls = []

    def function():
        calls.append(1)
        if len(calls) > good:
            raise getattr(builtins, error)(message)

    decorated = made_of(function, decorator_arguments.repeat(times, collect=collect), calls)
    try:
        decorated()
    except BaseException as raised:
        return {"raised": [type(raised).__name__, str(raised)], "calls": len(calls)}
    return {"raised": None, "calls": len(calls)}


def last_of(results: list[Any], seen: dict[str, Any]) -> Any:
    """What the last call that was really made has returned."""
    called = seen["calls"] > 0
    assert called, "the function was not called at all"
    return results[seen["calls"] - 1] if seen["calls"] <= len(results) else None


def test_returns_the_last_result(learner, rng):
    for last in (word(rng), rng.randrange(1, 100), None, 0, []):
        results = [word(rng), rng.randrange(1, 100), last]
        seen = learner.run(result, len(results), results)
        assert {"returned": seen["returned"]} == {"returned": last_of(results, seen)}


def test_collect_returns_all_results(learner, rng):
    for results in ([word(rng), rng.randrange(100)], [[1, 2], None, "", [rng.randrange(9)]], [word(rng)] * 3):
        seen = learner.run(collected, len(results), results)
        expected = (results + [None] * seen["calls"])[: seen["calls"]]
        assert {"returned": seen["returned"]} == {"returned": expected}


def test_collect_starts_with_a_new_list(learner, rng):
    times = rng.randrange(2, 4)
    results = [word(rng) for _ in range(4 * times)]
    seen = learner.run(collected_twice, times, results)
    until, calls = seen.pop("calls")
    assert seen == {"first": results[:until], "second": results[until:calls]}


def test_an_error_ends_it(learner, rng):
    # StopIteration is special inside of generators, KeyboardInterrupt is no Exception.
    for error in (rng.choice(("LookupError", "ValueError", "TypeError")), "StopIteration", "KeyboardInterrupt"):
        for collect in (False, True):
            good, message = rng.randrange(3), word(rng)
            seen = learner.run(failing, good + 3, collect, good, error, message)
            assert seen == {"raised": [error, message], "calls": good + 1}


# --- arguments of repeat itself --------------------------------------------------------------------------------------


@helper
def refusal(decorate):
    """The exception of decorating a function, or of calling it afterwards, and when it came."""
    when = "decorating"
    try:
        decorated = decorate()
        when = "the first call"
        decorated()
    except Exception as raised:
        return {"raised": [each.__name__ for each in type(raised).__mro__], "when": when}
    return {"raised": [], "when": when}


@probe
def refused(decorator_arguments, times):
    """f decorated with @repeat({times})"""
    return refusal(lambda: decorator_arguments.repeat(times)(recorded()[0]))


@probe
def refused_without_parentheses(decorator_arguments):
    """f decorated with @repeat, without parentheses"""
    return refusal(lambda: decorator_arguments.repeat(recorded()[0]))


@probe
def refused_by_place(decorator_arguments):
    """f decorated with @repeat(2, True)"""
    return refusal(lambda: decorator_arguments.repeat(2, True)(recorded()[0]))


def hold_to_refusal(seen: dict[str, Any], error: str) -> None:
    any_error = bool(seen["raised"])
    assert any_error, f"{error} was expected, and nothing was raised"
    right_error = error in seen["raised"]
    assert right_error, f"{error} was expected, and {seen['raised'][0]} was raised"
    in_time = seen["when"] == "decorating"
    assert in_time, f"the {error} came with the first call of f; it was expected when f is decorated"


def test_too_few_times_is_a_value_error(learner, rng):
    for times in (0, -1, -rng.randrange(2, 100)):
        hold_to_refusal(learner.run(refused, times), "ValueError")


def test_times_must_be_an_integer(learner, rng):
    for times in (rng.randrange(1, 9) + 0.5, str(rng.randrange(1, 9)), None, [3]):
        hold_to_refusal(learner.run(refused, times), "TypeError")
    hold_to_refusal(learner.run(refused_without_parentheses), "TypeError")


def test_collect_must_be_named(learner):
    learner.run(calls_while_decorating, 2, True)
    hold_to_refusal(learner.run(refused_by_place), "TypeError")


# --- several functions, several decorators, methods ------------------------------------------------------------------


@probe
def one_for_two(decorator_arguments, times):
    """decorate = repeat({times}); f and g decorated with @decorate; f(); g()"""
    calls = []

    def f():
        calls.append("f")

    def g():
        calls.append("g")

    decorate = decorator_arguments.repeat(times)
    f, g = made_of(f, decorate, calls), made_of(g, decorate, calls)
    called = []
    for each in (f, g):
        calls.clear()
        each()
        called.append(different(calls))
    return called


@probe
def stacked(decorator_arguments, upper, lower):
    """f decorated with @repeat({upper}) above @repeat({lower}), then called once: f()"""
    repeat = decorator_arguments.repeat
    counts = []
    for decorate in (repeat(upper), repeat(lower), lambda function: repeat(upper)(repeat(lower)(function))):
        function, calls = recorded()
        made_of(function, decorate, calls)()
        counts.append(len(calls))
    return dict(zip(("upper alone", "lower alone", "both"), counts, strict=True))


@probe
def methods(decorator_arguments, times, first, second, number):
    """a class with methods that are decorated with @repeat({times}), called on objects named {first} and {second}"""
    repeat = decorator_arguments.repeat
    calls = []

    class Bell:
        def __init__(self, name):
            self.name = name

        @repeat(times)
        def ring(self, number):
            calls.append([self.name, number])

        @classmethod
        @repeat(times)
        def kind(cls, number):
            calls.append([cls.__name__, number])

        @staticmethod
        @repeat(times)
        def tune(number):
            calls.append([number])

    one, other = Bell(first), Bell(second)
    called = {}
    for name, call in (
        (f"{first}.ring", one.ring),
        (f"{second}.ring", other.ring),
        ("Bell.ring", lambda number: Bell.ring(one, number)),
        ("the class method", one.kind),
        ("the static method", Bell.tune),
    ):
        calls.clear()
        call(number)
        called[name] = different(calls)
    return called


def test_functions_do_not_mix(learner, rng):
    seen = learner.run(one_for_two, rng.randrange(2, 4))
    assert seen == [["f"], ["g"]], "which of the two functions was really called, for each of the two calls"


def test_decorators_stack(learner, rng):
    upper, lower = rng.sample(range(2, 6), 2)
    seen = learner.run(stacked, upper, lower)
    product = seen["upper alone"] * seen["lower alone"]
    assert {"calls": seen["both"]} == {"calls": product}


def test_methods_work(learner, rng):
    first, second, number = word(rng), word(rng), rng.randrange(100)
    seen = learner.run(methods, rng.randrange(2, 4), first, second, number)
    assert seen == {
        f"{first}.ring": [[first, number]],
        f"{second}.ring": [[second, number]],
        "Bell.ring": [[first, number]],
        "the class method": [["Bell", number]],
        "the static method": [[number]],
    }, "what each method was called with"
