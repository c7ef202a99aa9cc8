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
def wrong_calls(decorators: Any, calls: list[Any]) -> list[dict[str, Any]]:
    """pack(apples: int, label: str, *, weight: float = 1.5) with @validate_types, called wrongly with {calls}"""
    ran = False

    @decorators.validate_types
    def pack(apples: int, label: str, *, weight: float = 1.5) -> None:
        nonlocal ran
        ran = True

    seen = []
    for args, kwargs in calls:
        ran = False
        try:
            pack(*args, **kwargs)
        except TypeError:
            seen.append({"raised": "TypeError", "the function ran": ran})
        else:
            seen.append({"raised": None, "the function ran": ran})
    return seen


@probe
def messages(decorators: Any, calls: list[Any]) -> list[str]:
    """pack(apples: int, *numbers: int, weight: float = 1.5, **labels: str) with @validate_types, called wrongly with
    {calls}
    """

    @decorators.validate_types
    def pack(apples: int, *numbers: int, weight: float = 1.5, **labels: str) -> None:
        pass

    seen = []
    for args, kwargs in calls:
        try:
            pack(*args, **kwargs)
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
def special(decorators: Any, calls: list[Any]) -> list[str]:
    """f(size: int | str, note: str | None, extra: Any, nothing: None = None) -> None, decorated with @validate_types,
    called with {calls}
    """
    from typing import Any as Anything

    @decorators.validate_types
    def function(size: int | str, note: str | None, extra: Anything, nothing: None = None) -> None:
        return None

    seen = []
    for args in calls:
        try:
            function(*args)
        except TypeError:
            seen.append("TypeError")
        else:
            seen.append("fine")
    return seen


@probe
def starred(decorators: Any, calls: list[Any]) -> list[Any]:
    """f(*numbers: int, **labels: str), decorated with @validate_types, called with {calls}"""

    @decorators.validate_types
    def function(*numbers: int, **labels: str) -> list:
        return [list(numbers), labels]

    seen = []
    for numbers, labels in calls:
        try:
            seen.append(function(*numbers, **labels))
        except TypeError:
            seen.append("TypeError")
    return seen


def test_validate_types_lets_right_calls_through(learner: Learner, rng: Random) -> None:
    number, text = rng.randrange(1, 1000), f"box {rng.randrange(100)}"
    seen = learner.run(right_calls, number, text)
    assert seen == [[text, number, "none", 1.5], [None, number, text, 1.5], [text, number, text, 2.5]]


def test_validate_types_stops_a_wrong_argument(learner: Learner, rng: Random) -> None:
    number = rng.randrange(1, 1000)
    seen = learner.run(wrong_calls, [[(str(number), "red"), {}], [(number, number), {}]])
    assert seen == [{"raised": "TypeError", "the function ran": False}] * 2


def test_validate_types_checks_keyword_arguments(learner: Learner, rng: Random) -> None:
    number = rng.randrange(1, 1000)
    calls = [[(number, "red"), {"weight": "heavy"}], [(), {"label": None, "apples": number}]]
    assert [each["raised"] for each in learner.run(wrong_calls, calls)] == ["TypeError", "TypeError"]


def test_validate_types_names_what_is_wrong(learner: Learner, rng: Random) -> None:
    n = rng.randrange(1, 1000)
    wrong = {"apples": [(str(n),), {}], "weight": [(n,), {"weight": n}], "numbers": [(n, n, "x"), {}]}
    told = dict(zip([*wrong, "labels"], learner.run(messages, [*wrong.values(), [(n,), {"color": n}]]), strict=True))
    assert any(told.values()), "none of the wrong calls raised a TypeError"
    # Whether each of them is refused at all is for other checks.
    for name, message in told.items():
        names = (name, "color") if name == "labels" else (name,)
        assert not message or any(each in message for each in names), f"{message!r} does not name `{name}`"


def test_validate_types_checks_the_result(learner: Learner, rng: Random) -> None:
    number = rng.randrange(1, 1000)
    right, (word, message) = learner.run(results, [number, str(number)])
    assert right == ["returned", number]
    assert word == "TypeError"
    assert "return" in message.lower(), f"the message does not have the word `return` in it: {message!r}"


def test_validate_types_knows_unions_none_and_any(learner: Learner, rng: Random) -> None:
    n = rng.randrange(1, 1000)
    calls = [(n, None, n), (str(n), "x", None), (n, "x", "x", None), (n / 8, "x", n), (n, n, n), (n, "x", n, n)]
    assert learner.run(special, calls) == ["fine"] * 3 + ["TypeError"] * 3


def test_validate_types_checks_extra_arguments(learner: Learner, rng: Random) -> None:
    n = rng.randrange(1, 1000)
    calls = [[[n, n + 1], {"color": "red"}], [[n, str(n)], {}], [[n], {"size": "big", "color": n}]]
    assert learner.run(starred, calls) == [[[n, n + 1], {"color": "red"}], "TypeError", "TypeError"]
