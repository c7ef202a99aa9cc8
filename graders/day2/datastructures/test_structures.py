"""Judges the four classes of day2/datastructures against models of them, under random operations."""

from collections import OrderedDict
from random import Random
from typing import Any

from grader import Learner, probe, sequences
from grader.sequences import among, integers, operation

ITEMS = among("a", "b", None, 0, "", 7, "c")
CAPACITIES = integers(1, 4)


class Stack:
    """What the README says of a Stack."""

    def __init__(self) -> None:
        self.items: list[Any] = []

    def push(self, item: Any) -> None:
        self.items.append(item)

    def pop(self) -> Any:
        return self.items.pop()

    def peek(self) -> Any:
        return self.items[-1]

    def __len__(self) -> int:
        return len(self.items)


class Queue(Stack):
    """What the README says of a Queue."""

    enqueue = Stack.push

    def dequeue(self) -> Any:
        return self.items.pop(0)

    def peek(self) -> Any:
        return self.items[0]


class LRUCache:
    """What the README says of an LRUCache."""

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self.values: OrderedDict[Any, Any] = OrderedDict()

    def put(self, key: Any, value: Any) -> None:
        self.values[key] = value
        self.values.move_to_end(key)
        if len(self.values) > self.capacity:
            self.values.popitem(last=False)

    def get(self, key: Any, default: Any = None) -> Any:
        if key not in self.values:
            return default
        self.values.move_to_end(key)
        return self.values[key]

    def __contains__(self, key: Any) -> bool:
        return key in self.values

    def __len__(self) -> int:
        return len(self.values)


class CircularBuffer:
    """What the README says of a CircularBuffer."""

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self.items: list[Any] = []

    def append(self, item: Any) -> None:
        self.items = [*self.items, item][-self.capacity :]

    def popleft(self) -> Any:
        return self.items.pop(0)

    def __getitem__(self, index: int) -> Any:
        return self.items[index]

    def __iter__(self) -> Any:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    @property
    def full(self) -> bool:
        return len(self.items) == self.capacity


@probe
def take_from_empty(datastructures, made, operations, fill, take):
    """it = {made:text}; {operations} on it when it is empty: at once, and again after one item was put in and taken
    out
    """

    def outcome(work):
        try:
            return f"gave {work()!r}"
        except IndexError:
            return "raised IndexError"
        except Exception as error:
            return f"raised {type(error).__name__}"

    it = eval(made, dict(vars(datastructures)))
    seen = {f"it.{name}()": [outcome(getattr(it, name))] for name in operations}
    getattr(it, fill)("item")
    getattr(it, take)()
    for name in operations:
        seen[f"it.{name}()"].append(outcome(getattr(it, name)))
    return seen


@probe
def make(datastructures, made):
    """{made:text}"""
    try:
        eval(made, dict(vars(datastructures)))
    except ValueError:
        return "a ValueError"
    except Exception as error:
        return f"a {type(error).__name__}"
    return "no error"


def refuses_when_empty(learner: Learner, made: str, operations: list[str], fill: str, take: str) -> None:
    seen = learner.run(take_from_empty, made, operations, fill, take)
    for call, outcomes in seen.items():
        for when, outcome in zip(("on a new one", "after its only item was taken out"), outcomes, strict=True):
            is_right = outcome == "raised IndexError"
            assert is_right, f"{call} should raise IndexError {when}, and {outcome}"


def refuses_bad_capacities(learner: Learner, rng: Random, name: str) -> None:
    wanted = {f"{name}({capacity})": "a ValueError" for capacity in (0, -1, -rng.randrange(2, 99))}
    wanted[f"{name}(capacity={rng.randrange(1, 9)})"] = "no error"
    for made, expected in wanted.items():
        outcome = learner.run(make, made)
        is_right = outcome == expected
        assert is_right, f"{made} should be {expected}, and was {outcome}"


# --- Stack and Queue -------------------------------------------------------------------------------------------------


def test_stack_is_last_in_first_out(learner: Learner, rng: Random) -> None:
    operations = [
        operation("stack.push({})", ITEMS),
        operation("stack.push({})", ITEMS),
        operation("stack.pop()", when=len),
        operation("stack.peek()", when=len),
        operation("len(stack)"),
    ]
    sequences.check(learner, rng, make="Stack()", model=Stack, name="stack", operations=operations)


def test_stack_refuses_when_empty(learner: Learner) -> None:
    refuses_when_empty(learner, "Stack()", ["pop", "peek"], "push", "pop")


def test_queue_is_first_in_first_out(learner: Learner, rng: Random) -> None:
    operations = [
        operation("queue.enqueue({})", ITEMS),
        operation("queue.enqueue({})", ITEMS),
        operation("queue.dequeue()", when=len),
        operation("queue.peek()", when=len),
        operation("len(queue)"),
    ]
    sequences.check(learner, rng, make="Queue()", model=Queue, name="queue", operations=operations)


def test_queue_refuses_when_empty(learner: Learner) -> None:
    refuses_when_empty(learner, "Queue()", ["dequeue", "peek"], "enqueue", "dequeue")


# --- LRUCache --------------------------------------------------------------------------------------------------------

KEYS = among("a", "b", "c", None)
VALUES = integers(1, 99)


def test_cache_drops_what_was_used_longest_ago(learner: Learner, rng: Random) -> None:
    operations = [
        operation("cache.put({}, {})", KEYS, VALUES),
        operation("cache.put({}, {})", KEYS, VALUES),
        operation("cache.get({})", KEYS),
        operation("len(cache)"),
    ]
    made = operation("LRUCache({})", integers(1, 3))
    # The order of use shows late: some faults need five operations that fit together.
    sequences.check(learner, rng, make=made, model=LRUCache, name="cache", operations=operations, count=60)
    # And these four are too seldom drawn to be left to chance.
    *keys, more = rng.sample("abcdefgh", rng.randint(3, 5))
    assert learner.run(get_and_put, len(keys), keys, keys[0], more) == [keys[0], *keys[2:], more]


@probe
def get_and_put(datastructures, capacity, keys, used, more):
    """cache = LRUCache({capacity}); cache.put(key, 1) for each key of {keys}; then cache.get({used}) and
    cache.put({more}, 2); the keys that are still there
    """
    cache = datastructures.LRUCache(capacity)
    for key in keys:
        cache.put(key, 1)
    cache.get(used)
    cache.put(more, 2)
    return [key for key in [*keys, more] if key in cache]


@probe
def look_and_put(datastructures, capacity, keys, looked_at, more):
    """cache = LRUCache({capacity}); cache.put(key, 0) for each key of {keys}; then {looked_at} in cache, and
    cache.put({more}, 1)
    """
    cache = datastructures.LRUCache(capacity)
    for key in keys:
        cache.put(key, 0)
    found = looked_at in cache
    cache.put(more, 1)
    return {"looked for": found, "still there": [key for key in keys if key in cache], "the new one": more in cache}


@probe
def gets(datastructures, key, value, other, default):
    """cache = LRUCache(3); cache.put({key}, {value}); then four times cache.get(...)"""
    cache = datastructures.LRUCache(3)
    cache.put(key, value)
    return {
        f"cache.get({key!r})": cache.get(key),
        f"cache.get({key!r}, {default!r})": cache.get(key, default),
        f"cache.get({other!r})": cache.get(other),
        f"cache.get({other!r}, default={default!r})": cache.get(other, default=default),
        "len(cache)": len(cache),
    }


def test_cache_looking_is_not_using(learner: Learner, rng: Random) -> None:
    *keys, more = rng.sample("abcdefgh", rng.randint(3, 5))
    seen = learner.run(look_and_put, len(keys), keys, keys[0], more)
    assert seen == {"looked for": True, "still there": keys[1:], "the new one": True}
    seen = learner.run(look_and_put, len(keys), keys, "z", more)
    assert seen == {"looked for": False, "still there": keys[1:], "the new one": True}


def test_cache_gives_a_default(learner: Learner, rng: Random) -> None:
    default = rng.randrange(1, 99)
    for value in (rng.randrange(100, 200), None, 0, "", []):
        key, other = rng.sample("abcdefgh", 2)
        seen = learner.run(gets, key, value, other, default)
        assert seen == {
            f"cache.get({key!r})": value,
            f"cache.get({key!r}, {default!r})": value,
            f"cache.get({other!r})": None,
            f"cache.get({other!r}, default={default!r})": default,
            "len(cache)": 1,
        }


def test_cache_refuses_bad_capacities(learner: Learner, rng: Random) -> None:
    refuses_bad_capacities(learner, rng, "LRUCache")


# --- CircularBuffer --------------------------------------------------------------------------------------------------


# Takes an item out, whichever that is: that it is the oldest is a check of its own.
POPLEFT = operation("_ = buffer.popleft()", when=len)


def buffer_check(
    learner: Learner, rng: Random, *operations: sequences.Operation, items: sequences.Draw = ITEMS
) -> None:
    appending = [operation("buffer.append({})", items)] * 2
    made = operation("CircularBuffer({})", CAPACITIES)
    all_of_them = [*appending, *operations]
    sequences.check(learner, rng, make=made, model=CircularBuffer, name="buffer", operations=all_of_them)


def test_buffer_keeps_the_latest(learner: Learner, rng: Random) -> None:
    buffer_check(learner, rng, operation("list(buffer)"), operation("len(buffer)"))


def test_buffer_takes_the_oldest_out(learner: Learner, rng: Random) -> None:
    operations = [operation("buffer.popleft()", when=len), operation("len(buffer)")]
    buffer_check(learner, rng, *operations)
    # What is left is seen by all who look.
    everything = [operation("list(buffer)"), operation("[buffer[index] for index in range(len(buffer))]")]
    buffer_check(learner, rng, *operations, *everything)


def test_buffer_refuses_when_empty(learner: Learner, rng: Random) -> None:
    refuses_when_empty(learner, f"CircularBuffer({rng.randrange(1, 5)})", ["popleft"], "append", "popleft")


def test_buffer_gives_items_by_index(learner: Learner, rng: Random) -> None:
    place = operation("buffer[{}]", integers(-5, 5))
    buffer_check(learner, rng, place)
    # Items that are all the same, so that only their number counts.
    buffer_check(learner, rng, place, POPLEFT, items=among("a"))


def test_buffer_tells_when_it_is_full(learner: Learner, rng: Random) -> None:
    buffer_check(learner, rng, operation("buffer.full"))
    buffer_check(learner, rng, operation("buffer.full"), POPLEFT)


def test_buffer_refuses_bad_capacities(learner: Learner, rng: Random) -> None:
    refuses_bad_capacities(learner, rng, "CircularBuffer")


# --- all four --------------------------------------------------------------------------------------------------------


@probe
def two_objects(datastructures, items):
    """two objects of each class; {items} are put into the first one only"""
    fill = {"Stack": "push", "Queue": "enqueue", "LRUCache": "put", "CircularBuffer": "append"}
    seen = {}
    for name, put in fill.items():
        arguments = [9] if name in ("LRUCache", "CircularBuffer") else []
        first, second = (getattr(datastructures, name)(*arguments) for _ in range(2))
        for item in items:
            getattr(first, put)(item, *([item] if name == "LRUCache" else []))
        seen[name] = {"len(first)": len(first), "len(second)": len(second)}
    return seen


def test_each_has_its_own_items(learner: Learner, rng: Random) -> None:
    items = rng.sample(range(1, 100), rng.randint(2, 5))
    own = {"len(first)": len(items), "len(second)": 0}
    seen = learner.run(two_objects, items)
    assert seen == dict.fromkeys(("Stack", "Queue", "LRUCache", "CircularBuffer"), own)
