"""Judges iteration/yield_from: two recursive walks, and a relay through which everything must pass."""

from random import Random
from typing import Any

from grader import helper, probe


def different(rng: Random, count: int) -> list[int]:
    return rng.sample(range(10, 1000), count)


def words(rng: Random, count: int) -> list[str]:
    chosen: set[str] = set()
    while len(chosen) < count:
        chosen.add("".join(rng.choices("abcdefghijklmnopqrstuvwxyz", k=5)))
    return sorted(chosen, key=lambda word: rng.random())


# --- flatten ---------------------------------------------------------------------------------------------------------


@probe
def flatten(yield_from, items):
    """list(flatten({items}))"""
    return list(yield_from.flatten(items))


@probe
def flatten_a_generator(yield_from, items):
    """list(flatten(item for item in {items}))"""
    return list(yield_from.flatten(item for item in items))


@probe
def flatten_a_deque(yield_from, items):
    """list(flatten(collections.deque({items})))"""
    import collections

    return list(yield_from.flatten(collections.deque(items)))


@probe
def flatten_while_it_changes(yield_from, items, later, last):
    """items = {items}; run = flatten(items); next(run); items[1] = {later}; next(run); next(run); items[2] = {last};
    next(run)
    """
    run = yield_from.flatten(items)
    seen = [next(run)]
    items[1] = later
    seen += [next(run), next(run)]
    items[2] = last
    return [*seen, next(run)]


def nested(rng: Random, items: list[Any], depth: int) -> Any:
    """The items in order, in lists and tuples of up to `depth` levels."""
    if depth == 0 or len(items) < 2:
        return rng.choice([list, tuple])(items)
    cuts = sorted(rng.sample(range(len(items) + 1), 2))
    parts = (items[: cuts[0]], items[cuts[0] : cuts[1]], items[cuts[1] :])
    return rng.choice([list, tuple])([*parts[0], nested(rng, parts[1], depth - 1), *parts[2]])


def test_flatten_opens_lists_and_tuples(learner, rng):
    numbers = different(rng, 12)
    given = [
        [numbers[0], (numbers[1], [numbers[2], (numbers[3],), []]), (), [[[numbers[4]]]], numbers[5]],
        (numbers[0], [numbers[1], numbers[2]], (numbers[3], numbers[4]), [[]], numbers[5]),
        [],
    ]
    for items, expected in zip(given, (numbers[:6], numbers[:6], []), strict=True):
        assert learner.run(flatten, items) == expected
    for depth in (1, 3, 5):
        assert learner.run(flatten, nested(rng, numbers, depth)) == numbers


def test_flatten_takes_any_iterable(learner, rng):
    a, b, c, d = different(rng, 4)
    for iterable in (flatten_a_generator, flatten_a_deque):
        assert learner.run(iterable, [a, [b, [c]], d]) == [a, b, c, d]


def test_flatten_keeps_text_whole(learner, rng):
    first, second, third, fourth = words(rng, 4)
    letter, data = first[0], third.encode()
    for items, expected in (
        ([first, [second]], [first, second]),
        ([[letter, ""], [fourth]], [letter, "", fourth]),
        ([data, [b"", b"x"]], [data, b"", b"x"]),
    ):
        assert learner.run(flatten, items) == expected


@probe
def kinds_of_items(yield_from, stop):
    """[type(item).__name__ for item in flatten([range({stop}), [map(str, [1])], [iter([2])]])]"""
    return [type(item).__name__ for item in yield_from.flatten([range(stop), [map(str, [1])], [iter([2])]])]


def test_flatten_keeps_other_containers(learner, rng):
    a, b, c = different(rng, 3)
    others = [None, {a: [b]}, {b, c}, frozenset({a}), False, 0.5, {}]
    rng.shuffle(others)
    assert learner.run(flatten, [others[:3], *others[3:]]) == others
    assert learner.run(kinds_of_items, rng.randrange(3, 9)) == ["range", "map", "list_iterator"]


def test_flatten_is_lazy(learner, rng):
    a, b, c, d, e, f, g = different(rng, 7)
    seen = learner.run(flatten_while_it_changes, [a, [b, c], d], [e, f], g)
    assert seen == [a, e, f, g], "an item comes out before the next one is taken from `items`"


# --- tree_walk -------------------------------------------------------------------------------------------------------

# A tree as plain data: None, or (left, value, right).
Tree = tuple[Any, Any, Any] | None


def tree_of(rng: Random, values: list[Any]) -> Tree:
    """A tree of any shape with these values in order."""
    if not values:
        return None
    top = rng.randrange(len(values))
    return tree_of(rng, values[:top]), values[top], tree_of(rng, values[top + 1 :])


def height(tree: Tree) -> int:
    return 0 if tree is None else 1 + max(height(tree[0]), height(tree[2]))


def spelled(tree: Tree) -> str:
    """The tree as a learner would write it."""
    if tree is None:
        return "None"
    left, value, right = tree
    sides = "".join(f", {name}={spelled(side)}" for name, side in (("left", left), ("right", right)) if side)
    return f"Node({value!r}{sides})"


@helper
def grown(tree, looked_into):
    """The tree as objects; the value of each node that is looked into is noted."""

    class Node:
        def __init__(self, left, value, right):
            self._parts = {"left": left, "value": value, "right": right}

        def __getattr__(self, name):
            if name not in ("left", "value", "right"):
                raise AttributeError(f"a node has the attributes value, left and right, but not {name!r}")
            looked_into.add(self._parts["value"])
            return self._parts[name]

    if tree is None:
        return None
    return Node(grown(tree[0], looked_into), tree[1], grown(tree[2], looked_into))


@probe
def walk(yield_from, tree, spelled):
    """tree = {spelled:text}; list(tree_walk(tree))"""
    return list(yield_from.tree_walk(grown(tree, set())))


@probe
def walk_returns(yield_from, tree, spelled):
    """tree = {spelled:text}; what tree_walk(tree) returns when all values are out"""
    run = yield_from.tree_walk(grown(tree, set()))
    try:
        while True:
            next(run)
    except StopIteration as end:
        return end.value


@probe
def walk_watched(yield_from, tree, spelled, takes, right):
    """tree = {spelled:text}; run = tree_walk(tree); next(run) × {takes}"""
    looked_into = set()
    run = yield_from.tree_walk(grown(tree, looked_into))
    seen = [next(run) for _ in range(takes)]
    return {"values": seen, "nodes on the right that were looked into": sorted(looked_into & set(right))}


def test_tree_walk_goes_in_order(learner, rng):
    for count in (1, 3, rng.randint(5, 8), 0):
        values = different(rng, count)
        tree = tree_of(rng, values)
        assert learner.run(walk, tree, spelled(tree)) == values
    values = [0, None, "", False]
    tree = tree_of(rng, values)
    assert learner.run(walk, tree, spelled(tree)) == values, "0, None and the like are values, too"


def test_tree_walk_returns_the_height(learner, rng):
    a, b, c, d, e = different(rng, 5)
    trees: list[Tree] = [
        tree_of(rng, different(rng, 8)),
        (((None, a, None), b, None), c, (None, d, None)),
        ((None, a, None), b, (None, c, ((None, d, None), e, None))),
        (None, a, None),
        None,
    ]
    for tree in trees:
        answer = learner.run(walk_returns, tree, spelled(tree))
        assert [type(answer), answer] == [int, height(tree)], f"the height of this tree is {height(tree)}"


def test_tree_walk_is_lazy(learner, rng):
    a, b, c, d, e = different(rng, 5)
    right = ((None, d, None), e, None)
    tree = ((None, a, (None, b, None)), c, right)
    seen = learner.run(walk_watched, tree, spelled(tree), 2, [d, e])
    assert seen == {"values": [a, b], "nodes on the right that were looked into": []}


@probe
def delegating(yield_from, value):
    """flatten([[{value}]]) and tree_walk(Node(0, left=Node({value}))), stopped after the first next()"""
    tree = grown(((None, value, None), 0, None), set())
    waiting = {"flatten": yield_from.flatten([[value]]), "tree_walk": yield_from.tree_walk(tree)}
    for run in waiting.values():
        next(run)
    return {name: getattr(run, "gi_yieldfrom", None) is not None for name, run in waiting.items()}


def test_walks_delegate(learner, rng):
    seen = {"is waiting in a `yield from`": learner.run(delegating, different(rng, 1)[0])}
    assert seen == {"is waiting in a `yield from`": {"flatten": True, "tree_walk": True}}


# --- relay -----------------------------------------------------------------------------------------------------------


@helper
def talker(name, values, diary, result=None):
    """A generator that yields the values and notes what happens to it: `[name, what]`."""
    diary.append([name, "started"])
    try:
        for value in values:
            heard = yield value
            if heard is not None:
                diary.append([name, heard])
    except GeneratorExit:
        diary.append([name, "closed"])
        raise
    return result


@helper
def those(diary, what):
    """The names in the diary with this note."""
    return [name for name, note in diary if note == what]


@probe
def relay_values(yield_from, all_values):
    """list(relay(generators)) for generators that yield {all_values}"""
    return list(yield_from.relay([talker("", values, []) for values in all_values]))


@probe
def relay_starts(yield_from, values_of):
    """run = relay(generators), then next(run) again and again; the generators yield {values_of}"""
    diary = []
    run = yield_from.relay([talker(name, values, diary) for name, values in values_of.items()])
    started = [those(diary, "started")]
    started += [those(diary, "started") for _ in run]
    return started


@probe
def relay_sends(yield_from, values_of, sent):
    """run = relay(generators); next(run); run.send(...) for each of {sent}. The generators yield {values_of}"""
    diary = []
    run = yield_from.relay([talker(name, values, diary) for name, values in values_of.items()])
    came = [next(run)]
    came += [run.send(value) for value in sent]
    heard = {name: [note for who, note in diary if who == name and note != "started"] for name in values_of}
    return {"came out": came, "arrived": heard}


@probe
def relay_throws(yield_from, kind, message, first, second, other):
    """run = relay([a, b]); next(run); run.throw({kind:text}({message})); next(run). Here a yields {first}, catches what
    is raised there, and yields {second}; b yields {other}
    """
    import builtins

    error = getattr(builtins, kind)(message)
    arrived = []

    def catcher():
        try:
            yield first
        except BaseException as caught:
            arrived.append("the error that was thrown" if caught is error else f"another {type(caught).__name__}")
        yield second

    run = yield_from.relay([catcher(), talker("b", [other], [])])
    came = [next(run)]
    try:
        came.append(run.throw(error))
        came.append(next(run))
    except BaseException as out:
        came.append(f"{type(out).__name__} was raised")
    return {"arrived in a": arrived, "came out": came}


@probe
def relay_throws_at_the_end(yield_from, message, first, other):
    """run = relay([a, b]); next(run); run.throw(ValueError({message})). Here a yields {first}, catches the error and
    ends; b yields {other}
    """

    def catcher():
        try:
            yield first
        except ValueError:
            return

    run = yield_from.relay([catcher(), talker("b", [other], [])])
    next(run)
    try:
        return run.throw(ValueError(message))
    except ValueError:
        return "ValueError was raised"


@helper
def how_it_ended(step):
    """What came of `step()`, in words."""
    try:
        return f"{step()!r} came out"
    except StopIteration:
        return "the relay ended"
    except Exception as error:
        return f"{type(error).__name__}: {error}"


@probe
def relay_fails(yield_from, message, value):
    """run = relay([a, b]); next(run); next(run). Here a yields {value} and then raises ValueError({message})"""
    diary = []

    def failing():
        yield value
        raise ValueError(message)

    run = yield_from.relay([failing(), talker("b", [value], diary)])
    next(run)
    return {"then": how_it_ended(lambda: next(run)), "started after the error": those(diary, "started")}


@probe
def relay_throws_uncaught(yield_from, message, value):
    """run = relay([a, b]); next(run); run.throw(ValueError({message})). Here a yields {value} and catches nothing"""
    diary = []
    run = yield_from.relay([talker("a", [value], []), talker("b", [value], diary)])
    next(run)
    ending = how_it_ended(lambda: run.throw(ValueError(message)))
    return {"then": ending, "started after the error": those(diary, "started")}


@helper
def giving_in(talking):
    """Ends when it is closed, as if it had come to its end."""
    try:
        return (yield from talking)
    except GeneratorExit:
        return None


@probe
def relay_closes(yield_from, values_of, takes):
    """run = relay(generators); next(run) × {takes}; run.close(); the generators yield {values_of}"""
    diary = []
    generators = [giving_in(talker(name, values, diary)) for name, values in values_of.items()]
    run = yield_from.relay(generators)
    for _ in range(takes):
        next(run)
    run.close()
    return {"started": those(diary, "started"), "closed": those(diary, "closed")}


@probe
def relay_returns(yield_from, results):
    """what relay(generators) returns when all have ended, for generators that return {results}"""
    run = yield_from.relay([talker("", ["something"], [], result) for result in results])
    try:
        while True:
            next(run)
    except StopIteration as end:
        return end.value


def talkers(rng: Random, *lengths: int) -> dict[str, list[int]]:
    """What generators called a, b, c, ... yield."""
    values = iter(different(rng, sum(lengths)))
    return {name: [next(values) for _ in range(length)] for name, length in zip("abcd", lengths, strict=False)}


def test_relay_yields_what_they_yield(learner, rng):
    for lengths in ((rng.randint(2, 4), 1, 0, 2), (1, 1), ()):
        all_values = [*talkers(rng, *lengths).values()]
        expected = [value for values in all_values for value in values]
        assert learner.run(relay_values, all_values) == expected


def test_relay_lets_them_start_in_turn(learner, rng):
    long = rng.randint(2, 3)
    seen = learner.run(relay_starts, talkers(rng, long, 1, 2))
    expected = [[], *[["a"]] * long, ["a", "b"], *[["a", "b", "c"]] * 2]
    assert {"started after relay(...), and after each next()": seen} == {
        "started after relay(...), and after each next()": expected
    }


def test_relay_passes_on_what_is_sent(learner, rng):
    values_of = talkers(rng, 2, 3, 2)
    came_out = [value for values in values_of.values() for value in values]
    sent = words(rng, len(came_out) - 1)
    seen = learner.run(relay_sends, values_of, sent)
    assert seen == {"came out": came_out, "arrived": {"a": sent[:2], "b": sent[2:5], "c": sent[5:]}}


def test_relay_passes_on_what_is_thrown(learner, rng):
    values = different(rng, 3)
    message = words(rng, 1)[0]
    for kind in ("ValueError", "KeyError", "KeyboardInterrupt"):
        seen = learner.run(relay_throws, kind, message, *values)
        assert seen == {"arrived in a": ["the error that was thrown"], "came out": values}
    came = {"came out": learner.run(relay_throws_at_the_end, message, *values[:2])}
    assert came == {"came out": values[1]}, "a has ended, so it is b's turn"


def test_relay_lets_errors_out(learner, rng):
    value, message = different(rng, 1)[0], words(rng, 1)[0]
    for failing in (relay_fails, relay_throws_uncaught):
        seen = learner.run(failing, message, value)
        assert seen == {"then": f"ValueError: {message}", "started after the error": []}


def test_relay_closes_the_one_that_talks(learner, rng):
    length = rng.randint(2, 4)
    for takes, started in ((1, ["a"]), (length + 1, ["a", "b"])):
        seen = learner.run(relay_closes, talkers(rng, length, 2, 1), takes)
        assert seen == {"started": started, "closed": started[-1:]}


def test_relay_returns_their_results(learner, rng):
    for results in ([words(rng, 1)[0], None, different(rng, 1)[0]], [[1], {}], [0], []):
        returned = {"returned": learner.run(relay_returns, results)}
        assert returned == {"returned": results}
