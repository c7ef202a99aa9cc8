"""Judges iteration/generator_pipeline: the list pipeline's results, item by item and not a line too early."""

from collections.abc import Iterable
from random import Random
from typing import Any

from grader import probe

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


@probe
def collect(generator_pipeline, stage, items, options):
    """everything that {stage} gives for {items} and {options}"""
    result = getattr(generator_pipeline, stage)(iter(items), *options)
    if not hasattr(result, "__next__"):
        return f"not an iterator but of type {type(result).__name__}"
    return list(result)


@probe
def collect_from_source(generator_pipeline, stage, lines, options):
    """everything that {stage} gives for a source with the lines {lines} and {options}"""
    import io

    result = getattr(generator_pipeline, stage)(lambda: io.StringIO("".join(lines)), *options)
    if not hasattr(result, "__next__"):
        return f"not an iterator but of type {type(result).__name__}"
    return list(result)


def test_read_lines_values(learner, rng):
    lines = untidy(orders_of(rng, 6), rng)
    assert learner.run(collect_from_source, "read_lines", lines, []) == cleaned(lines)


def test_parse_values(learner, rng):
    orders = orders_of(rng, 5)
    lines = [rng.choice([" ", "   ", "\t"]).join(map(str, order)) for order in orders]
    assert learner.run(collect, "parse", lines, []) == orders


def test_at_least_values(learner, rng):
    minimum = rng.randint(2, 8)
    orders = orders_of(rng, 4) + orders_of(rng, 3, range(minimum - 1, minimum + 2)) + orders_of(rng, 1, [minimum])
    rng.shuffle(orders)
    expected = [order for order in orders if order[1] >= minimum]
    assert learner.run(collect, "at_least", orders, [minimum]) == expected


def test_totals_values(learner, rng):
    orders = orders_of(rng, 6)
    assert learner.run(collect, "totals", orders, []) == [(name, quantity * price) for name, quantity, price in orders]


def test_first_values(learner, rng):
    items = [rng.randint(0, 99) for _ in range(rng.randint(4, 7))]
    for count in (rng.randint(1, 3), len(items), len(items) + rng.randint(1, 3), 0):
        assert learner.run(collect, "first", items, [count]) == items[:count]


def test_batches_values(learner, rng):
    size = rng.randint(2, 4)
    for length in (0, size - 1, 3 * size, 2 * size + 1):
        items = [rng.randint(0, 99) for _ in range(length)]
        expected = [items[start : start + size] for start in range(0, length, size)]
        assert learner.run(collect, "batches", items, [size]) == expected
    for bad in (0, -size):
        refused = learner.attempt(collect, "batches", [1, 2, 3], [bad])
        assert getattr(refused, "type", refused) == "ValueError"


def test_pipeline_values(learner, rng):
    for length, minimum, count, size in ((12, 4, 5, 2), (9, 3, 100, 2), (6, 1, 6, 1), (5, 2, 0, 3), (0, 1, 5, 2)):
        orders = orders_of(rng, min(length, 2), [minimum]) + orders_of(rng, length, range(minimum - 1, minimum + 6))
        seen = learner.run(collect_from_source, "pipeline", untidy(orders, rng), [minimum, count, size], fresh_=True)
        assert seen == expected_batches(orders, minimum, count, size)


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

    def watch(self, learner: Any, stage: str, *options: int, takes: int, close: bool = False) -> "Tap":
        learner.run(watch, stage, list(options), takes, close, oracles_={"pull": self.pull, "tell": self.tell})
        return self

    def pulled_at(self, event: str) -> list[int]:
        return [pulled for told, pulled in self.events if told == event]

    def names(self) -> list[str]:
        return [event for event, _ in self.events]


@probe
def watch(generator_pipeline, stage, options, takes, close, *, pull, tell):
    """{stage}(..., *{options}), then up to {takes} times next(), then close() if {close}"""

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

    given = open_source if stage in ("read_lines", "pipeline") else iter(pull, None)
    try:
        result = getattr(generator_pipeline, stage)(given, *options)
        tell("made")
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
        Source.close = lambda self: None  # what is closed from now on is closed too late


def test_nothing_happens_before_the_first_next(learner, rng):
    orders = orders_of(rng, 4, range(3, 9))
    lines = [written(order) for order in orders]
    given = {
        "read_lines": (lines, []),
        "parse": (lines, []),
        "at_least": (orders, [2]),
        "totals": (orders, []),
        "first": (orders, [2]),
        "batches": (orders, [2]),
        "pipeline": (lines, [2, 3, 2]),
    }
    for stage, (items, options) in given.items():
        tap = Tap(items).watch(learner, stage, *options, takes=0)
        before_first_next = {stage: tap.events[: tap.names().index("made") + 1]}
        assert before_first_next == {stage: [("made", 0)]}
        tap = Tap(items).watch(learner, stage, *options, takes=1)
        assert {stage: tap.names().count("item")} == {stage: 1}


def test_parse_refuses_a_bad_line_when_it_gets_there(learner, rng):
    good = [written(order) for order in orders_of(rng, rng.randint(1, 3))]
    for bad in ("tea 3", "tea 3 120 5", "tea three 120", "tea 3 1.2"):
        tap = Tap([*good, bad, *good]).watch(learner, "parse", takes=len(good) + 1)
        assert {bad: tap.names()} == {bad: ["made", *["item"] * len(good), "ValueError"]}


def test_stages_pull_one_at_a_time(learner, rng):
    orders = orders_of(rng, 6, range(6, 9))
    small = rng.sample(range(5), 2)
    mixed = with_small(orders, small)
    lines = [written(order) for order in orders]
    for stage, items, options in (("read_lines", lines, []), ("parse", lines, []), ("totals", orders, [])):
        tap = Tap(items).watch(learner, stage, *options, takes=4)
        assert {stage: tap.pulled_at("item")} == {stage: [1, 2, 3, 4]}
    tap = Tap(mixed).watch(learner, "at_least", 4, takes=4)
    assert {"at_least": tap.pulled_at("item")} == {"at_least": [at + 1 for at in range(6) if at not in small]}


def test_first_pulls_no_more_than_it_hands_out(learner, rng):
    for count in (rng.randint(1, 4), 0):
        tap = Tap(range(10, 20)).watch(learner, "first", count, takes=count + 1)
        assert {f"pulled by first(items, {count})": tap.pulled} == {f"pulled by first(items, {count})": count}


def test_batches_come_when_full(learner, rng):
    size = rng.randint(2, 4)
    tap = Tap(range(100, 120)).watch(learner, "batches", size, takes=3)
    pulled = {"items pulled at each batch": tap.pulled_at("item")}
    assert pulled == {"items pulled at each batch": [size, 2 * size, 3 * size]}


def test_pipeline_reads_only_what_it_needs(learner, rng):
    size = rng.randint(2, 3)
    orders = orders_of(rng, 20, range(6, 9))
    small = rng.sample(range(2 * size), 2)
    mixed = with_small(orders, small)
    needed = [at + 1 for at in range(20) if at not in small]
    count = 2 * size
    tap = Tap(map(written, mixed)).watch(learner, "pipeline", 4, count, size, takes=4)
    opened = tap.names().count("opened")
    seen = {"opened": opened, "lines at each batch": tap.pulled_at("item"), "lines in all": tap.pulled}
    at_each = [needed[size - 1], needed[count - 1]]
    assert seen == {"opened": 1, "lines at each batch": at_each, "lines in all": at_each[-1]}


# --- closing and forgetting ------------------------------------------------------------------------------------------


def test_the_source_is_closed_at_the_end(learner, rng):
    lines = [written(order) for order in orders_of(rng, 8, range(5, 9))]
    bad_line = [*lines[:3], "tea for two people", *lines[3:]]
    endings = {"no more lines": (lines, 100), "enough orders": (lines, 3), "a bad line": (bad_line, 100)}
    for ending, (given, count) in endings.items():
        events = Tap(given).watch(learner, "pipeline", 2, count, 2, takes=20).names()
        assert {ending: "closed" in events} == {ending: True}


def test_closing_early_closes_the_source(learner, rng):
    lines = [written(order) for order in orders_of(rng, 12, range(5, 9))]
    for stage, options in (("read_lines", []), ("pipeline", [2, 100, 2])):
        takes = rng.randint(1, 3)
        events = Tap(lines).watch(learner, stage, *options, takes=takes, close=True).names()
        seen = {"stage": stage, "items taken": events.count("item"), "closed": "closed" in events}
        assert seen == {"stage": stage, "items taken": takes, "closed": True}


@probe
def peak_memory(generator_pipeline, word, lines):
    """a pipeline over {lines} long lines, taken to the end; how many bytes it held at most"""
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
    bounded = {"batches": seen["batches"], "a quarter of all lines in memory": seen["peak"] > lines * 60}
    assert bounded == {"batches": lines // 10, "a quarter of all lines in memory": False}
