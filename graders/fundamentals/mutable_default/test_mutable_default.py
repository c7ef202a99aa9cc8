"""Judges fundamentals/mutable_default: a shared default list, one that is not shared, and telling them apart."""

import re
from random import Random
from textwrap import indent
from typing import Any

from grader import Opaque, helper, probe


def words(rng: Random, count: int) -> list[str]:
    """`count` different words that no learner could have guessed."""
    chosen: set[str] = set()
    while len(chosen) < count:
        chosen.add("".join(rng.choices("abcdefghijklmnopqrstuvwxyz", k=7)))
    return sorted(chosen, key=lambda word: rng.random())


# --- buggy and fixed -------------------------------------------------------------------------------------------------


@helper
def each_of(function, items):
    """What calls without a bucket return, as it was then, and how many different lists that were."""
    results, seen = [], []
    for item in items:
        result = function(item)
        results.append(result)
        seen.append(list(result) if type(result) is list else result)
    return {"returned": seen, "different lists": len({id(result) for result in results})}


@probe
def each_of_buggy(mutable_default, items):
    """buggy(item) for each item in {items}"""
    return each_of(mutable_default.buggy, items)


@probe
def each_of_fixed(mutable_default, items):
    """fixed(item) for each item in {items}"""
    return each_of(mutable_default.fixed, items)


@probe
def default_of_buggy(mutable_default, item):
    """buggy({item}), and then the default of its parameter `bucket`"""
    import inspect

    parameter = inspect.signature(mutable_default.buggy).parameters.get("bucket")
    result = mutable_default.buggy(item)
    return {"the list that came back is the default": parameter is not None and parameter.default is result}


@probe
def buggy_with_mine(mutable_default, before, item, mine, after):
    """mine = {mine}; buggy({before}); buggy({item}, mine); buggy({after})"""
    mutable_default.buggy(before)
    own = mutable_default.buggy(item, mine)
    shared = mutable_default.buggy(after)
    return {"mine": mine, "mine came back": own is mine, "its item is in the shared list too": item in shared}


@probe
def buggy_with_mine_by_name(mutable_default, before, item, mine, after):
    """mine = {mine}; buggy({before}); buggy({item}, bucket=mine); buggy({after})"""
    mutable_default.buggy(before)
    own = mutable_default.buggy(item, bucket=mine)
    shared = mutable_default.buggy(after)
    return {"mine": mine, "mine came back": own is mine, "its item is in the shared list too": item in shared}


@probe
def fixed_with_none(mutable_default, item):
    """fixed({item}, None)"""
    return mutable_default.fixed(item, None)


@probe
def fixed_with_mine(mutable_default, item, mine):
    """mine = {mine}; fixed({item}, mine)"""
    result = mutable_default.fixed(item, mine)
    return {"mine": mine, "mine came back": result is mine}


@probe
def fixed_with_mine_by_name(mutable_default, item, mine):
    """mine = {mine}; fixed({item}, bucket=mine)"""
    result = mutable_default.fixed(item, bucket=mine)
    return {"mine": mine, "mine came back": result is mine}


def test_buggy_shares_one_list(learner, rng):
    items = words(rng, rng.randint(3, 5))
    seen = learner.run(each_of_buggy, items)
    growing = [items[:count] for count in range(1, len(items) + 1)]
    assert seen == {"returned": growing, "different lists": 1}


def test_buggy_keeps_the_list_in_its_default(learner, rng):
    seen = learner.run(default_of_buggy, words(rng, 1)[0])
    assert seen == {"the list that came back is the default": True}


def test_buggy_uses_the_callers_list(learner, rng):
    before, item, after, *own = words(rng, 5)
    for call in (buggy_with_mine, buggy_with_mine_by_name):
        for mine in (own, []):
            seen = learner.run(call, before, item, mine, after, fresh_=True)
            expected = {"mine": [*mine, item], "mine came back": True, "its item is in the shared list too": False}
            assert seen == expected


def test_fixed_starts_fresh(learner, rng):
    items = words(rng, rng.randint(3, 5))
    seen = learner.run(each_of_fixed, items)
    assert seen == {"returned": [[item] for item in items], "different lists": len(items)}


def test_fixed_takes_none_as_no_bucket(learner, rng):
    item = words(rng, 1)[0]
    assert learner.run(fixed_with_none, item) == [item]


def test_fixed_uses_the_callers_list(learner, rng):
    item, *mine = words(rng, rng.randint(2, 5))
    for call in (fixed_with_mine, fixed_with_mine_by_name):
        seen = learner.run(call, item, mine)
        assert seen == {"mine": [*mine, item], "mine came back": True}


def test_fixed_honours_an_empty_list(learner, rng):
    item = words(rng, 1)[0]
    seen = learner.run(fixed_with_mine, item, [])
    assert seen == {"mine": [item], "mine came back": True}


# --- leaks -----------------------------------------------------------------------------------------------------------

# `box`, `a` and `b` get names from one pool, and all functions the same, so that nothing can be read off the names.
NAMES = ["basket", "shelf", "notes", "cart", "seen", "drawer", "pile", "names", "log", "queue", "bag", "rows", "keys"]
CHANGED = [
    "def func(item, box=[]):\n    box.append(item)\n    return box",
    "def func(item, box=[]):\n    box.append(item)",
    "def func(item, box=['a', 'b']):\n    box[0] = item\n    return len(box)",
    "def func(item, box=['a', 'b']):\n    box.clear()\n    return item",
    "def func(item, box={}):\n    box[item] = box.get(item, 0) + 1\n    return item",
    "def func(item, box={'a': None}):\n    box['a'] = item\n    return 'b'",
    "def func(item, box=set()):\n    box.add(item)\n    return 'a'",
    "def func(item, a='b', box=[]):\n    box += [item]\n    return a",
    "def func(item, box=[], a=2, /):\n    box.extend([item] * a)\n    return a",
    "func = lambda item, box=[]: box.append(item)",
]
CHANGED_KEYWORD_ONLY = [
    "def func(item, *, box=[]):\n    box.append(item)\n    return box",
    "def func(item, *, a='b', box={}):\n    box[item] = a\n    return item",
    "def func(item, a=(), *, box=set()):\n    box.add(item)\n    return a",
]
CHANGED_INSIDE = [
    "def func(item, box={'a': []}):\n    box['a'].append(item)\n    return item",
    "def func(item, box=[['a'], ['b']]):\n    box[1].append(item)\n    return box",
    "def func(item, box=('a', [])):\n    box[1].append(item)",
    "def func(item, box={'a': {'b': []}}):\n    box['a']['b'].append(item)\n    return item",
]
HARMLESS = [
    "def func(item, box=['a']):\n    return [*box, item]",
    "def func(item, box=['a']):\n    return box",
    "def func(item, box={'a': 'b'}):\n    return box.get(item)",
    "def func(item, box=[]):\n    box.append(item)\n    count = len(box)\n    box.clear()\n    return count",
    "def func(item, box=['a']):\n    box = box + [item]\n    return box",
    "def func(item, box=None):\n    box = [] if box is None else box\n    box.append(item)\n    return box",
    "def func(item, box=('a',), *, b=2):\n    box += (item,) * b\n    return box",
    "def func(item, *, box={'a'}):\n    return box | {item}",
    "def func(item):\n    return item",
    "func = lambda item: [item]",
]
ELSEWHERE = [
    "box = []\ndef func(item, a='b'):\n    box.append(item)\n    return list(box)",
    "box = 0\ndef func(item, a=['b']):\n    global box\n    box += 1\n    return box",
    "def func(item, box=()):\n    func.calls = [*getattr(func, 'calls', box), item]\n    return len(func.calls)",
    "def a(box):\n    def func(item):\n        box.append(item)\n        return box\n    return func\nfunc = a(['b'])",
]


@probe
def ask_leaks(mutable_default, source):
    """leaks(func)"""
    names = {}
    exec(source, names)
    return mutable_default.leaks(names["func"])


def disguised(template: str, rng: Random) -> str:
    """The source of a function with random names and contents."""
    new_names = dict(zip(("box", "a", "b"), rng.sample(NAMES, 3), strict=True))
    return re.sub(r"\b(box|a|b)\b", lambda match: new_names[match[1]], template)


def expect_leaks(learner: Any, rng: Random, templates: list[str], expected: bool) -> None:
    for template in rng.sample(templates, len(templates)):
        source = disguised(template, rng)
        answer = learner.run(ask_leaks, source)
        returned = f"an object of type {answer.type}" if isinstance(answer, Opaque) else repr(answer)[:80]
        assert isinstance(answer, bool), f"leaks(func) returned {returned}; the README asks for True or False"
        words = f"leaks(func) should be {expected}, but is {answer}, when func is made by\n{indent(source, '    ')}"
        assert answer == expected, words


def test_leaks_finds_changed_defaults(learner, rng):
    expect_leaks(learner, rng, CHANGED, True)


def test_leaks_sees_keyword_only_defaults(learner, rng):
    expect_leaks(learner, rng, CHANGED_KEYWORD_ONLY, True)


def test_leaks_sees_nested_changes(learner, rng):
    expect_leaks(learner, rng, CHANGED_INSIDE, True)


def test_leaks_clears_harmless_functions(learner, rng):
    expect_leaks(learner, rng, HARMLESS, False)


def test_leaks_blames_defaults_only(learner, rng):
    expect_leaks(learner, rng, ELSEWHERE, False)
