"""Judges fundamentals/identity: what is equal, what is one object, and which integers the interpreter keeps."""

from random import Random
from typing import Any

from grader import Opaque, helper, probe


def told(value: Any) -> str:
    """A value in a sentence."""
    return f"an object of type {value.type}" if isinstance(value, Opaque) else repr(value)[:80]


# --- pairs of integers -----------------------------------------------------------------------------------------------


@helper
def is_kept(number):
    """Whether the interpreter has one object only for this integer."""
    return int(str(number)) is int(str(number))


@helper
def compared(result):
    """Two integers and how they compare; for anything else, what that is."""
    if type(result) not in (tuple, list) or [type(each) for each in result] != [int, int]:
        return {"no integers": result}
    a, b = result
    return {"a": a, "a == b": a == b, "a is b": a is b, "a is kept": is_kept(a)}


@probe
def equal_not_identical(identity):
    """a, b = equal_not_identical()"""
    return compared(identity.equal_not_identical())


@probe
def identical_small_ints(identity):
    """a, b = identical_small_ints()"""
    return compared(identity.identical_small_ints())


def integers(seen: dict[str, Any]) -> dict[str, Any]:
    """What `compared` gave; fails the check when there were no two integers."""
    are_integers = "no integers" not in seen
    assert are_integers, f"returned {told(seen.get('no integers'))}; the README asks for two integers: return a, b"
    return seen


def test_equal_not_identical_gives_two_objects(learner):
    seen = integers(learner.run(equal_not_identical))
    comparisons = {"a == b": seen["a == b"], "a is b": seen["a is b"]}
    assert comparisons == {"a == b": True, "a is b": False}, f"a is {seen['a']}"


def test_identical_small_ints_gives_one_object(learner):
    seen = integers(learner.run(identical_small_ints))
    assert {"a is b": seen["a is b"]} == {"a is b": True}, f"a is {seen['a']}"


def test_identical_small_ints_stays_within_the_cache(learner):
    seen = integers(learner.run(identical_small_ints))
    kept = seen["a is kept"]
    assert kept, f"a is {seen['a']}, a number that Python makes anew each time that it is computed"


# --- the cache -------------------------------------------------------------------------------------------------------


@helper
def kept_range():
    """The bounds of the integers of which the interpreter has one object only."""
    low = high = 0
    while is_kept(low - 1):
        low -= 1
    while is_kept(high + 1):
        high += 1
    return low, high


@probe
def cache_of_python(identity):
    """small_int_cache()"""
    answer = identity.small_int_cache()
    return {"answer": answer, "truth": kept_range()}


@probe
def cache_of_another(identity, more_below, more_above):
    """small_int_cache(make), where make keeps {more_below} more numbers than Python below, and {more_above} above"""
    low, high = kept_range()
    low, high = low - more_below, high + more_above
    kept = {number: int(str(number)) for number in range(low, high + 1)}

    def make(number):
        return kept[number] if number in kept else int(str(number))

    return {"answer": identity.small_int_cache(make), "truth": (low, high)}


def hold_to_truth(seen: dict[str, Any]) -> None:
    answer = seen["answer"]
    bounds = tuple(answer) if type(answer) is list else answer
    assert {"(low, high)": bounds} == {"(low, high)": seen["truth"]}


def test_small_int_cache_matches_this_interpreter(learner):
    hold_to_truth(learner.run(cache_of_python))


def test_small_int_cache_searches(learner, rng):
    hold_to_truth(learner.run(cache_of_another, rng.randrange(1, 300), rng.randrange(1, 3000)))
    hold_to_truth(learner.run(cache_of_another, rng.randrange(300, 3000), 0))


# --- same_value ------------------------------------------------------------------------------------------------------


@probe
def same_value(identity, a, b):
    """same_value(a, b), where a is {a} and b is {b}"""
    return identity.same_value(a, b)


@probe
def same_value_of_copies(identity, value):
    """same_value(a, b), where a and b are two objects, each of them {value}"""
    return identity.same_value(value, eval(repr(value)))


@probe
def same_value_of_instances(identity, first, second):
    """same_value(Coin({first}), Coin({second})), where coins are equal when their values are"""

    class Coin:
        def __init__(self, value):
            self.value = value

        def __eq__(self, other):
            return type(other) is Coin and self.value == other.value

        __hash__ = None

    return identity.same_value(Coin(first), Coin(second))


@probe
def same_value_of_itself(identity, name):
    """same_value(a, a), where a is float({name})"""
    number = float(name)
    return identity.same_value(number, number)


@probe
def same_value_of_the_unequal(identity):
    """same_value(a, a), where a == a is False"""

    class Unequal:
        def __eq__(self, other):
            return False

        __hash__ = None

    a = Unequal()
    return identity.same_value(a, a)


def expect(answer: Any, expected: bool) -> None:
    is_bool = type(answer) is bool
    assert is_bool, f"returned {told(answer)}; the README asks for True or False"
    assert answer == expected


def text(rng: Random) -> str:
    """A text that Python has no reason to keep."""
    return " ".join("".join(rng.choices("abcdefgh", k=4)) for _ in range(3))


def test_same_value_sees_equal_objects(learner, rng):
    large = rng.randrange(10**6, 10**9)
    for value in (large, -large, large / 8, text(rng), [large, text(rng)], (text(rng), [large]), {text(rng): large}):
        expect(learner.run(same_value_of_copies, value), True)
    expect(learner.run(same_value, {"tea": large, "jam": 2}, {"jam": 2, "tea": large}), True)
    expect(learner.run(same_value_of_instances, large, large), True)
    for value in (rng.randrange(200), None, [], ""):
        expect(learner.run(same_value, value, value), True)


def test_same_value_across_types(learner, rng):
    number = rng.randrange(1000, 9999)
    lists = ([number, True], [float(number), 1])
    for a, b in ((number, float(number)), (True, 1), (0.0, False), lists, ({1}, frozenset({1}))):
        expect(learner.run(same_value, a, b), True)
        expect(learner.run(same_value, b, a), True)


def test_same_value_tells_values_apart(learner, rng):
    number = rng.randrange(1000, 9999)
    pairs = [
        (number, number + 1),
        (number, str(number)),
        ([number], (number,)),
        ([number, 1], [1, number]),
        (-1, -2),
        (None, False),
        (0, None),
        ("", []),
        (text(rng), text(rng)),
    ]
    for a, b in pairs:
        expect(learner.run(same_value, a, b), False)
    expect(learner.run(same_value_of_instances, number, number + 1), False)


def test_same_value_asks_no_identity(learner):
    expect(learner.run(same_value_of_itself, "nan"), False)
    expect(learner.run(same_value_of_itself, "inf"), True)
    expect(learner.run(same_value_of_the_unequal), False)
