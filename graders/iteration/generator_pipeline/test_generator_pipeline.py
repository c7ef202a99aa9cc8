"""Judges iteration/generator_pipeline: the list pipeline's results, item by item and not a line too early."""

from collections.abc import Iterable
from random import Random
from typing import Any

from grader import Raised, helper, probe

Order = tuple[str, int, int]


# --- the list pipeline, and what goes in -----------------------------------------------------------------------------


def cleaned(lines: list[str]) -> list[str]:
    return [line.strip() for line in lines if line.strip() and not line.strip().startswith("#")]


def expected_batches(orders: list[Order], minimum: int, count: int, size: int) -> list[list[tuple[str, int]]]:
    totals = [(name, quantity * price) for name, quantity, price in orders if quantity >= minimum][:count]
    return [totals[start : start + size] for start in range(0, len(totals), size)]


def word(rng: Random) -> str:
    return "".join(rng.choices("abcdefghijklmnopqrstuvwxyz", k=rng.randint(2, 7))) + rng.choice(["", "#1", "'s", "-x"])


def orders_of(rng: Random, count: int, quantities: Iterable[int] = range(10)) -> list[Order]:
    return [(word(rng), rng.choice([*quantities]), rng.randint(1, 500)) for _ in range(count)]


def with_small(orders: list[Order], places: list[int]) -> list[Order]:
    """The orders, with a quantity of 1 at these places."""
    return [(name, 1 if at in places else quantity, price) for at, (name, quantity, price) in enumerate(orders)]


def written(order: Order) -> str:
    return "{} {} {}".format(*order)


def untidy(orders: list[Order], rng: Random) -> list[str]:
    """The orders as lines of a file, with blank lines, comments and white space in between."""
    lines = ["# a comment\n", "  # another\n", "\n", " \t\n"]
    for order in orders:
        gap = rng.choice([" ", "  ", "\t"])
        lines.append(rng.choice(["", " ", "\t"]) + gap.join(map(str, order)) + rng.choice(["\n", " \n"]))
        lines += rng.choices(["\n", "   \n", "#tea 1 1\n", "  # tea 2 2\n", "##\n"], k=rng.randrange(3))
    return [*lines, rng.choice(["# the end", "   ", "\n"])]


# --- values ----------------------------------------------------------------------------------------------------------


@helper
def taken(stage, result):
    """All that an iterator gives; for anything else, what that is."""
    if not hasattr(result, "__next__"):
        return {"not an iterator": type(result).__name__, "stage": stage}
    return list(result)


@helper
def text_of(lines):
    """A source with these lines."""
    import io

    return lambda: io.StringIO("".join(lines))


@probe
def read_lines(generator_pipeline, lines):
    """list(read_lines(open_source)), where the source has the lines {lines}"""
    return taken("read_lines", generator_pipeline.read_lines(text_of(lines)))


@probe
def parse(generator_pipeline, lines):
    """list(parse(iter({lines})))"""
    return taken("parse", generator_pipeline.parse(iter(lines)))


@probe
def at_least(generator_pipeline, orders, minimum):
    """list(at_least(iter({orders}), {minimum}))"""
    return taken("at_least", generator_pipeline.at_least(iter(orders), minimum))


@probe
def totals(generator_pipeline, orders):
    """list(totals(iter({orders})))"""
    return taken("totals", generator_pipeline.totals(iter(orders)))


@probe
def first(generator_pipeline, items, count):
    """list(first(iter({items}), {count}))"""
    return taken("first", generator_pipeline.first(iter(items), count))


@probe
def batches(generator_pipeline, items, size):
    """list(batches(iter({items}), {size}))"""
    return taken("batches", generator_pipeline.batches(iter(items), size))


@probe
def pipeline(generator_pipeline, lines, minimum, count, size):
    """list(pipeline(open_source, {minimum}, {count}, {size})), where the source has the lines {lines}"""
    return taken("pipeline", generator_pipeline.pipeline(text_of(lines), minimum, count, size))


def iterated(answer: Any) -> Any:
    """The answer of `taken`; fails the check when there was no iterator."""
    is_iterator = not isinstance(answer, dict)
    assert is_iterator, no_iterator(answer["stage"], answer["not an iterator"])
    return answer


def stage_of(watching: Any) -> str:
    """The learner's function that is called by a probe such as `watch_first`."""
    return watching.name.removeprefix("watch_").removeprefix("close_").removesuffix("_to_the_end")


def no_iterator(stage: str, kind: str) -> str:
    article = "an" if kind[0] in "aeiou" else "a"
    returned = "None" if kind == "NoneType" else f"{article} {kind}"
    return f"{stage} returned {returned}; the README asks for an iterator (something that next() works on)"


def test_read_lines_values(learner, rng):
    lines = untidy(orders_of(rng, 6), rng)
    assert iterated(learner.run(read_lines, lines)) == cleaned(lines)


def test_parse_values(learner, rng):
    orders = orders_of(rng, 5)
    lines = [rng.choice([" ", "   ", "\t"]).join(map(str, order)) for order in orders]
    assert iterated(learner.run(parse, lines)) == orders


def test_at_least_values(learner, rng):
    minimum = rng.randint(2, 8)
    orders = orders_of(rng, 4) + orders_of(rng, 3, range(minimum - 1, minimum + 2)) + orders_of(rng, 1, [minimum])
    rng.shuffle(orders)
    expected = [order for order in orders if order[1] >= minimum]
    assert iterated(learner.run(at_least, orders, minimum)) == expected


def test_totals_values(learner, rng):
    orders = orders_of(rng, 6)
    expected = [(name, quantity * price) for name, quantity, price in orders]
    assert iterated(learner.run(totals, orders)) == expected


def test_first_values(learner, rng):
    items = [rng.randint(0, 99) for _ in range(rng.randint(4, 7))]
    for count in (rng.randint(1, 3), len(items), len(items) + rng.randint(1, 3), 0):
        assert iterated(learner.run(first, items, count)) == items[:count]


def test_batches_values(learner, rng):
    size = rng.randint(2, 4)
    for length in (0, size - 1, 3 * size, 2 * size + 1):
        items = [rng.randint(0, 99) for _ in range(length)]
        expected = [items[start : start + size] for start in range(0, length, size)]
        assert iterated(learner.run(batches, items, size)) == expected
    for bad in (0, -size):
        answer = learner.attempt(batches, [1, 2, 3], bad)
        if isinstance(answer, Raised):
            refused, happened = answer.is_a("ValueError"), f"{answer.type} was raised"
        else:
            refused, happened = False, f"got {iterated(answer)!r}"
        assert refused, f"expected a ValueError, {happened}"


def test_pipeline_values(learner, rng):
    for length, minimum, count, size in ((12, 4, 5, 2), (9, 3, 100, 2), (6, 1, 6, 1), (5, 2, 0, 3), (0, 1, 5, 2)):
        orders = orders_of(rng, min(length, 2), [minimum]) + orders_of(rng, length, range(minimum - 1, minimum + 6))
        seen = learner.run(pipeline, untidy(orders, rng), minimum, count, size, fresh_=True)
        assert iterated(seen) == expected_batches(orders, minimum, count, size)


# --- laziness --------------------------------------------------------------------------------------------------------


class Tap:
    """A source that stays in the judge: hands out one item a call, and notes how many had been pulled at each event."""

    def __init__(self, items: Iterable[Any]) -> None:
        self.items = iter(items)
        self.pulled = 0
        self.events: list[tuple[str, int]] = []

    def pull(self) -> Any:
        """The next item; None when there is none."""
        self.pulled += 1
        return next(self.items, None)

    def tell(self, event: str) -> None:
        self.events.append((event, self.pulled))

    def watch(self, learner: Any, watching: Any, *options: int, **more: int) -> "Tap":
        kind = learner.run(watching, *options, **more, oracles_={"pull": self.pull, "tell": self.tell})
        is_iterator = kind is None
        assert is_iterator, no_iterator(stage_of(watching), kind)
        return self

    def pulled_at(self, event: str) -> list[int]:
        return [pulled for told, pulled in self.events if told == event]

    def before_first_next(self) -> tuple[int, int]:
        """How often the source had been opened and how many items had been pulled when the stage returned."""
        names = self.names()
        end = names.index("made") if "made" in names else len(names)
        return names[:end].count("opened"), self.events[end][1] if end < len(names) else self.pulled

    def names(self) -> list[str]:
        return [event for event, _ in self.events]


@helper
def tapped(pull, tell):
    """A function that opens a source whose lines come from the judge."""

    class Source:
        closed = False

        def __iter__(self):
            return self

        def __next__(self):
            if self.closed:
                raise ValueError("the source has been closed")
            line = pull()
            if line is None:
                raise StopIteration
            return line

        def close(self):
            if not self.closed:
                self.closed = True
                tell("closed")

        def __enter__(self):
            return self

        def __exit__(self, *_):
            self.close()

    def open_source():
        tell("opened")
        return Source()

    open_source.source = Source
    return open_source


@helper
def follow(tell, given, make, takes, close=False):
    """Takes items of what `make(given)` returns, and tells; gives the type of what is no iterator."""
    try:
        result = make(given)
        tell("made")
        if not hasattr(result, "__next__"):
            return type(result).__name__
        for _ in range(takes):
            next(result)
            tell("item")
        if close:
            result.close()
    except StopIteration:
        tell("end")
    except ValueError:
        tell("ValueError")
    finally:
        if hasattr(given, "source"):
            given.source.close = lambda self: None  # what is closed from now on is closed too late
    return None


@probe
def watch_read_lines(generator_pipeline, takes, *, pull, tell):
    """run = read_lines(open_source); next(run) × {takes}"""
    return follow(tell, tapped(pull, tell), lambda given: generator_pipeline.read_lines(given), takes)


@probe
def watch_parse(generator_pipeline, takes, *, pull, tell):
    """run = parse(lines); next(run) × {takes}"""
    return follow(tell, iter(pull, None), lambda given: generator_pipeline.parse(given), takes)


@probe
def watch_at_least(generator_pipeline, minimum, takes, *, pull, tell):
    """run = at_least(orders, {minimum}); next(run) × {takes}"""
    return follow(tell, iter(pull, None), lambda given: generator_pipeline.at_least(given, minimum), takes)


@probe
def watch_totals(generator_pipeline, takes, *, pull, tell):
    """run = totals(orders); next(run) × {takes}"""
    return follow(tell, iter(pull, None), lambda given: generator_pipeline.totals(given), takes)


@probe
def watch_first(generator_pipeline, count, takes, *, pull, tell):
    """run = first(items, {count}); next(run) × {takes}"""
    return follow(tell, iter(pull, None), lambda given: generator_pipeline.first(given, count), takes)


@probe
def watch_batches(generator_pipeline, size, takes, *, pull, tell):
    """run = batches(items, {size}); next(run) × {takes}"""
    return follow(tell, iter(pull, None), lambda given: generator_pipeline.batches(given, size), takes)


@probe
def watch_pipeline(generator_pipeline, minimum, count, size, takes, *, pull, tell):
    """run = pipeline(open_source, {minimum}, {count}, {size}); next(run) × {takes}"""
    options = (minimum, count, size)
    return follow(tell, tapped(pull, tell), lambda given: generator_pipeline.pipeline(given, *options), takes)


@probe
def watch_pipeline_to_the_end(generator_pipeline, minimum, count, size, *, pull, tell):
    """for batch in pipeline(open_source, {minimum}, {count}, {size}): pass"""
    options = (minimum, count, size)
    return follow(tell, tapped(pull, tell), lambda given: generator_pipeline.pipeline(given, *options), 100)


@probe
def close_read_lines(generator_pipeline, takes, *, pull, tell):
    """run = read_lines(open_source); next(run) × {takes}; run.close()"""
    return follow(tell, tapped(pull, tell), lambda given: generator_pipeline.read_lines(given), takes, close=True)


@probe
def close_pipeline(generator_pipeline, minimum, count, size, takes, *, pull, tell):
    """run = pipeline(open_source, {minimum}, {count}, {size}); next(run) × {takes}; run.close()"""
    options = (minimum, count, size)
    make = generator_pipeline.pipeline
    return follow(tell, tapped(pull, tell), lambda given: make(given, *options), takes, close=True)


def test_nothing_happens_before_the_first_next(learner, rng):
    orders = orders_of(rng, 4, range(3, 9))
    lines = [written(order) for order in orders]
    given = (
        (watch_read_lines, lines, []),
        (watch_parse, lines, []),
        (watch_at_least, orders, [2]),
        (watch_totals, orders, []),
        (watch_first, orders, [2]),
        (watch_batches, orders, [2]),
        (watch_pipeline, lines, [2, 3, 2]),
    )
    for watch, items, options in given:
        tap = Tap(items)
        stage = stage_of(watch)
        try:
            tap.watch(learner, watch, *options, takes=1)
        finally:  # what has been done too early is more to the point than what came of it
            opened, pulled = tap.before_first_next()
            done = ["opened the source"] * bool(opened)
            done += ["pulled an item" if pulled == 1 else f"pulled {pulled} items"] * bool(pulled)
            nothing = not done
            assert nothing, f"before the first next(), {stage} had already {' and '.join(done)}"
        items_that_came = {f"items from {stage} after one next()": tap.names().count("item")}
        assert items_that_came == {f"items from {stage} after one next()": 1}


def test_parse_refuses_a_bad_line_when_it_gets_there(learner, rng):
    good = [written(order) for order in orders_of(rng, rng.randint(1, 3))]
    for bad in ("tea 3", "tea 3 120 5", "tea three 120", "tea 3 1.2"):
        names = Tap([*good, bad, *good]).watch(learner, watch_parse, takes=len(good) + 1).names()
        seen = {"orders before the bad line": names.count("item"), f"at the line {bad!r}": outcome(names)}
        assert seen == {"orders before the bad line": len(good), f"at the line {bad!r}": "a ValueError"}


def outcome(names: list[str]) -> str:
    """How a run ended, judged by its last event."""
    return {"ValueError": "a ValueError", "end": "the end"}.get(names[-1], "an order")


@helper
def how_it_ends(stage, make):
    """What becomes of an OSError on its way through the iterator that `make()` returns."""
    try:
        result = make()
        if not hasattr(result, "__next__"):
            return {"not an iterator": type(result).__name__, "stage": stage}
        for _ in result:
            pass
    except OSError:
        return ["an OSError"]
    return ["the end, as if nothing had happened"]


@helper
def until_it_breaks(items):
    yield from items
    raise OSError("the disk is gone")


@probe
def broken_items(generator_pipeline, stage, items, options):
    """for item in {stage:text}(items, *{options}): pass, where `items` gives {items} and then raises an OSError"""
    return how_it_ends(stage, lambda: getattr(generator_pipeline, stage)(until_it_breaks(items), *options))


@probe
def broken_source(generator_pipeline, stage, lines, options):
    """for item in {stage:text}(open_source, *{options}): pass, where the source has the lines {lines} and then
    raises an OSError
    """
    import io

    class Source(io.StringIO):
        def __next__(self):
            line = self.readline()
            if not line:
                raise OSError("the disk is gone")
            return line

    return how_it_ends(stage, lambda: getattr(generator_pipeline, stage)(lambda: Source("".join(lines)), *options))


def test_errors_of_the_source_pass_through(learner, rng):
    orders = orders_of(rng, 3, range(5, 9))
    lines = [written(order) for order in orders]
    given = (
        (broken_source, "read_lines", lines, []),
        (broken_items, "parse", lines, []),
        (broken_items, "at_least", orders, [2]),
        (broken_items, "totals", orders, []),
        (broken_items, "first", orders, [4]),
        (broken_items, "batches", orders, [2]),
        (broken_source, "pipeline", [f"{line}\n" for line in lines], [2, 100, 2]),
    )
    for probing, stage, items, options in given:
        [ending] = iterated(learner.run(probing, stage, items, options))
        assert {f"{stage} ends with": ending} == {f"{stage} ends with": "an OSError"}


def test_stages_pull_one_at_a_time(learner, rng):
    orders = orders_of(rng, 6, range(6, 9))
    small = rng.sample(range(5), 2)
    mixed = with_small(orders, small)
    lines = [written(order) for order in orders]
    for watch, items in ((watch_read_lines, lines), (watch_parse, lines), (watch_totals, orders)):
        tap = Tap(items).watch(learner, watch, takes=4)
        assert {"items pulled after each next()": tap.pulled_at("item")} == {
            "items pulled after each next()": [1, 2, 3, 4]
        }
    tap = Tap(mixed).watch(learner, watch_at_least, 4, takes=4)
    expected = [at + 1 for at in range(6) if at not in small]
    assert {"items pulled after each next()": tap.pulled_at("item")} == {"items pulled after each next()": expected}


def test_first_pulls_no_more_than_it_hands_out(learner, rng):
    for count in (rng.randint(1, 4), 0):
        tap = Tap(range(10, 20)).watch(learner, watch_first, count, takes=count + 1)
        assert {"items pulled in all": tap.pulled} == {"items pulled in all": count}


def test_batches_come_when_full(learner, rng):
    size = rng.randint(2, 4)
    tap = Tap(range(100, 120)).watch(learner, watch_batches, size, takes=3)
    pulled = {"items pulled after each next()": tap.pulled_at("item")}
    assert pulled == {"items pulled after each next()": [size, 2 * size, 3 * size]}


def test_pipeline_reads_only_what_it_needs(learner, rng):
    size = rng.randint(2, 3)
    orders = orders_of(rng, 20, range(6, 9))
    small = rng.sample(range(2 * size), 2)
    mixed = with_small(orders, small)
    needed = [at + 1 for at in range(20) if at not in small]
    count = 2 * size
    tap = Tap(map(written, mixed)).watch(learner, watch_pipeline, 4, count, size, takes=4)
    seen = {
        "how often the source was opened": tap.names().count("opened"),
        "lines read after each next()": tap.pulled_at("item"),
        "lines read in all": tap.pulled,
    }
    at_each = [needed[size - 1], needed[count - 1]]
    assert seen == {
        "how often the source was opened": 1,
        "lines read after each next()": at_each,
        "lines read in all": at_each[-1],
    }


# --- closing and forgetting ------------------------------------------------------------------------------------------


def test_the_source_is_closed_at_the_end(learner, rng):
    lines = [written(order) for order in orders_of(rng, 8, range(5, 9))]
    bad_line = [*lines[:3], "tea for two people", *lines[3:]]
    endings = {
        "there are no more lines": (lines, 100),
        "there were enough orders": (lines, 3),
        "a bad line raised an error": (bad_line, 100),
    }
    for ending, (given, count) in endings.items():
        closed = "closed" in Tap(given).watch(learner, watch_pipeline_to_the_end, 2, count, 2).names()
        assert closed, f"the pipeline has ended because {ending}, and the source is still open"


def test_closing_early_closes_the_source(learner, rng):
    lines = [written(order) for order in orders_of(rng, 12, range(5, 9))]
    for close, options in ((close_read_lines, []), (close_pipeline, [2, 100, 2])):
        takes = rng.randint(1, 3)
        events = Tap(lines).watch(learner, close, *options, takes=takes).names()
        assert {"items that came": events.count("item")} == {"items that came": takes}
        closed = "closed" in events
        assert closed, "close() has returned, and the source is still open"


@probe
def peak_memory(generator_pipeline, word, lines):
    """for batch in pipeline(open_source, 1, {lines}, 10): pass, where the source has {lines} long lines"""
    import tracemalloc

    class Source:
        def __init__(self):
            self.lines = (f"{word * 125}{number} 2 3\n" for number in range(lines))

        def __iter__(self):
            return self.lines

        def __next__(self):
            return next(self.lines)

        def __enter__(self):
            return self

        def __exit__(self, *_):
            pass

        close = __exit__

    tracemalloc.start()
    try:
        batches = sum(1 for batch in generator_pipeline.pipeline(Source, 1, lines, 10))
        return {"batches": batches, "peak": tracemalloc.get_traced_memory()[1]}
    finally:
        tracemalloc.stop()


def test_memory_stays_flat(learner, rng):
    lines = rng.randrange(2000, 2100, 10)
    seen = learner.run(peak_memory, word(rng)[:2], lines)
    assert seen["batches"] == lines // 10, "the number of batches is wrong"
    flat = seen["peak"] <= lines * 60
    kept = f"{seen['peak'] // 1024} KiB of memory at its peak, for {lines * 255 // 1024} KiB of lines"
    assert flat, f"the pipeline held {kept}; what has been handed on should be forgotten"
