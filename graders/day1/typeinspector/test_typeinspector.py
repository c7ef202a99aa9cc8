"""Judges day1/typeinspector: what is told about a value, and type hints that mypy has nothing against."""

import re
from random import Random
from typing import Any

from grader import Learner, helper, probe

NAMES = ["value", "type", "id", "size", "mutable", "methods"]


# --- values, as expressions ------------------------------------------------------------------------------------------


def word(rng: Random) -> str:
    return "".join(rng.choices("abcdefghijklmnopqrstuvwxyz", k=rng.randint(5, 8)))


def words(rng: Random, count: int) -> list[str]:
    """`count` different ones, no keyword among them."""
    chosen: list[str] = []
    while len(chosen) < count:
        name = f"{word(rng)}_{word(rng)}"
        chosen += [name] * (name not in chosen)
    return chosen


def number(rng: Random) -> int:
    return rng.randint(1000, 99_999)


def immutable(rng: Random) -> list[str]:
    a, b, text = number(rng), number(rng), word(rng)
    return [
        f"{a}",
        f"-{a}.5",
        f"complex({a}, {b})",
        rng.choice(["True", "False"]),
        f"'{text}'",
        f"b'{text}'",
        f"({a}, '{text}')",
        f"frozenset(['{text}'])",
        f"range({a})",
        "None",
    ]


def mutable(rng: Random) -> list[str]:
    a, b, text = number(rng), number(rng), word(rng)
    return [f"[{a}, {b}]", f"{{'{text}': {a}}}", f"{{{a}, {b}}}", f"bytearray(b'{text}')"]


@helper
def made(text):
    """The value of an expression; a few names of the standard library are there."""
    from collections import Counter, defaultdict, deque
    from decimal import Decimal
    from fractions import Fraction

    names = {"Counter": Counter, "Decimal": Decimal, "Fraction": Fraction, "defaultdict": defaultdict, "deque": deque}
    return eval(text, names)


# --- is_mutable ------------------------------------------------------------------------------------------------------


@probe
def mutability(typeinspector, texts):
    """is_mutable(x) for each x in {texts}"""
    return {text: typeinspector.is_mutable(made(text)) for text in texts}


@probe
def mutability_of_subclasses(typeinspector, number, word):
    """is_mutable(x) for objects of classes that are built on float, tuple, str, list and dict"""
    from collections import namedtuple

    class Celsius(float):
        pass

    class Word(str):
        pass

    class Tags(list):
        pass

    class Settings(dict):
        pass

    point = namedtuple("Point", "x y")
    return {
        "class Celsius(float)": typeinspector.is_mutable(Celsius(number)),
        "class Word(str)": typeinspector.is_mutable(Word(word)),
        "namedtuple('Point', 'x y')": typeinspector.is_mutable(point(number, word)),
        "class Tags(list)": typeinspector.is_mutable(Tags([word])),
        "class Settings(dict)": typeinspector.is_mutable(Settings({word: number})),
        "defaultdict(int)": typeinspector.is_mutable(made(f"defaultdict(int, {word}={number})")),
    }


@probe
def mutability_of_own_classes(typeinspector, name, number):
    """is_mutable(x) for objects of classes of their own, for a deque and for a function"""
    from collections import deque

    class Account:
        def __init__(self):
            self.balance = number

    class Equal(Account):
        def __eq__(self, other):
            return isinstance(other, Equal)

        __hash__ = None

    def function():
        return number

    return {
        f"class {name}": typeinspector.is_mutable(type(name, (), {})()),
        "class Account, with an attribute": typeinspector.is_mutable(Account()),
        "class Equal, without a hash": typeinspector.is_mutable(Equal()),
        "deque": typeinspector.is_mutable(deque([number])),
        "a function": typeinspector.is_mutable(function),
    }


def test_mutability_of_builtins(learner: Learner, rng: Random) -> None:
    expected = dict.fromkeys(immutable(rng), False) | dict.fromkeys(mutable(rng), True)
    texts = sorted(expected, key=lambda _: rng.random())
    assert learner.run(mutability, texts) == {text: expected[text] for text in texts}


def test_mutability_of_subclasses(learner: Learner, rng: Random) -> None:
    assert learner.run(mutability_of_subclasses, number(rng), word(rng)) == {
        "class Celsius(float)": False,
        "class Word(str)": False,
        "namedtuple('Point', 'x y')": False,
        "class Tags(list)": True,
        "class Settings(dict)": True,
        "defaultdict(int)": True,
    }


def test_mutability_of_own_classes(learner: Learner, rng: Random) -> None:
    seen = learner.run(mutability_of_own_classes, word(rng).title(), number(rng))
    assert seen == dict.fromkeys(seen, True)


def test_contents_do_not_count(learner: Learner, rng: Random) -> None:
    a, text = number(rng), word(rng)
    texts = [f"([{a}], '{text}')", f"({a}, {{'{text}': {a}}})", f"(({{{a}}},), {a})"]
    assert learner.run(mutability, texts) == dict.fromkeys(texts, False)


# --- public_methods --------------------------------------------------------------------------------------------------


def methods_of(text: str) -> list[str]:
    """By this interpreter, which is the learner's as well."""
    value = eval(text)
    return [name for name in dir(value) if not name.startswith("_") and callable(getattr(value, name))]


@probe
def public_methods(typeinspector, text):
    """public_methods({text:text})"""
    return typeinspector.public_methods(made(text))


@probe
def methods_of_object(typeinspector, name, inherited, own, fixed, made_by, data, hidden):
    """public_methods(x), where x has the methods {own}, inherits {inherited}, and has the attribute {data}"""

    def method(self):
        raise RuntimeError("a method was called that should only be listed")

    base = type("Base", (), {inherited: method, "_" + hidden: method})
    members = {own: method, fixed: staticmethod(method), made_by: classmethod(method), hidden: property(len)}
    value = type(name, (base,), {**members, "__len__": lambda self: 3})()
    setattr(value, data, 5)
    return typeinspector.public_methods(value)


@probe
def methods_where_reading_raises(typeinspector, name, own, raising, missing):
    """public_methods(x), where x has the method {own}, and reading {raising} or {missing} raises an exception"""

    def broken(self):
        raise RuntimeError("the attribute can't be read")

    def absent(self):
        raise AttributeError("the attribute is not there")

    members = {own: lambda self: None, raising: property(broken), missing: property(absent)}
    return typeinspector.public_methods(type(name, (), members)())


def test_methods_of_builtins(learner: Learner, rng: Random) -> None:
    texts = [*immutable(rng), *mutable(rng)]
    for text in rng.sample(texts, len(texts)):
        assert learner.run(public_methods, text) == methods_of(text)


def test_methods_of_own_classes(learner: Learner, rng: Random) -> None:
    inherited, own, fixed, made_by, data, hidden = words(rng, 6)
    seen = learner.run(methods_of_object, word(rng).title(), inherited, own, fixed, made_by, data, hidden)
    assert seen == sorted([inherited, own, fixed, made_by])


def test_attributes_that_raise_are_left_out(learner: Learner, rng: Random) -> None:
    own, raising, missing = words(rng, 3)
    seen = learner.run(methods_where_reading_raises, word(rng).title(), own, raising, missing)
    assert seen == [own]


# --- inspect_value ---------------------------------------------------------------------------------------------------


@probe
def nothing(typeinspector):
    """import typeinspector"""


@probe
def inspected(typeinspector, text):
    """inspect_value({text:text})"""
    import sys

    value = made(text)
    returned = typeinspector.inspect_value(value)
    return {"returned": returned, "id": str(id(value)), "size": f"{sys.getsizeof(value)} bytes"}


@probe
def inspected_nested(typeinspector, name):
    """x = Shop.{name:text}(), where {name:text} is a class that is defined inside the class Shop; inspect_value(x)"""
    typeinspector.inspect_value(type(name, (), {"__qualname__": f"Shop.{name}"})())


@probe
def inspected_lines(typeinspector, text):
    """inspect_value(x), where repr(x) is {text}"""

    class Menu:
        def __repr__(self):
            return text

    typeinspector.inspect_value(Menu())


@probe
def as_told_before(typeinspector, text):
    """is_mutable({text:text}), public_methods({text:text})"""
    value = made(text)
    return bool(typeinspector.is_mutable(value)), list(typeinspector.public_methods(value))


def report(learner: Learner, text: str, look: Any = inspected) -> tuple[dict[str, Any], list[str]]:
    """What is so, and the lines that `inspect_value` has printed."""
    learner.run(nothing)
    before = len(learner.stdout)
    facts = learner.run(look, text)
    return facts, learner.stdout[before:].splitlines()


def shown(lines: list[str], name: str, count: int = 1) -> str:
    """What the line of that name shows, with the lines below it up to `count`; the check fails when there is none."""
    found = [at for at, line in enumerate(lines) if line.partition(":")[0].strip().lower() == name]
    assert found, f"there is no line that begins with `{name}:`; printed was {lines}"
    first, *others = lines[found[0] : found[0] + count]
    return "\n".join([first.partition(":")[2].strip(), *others])


def printed(learner: Learner, text: str, name: str) -> str:
    return shown(report(learner, text)[1], name)


def test_the_report_has_six_lines(learner: Learner, rng: Random) -> None:
    facts, lines = report(learner, rng.choice([*immutable(rng), *mutable(rng)]))
    names = [line.partition(":")[0] if ":" in line else line for line in lines]
    assert names == NAMES, "the lines are not those of the README"
    assert facts["returned"] is None, "inspect_value prints, and returns nothing"


def test_the_report_shows_the_value(learner: Learner, rng: Random) -> None:
    a, text = number(rng), word(rng)
    for expression, expected in (
        (f"'{text}'", f"'{text}'"),
        (f"[{a}, '{text}']", f"[{a}, '{text}']"),
        (f"Fraction({a}, 100_003)", f"Fraction({a}, 100003)"),
    ):
        assert printed(learner, expression, "value") == expected
    lines = f"<menu\n  {word(rng)} {a}\n{text}>"
    assert shown(report(learner, lines, inspected_lines)[1], "value", count=3) == lines


def test_the_report_names_the_type(learner: Learner, rng: Random) -> None:
    types = {"True": "bool", "None": "NoneType", f"Fraction({number(rng)})": "Fraction", f"'{word(rng)}'": "str"}
    text = rng.choice(mutable(rng))
    for expression, expected in {**types, text: type(eval(text)).__name__}.items():
        assert printed(learner, expression, "type") == expected
    name = word(rng).title()
    assert shown(report(learner, name, inspected_nested)[1], "type") == name


def test_the_report_has_the_id(learner: Learner, rng: Random) -> None:
    facts, lines = report(learner, rng.choice(mutable(rng)))
    assert shown(lines, "id") == facts["id"]


def test_the_report_has_the_size(learner: Learner, rng: Random) -> None:
    for text in (
        f"'{word(rng)}'",
        f"list(range({rng.randint(20, 90)}))",
        f"dict.fromkeys(range({rng.randint(100, 900)}))",
    ):
        facts, lines = report(learner, text)
        assert shown(lines, "size") == facts["size"]


def test_the_report_says_whether_it_is_mutable(learner: Learner, rng: Random) -> None:
    for text in (f"[{number(rng)}]", f"{number(rng)}"):
        seen = printed(learner, text, "mutable")
        is_mutable, _ = learner.run(as_told_before, text)
        assert seen == ("yes" if is_mutable else "no"), f"is_mutable says {is_mutable}"


def test_the_report_lists_the_methods(learner: Learner, rng: Random) -> None:
    for text in (rng.choice(mutable(rng)), "None"):
        seen = printed(learner, text, "methods")
        _, methods = learner.run(as_told_before, text)
        assert seen == (", ".join(methods) or "none")


# --- the program, and importing --------------------------------------------------------------------------------------


def test_the_program_inspects_six_values(learner: Learner) -> None:
    run = learner.script()
    assert run.exit_code == 0, f"the program ended with exit code {run.exit_code}: {run.stderr.strip()}"
    types = " ".join(line for line in run.lines if line.strip().lower().startswith("type"))
    lacking = [name for name in ("int", "str", "list", "tuple", "set", "dict") if not re.search(rf"\b{name}\b", types)]
    assert {"types that were not inspected": lacking} == {"types that were not inspected": []}


def test_importing_prints_nothing(learner: Learner, rng: Random) -> None:
    learner.run(public_methods, f"'{word(rng)}'")
    assert learner.stdout == ""


# --- type hints ------------------------------------------------------------------------------------------------------

USES = """
from collections.abc import Callable
from typing import assert_type
import typeinspector

assert_type(typeinspector.is_mutable(object()), bool)
assert_type(typeinspector.public_methods(object()), list[str])
show: Callable[[object], None] = typeinspector.inspect_value
"""


def test_type_hints_are_complete(learner: Learner, rng: Random) -> None:
    learner.run(public_methods, f"'{word(rng)}'")
    learner.types(uses=USES).complete()


def test_type_hints_hold(learner: Learner, rng: Random) -> None:
    learner.run(public_methods, f"'{word(rng)}'")
    learner.types(uses=USES).hold()
