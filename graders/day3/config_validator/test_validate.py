"""Judges day3/config_validator: what `validate` finds in data of which every mistake is known."""

from random import Random
from typing import Any

from grader import helper, probe

TYPES = {"str": str, "int": int, "float": float, "bool": bool}


def words(rng: Random, count: int) -> list[str]:
    chosen: set[str] = set()
    while len(chosen) < count:
        chosen.add("".join(rng.choices("abcdefghijklmnopqrstuvwxyz", k=6)))
    return sorted(chosen, key=lambda _: rng.random())


@helper
def schema_of(rules):
    """A schema as the learner's code gets it: types in the place of their names."""
    types = {"str": str, "int": int, "float": float, "bool": bool}
    if isinstance(rules, str):
        return types[rules]
    if isinstance(rules, list):
        return [schema_of(rules[0])]
    return {name: schema_of(rule) for name, rule in rules.items()}


@helper
def kind_of(config_validator, error):
    """The name of the promised class that the exception is of: learners may have kinds of their own."""
    names = ("ConfigSyntaxError", "ValidationFailed", "MissingFieldError", "UnknownFieldError", "WrongTypeError")
    promised = {getattr(config_validator, name, None): name for name in (*names, "ConfigError")}
    return next((promised[kind] for kind in type(error).__mro__ if kind in promised), type(error).__name__)


@probe
def errors(config_validator, data, rules):
    """validate({data}, schema), where the schema is {rules}, with types in the place of their names"""
    found = config_validator.validate(data, schema_of(rules))
    if not isinstance(found, list):
        return f"an object of type {type(found).__name__}"
    return sorted((kind_of(config_validator, error), error.path) for error in found)


@probe
def messages(config_validator, data, rules):
    """validate({data}, schema), where the schema is {rules}, with types in the place of their names: the messages"""
    found = config_validator.validate(data, schema_of(rules))
    return [(kind_of(config_validator, error), error.path, str(error)) for error in found]


@probe
def lines(config_validator, data, rules):
    """validate({data}, schema), where the schema is {rules}, with types in the place of their names: the lines"""
    return [(error.path, error.line) for error in config_validator.validate(data, schema_of(rules))]


@probe
def data_afterwards(config_validator, data, rules):
    """validate({data}, schema), where the schema is {rules}, with types in the place of their names: then the data"""
    from pprint import pformat

    before = pformat(data, width=10_000)  # as text, in which 1 is not 1.0
    config_validator.validate(data, schema_of(rules))
    return {"before": before, "afterwards": pformat(data, width=10_000)}


@probe
def families(config_validator):
    """the exceptions that are kinds of ConfigError"""
    base = config_validator.ConfigError
    names = ("ConfigSyntaxError", "ValidationFailed", "MissingFieldError", "UnknownFieldError", "WrongTypeError")
    return {name: issubclass(getattr(config_validator, name), base) for name in names}


def value_of(rule: str, rng: Random) -> Any:
    return {
        "str": f"text {rng.randrange(100)}",
        "int": rng.randrange(2, 1000),
        "float": rng.randrange(1, 99) / 8,
        "bool": rng.random() < 0.5,
    }[rule]


def expect_errors(learner: Any, data: Any, rules: Any, expected: list[tuple[str, str]]) -> None:
    assert learner.run(errors, data, rules) == sorted(expected)


def test_the_exceptions_are_a_family(learner: Any) -> None:
    seen = learner.run(families)
    assert seen == dict.fromkeys(seen, True)


def test_what_fits_has_no_errors(learner: Any, rng: Random) -> None:
    a, b, c = words(rng, 3)
    for rule in TYPES:
        expect_errors(learner, {a: value_of(rule, rng)}, {a: rule}, [])
        expect_errors(learner, {a: value_of(rule, rng)}, {f"{a}?": rule, f"{b}?": "int"}, [])
        expect_errors(learner, {a: [value_of(rule, rng) for _ in range(3)]}, {a: [rule]}, [])
    expect_errors(learner, {a: 3, b: [], c: {}}, {a: "float", b: ["int"], c: {f"{a}?": "str"}}, [])
    expect_errors(learner, {a: {b: [{c: 1}, {c: 2}]}}, {a: {b: [{c: "int"}]}}, [])
    expect_errors(learner, {a: 0, b: "", c: False}, {a: "int", b: "str", c: "bool"}, [])
    expect_errors(learner, {}, {}, [])


def test_missing_fields_are_found(learner: Any, rng: Random) -> None:
    a, b, c = words(rng, 3)
    missing = "MissingFieldError"
    expect_errors(learner, {b: 1}, {a: "str", b: "int", f"{c}?": "int"}, [(missing, a)])
    expect_errors(learner, {}, {a: "str", b: ["int"], c: {a: "int"}}, [(missing, a), (missing, b), (missing, c)])
    expect_errors(learner, {a: {c: 1}}, {a: {b: "str", c: "int"}, f"{b}?": {c: "int"}}, [(missing, f"{a}.{b}")])


def test_unknown_fields_are_found(learner: Any, rng: Random) -> None:
    a, b, c = words(rng, 3)
    unknown = "UnknownFieldError"
    expect_errors(learner, {a: 1, b: 2, c: None}, {a: "int"}, [(unknown, b), (unknown, c)])
    expect_errors(learner, {a: {b: 1, c: 2}}, {a: {f"{c}?": "int"}}, [(unknown, f"{a}.{b}")])


def test_wrong_types_are_found(learner: Any, rng: Random) -> None:
    a, b = words(rng, 2)
    text, number, fraction = value_of("str", rng), value_of("int", rng), rng.randrange(1, 9) + 0.5
    wrong = {
        "int": [text, fraction, None, [number]],
        "str": [number, None, {b: text}],
        "float": [text, None, [fraction]],
        "bool": [text, None, []],
    }
    for rule, values in wrong.items():
        for value in values:
            expect_errors(learner, {a: value}, {a: rule}, [("WrongTypeError", a)])
            expect_errors(learner, {a: value}, {f"{a}?": rule}, [("WrongTypeError", a)])
    for value in (number, None, {b: 1}, text):
        expect_errors(learner, {a: value}, {a: ["str"]}, [("WrongTypeError", a)])
    for value in (number, None, [{b: 1}], text):
        expect_errors(learner, {a: value}, {a: {f"{b}?": "int"}}, [("WrongTypeError", a)])


def test_bools_are_not_numbers(learner: Any, rng: Random) -> None:
    a = words(rng, 1)[0]
    for rule, value in {"int": True, "float": True, "bool": 1}.items():
        expect_errors(learner, {a: value}, {a: rule}, [("WrongTypeError", a)])


def test_paths_lead_into_nested_data(learner: Any, rng: Random) -> None:
    a, b, c, d = words(rng, 4)
    at = rng.randrange(1, 4)
    items: list[Any] = [{c: 1, d: "x"} for _ in range(5)]
    items[at] = {c: "no number", d: "x"}
    items[at + 1] = {c: 1}
    rules = {a: {b: [{c: "int", d: "str"}]}}
    expected = [("WrongTypeError", f"{a}.{b}[{at}].{c}"), ("MissingFieldError", f"{a}.{b}[{at + 1}].{d}")]
    expect_errors(learner, {a: {b: items}}, rules, expected)
    expect_errors(learner, {a: {b: {c: {d: "x"}}}}, {a: {b: {c: {d: "int"}}}}, [("WrongTypeError", f"{a}.{b}.{c}.{d}")])
    expect_errors(learner, {a: [[1, 2], [3, "x"]]}, {a: [["int"]]}, [("WrongTypeError", f"{a}[1][1]")])


def test_nothing_below_a_wrong_type(learner: Any, rng: Random) -> None:
    a, b, c = words(rng, 3)
    for value in (7, [b], b):
        expect_errors(learner, {a: value}, {a: {b: "str", c: "int"}}, [("WrongTypeError", a)])
    for value in ({b: 1}, b):
        expect_errors(learner, {a: value}, {a: [{b: "str"}]}, [("WrongTypeError", a)])
    for value in ([a], 7, a):
        expect_errors(learner, value, {a: "str", b: "int"}, [("WrongTypeError", "")])


def test_messages_are_helpful(learner: Any, rng: Random) -> None:
    a, b, c = words(rng, 3)
    cases = (
        ({a: {b: "x"}}, {a: {b: "int"}}, ["int", "str"]),
        ({a: [None]}, {a: ["float"]}, ["float", "NoneType"]),
        ({a: 2.5}, {a: {b: "int"}}, ["dict", "float"]),
        ({a: {b: 1}}, {a: ["int"]}, ["list", "dict"]),
        ({b: 1}, {b: "int", c: "int"}, []),
        ({b: 1, c: 1}, {b: "int"}, []),
    )
    said = [(types, *each) for data, rules, types in cases for each in learner.run(messages, data, rules)]
    assert said, "validate has found no errors in any of the data"
    for types, kind, path, message in said:
        lacking = [part for part in (path, *(types if kind == "WrongTypeError" else ())) if part not in message]
        assert not lacking, f"the message {message!r} lacks {', '.join(map(repr, lacking))}"


def with_mistakes(rng: Random) -> tuple[Any, Any]:
    """Data with errors of all kinds, and their schema."""
    a, b, c, d = words(rng, 4)
    numbers = [rng.randrange(2, 99), rng.randrange(2, 99), "text"]
    rules = {a: ["float"], b: [{c: "int", f"{d}?": "float"}], c: {a: "str", f"{b}?": ["str"]}, d: "float"}
    return {a: numbers, b: [{c: 1, d: 2}, {a: None}], c: {b: [], d: {}}, d: numbers[0]}, rules


def test_errors_of_data_have_no_line(learner: Any, rng: Random) -> None:
    seen = learner.run(lines, *with_mistakes(rng))
    assert seen, "validate has found no errors in data in which there are some"
    numbered = {path: line for path, line in seen if line is not None}
    assert numbered == {}, "`line` is None here"


def test_data_stay_as_they_are(learner: Any, rng: Random) -> None:
    seen = learner.run(data_afterwards, *with_mistakes(rng))
    assert seen["afterwards"] == seen["before"], "validate has changed the data"
