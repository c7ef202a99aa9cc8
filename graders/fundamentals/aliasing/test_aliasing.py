"""Judges fundamentals/aliasing: which names stand for one list, and what the copies share with what was copied."""

from random import Random
from typing import Any

from grader import Opaque, helper, note, probe


def word(rng: Random) -> str:
    return "".join(rng.choices("abcdefghijklmnopqrstuvwxyz", k=6))


def some_values(rng: Random) -> list[Any]:
    """A text, a number and a list: what `append` keeps whole, and `extend` and `+=` don't."""
    return [word(rng), rng.randrange(1000, 9999), [word(rng), rng.randrange(100)]]


# --- shared and rebound ----------------------------------------------------------------------------------------------


@helper
def both(result):
    """The two names of a pair, and whether they stand for one object; for anything else, what that is."""
    if type(result) not in (tuple, list) or len(result) != 2:
        return {"no pair": result}
    a, b = result
    return {"a": a, "b": b, "a is b": a is b}


@probe
def shared(aliasing, value):
    """a, b = shared({value})"""
    return both(aliasing.shared(value))


@probe
def shared_twice(aliasing, first, second):
    """a, b = shared({first}); c, d = shared({second})"""
    earlier = both(aliasing.shared(first))
    later = both(aliasing.shared(second))
    pairs = {"earlier": earlier, "later": later}
    if "a" in earlier and "a" in later:
        pairs["one list"] = earlier["a"] is later["a"]
    return pairs


@probe
def rebound(aliasing, value):
    """a, b = rebound({value})"""
    return both(aliasing.rebound(value))


@probe
def rebound_watched(aliasing, value):
    """a, b = rebound({value})"""
    import sys

    theirs = vars(aliasing)
    with_two_names = []

    def note_aliases(frame):
        names = {}
        while frame is not None:
            if frame.f_globals is theirs:
                for name, held in frame.f_locals.items():
                    if type(held) is list:
                        names.setdefault(id(held), (held, set()))[1].add((id(frame), name))
            frame = frame.f_back
        with_two_names.extend(held for held, known_as in names.values() if len(known_as) > 1)

    def watch(frame, event, argument):
        if frame.f_globals is not theirs:
            return None
        # A line may hold several statements, so each single step is looked at.
        frame.f_trace_opcodes = True
        note_aliases(frame)
        return watch

    # Python 3.12 tells of single steps only when a frame has asked for them before the tracing begins.
    sys._getframe().f_trace_opcodes = True
    sys.settrace(watch)
    try:
        result = both(aliasing.rebound(value))
    finally:
        sys.settrace(None)
    if "a" not in result:
        return result
    lists = (result["a"], result["b"])
    # The new list doesn't count: it may get a second name when it is handed to a function.
    first = next((each for each in lists if each == []), lists[0])
    return {"a": None, "one list at first": any(held is first for held in with_two_names)}


def pair(seen: dict[str, Any], function: str) -> dict[str, Any]:
    """What `both` gave; fails the check when the function returned no pair."""
    is_pair = "no pair" not in seen
    assert is_pair, f"{function} returned {told(seen.get('no pair'))}; the README asks for two lists: return a, b"
    return seen


def told(value: Any) -> str:
    """A value in a sentence."""
    return f"an object of type {value.type}" if isinstance(value, Opaque) else repr(value)[:80]


def test_shared_is_one_list(learner, rng):
    seen = pair(learner.run(shared, word(rng)), "shared")
    for name in ("a", "b"):
        is_list = type(seen[name]) is list
        assert is_list, f"{name} is {told(seen[name])}, which is no list"
    assert {"a is b": seen["a is b"]} == {"a is b": True}, "a and b are two lists that only look the same"


def test_shared_holds_the_value_once(learner, rng):
    for value in some_values(rng):
        seen = pair(learner.run(shared, value, fresh_=True), "shared")
        assert {"a": seen["a"], "b": seen["b"]} == {"a": [value], "b": [value]}


def test_shared_starts_anew(learner, rng):
    first, second = word(rng), word(rng)
    seen = learner.run(shared_twice, first, second)
    pair(seen["earlier"], "shared")
    pair(seen["later"], "shared")
    apart = not seen["one list"]
    assert apart, "the second call gave back the list of the first one; the README asks for a new one in each call"
    later = seen["later"]["a"]
    left_over = type(later) is list and first in later
    assert not left_over, f"what the first call appended is in the list of the second one: {told(later)}"


def test_rebound_starts_with_one_list(learner, rng):
    seen = pair(learner.run(rebound_watched, rng.choice(some_values(rng))), "rebound")
    one_list = seen["one list at first"]
    assert one_list, "at no moment did two of your variables stand for one list, the one that is still empty at the end"


def test_rebound_leaves_the_other_name_alone(learner, rng):
    for value in some_values(rng):
        seen = pair(learner.run(rebound, value, fresh_=True), "rebound")
        assert {"a": seen["a"], "b": seen["b"]} == {"a": [], "b": [value]}


# --- unaliased -------------------------------------------------------------------------------------------------------


@probe
def unaliased(aliasing, items):
    """copy = unaliased(items), where items is {items}"""
    copy = aliasing.unaliased(items)
    return {"copy": copy, "copy is items": copy is items, "items afterwards": items}


@probe
def unaliased_items(aliasing, items):
    """copy = unaliased(items), where items is {items} and an object() at the end"""
    items.append(object())
    before = list(items)
    copy = aliasing.unaliased(items)
    if type(copy) is not list or len(copy) != len(before):
        return {"copy": copy}
    return {f"copy[{place}] is items[{place}]": copy[place] is item for place, item in enumerate(before)}


def test_unaliased_is_a_new_list(learner, rng):
    for items in ([word(rng)], rng.sample(range(100), 2) * 2, []):
        seen = learner.run(unaliased, items)
        assert seen == {"copy": items, "copy is items": False, "items afterwards": items}


def test_unaliased_keeps_the_items(learner, rng):
    items = [[word(rng)], {word(rng): []}, [[rng.randrange(100)], []]]
    rng.shuffle(items)
    seen = learner.run(unaliased_items, items)
    assert seen == {f"copy[{place}] is items[{place}]": True for place in range(len(items) + 1)}


# --- nested_copy -----------------------------------------------------------------------------------------------------


@helper
def containers(value, place=""):
    """All lists and dicts in a value, as (place, container): `("[1]['tea']", [...])`."""
    if type(value) not in (list, dict):
        return []
    inner = value.items() if type(value) is dict else enumerate(value)
    return [(place, value), *(found for key, each in inner for found in containers(each, f"{place}[{key!r}]"))]


@probe
def nested_copy(aliasing, items):
    """copy = nested_copy(items), where items is {items}"""
    copy = aliasing.nested_copy(items)
    return {"copy": copy, "items afterwards": items}


@probe
def shared_by_nested_copy(aliasing, items):
    """copy = nested_copy(items), where items is {items}"""
    originals = containers(items)
    copy = aliasing.nested_copy(items)
    if type(copy) is not list:
        return {"copy": copy}
    known = {id(container) for _, container in originals + containers(items)}
    return {"not copied": [f"copy{place}" for place, container in containers(copy) if id(container) in known]}


@probe
def aliases_in_nested_copy(aliasing, inner, between, key):
    """inner = {inner}; items = [inner, {between}, [inner], {{{key}: inner}}]; copy = nested_copy(items)"""
    copy = aliasing.nested_copy([inner, between, [inner], {key: inner}])
    shape = [type(each) for each in copy] if type(copy) is list else []
    if shape[1:] != [list, list, dict] or len(copy[2]) != 1 or key not in copy[3]:
        return {"copy": copy}
    return {"copy[0] is copy[2][0]": copy[0] is copy[2][0], f"copy[0] is copy[3][{key!r}]": copy[0] is copy[3][key]}


def leaf(rng: Random) -> Any:
    return rng.choice([None, True, 0, "", rng.randrange(1000), rng.random(), word(rng)])


def nested(rng: Random, depth: int) -> Any:
    """A list or dict, `depth` levels of lists and dicts below it."""
    items = [leaf(rng), [], {}]
    if depth:
        items += [nested(rng, depth - 1), nested(rng, depth - 1)]
    rng.shuffle(items)
    if depth % 2:
        return items
    return {rng.choice((word(rng), rng.randrange(10_000))): item for item in items}


def test_nested_copy_looks_the_same(learner, rng):
    falsy = [None, False, 0, 0.0, "", [], {}]
    rng.shuffle(falsy)
    for items in ([[leaf(rng)], *falsy], [{rng.randrange(100): [leaf(rng)]}], [nested(rng, 2), leaf(rng)], []):
        seen = learner.run(nested_copy, items)
        assert seen == {"copy": items, "items afterwards": items}


def test_nested_copy_shares_nothing(learner, rng):
    for items in (
        [[leaf(rng)], leaf(rng)],
        [leaf(rng), {word(rng): leaf(rng)}],
        [leaf(rng), [[leaf(rng), [leaf(rng)]]]],
        [nested(rng, 2)],
    ):
        seen = learner.run(shared_by_nested_copy, items)
        assert seen == {"not copied": []}, "some of what is in the copy is the very object that is in the original"


def test_nested_copy_keeps_aliases_inside(learner, rng):
    for inner in ([leaf(rng), word(rng)], {word(rng): leaf(rng)}):
        key = word(rng)
        seen = learner.run(aliases_in_nested_copy, inner, [leaf(rng)], key)
        words = "the original has inner at three places; so should the copy have one new object at these places"
        assert seen == {"copy[0] is copy[2][0]": True, f"copy[0] is copy[3][{key!r}]": True}, words


# --- the note --------------------------------------------------------------------------------------------------------


def test_note_is_filled_in(learner):
    note.sections(learner)


def test_note_example_runs(learner):
    note.example(learner)


def test_note_explains(learner):
    note.review(learner)
