"""Judges internals/profiling: what is called hot, what a clock of the check's own shows, and how the work grows."""

from random import Random
from typing import Any

import pytest
from grader import Clock, helper, probe

Visits = list[tuple[Any, Any]]
SYLLABLES = ("ba", "do", "fe", "gi", "ku", "la", "mo", "ne", "pi", "ro", "su", "te", "vo", "zu")


def words(rng: Random, count: int) -> list[str]:
    """Different names of four syllables; no keyword is among them."""
    chosen: set[str] = set()
    while len(chosen) < count:
        chosen.add("".join(rng.choices(SYLLABLES, k=4)))
    return sorted(chosen, key=lambda _: rng.random())


# --- hot_function ----------------------------------------------------------------------------------------------------

# Programs of which it is known where the time is spent: `HOT` computes for some ten times as long as all others
# together. What is counted in rounds of a loop takes long enough for a busy machine to slow down all of them alike.
BURN = "    for number in range({}):\n        number = number + 1\n"
ROUNDS = 1_200_000
IN_A_LEAF = f"""
def MAIN():
    OTHER()
    MIDDLE()
def MIDDLE():
    for _ in range(3):
        HOT()
def HOT():
{BURN.format(ROUNDS // 3)}
def OTHER():
{BURN.format(ROUNDS // 60)}
"""
IN_MAIN = f"""
def HOT():
{BURN.format(ROUNDS // 4)}
    for _ in range(5):
        MIDDLE()
{BURN.format(3 * ROUNDS // 4)}
def MIDDLE():
    OTHER()
def OTHER():
{BURN.format(ROUNDS // 300)}
"""
IN_SHORT_CALLS = f"""
def MAIN():
    OTHER()
    for _ in range(300):
        HOT()
def HOT():
{BURN.format(ROUNDS // 300)}
def OTHER():
{BURN.format(ROUNDS // 12)}
"""
IN_FEW_CALLS = f"""
def MAIN():
    for _ in range(2):
        HOT()
    for _ in range(1000):
        OTHER()
def HOT():
{BURN.format(ROUNDS // 2)}
def OTHER():
    pass
"""


@probe
def hot(profiling, source, main):
    """hot_function(func), where func is called {main}"""
    names = {}
    exec(source, names)
    return profiling.hot_function(names[main])


@probe
def calls_of_hot_function(profiling, args):
    """hot_function(func, *{args})"""
    seen = []

    def func(*given):
        seen.append(given)

    profiling.hot_function(func, *args)
    return {"func was called with": seen}


@probe
def raised_out_of_hot_function(profiling, word):
    """hot_function(func), where func raises KeyError({word})"""
    import sys

    def func():
        raise KeyError(word)

    def profiler():
        """Whatever is still switched on."""
        monitoring = getattr(sys, "monitoring", None)
        return sys.getprofile() or (monitoring and monitoring.get_tool(monitoring.PROFILER_ID))

    before = profiler()
    try:
        profiling.hot_function(func)
        outcome = "no exception"
    except KeyError as error:
        outcome = f"KeyError({error.args[0]!r})"
        # Asked for here: the exception keeps the learner's frame alive, and with it a profiler that nobody has stopped.
        after = profiler()
    else:
        after = profiler()
    finally:
        sys.setprofile(None)
    return {"what came out": outcome, "the profiler is still on": after is not before}


def expect_hot(learner: Any, rng: Random, *templates: str) -> None:
    for template in templates:
        names = dict(zip(("MAIN", "MIDDLE", "OTHER", "HOT"), words(rng, 4), strict=True))
        source = template
        for place, name in names.items():
            source = source.replace(place, name)
        main = names["MAIN" if "MAIN" in template else "HOT"]
        for _ in range(3):  # a profiler's clock is real, and a busy machine gets a second and a third chance
            answer = learner.run(hot, source, main)
            if answer == names["HOT"]:
                break
        assert answer == names["HOT"], f"the time of this program is not spent there:\n{source.strip()}"


def test_hot_function_looks_at_own_time(learner, rng):
    expect_hot(learner, rng, IN_A_LEAF, IN_MAIN)


def test_hot_function_adds_up_all_calls(learner, rng):
    expect_hot(learner, rng, IN_SHORT_CALLS, IN_FEW_CALLS)


def test_hot_function_calls_once_with_the_arguments(learner, rng):
    args = [*words(rng, 2), rng.randrange(100)]
    assert learner.run(calls_of_hot_function, args) == {"func was called with": [tuple(args)]}
    assert learner.run(calls_of_hot_function, []) == {"func was called with": [()]}


def test_the_profiler_is_switched_off(learner, rng):
    word = words(rng, 1)[0]
    seen = learner.run(raised_out_of_hot_function, word)
    assert seen == {"what came out": f"KeyError({word!r})", "the profiler is still on": False}


# --- measure ---------------------------------------------------------------------------------------------------------


@helper
def runs_of(seconds):
    """A function for `measure`, which takes so many seconds at each run with an input of that size."""
    import time

    runs = {}

    def func(size):
        at = runs[size] = runs.get(size, -1) + 1
        time.sleep(seconds[size][min(at, len(seconds[size]) - 1)])

    return func


@probe
def measured(profiling, seconds, repeat):
    """measure(func, make, {seconds}, {repeat}), where func takes these numbers of seconds, one after the other"""
    return profiling.measure(runs_of(seconds), lambda size: size, list(seconds), repeat)


@probe
def measured_with_slow_make(profiling, seconds, making):
    """measure(func, make, {seconds}, 1), where func takes these seconds, and make takes {making} seconds"""
    import time

    def make(size):
        time.sleep(making)
        return size

    return profiling.measure(runs_of(seconds), make, list(seconds), 1)


@probe
def inputs(profiling, sizes, repeat):
    """measure(func, make, {sizes}, repeat={repeat}): the sizes of what func gets, when it empties each of them"""
    made, given = [], []

    def make(size):
        made.append([0] * size)
        return made[-1]

    def func(items):
        given.append(len(items))
        items.clear()

    options = {} if repeat is None else {"repeat": repeat}
    profiling.measure(func, make, sizes, **options)
    return sorted(given)


def sizes_of(rng: Random) -> list[int]:
    return rng.sample(range(10, 1000), rng.randint(2, 4))


def expect_seconds(seen: Any, expected: dict[int, float]) -> None:
    shown = seen
    if isinstance(seen, dict):
        shown = {size: round(value, 3) if isinstance(value, float) else value for size, value in seen.items()}
    assert shown == pytest.approx(expected, abs=0.002)


def test_measure_gives_the_shortest_run(learner, rng):
    repeat = rng.randint(3, 5)
    seconds = {size: [rng.randint(200, 900) / 100 for _ in range(repeat)] for size in sizes_of(rng)}
    for runs in seconds.values():
        runs[1] = rng.randint(50, 150) / 100
    seen = learner.run(measured, seconds, repeat, clock_=Clock())
    expect_seconds(seen, {size: min(runs) for size, runs in seconds.items()})


def test_measure_times_the_call_alone(learner, rng):
    seconds = {size: [rng.randint(50, 900) / 100] for size in sizes_of(rng)}
    seen = learner.run(measured_with_slow_make, seconds, rng.randint(200, 900) / 100, clock_=Clock())
    expect_seconds(seen, {size: runs[0] for size, runs in seconds.items()})


def test_measure_makes_a_new_input_for_each_run(learner, rng):
    sizes = sizes_of(rng)
    repeat = rng.randint(4, 6)
    for given, runs in ((repeat, repeat), (1, 1), (None, 3)):
        assert learner.run(inputs, sizes, given) == sorted(sizes * runs)


# --- fast ------------------------------------------------------------------------------------------------------------


def expected_lines(visits: Visits) -> list[tuple[Any, int, int]]:
    visitors: dict[Any, list[Any]] = {}
    for visitor, page in visits:
        visitors.setdefault(page, []).append(visitor)
    return [(page, len(each), len(set(each))) for page, each in visitors.items()]


def random_visits(rng: Random, count: int) -> Visits:
    """Visits in which pages and visitors come several times, and can't be sorted."""
    names = words(rng, 6)
    pages = [*names[:3], None, rng.randrange(2, 100), (names[3], 7), -1.5]
    visitors = [*names[3:], None, (1, None), rng.randrange(2, 100)]
    return [(rng.choice(visitors), rng.choice(pages)) for _ in range(count)]


@probe
def lines(profiling, visits):
    """fast({visits})"""
    return profiling.fast(visits)


@probe
def slow_lines(profiling, visits):
    """slow({visits})"""
    return profiling.slow(visits)


@probe
def lines_before_and_after(profiling, visits, others):
    """visits = {visits}; fast(visits); visits[:] = {others}; fast(visits)"""
    before = profiling.fast(visits)
    visits[:] = others
    return before, profiling.fast(visits)


@probe
def visits_after(profiling, visits):
    """visits = {visits}; fast(visits)"""
    given = list(visits)
    profiling.fast(given)
    return {"visits": given}


@helper
def numbered(shape, count):
    """Visits as pairs of numbers."""
    pairs = {
        "every visit to a page of its own": lambda number: (0, number),
        "one page, every visitor once": lambda number: (number, 0),
        "every visitor to a page of their own": lambda number: (number, number),
    }
    return [pairs[shape](number) for number in range(count)]


@probe
def operations(profiling, shape, counts):
    """fast(visits), for different numbers of visits ({shape})"""
    done = [0]

    class Key:
        def __init__(self, value):
            self.value = value

        def __eq__(self, other):
            done[0] += 1
            return isinstance(other, Key) and self.value == other.value

        def __hash__(self):
            done[0] += 1
            return hash(self.value)

    seen = []
    for count in counts:
        visits = [(Key(visitor), Key(page)) for visitor, page in numbered(shape, count)]
        done[0] = 0
        profiling.fast(visits)
        seen.append(done[0])
    return seen


@probe
def processor_times(profiling, shape, runs):
    """fast(visits), for different numbers of visits ({shape})

    For each number its processor time, as a multiple of what a plain pass over the same visits needs at that moment.
    """
    import gc
    import time

    def plain_pass(visits):
        seen = {}
        for visitor, page in visits:
            seen.setdefault(page, set()).add(visitor)

    def best(function, given, runs):
        seconds = []
        for _ in range(runs):
            visits = list(given)
            start = time.thread_time()
            function(visits)
            seconds.append(time.thread_time() - start)
            if seconds[-1] > 0.5:
                break  # that one was long enough to be no accident
        return min(seconds)

    multiples = []
    gc.collect()
    gc.disable()
    try:
        for count, repeat in runs.items():
            visits = [(f"visitor {visitor}", f"page {page}") for visitor, page in numbered(shape, count)]
            plain = best(plain_pass, visits, repeat)
            multiples.append(best(profiling.fast, visits, repeat) / plain)
    finally:
        gc.enable()
    return multiples


SHAPES = ("every visit to a page of its own", "one page, every visitor once", "every visitor to a page of their own")
# Work that is not counted by hashing and comparing, such as copying a set, shows with large numbers only.
SMALL, LARGE = 400, 60_000


def test_fast_gives_the_same_lines(learner, rng):
    for visits in (random_visits(rng, rng.randint(3, 6)), random_visits(rng, 40), []):
        assert learner.run(lines, visits) == expected_lines(visits)
    visits = random_visits(rng, 40)
    as_it_was = learner.run(slow_lines, visits) == expected_lines(visits)
    assert as_it_was, "slow no longer gives what it gave in the starter; it is there to compare fast with"


def test_fast_grows_in_step_with_the_visits(learner, rng):
    for shape in SHAPES:
        small = rng.randint(180, 220)
        few, many = learner.run(operations, shape, [small, 4 * small])
        # 4 times is in step, 16 times is quadratic.
        in_step = many <= 7 * few
        counted = (
            f"visitors and pages were hashed or compared {few} times for {small} visits, {many} times for {4 * small}"
        )
        assert in_step, f"{shape}: {counted}"
    for shape in SHAPES[1:]:
        growth = smallest_growth(learner, shape)
        # 1 is in step; what is quadratic is far beyond, even when it does nothing but move bytes.
        in_step = growth <= 4
        times = f"a visit among {LARGE} needs {growth:.0f} times the processor time of a visit among {SMALL}"
        assert in_step, f"{shape}: {times}. Is a list or a set copied again and again?"


def smallest_growth(learner: Any, shape: str) -> float:
    """How much more processor time a visit takes among many than among few; what else the machine does can only add."""
    growths = []
    for _ in range(3):
        small, large = learner.run(processor_times, shape, {SMALL: 15, LARGE: 2})
        growths.append(large / small)
        if growths[-1] <= 3:
            break
    return min(growths)


def named_visits(rng: Random, count: int) -> Visits:
    """Visits in which all is text."""
    names = words(rng, 6)
    return [(rng.choice(names), rng.choice(names)) for _ in range(count)]


def test_fast_counts_anew(learner, rng):
    visits = named_visits(rng, 12)
    # As long as the first, with the same first and last visit: all that a careless cache looks at.
    others = [visits[0], *named_visits(rng, 10), visits[-1]]
    before, after = learner.run(lines_before_and_after, visits, others)
    is_new = after != before
    assert is_new, f"the list holds other visits now, and the lines are still those of before: {after!r}"


def test_fast_leaves_the_visits_alone(learner, rng):
    visits = named_visits(rng, 12)
    assert learner.run(visits_after, visits) == {"visits": visits}
