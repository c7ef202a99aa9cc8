"""Facts about `sandboxed.codec`: exact types come back, nothing of a user's class runs, nothing but our own text is read."""

from __future__ import annotations

import builtins
import enum
import json
import math
import subprocess
import sys
from collections import OrderedDict, namedtuple
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sandboxed.codec import ClassRef, CodecError, Cut, Cycle, Opaque, Raised, decode, encode

SURROGATES = st.text(st.characters(min_codepoint=0xD800, max_codepoint=0xDFFF) | st.characters(), max_size=8)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(min_value=-(2**300), max_value=2**300)
    | st.floats()
    | st.complex_numbers()
    | st.text()
    | SURROGATES
    | st.binary()
    | st.binary().map(bytearray)
)
KEYS = st.recursive(
    SCALARS.filter(lambda value: not isinstance(value, bytearray)),
    lambda inner: st.tuples(inner, inner) | st.frozensets(inner, max_size=3),
    max_leaves=4,
)
VALUES = st.recursive(
    SCALARS | st.sets(KEYS, max_size=4),
    lambda inner: st.lists(inner, max_size=5) | st.tuples(inner, inner) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=25,
)


def same(left: Any, right: Any) -> bool:
    """Whether two plain values are the same in every type, sign, order and NaN."""
    if type(left) is not type(right):
        return False
    if isinstance(left, float):
        return math.isnan(left) == math.isnan(right) and (math.isnan(left) or (str(left) == str(right)))
    if isinstance(left, complex):
        return same(left.real, right.real) and same(left.imag, right.imag)
    if isinstance(left, list | tuple):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, dict):
        return same(list(left.items()), list(right.items()))
    if isinstance(left, set | frozenset):
        return encode(left) == encode(right)
    return bool(left == right)


@given(VALUES)
@example(-0.0)
@example([True, 1, 1.0])
@example(2**53)
@example("\ud800\udc00")
def test_plain_values_come_back_exactly(value: Any) -> None:
    text = encode(value)
    assert text.isascii()
    assert same(decode(text), value)
    assert same(decode(text.encode()), value)
    assert encode(decode(text)) == text


@given(VALUES)
def test_there_is_never_an_object_in_the_text(value: Any) -> None:
    def no_object(pairs: Any) -> None:
        raise AssertionError(pairs)

    json.loads(encode(value), object_pairs_hook=no_object)


@given(st.recursive(st.none() | st.integers() | st.floats() | st.text(), st.lists, max_leaves=12))
def test_what_encode_would_not_write_is_refused(tree: Any) -> None:
    text = json.dumps(tree)
    try:
        value = decode(text)
    except CodecError:
        return
    assert decode(encode(value, markers=True)) is not None or value is None


@pytest.mark.parametrize(
    "text",
    [
        "", " 1", "1 ", "1 2", "{}", '{"a":1}', "[]", "[1]", '["x"]', '["l"', "NaN", "Infinity", "-0.0", "1e999", "tru",
        "9007199254740992", "9" * 5000, '["i","12"]', '["i","0x1"]', '["i","0x0020000000000000"]', '["i","0X20000000000000"]',
        '["i",1]', '["i"]', '["n","1.0"]', '["n","NaN"]', '["c",1,2]', '["c",1.0]', '["b","a"]', '["b","YQ"]', '["b","YR=="]',
        '["u","YQ=="]', '["u","/w=="]', '"\\ud800"', '["s",1,1]', '["s",["l"]]', '["d",1]', '["d",1,2,1,3]', '["d",["l"],1]',
        '["cycle",1]', '["l",["cycle",2]]', '["l",["cycle",true]]', '["cut","other"]', '["T","int"]', '["T",["a","b"]]',
        '["o",["a","b",[1]]]', '["o",["a","b",[]],null]', '["e",["a","b",[]],["l"],null,null,[]]',
        '["e",["a","b",[]],["t"],1,null,[]]', '["e",["a","b",[]],["t"],null,null,[["f",1.0,"g"]]]',
        '["e",["a","b",[]],["t"],null,null]', "[" * 100_000, '["l",' * 250 + "1" + "]" * 250, '"a\nb"', "\x00", '"é"é',
    ],
)  # fmt: skip
def test_a_text_of_another_shape_is_refused(text: str) -> None:
    with pytest.raises(CodecError):
        decode(text)


def test_bytes_that_are_not_ascii_are_refused() -> None:
    with pytest.raises(CodecError):
        decode(b'"\xff"')


class HostileMeta(type):
    def __getattribute__(cls, name: str) -> Any:
        raise SystemExit(name)

    def __hash__(cls) -> int:
        raise SystemExit("hash")

    def __eq__(cls, other: object) -> bool:
        raise SystemExit("eq")

    def mro(cls) -> list[type]:
        return type.mro(cls)


def hostile(*bases: type) -> Any:
    """An instance of a class all of whose methods end the process."""

    def trap(*_args: Any, **_kwargs: Any) -> Any:
        raise SystemExit("a method ran")

    names = [
        "__getattribute__",
        "__iter__",
        "__len__",
        "__repr__",
        "__str__",
        "__reduce__",
        "__reduce_ex__",
        "__hash__",
        "__eq__",
        "__lt__",
        "__bool__",
        "__int__",
        "__index__",
        "__float__",
        "__pos__",
        "__add__",
        "__getitem__",
        "__contains__",
        "__format__",
        "__bytes__",
        "keys",
        "items",
        "values",
        "__copy__",
        "__dir__",
    ]
    space: dict[str, Any] = dict.fromkeys(names, trap)
    space["__class__"] = property(trap)
    cls = HostileMeta("Hostile", bases, space)
    return type.__call__(cls)


@pytest.mark.parametrize(
    "base", [object, int, float, complex, str, bytes, bytearray, list, tuple, set, frozenset, dict]
)
def test_no_method_of_a_hostile_class_runs(base: type) -> None:
    found = decode(encode([hostile(base), (hostile(base),), {1: hostile(base)}]))
    assert [type(each) for each in (found[0], found[1][0], found[2][1])] == [Opaque] * 3
    assert found[0].type == "hostile.<locals>.Hostile" or found[0].type == "Hostile"
    assert found[0].base_value == (None if base is object else base())


def test_no_method_of_a_hostile_exception_runs() -> None:
    found = decode(encode(hostile(ValueError)))
    assert isinstance(found, Raised)
    assert found.is_a("ValueError") and not found.is_a("KeyError")


def test_a_hostile_class_itself_is_a_class() -> None:
    assert isinstance(decode(encode(type(hostile(object)))), ClassRef)


def test_subclasses_of_plain_types_are_opaque_with_their_plain_part() -> None:
    class Level(enum.IntEnum):
        LOW = 1

    point = namedtuple("point", "x y")
    level, pair, ordered = decode(encode([Level.LOW, point(1, 2), OrderedDict(a=1)]))
    assert (level.base_value, pair.base_value, ordered.base_value) == (1, (1, 2), {"a": 1})
    assert all(each != each.base_value for each in (level, pair, ordered))
    assert "builtins.int" in level.bases


def test_markers_are_never_equal_to_plain_data() -> None:
    for marker in (Opaque("m", "A", ()), Raised("m", "E", ()), ClassRef("m", "C", ()), Cut("size"), Cycle(1)):
        plain: list[object] = [None, 0, "", [], "Opaque", marker.__class__]
        assert all(marker != each for each in plain)


def test_a_container_in_itself_is_told_by_levels() -> None:
    inner: list[Any] = [1]
    inner.append(inner)
    outer: dict[str, Any] = {"a": [2]}
    outer["a"].append(outer)
    assert encode(inner) == '["l",1,["cycle",1]]'
    assert encode(outer) == '["d","a",["l",2,["cycle",2]]]'
    assert decode(encode(outer))["a"][1].levels == 2


def test_the_same_container_twice_is_no_cycle() -> None:
    shared = [1]
    assert decode(encode([shared, shared])) == [[1], [1]]


def test_deep_values_are_cut() -> None:
    value: Any = 1
    for _ in range(100_000):
        value = [value]
    found = decode(encode(value))
    for _ in range(50):
        found = found[0]
    assert isinstance(found, Cut)


@pytest.mark.parametrize(
    "value",
    ["x" * 10**6, b"x" * 10**6, list(range(10**6)), 1 << 10**7, {i: i for i in range(10**5)}, ["é" * 1000] * 1000, [[[]] * 1000] * 1000],
    ids=["str", "bytes", "list", "int", "dict", "texts", "lists"],
)  # fmt: skip
def test_a_text_is_never_longer_than_allowed(value: Any) -> None:
    text = encode(value, max_bytes=20_000)
    assert len(text) <= 20_000
    assert "cut" in text
    decode(text)


def test_many_items_are_cut() -> None:
    found = decode(encode([0] * 200_000))
    assert len(found) == 100_001
    assert isinstance(found[-1], Cut)


def test_a_huge_integer_takes_linear_time() -> None:
    number = 1 << 20_000_000
    assert decode(encode(number)) == number


def test_an_exception_tells_its_type_arguments_cause_and_frames() -> None:
    def fail() -> None:
        try:
            dict[str, int]()["key"]
        except KeyError as error:
            raise ValueError("bad", 2) from error

    try:
        fail()
    except ValueError as error:
        found = decode(encode(error, learner_root=f"{Path(__file__).parent}/"))
    assert (found.type, found.args, found.message) == ("ValueError", ("bad", 2), "('bad', 2)")
    assert (found.cause.type, found.cause.message, found.context) == ("KeyError", "'key'", None)
    assert [(file, function.rpartition(".")[2]) for file, _, function in found.frames] == [
        ("test_codec.py", "test_an_exception_tells_its_type_arguments_cause_and_frames"),
        ("test_codec.py", "fail"),
    ]


def test_frames_elsewhere_are_not_told() -> None:
    try:
        json.loads("{")
    except ValueError as error:
        assert decode(encode(error, learner_root="/nowhere/")).frames == ()


def test_a_chain_of_exceptions_ends() -> None:
    error: BaseException | None = None
    for number in range(100):
        following = ValueError(number)
        following.__context__ = error
        error = following
    first = ValueError()
    second = ValueError(first)
    first.args = (second,)
    found, depth = decode(encode(error)), 0
    while found is not None:
        found, depth = found.context, depth + 1
    assert depth == 8
    assert isinstance(decode(encode(first)).args[0].args[0], Cycle)


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (FileNotFoundError(2, "No such file", "a.txt"), "[Errno 2] No such file: 'a.txt'"),
        (PermissionError(13, "no"), "[Errno 13] no"),
        (KeyError("a"), "'a'"),
        (ValueError("a"), "a"),
        (ValueError(), ""),
        (ValueError(1, "b"), "(1, 'b')"),
    ],
)
def test_messages_are_as_python_shows_them(error: BaseException, message: str) -> None:
    assert decode(encode(error)).message == message
    assert str(error) == message


def test_plain_only_raises_for_anything_else() -> None:
    looped: list[Any] = []
    looped.append(looped)
    for value in (object(), int, ValueError(), looped, [object()]):
        with pytest.raises(CodecError):
            encode(value, plain=True)


PATCHED = """
import builtins, json, sys
from sandboxed.codec import decode, encode
value = {"a": [1, 2.5, {3}, frozenset({"x"}), b"y", 2**80, "\\ud800"], "e": ValueError("v")}
before = encode(value)
kept, out = builtins.exec, sys.stdout
def trap(*args, **kwargs):
    raise SystemExit(9)
for name in "len isinstance type sorted id str int list dict set tuple float repr getattr hasattr iter hex zip map any all".split():
    setattr(builtins, name, trap)
json.dumps = json.loads = json.encoder.encode_basestring_ascii = trap
sys.stdout = None
assert encode(value) == before
assert encode(decode(before), markers=True) == before
out.write("same")
"""


def test_patched_builtins_change_nothing() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PATCHED], capture_output=True, text=True, check=False, cwd=Path(__file__).parent.parent
    )
    assert (done.stdout, done.returncode) == ("same", 0), done.stderr
    assert builtins.len is len
