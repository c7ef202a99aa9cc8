"""`validate_types`: which calls go through, which don't, and what the error names.

No `from __future__ import annotations` here: the annotations inside the probes have to be real classes.
"""

from random import Random
from typing import Any

from grader import Learner, probe


@probe
def right_calls(decorators: Any, number: int, text: str) -> list[Any]:
    """right calls of pack(anything, count: int, label: str = "none", *, weight: float = 1.5) -> list, decorated with
    @validate_types
    """

    class Count(int):
        pass

    @decorators.validate_types
    def pack(anything, count: int, label: str = "none", *, weight: float = 1.5) -> list:  # type: ignore[no-untyped-def]
        return [anything, int(count), label, weight]

    return [pack(text, number), pack(None, Count(number), text), pack(text, label=text, weight=2.5, count=number)]


@probe
def wrong_calls(decorators: Any, calls: list[str]) -> dict[str, str]:
    """pack(anything, apples: int, boxes: int = 1, label: str = "none", *, weight: float = 1.5), decorated with
    @validate_types: {calls}
    """
    ran = False

    @decorators.validate_types
    def pack(anything, apples: int, boxes: int = 1, label: str = "none", *, weight: float = 1.5) -> None:  # type: ignore[no-untyped-def]
        nonlocal ran
        ran = True

    seen = {}
    for call in calls:
        ran = False
        try:
            eval(call, {"pack": pack})
        except TypeError:
            seen[call] = "a TypeError only after the function ran" if ran else "a TypeError"
        else:
            seen[call] = "no error"
    return seen


@probe
def messages(decorators: Any, calls: list[str]) -> list[str]:
    """pack(apples: int, *numbers: int, weight: float = 1.5, **labels: str), decorated with @validate_types: {calls}"""

    @decorators.validate_types
    def pack(apples: int, *numbers: int, weight: float = 1.5, **labels: str) -> None:
        pass

    seen = []
    for call in calls:
        try:
            eval(call, {"pack": pack})
        except TypeError as error:
            seen.append(str(error))
        else:
            seen.append("")
    return seen


@probe
def results(decorators: Any, values: list[Any]) -> list[list[Any]]:
    """a function that is annotated -> int and returns {values}, one at each call, decorated with @validate_types"""
    left = iter(values)

    @decorators.validate_types
    def function() -> int:
        return next(left)

    seen = []
    for _ in values:
        try:
            seen.append(["returned", function()])
        except TypeError as error:
            seen.append(["TypeError", str(error)])
    return seen


@probe
def special(decorators: Any, calls: list[str]) -> dict[str, str]:
    """f(size: int | str, note: str | None, extra: Any, nothing: None = None) -> None, decorated with @validate_types:
    {calls}
    """
    from typing import Any as Anything

    @decorators.validate_types
    def f(size: int | str, note: str | None, extra: Anything, nothing: None = None) -> None:
        return None

    seen = {}
    for call in calls:
        try:
            eval(call, {"f": f})
        except TypeError:
            seen[call] = "a TypeError"
        else:
            seen[call] = "no error"
    return seen


@probe
def starred(decorators: Any, calls: list[str]) -> dict[str, str]:
    """f(*numbers: int, **labels: str), decorated with @validate_types: {calls}"""

    @decorators.validate_types
    def f(*numbers: int, **labels: str) -> None:
        return None

    seen = {}
    for call in calls:
        try:
            eval(call, {"f": f})
        except TypeError:
            seen[call] = "a TypeError"
        else:
            seen[call] = "no error"
    return seen


def hold_to(seen: dict[str, str], right: list[str]) -> None:
    """The right calls should be fine, the others a TypeError."""
    for call, outcome in seen.items():
        wanted = "no error" if call in right else "a TypeError"
        as_wanted = outcome == wanted
        assert as_wanted, f"{call}: there should be {wanted}, but there is {outcome}"


def test_validate_types_lets_right_calls_through(learner: Learner, rng: Random) -> None:
    number, text = rng.randrange(1, 1000), f"box {rng.randrange(100)}"
    seen = learner.run(right_calls, number, text)
    assert seen == [[text, number, "none", 1.5], [None, number, text, 1.5], [text, number, text, 2.5]]


def test_validate_types_stops_a_wrong_argument(learner: Learner, rng: Random) -> None:
    n = rng.randrange(1, 1000)
    calls = [f"pack(None, '{n}')", f"pack(None, {n}, 1, {n})"]
    hold_to(learner.run(wrong_calls, calls), [])


def test_validate_types_checks_keyword_arguments(learner: Learner, rng: Random) -> None:
    n = rng.randrange(1, 1000)
    # What stands after a parameter that is left out is checked too.
    calls = [f"pack(None, {n}, weight='{n}')", f"pack(label=None, apples={n}, anything=1)"]
    seen = learner.run(wrong_calls, calls)
    # Whether the function runs is for the check above.
    hold_to({call: outcome.split(" only")[0] for call, outcome in seen.items()}, [])


def test_validate_types_names_what_is_wrong(learner: Learner, rng: Random) -> None:
    n = rng.randrange(1, 1000)
    names = {
        f"pack('{n}')": ["apples"],
        f"pack({n}, weight='{n}')": ["weight"],
        f"pack({n}, {n}, 'x')": ["numbers"],
        f"pack({n}, color={n})": ["labels", "color"],
    }
    told = dict(zip(names, learner.run(messages, list(names)), strict=True))
    assert any(told.values()), "none of the wrong calls raised a TypeError"
    # Whether each of them is refused at all is for other checks.
    for call, message in told.items():
        wanted = " or ".join(names[call])
        assert not message or any(name in message for name in names[call]), f"{call} says {message!r}, without {wanted}"


def test_validate_types_checks_the_result(learner: Learner, rng: Random) -> None:
    number = rng.randrange(1, 1000)
    right, (word, message) = learner.run(results, [number, str(number)])
    went_through = right == ["returned", number]
    assert went_through, f"the right result {number} should come back, but it was: {right[0]} {right[1]!r}"
    refused = word == "TypeError"
    assert refused, f"the wrong result {str(number)!r} should raise a TypeError, but it was returned"
    assert "return" in message.lower(), f"the message does not have the word `return` in it: {message!r}"


def test_validate_types_knows_unions_none_and_any(learner: Learner, rng: Random) -> None:
    n = rng.randrange(1, 1000)
    right = [f"f({n}, None, {n})", f"f('{n}', 'x', None)", f"f({n}, 'x', 'x', None)"]
    wrong = [f"f({n / 8}, 'x', {n})", f"f({n}, {n}, {n})", f"f({n}, 'x', {n}, {n})"]
    hold_to(learner.run(special, [*right, *wrong]), right)


def test_validate_types_checks_extra_arguments(learner: Learner, rng: Random) -> None:
    n = rng.randrange(1, 1000)
    right = [f"f({n}, {n + 1}, color='red')"]
    wrong = [f"f({n}, '{n}')", f"f({n}, size='big', color={n})"]
    hold_to(learner.run(starred, [*right, *wrong]), right)
