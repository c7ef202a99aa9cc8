"""Judges iteration/two_ways: chunks from a class and from a generator, and loops that start over."""

from itertools import product
from random import Random
from typing import Any

from grader import Learner, helper, probe

KINDS = ("tuple", "generator", "dict view", "list iterator")


def numbers(rng: Random, count: int) -> list[int]:
    return rng.sample(range(10, 100), count)


def in_chunks(items: list[Any], size: int) -> list[list[Any]]:
    return [items[start : start + size] for start in range(0, len(items), size)]


def cases(rng: Random) -> list[tuple[list[int], int]]:
    """Items and sizes that come out even, and that don't."""
    size = rng.randint(2, 4)
    lengths = (2 * size, 2 * size + 1, 3 * size - 1, size - 1, size, 0)
    return [(numbers(rng, length), size) for length in lengths] + [(numbers(rng, 3), 1)]


# --- values ----------------------------------------------------------------------------------------------------------


@helper
def taken(chunks):
    """All chunks, as they look when the last one has come: each should be a list of its own."""
    from itertools import islice

    return list(islice(chunks, 200))


@helper
def as_kind(kind, items):
    """The items as another kind of iterable."""
    kinds = {
        "list": items,
        "tuple": tuple(items),
        "generator": (item for item in items),
        "dict view": dict.fromkeys(items).keys(),
        "list iterator": iter(items),
    }
    return kinds[kind]


@probe
def chunks_of_iterator(two_ways, items, size):
    """for chunk in ChunkedIterator({items}, {size}): ..."""
    return taken(two_ways.ChunkedIterator(items, size))


@probe
def chunks_of_generator(two_ways, items, size):
    """for chunk in chunked({items}, {size}): ..."""
    return taken(two_ways.chunked(items, size))


@probe
def chunks_of_chunks(two_ways, items, size):
    """for chunk in Chunks({items}, {size}): ..."""
    return taken(two_ways.Chunks(items, size))


@probe
def chunks_of_range(two_ways, stop, size):
    """for chunk in Chunks(range({stop}), {size}): ..."""
    return taken(two_ways.Chunks(range(stop), size))


@probe
def iterator_over(two_ways, kind, items, size):
    """for chunk in ChunkedIterator(items, {size}), where items is a {kind:text} with {items}"""
    return {each: taken(two_ways.ChunkedIterator(as_kind(each, items), size)) for each in ("list", kind)}


@probe
def generator_over(two_ways, kind, items, size):
    """for chunk in chunked(items, {size}), where items is a {kind:text} with {items}"""
    return {each: taken(two_ways.chunked(as_kind(each, items), size)) for each in ("list", kind)}


@probe
def iterator_over_endless(two_ways, start, size):
    """next(ChunkedIterator(itertools.count({start}), {size}))"""
    from itertools import count

    return next(two_ways.ChunkedIterator(count(start), size))


@probe
def generator_over_endless(two_ways, start, size):
    """next(chunked(itertools.count({start}), {size}))"""
    from itertools import count

    return next(two_ways.chunked(count(start), size))


def expect_chunks(learner: Learner, rng: Random, call: Any) -> None:
    for items, size in cases(rng):
        assert learner.run(call, items, size) == in_chunks(items, size)


def expect_any_iterable(learner: Learner, rng: Random, over: Any, over_endless: Any) -> None:
    for kind in KINDS:
        seen = learner.run(over, kind, numbers(rng, rng.randint(4, 7)), rng.randint(2, 3))
        # Whether a list gives the right chunks is another check's matter.
        assert {f"chunks of a {kind}": seen[kind]} == {f"chunks of a {kind}": seen["list"]}
    start, size = rng.randint(1, 99), rng.randint(2, 4)
    assert learner.run(over_endless, start, size) == list(range(start, start + size))


def test_iterator_gives_the_chunks(learner: Learner, rng: Random) -> None:
    expect_chunks(learner, rng, chunks_of_iterator)


def test_iterator_takes_any_iterable(learner: Learner, rng: Random) -> None:
    expect_any_iterable(learner, rng, iterator_over, iterator_over_endless)


def test_generator_gives_the_chunks(learner: Learner, rng: Random) -> None:
    expect_chunks(learner, rng, chunks_of_generator)


def test_generator_takes_any_iterable(learner: Learner, rng: Random) -> None:
    expect_any_iterable(learner, rng, generator_over, generator_over_endless)


def test_chunks_gives_the_chunks(learner: Learner, rng: Random) -> None:
    expect_chunks(learner, rng, chunks_of_chunks)
    stop, size = rng.randint(4, 9), rng.randint(2, 3)
    assert learner.run(chunks_of_range, stop, size) == in_chunks([*range(stop)], size)


# --- the promises of an iterator -------------------------------------------------------------------------------------


@probe
def own_iterator(two_ways, items, size):
    """x = ChunkedIterator({items}, {size}); next(x); then iter(x), and a loop over x"""
    from itertools import islice

    iterator = two_ways.ChunkedIterator(items, size)
    before = iter(iterator) is iterator
    first = next(iterator)
    return {
        "iter(x) is x": before and iter(iterator) is iterator,
        "first": first,
        "the loop": list(islice(iterator, 50)),
    }


@helper
def run_out(iterator):
    """Calls next() to the end; a loop would ask for iter() first."""
    for _ in range(50):
        if next(iterator, "the end") == "the end":
            break


@probe
def after_the_end(two_ways, items, size):
    """x = ChunkedIterator({items}, {size}); next(x) up to the end; and then next(x) three more times"""
    iterator = two_ways.ChunkedIterator(items, size)
    run_out(iterator)
    return [next(iterator, "StopIteration") for _ in range(3)]


@probe
def after_a_refill(two_ways, items, more, size):
    """x = ChunkedIterator(queue, {size}), where queue gives {items}; next(x) up to the end; then {more} are
    put into the queue, and next(x) is called three more times
    """
    queue = list(items)

    class Queue:
        def __iter__(self):
            return self

        def __next__(self):
            if not queue:
                raise StopIteration
            return queue.pop(0)

    iterator = two_ways.ChunkedIterator(Queue(), size)
    run_out(iterator)
    queue += more
    return [next(iterator, "StopIteration") for _ in range(3)]


@probe
def two_iterators(two_ways, items, size):
    """items = {items}; a = ChunkedIterator(items, {size}); b = ChunkedIterator(items, {size}); next(a), next(b), and so
    on in turns
    """
    a, b = two_ways.ChunkedIterator(items, size), two_ways.ChunkedIterator(items, size)
    turns = [(next(a, None), next(b, None)) for _ in range(len(items) // size)]
    return {"a": [of_a for of_a, _ in turns], "b": [of_b for _, of_b in turns]}


@helper
def pulls(make, stop, times):
    """How many items have been taken when the iterator is made, and after each next()."""
    pulled = 0

    def source():
        nonlocal pulled
        for item in range(stop):
            pulled += 1
            yield item

    iterator = make(source())
    seen = [pulled]
    for _ in range(times):
        next(iterator)
        seen.append(pulled)
    return seen


@probe
def pulls_of_iterator(two_ways, size, times):
    """x = ChunkedIterator(source, {size}); next(x) × {times}; and how many items have been taken from the source"""
    return pulls(lambda source: two_ways.ChunkedIterator(source, size), 100, times)


@probe
def pulls_of_generator(two_ways, size, times):
    """x = chunked(source, {size}); next(x) × {times}; and how many items have been taken from the source"""
    return pulls(lambda source: two_ways.chunked(source, size), 100, times)


def expect_lazy(learner: Learner, rng: Random, call: Any) -> None:
    size, times = rng.randint(2, 5), rng.randint(2, 4)
    seen = learner.run(call, size, times)
    assert {"items taken before the first next()": seen[0]} == {"items taken before the first next()": 0}
    expected = [size * number for number in range(1, times + 1)]
    assert {"items taken after each next()": seen[1:]} == {"items taken after each next()": expected}


def test_iterator_is_its_own_iterator(learner: Learner, rng: Random) -> None:
    size = rng.randint(2, 3)
    items = numbers(rng, 3 * size)
    first, *rest = in_chunks(items, size)
    seen = learner.run(own_iterator, items, size)
    assert seen == {"iter(x) is x": True, "first": first, "the loop": rest}


def test_iterator_stays_exhausted(learner: Learner, rng: Random) -> None:
    size = rng.randint(2, 3)
    for count in (2 * size, 2 * size + 1, 0):
        assert learner.run(after_the_end, numbers(rng, count), size) == ["StopIteration"] * 3
    items, more = numbers(rng, 2 * size), numbers(rng, size + 1)
    assert learner.run(after_a_refill, items, more, size) == ["StopIteration"] * 3


def test_iterators_do_not_disturb_each_other(learner: Learner, rng: Random) -> None:
    size = rng.randint(2, 3)
    items = numbers(rng, 3 * size)
    expected = in_chunks(items, size)
    assert learner.run(two_iterators, items, size) == {"a": expected, "b": expected}


def test_iterator_is_lazy(learner: Learner, rng: Random) -> None:
    expect_lazy(learner, rng, pulls_of_iterator)


def test_generator_is_lazy(learner: Learner, rng: Random) -> None:
    expect_lazy(learner, rng, pulls_of_generator)


# --- which is which --------------------------------------------------------------------------------------------------


@probe
def iterator_alone(two_ways, items, size):
    """the class ChunkedIterator, and next(ChunkedIterator({items}, {size})) in a module without `chunked`"""
    import inspect

    iterator = two_ways.ChunkedIterator(items, size)
    next(iterator)
    kept = [vars(iterator) if hasattr(iterator, "__dict__") else {}]
    kept += [
        {name: getattr(iterator, name, None) for name in vars(cls).get("__slots__", ())}
        for cls in type(iterator).__mro__
    ]
    generators = [name for each in kept for name, value in each.items() if inspect.isgenerator(value)]
    two_ways.chunked = None
    try:
        next(two_ways.ChunkedIterator(items, size))
    except TypeError:
        generators.append("chunked")
    return {
        "it is a class": isinstance(two_ways.ChunkedIterator, type),
        "it has a __next__": hasattr(type(iterator), "__next__") and not inspect.isgenerator(iterator),
        "generators that do the work": generators,
    }


@probe
def generator_alone(two_ways, items, size):
    """x = chunked({items}, {size}), and next(x) in a module without `ChunkedIterator`"""
    import inspect

    result = two_ways.chunked(items, size)
    seen = {"it is a generator": inspect.isgenerator(result)}
    two_ways.ChunkedIterator = None
    try:
        next(iter(two_ways.chunked(items, size)))
    except TypeError:
        return {**seen, "it uses ChunkedIterator": True}
    return {**seen, "it uses ChunkedIterator": False}


def test_iterator_is_no_generator(learner: Learner, rng: Random) -> None:
    seen = learner.run(iterator_alone, numbers(rng, 4), 2)
    assert seen == {"it is a class": True, "it has a __next__": True, "generators that do the work": []}


def test_chunked_is_a_generator(learner: Learner, rng: Random) -> None:
    seen = learner.run(generator_alone, numbers(rng, 4), 2)
    assert seen == {"it is a generator": True, "it uses ChunkedIterator": False}


# --- errors of the items ---------------------------------------------------------------------------------------------


@probe
def broken_source(two_ways, name, items, size):
    """a loop over {name:text}(source, {size}), where source is a list that gives {items} and then raises a
    ConnectionError
    """
    from itertools import islice

    class Source(list):
        def __iter__(self):
            yield from items
            raise ConnectionError("the line went dead")

        def __getitem__(self, index):
            raise ConnectionError("the line went dead")

    try:
        list(islice(getattr(two_ways, name)(Source(items), size), 50))
    except ConnectionError:
        return "the ConnectionError came out"
    return "no error came out"


def test_errors_of_the_items_come_out(learner: Learner, rng: Random) -> None:
    for name in ("ChunkedIterator", "chunked"):
        seen = learner.run(broken_source, name, numbers(rng, rng.randint(2, 5)), rng.randint(2, 3))
        assert seen == "the ConnectionError came out"


# --- Chunks ----------------------------------------------------------------------------------------------------------


@probe
def looped_twice(two_ways, items, size):
    """x = Chunks({items}, {size}); first = list(x); second = list(x)"""
    from itertools import islice

    chunks = two_ways.Chunks(items, size)
    return {name: list(islice(chunks, 50)) for name in ("first", "second")}


@probe
def broken_off(two_ways, items, size):
    """x = Chunks({items}, {size}); a loop over x that breaks after the first chunk; then list(x)"""
    from itertools import islice

    chunks = two_ways.Chunks(items, size)
    for _ in chunks:
        break
    return {
        "after a loop that broke off": list(islice(chunks, 50)),
        "all": list(islice(two_ways.Chunks(items, size), 50)),
    }


@probe
def after_a_change(two_ways, items, more, size):
    """items = {items}; x = Chunks(items, {size}); items += {more}; list(x)"""
    from itertools import islice

    items = list(items)
    chunks = two_ways.Chunks(items, size)
    items += more
    return {"after the change": list(islice(chunks, 50)), "all": list(islice(two_ways.Chunks(items, size), 50))}


@probe
def nested(two_ways, items, size):
    """x = Chunks({items}, {size}); [(a, b) for a in x for b in x]"""
    from itertools import islice

    chunks = two_ways.Chunks(items, size)
    pairs = list(islice(((a, b) for a in chunks for b in chunks), 100))
    return {"pairs": pairs, "all": list(islice(two_ways.Chunks(items, size), 50))}


@probe
def side_by_side(two_ways, items, size):
    """x = Chunks({items}, {size}); list(zip(x, x))"""
    from itertools import islice

    chunks = two_ways.Chunks(items, size)
    pairs = list(islice(zip(chunks, chunks, strict=False), 100))
    return {"pairs": pairs, "all": list(islice(two_ways.Chunks(items, size), 50))}


# What one loop gives is the matter of `chunks_gives_the_chunks`; here one loop is compared with another.


def test_chunks_starts_over(learner: Learner, rng: Random) -> None:
    size = rng.randint(2, 3)
    items, more = numbers(rng, 2 * size + 1), numbers(rng, rng.randint(1, 3))
    twice = learner.run(looped_twice, items, size)
    assert twice["first"], "the first loop gave nothing"
    assert {"second": twice["second"]} == {"second": twice["first"]}
    for call, arguments in ((broken_off, [items, size]), (after_a_change, [items, more, size])):
        (what, seen), (_, expected) = learner.run(call, *arguments).items()
        assert {what: seen} == {what: expected}


def test_chunks_loops_do_not_disturb_each_other(learner: Learner, rng: Random) -> None:
    size = rng.randint(2, 3)
    items = numbers(rng, 2 * size)
    for call in (nested, side_by_side):
        seen = learner.run(call, items, size)
        one = seen["all"]
        assert one, "a loop gave nothing"
        expected = list(product(one, repeat=2)) if call is nested else [(chunk, chunk) for chunk in one]
        assert {"pairs": seen["pairs"]} == {"pairs": expected}


# --- bad sizes -------------------------------------------------------------------------------------------------------


@probe
def sizes(two_ways, name, items, size):
    """next(iter({name:text}({items}, {size})))"""
    from itertools import islice

    try:
        chunks = list(islice(iter(getattr(two_ways, name)(items, size)), 3))
    except ValueError:
        return "a ValueError"
    return f"no error, but the chunks {chunks}"


def test_a_size_below_one_is_a_value_error(learner: Learner, rng: Random) -> None:
    items = numbers(rng, 3)
    for name in ("ChunkedIterator", "chunked", "Chunks"):
        for size in (0, -rng.randint(1, 5)):
            assert learner.run(sizes, name, items, size) == "a ValueError"
