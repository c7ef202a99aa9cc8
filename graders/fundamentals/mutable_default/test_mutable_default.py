"""Judges fundamentals/mutable_default: a shared default list, one that is not shared, and telling them apart."""

import re
from random import Random
from typing import Any

from grader import probe


def words(rng: Random, count: int) -> list[str]:
    """`count` different words that no learner could have guessed."""
    chosen: set[str] = set()
    while len(chosen) < count:
        chosen.add("".join(rng.choices("abcdefghijklmnopqrstuvwxyz", k=7)))
    return sorted(chosen, key=lambda word: rng.random())


# --- buggy and fixed -------------------------------------------------------------------------------------------------


@probe
def call_without_bucket(mutable_default, function, items):
    """{function}(item), without a bucket, for each item in {items}"""
    results, seen = [], []
    for item in items:
        result = getattr(mutable_default, function)(item)
        results.append(result)
        seen.append(list(result) if type(result) is list else result)
    return {"returned": seen, "different lists": len({id(result) for result in results})}


@probe
def default_of_buggy(mutable_default, item):
    """buggy({item!r}), and the default of the parameter `bucket`"""
    import inspect

    parameter = inspect.signature(mutable_default.buggy).parameters.get("bucket")
    result = mutable_default.buggy(item)
    return {"the list that came back is the default": parameter is not None and parameter.default is result}


@probe
def call_with_bucket(mutable_default, function, item, bucket, by_name):
    """{function}({item!r}, bucket) with bucket = {bucket}"""
    call = getattr(mutable_default, function)
    result = call(item, bucket=bucket) if by_name else call(item, bucket)
    return {"the caller's list": bucket, "it is what was returned": result is bucket}


@probe
def shared_and_own(mutable_default, before, item, bucket, after):
    """buggy({before!r}), then buggy({item!r}, {bucket}), then buggy({after!r})"""
    mutable_default.buggy(before)
    own = mutable_default.buggy(item, bucket)
    shared = mutable_default.buggy(after)
    return {"the caller's list": bucket, "it is what was returned": own is bucket, "item is shared too": item in shared}


@probe
def fixed_with_none(mutable_default, item):
    """fixed({item!r}, None)"""
    return mutable_default.fixed(item, None)


def test_buggy_shares_one_list(learner, rng):
    items = words(rng, rng.randint(3, 5))
    seen = learner.run(call_without_bucket, "buggy", items)
    growing = [items[:count] for count in range(1, len(items) + 1)]
    assert seen == {"returned": growing, "different lists": 1}


def test_buggy_keeps_the_list_in_its_default(learner, rng):
    seen = learner.run(default_of_buggy, words(rng, 1)[0])
    assert seen == {"the list that came back is the default": True}


def test_buggy_uses_the_callers_list(learner, rng):
    before, item, after, *own = words(rng, 5)
    for bucket in (own, []):
        seen = learner.run(shared_and_own, before, item, bucket, after, fresh_=True)
        assert seen == {
            "the caller's list": [*bucket, item],
            "it is what was returned": True,
            "item is shared too": False,
        }


def test_fixed_starts_fresh(learner, rng):
    items = words(rng, rng.randint(3, 5))
    seen = learner.run(call_without_bucket, "fixed", items)
    assert seen == {"returned": [[item] for item in items], "different lists": len(items)}


def test_fixed_takes_none_as_no_bucket(learner, rng):
    item = words(rng, 1)[0]
    assert learner.run(fixed_with_none, item) == [item]


def test_fixed_uses_the_callers_list(learner, rng):
    item, *bucket = words(rng, rng.randint(2, 5))
    for by_name in (False, True):
        seen = learner.run(call_with_bucket, "fixed", item, bucket, by_name)
        assert seen == {"the caller's list": [*bucket, item], "it is what was returned": True}


def test_fixed_honours_an_empty_list(learner, rng):
    item = words(rng, 1)[0]
    seen = learner.run(call_with_bucket, "fixed", item, [], by_name=False)
    assert seen == {"the caller's list": [item], "it is what was returned": True}


# --- leaks -----------------------------------------------------------------------------------------------------------

# `f`, `box`, `a` and `b` become random words, so that nothing can be read off the names.
CHANGED = [
    "def f(item, box=[]):\n    box.append(item)\n    return box",
    "def f(item, box=[]):\n    box.append(item)",
    "def f(item, box=['a', 'b']):\n    box[0] = item\n    return len(box)",
    "def f(item, box=['a', 'b']):\n    box.clear()\n    return item",
    "def f(item, box={}):\n    box[item] = box.get(item, 0) + 1\n    return item",
    "def f(item, box={'a': None}):\n    box['a'] = item\n    return 'b'",
    "def f(item, box=set()):\n    box.add(item)\n    return 'a'",
    "def f(item, a='b', box=[]):\n    box += [item]\n    return a",
    "def f(item, box=[], a=2, /):\n    box.extend([item] * a)\n    return a",
    "f = lambda item, box=[]: box.append(item)",
]
CHANGED_KEYWORD_ONLY = [
    "def f(item, *, box=[]):\n    box.append(item)\n    return box",
    "def f(item, *, a='b', box={}):\n    box[item] = a\n    return item",
    "def f(item, a=(), *, box=set()):\n    box.add(item)\n    return a",
]
CHANGED_INSIDE = [
    "def f(item, box={'a': []}):\n    box['a'].append(item)\n    return item",
    "def f(item, box=[['a'], ['b']]):\n    box[1].append(item)\n    return box",
    "def f(item, box=('a', [])):\n    box[1].append(item)",
    "def f(item, box={'a': {'b': []}}):\n    box['a']['b'].append(item)\n    return item",
]
HARMLESS = [
    "def f(item, box=['a']):\n    return [*box, item]",
    "def f(item, box=['a']):\n    return box",
    "def f(item, box={'a': 'b'}):\n    return box.get(item)",
    "def f(item, box=[]):\n    box.append(item)\n    count = len(box)\n    box.clear()\n    return count",
    "def f(item, box=['a']):\n    box = box + [item]\n    return box",
    "def f(item, box=None):\n    box = [] if box is None else box\n    box.append(item)\n    return box",
    "def f(item, box=('a',), *, b=2):\n    box += (item,) * b\n    return box",
    "def f(item, *, box={'a'}):\n    return box | {item}",
    "def f(item):\n    return item",
    "f = lambda item: [item]",
]
ELSEWHERE = [
    "box = []\ndef f(item, a='b'):\n    box.append(item)\n    return list(box)",
    "box = 0\ndef f(item, a=['b']):\n    global box\n    box += 1\n    return box",
    "def f(item, box=()):\n    f.calls = [*getattr(f, 'calls', box), item]\n    return len(f.calls)",
    "def a(box):\n    def f(item):\n        box.append(item)\n        return len(box)\n    return f\nf = a(['b'])",
]


@probe
def ask_leaks(mutable_default, source, name):
    """leaks({name}), where {name} is made by {source}"""
    names = {}
    exec(source, names)
    answer = mutable_default.leaks(names[name])
    return {"answer": answer, "type": type(answer).__name__}


def disguised(template: str, rng: Random) -> tuple[str, str]:
    """The source of a function with random names and contents, and the function's name."""
    new_names = dict(zip(("f", "box", "a", "b"), words(rng, 4), strict=True))
    return re.sub(r"\b(f|box|a|b)\b", lambda match: new_names[match[1]], template), new_names["f"]


def expect_leaks(learner: Any, rng: Random, templates: list[str], answer: bool) -> None:
    for template in rng.sample(templates, len(templates)):
        seen = learner.run(ask_leaks, *disguised(template, rng))
        assert seen == {"answer": answer, "type": "bool"}


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
