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
def wrong_argument(decorators: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
    """pack(*{args}, **{kwargs}) for pack(apples: int, label: str, *, weight: float = 1.5) with @validate_types"""
    runs = 0

    @decorators.validate_types
    def pack(apples: int, label: str, *, weight: float = 1.5) -> None:
        nonlocal runs
        runs += 1

    try:
        pack(*args, **kwargs)
    except TypeError:
        return {"raised": "TypeError", "the function ran": runs > 0}
    return {"raised": None, "the function ran": runs > 0}


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
def result_of(decorators: Any, value: Any) -> list[str]:
    """a function that is annotated -> int and returns {value}, decorated with @validate_types"""

    @decorators.validate_types
    def function() -> int:
        return value

    try:
        return ["returned", repr(function())]
    except Exception as error:
        return [type(error).__name__, str(error)]


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
def starred(decorators: Any, numbers: list[Any], labels: dict[str, Any]) -> list[Any]:
    """f(*{numbers}, **{labels}) for f(*numbers: int, **labels: str), decorated with @validate_types"""

    @decorators.validate_types
    def function(*numbers: int, **labels: str) -> list:
        return ["returned", list(numbers), labels]

    try:
        return function(*numbers, **labels)
    except TypeError:
        return ["TypeError"]


def test_validate_types_lets_right_calls_through(learner: Learner, rng: Random) -> None:
    number, text = rng.randrange(1, 1000), f"box {rng.randrange(100)}"
    seen = learner.run(right_calls, number, text)
    assert seen == [[text, number, "none", 1.5], [None, number, text, 1.5], [text, number, text, 2.5]]


def test_validate_types_stops_a_wrong_argument(learner: Learner, rng: Random) -> None:
    number = rng.randrange(1, 1000)
    for args in ((str(number), "red"), (number, number)):
        assert learner.run(wrong_argument, args, {}) == {"raised": "TypeError", "the function ran": False}


def test_validate_types_checks_keyword_arguments(learner: Learner, rng: Random) -> None:
    number = rng.randrange(1, 1000)
    for args, kwargs in (((number, "red"), {"weight": "heavy"}), ((), {"label": None, "apples": number})):
        assert learner.run(wrong_argument, args, kwargs)["raised"] == "TypeError"


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
    assert learner.run(result_of, number) == ["returned", repr(number)]
    kind, message = learner.run(result_of, str(number))
    assert kind == "TypeError"
    assert "return" in message.lower(), f"the message does not have the word `return` in it: {message!r}"


def test_validate_types_knows_unions_none_and_any(learner: Learner, rng: Random) -> None:
    n = rng.randrange(1, 1000)
    calls = [(n, None, n), (str(n), "x", None), (n, "x", "x", None), (n / 8, "x", n), (n, n, n), (n, "x", n, n)]
    assert learner.run(special, calls) == ["fine"] * 3 + ["TypeError"] * 3


def test_validate_types_checks_extra_arguments(learner: Learner, rng: Random) -> None:
    n = rng.randrange(1, 1000)
    assert learner.run(starred, [n, n + 1], {"color": "red"}) == ["returned", [n, n + 1], {"color": "red"}]
    for numbers, labels in (([n, str(n)], {}), ([n], {"size": "big", "color": n})):
        assert learner.run(starred, numbers, labels) == ["TypeError"]
