"""Judges concurrency/three_ways: where and when the work is done that the check hands in.

The work itself finds out who else is at work: it leaves marks in a folder, which threads and processes can see alike,
and waits there for others to come. It waits in naps, and a busy machine makes each nap longer, so that no check depends
on how fast anything is.
"""

from random import Random
from typing import Any

from grader import helper, probe

THREADS, PROCESSES, ASYNCIO = "with_threads", "with_processes", "with_asyncio"

WORKLOAD = '''
"""The work. An item is a dict; which keys it has decides what the work does."""

import asyncio
import os
import threading
import time

# Naps until something that has to happen is taken for something that never will (a new process may have to start an
# interpreter meanwhile); and in which something that nothing holds back has happened for certain.
NAP, LONG, SHORT = 0.005, 500, 20
loops = []  # kept, so that no two of them get the same id


class Broken(Exception):
    """What an item raises that can't be worked on."""


def mark(item, name):
    open(os.path.join(item["folder"], name), "x").close()


def marks(item, kind):
    return sum(name.startswith(kind) for name in os.listdir(item["folder"]))


def waits(item):
    """Yields for each nap that this item takes at work."""
    if "parties" in item:
        late = marks(item, "here") > item["parties"]
        for _ in range(0 if late else LONG):
            if marks(item, "here") >= item["parties"] or marks(item, "gone"):
                break
            yield
        else:
            mark(item, f"gone {item['number']}")
        yield from range(0 if late else SHORT)
    if "after" in item:
        for _ in range(LONG):
            if marks(item, f"done {item['after']}") or marks(item, "gone"):
                break
            yield
        else:
            mark(item, f"gone {item['number']}")
        yield from range(SHORT // 2)


def begin(item):
    if "message" in item:
        raise Broken(item["message"], item["number"])
    entered = time.monotonic()
    mark(item, f"here {item['number']}")
    return entered


def end(item, entered, loop):
    mark(item, f"done {item['number']}")
    where = {"process": os.getpid(), "thread": threading.get_ident(), "loop": loop}
    in_vain = marks(item, f"gone {item['number']}") > 0
    return {"answer": item["answer"], "from": entered, "to": time.monotonic(), "in vain": in_vain, **where}


def work(item):
    entered = begin(item)
    for _ in waits(item):
        time.sleep(NAP)
    return end(item, entered, None)


async def async_work(item):
    loops.append(asyncio.get_running_loop())
    entered = begin(item)
    for _ in waits(item):
        await asyncio.sleep(NAP)
    return end(item, entered, id(loops[-1]))
'''
FILES = {"workload.py": WORKLOAD}


@helper
def results_of(three_ways, way, items, workers):
    """What the learner's function returns for the items, each of which gets the folder where all of them meet."""
    import os
    import tempfile

    import workload

    folder = tempfile.mkdtemp(dir=os.getcwd())
    for number, item in enumerate(items):
        item.update(number=number, folder=folder)
    work = workload.async_work if way == "with_asyncio" else workload.work
    return getattr(three_ways, way)(work, items, workers)


@probe
def answers(three_ways, way, items, workers):
    """calling {way} with (work, items, {workers}), where items = {items}, work(item) gives item["answer"], and an item
    with the key "after" takes until the item of that number is done
    """
    return [result["answer"] for result in results_of(three_ways, way, items, workers)]


@probe
def places(three_ways, way, items, workers):
    """calling {way} with (work, items, {workers}): how many calls of work are done where"""
    import os
    import threading

    results = results_of(three_ways, way, items, workers)
    return {
        "calls of work": len(results),
        "in the process that called": sum(result["process"] == os.getpid() for result in results),
        "in the thread that called": sum(
            (result["process"], result["thread"]) == (os.getpid(), threading.get_ident()) for result in results
        ),
        "threads": len({(result["process"], result["thread"]) for result in results}),
        "event loops": len({result["loop"] for result in results if result["loop"] is not None}),
    }


@probe
def times(three_ways, way, items, workers):
    """calling {way} with (work, items, {workers}), where work takes until as many others are at work as may be"""
    return [(result["from"], result["to"]) for result in results_of(three_ways, way, items, workers)]


@probe
def waited_in_vain(three_ways, way, items, workers):
    """calling {way} with (work, items, {workers}), where the first item takes until the last one is done"""
    return any(result["in vain"] for result in results_of(three_ways, way, items, workers))


@probe
def failure(three_ways, way, items, workers):
    """calling {way} with (work, items, {workers}), where work raises Broken for one of the items"""
    import workload

    try:
        results = results_of(three_ways, way, items, workers)
    except workload.Broken as error:
        return f"Broken{error.args!r} was raised"
    except BaseException as error:
        if type(error).__name__.endswith("ExceptionGroup"):
            return f"{type(error).__name__} was raised"
        raise
    return f"it returned a {type(results).__name__}"


@probe
def refusal(three_ways, way, workers):
    """calling {way} with (work, items, {workers})"""
    import threading
    import time

    outcome = []

    def call():
        items = [{"answer": 1}, {"answer": 2}]
        try:
            results_of(three_ways, way, items, workers)
            outcome.append("it returned a result")
        except BaseException as error:
            outcome.append(f"{type(error).__name__} was raised")

    threading.Thread(target=call, daemon=True).start()
    for _ in range(300):
        if outcome:
            break
        time.sleep(0.005)
    return outcome[0] if outcome else "it waits forever"


def items_of(rng: Random, count: int, **keys: Any) -> list[dict[str, Any]]:
    return [{"answer": rng.randrange(1000), **keys} for _ in range(count)]


def expect_order(learner: Any, rng: Random, way: str) -> None:
    workers = rng.randint(2, 3)
    items = items_of(rng, 2 * workers + 1)
    # The first ones are done in the reverse of their order.
    for number in range(workers - 1):
        items[number]["after"] = number + 1
    expected = [item["answer"] for item in items]
    assert learner.run(answers, way, items, workers, files_=FILES) == expected


def most_at_the_same_time(learner: Any, rng: Random, way: str) -> tuple[int, int]:
    """The number of workers, and how many were at work at the same time at most."""
    workers = rng.randint(2, 4)
    intervals = learner.run(times, way, items_of(rng, 2 * workers, parties=workers), workers, files_=FILES)
    return workers, max(sum(start <= moment <= end for start, end in intervals) for moment, _ in intervals)


def expect_overlap(learner: Any, rng: Random, way: str) -> None:
    workers, most = most_at_the_same_time(learner, rng, way)
    enough = most >= workers
    assert enough, f"{workers} workers were asked for, and never more than {most} at work at the same time"
    items = items_of(rng, 2 * workers + 1)
    items[0]["after"] = 2 * workers
    held_up = learner.run(waited_in_vain, way, items, workers, files_=FILES)
    assert not held_up, "while one worker was busy with the first item, the others stopped before the last one"


def expect_limit(learner: Any, rng: Random, way: str) -> None:
    workers, most = most_at_the_same_time(learner, rng, way)
    few_enough = most <= workers
    assert few_enough, f"{workers} workers were asked for, and {most} were at work at the same time"


def expect_error(learner: Any, rng: Random, way: str) -> None:
    items = items_of(rng, rng.randint(3, 5))
    bad = rng.randrange(len(items))
    items[bad]["message"] = message = f"no luck with number {rng.randrange(1000)}"
    assert learner.run(failure, way, items, 2, files_=FILES) == f"Broken{(message, bad)!r} was raised"


def where_it_is_done(learner: Any, rng: Random, way: str) -> dict[str, int]:
    count = rng.randint(4, 6)
    seen = learner.run(places, way, items_of(rng, count), 2, files_=FILES)
    assert {"calls of work": seen["calls of work"]} == {"calls of work": count}
    return seen


# --- threads ---------------------------------------------------------------------------------------------------------


def test_threads_keep_the_order(learner, rng):
    expect_order(learner, rng, THREADS)


def test_threads_are_used(learner, rng):
    seen = where_it_is_done(learner, rng, THREADS)
    wanted = {"in the process that called": seen["calls of work"], "in the thread that called": 0}
    assert {key: seen[key] for key in wanted} == wanted


def test_threads_overlap(learner, rng):
    expect_overlap(learner, rng, THREADS)


def test_threads_stay_within_the_limit(learner, rng):
    expect_limit(learner, rng, THREADS)


def test_threads_tell_errors(learner, rng):
    expect_error(learner, rng, THREADS)


# --- processes -------------------------------------------------------------------------------------------------------


def test_processes_keep_the_order(learner, rng):
    expect_order(learner, rng, PROCESSES)


def test_processes_are_used(learner, rng):
    seen = where_it_is_done(learner, rng, PROCESSES)
    assert {"in the process that called": seen["in the process that called"]} == {"in the process that called": 0}


def test_processes_overlap(learner, rng):
    expect_overlap(learner, rng, PROCESSES)


def test_processes_stay_within_the_limit(learner, rng):
    expect_limit(learner, rng, PROCESSES)


def test_processes_tell_errors(learner, rng):
    expect_error(learner, rng, PROCESSES)


# --- coroutines ------------------------------------------------------------------------------------------------------


def test_coroutines_keep_the_order(learner, rng):
    expect_order(learner, rng, ASYNCIO)


def test_coroutines_are_used(learner, rng):
    seen = where_it_is_done(learner, rng, ASYNCIO)
    wanted = {"in the process that called": seen["calls of work"], "threads": 1, "event loops": 1}
    assert {key: seen[key] for key in wanted} == wanted


def test_coroutines_overlap(learner, rng):
    expect_overlap(learner, rng, ASYNCIO)


def test_coroutines_stay_within_the_limit(learner, rng):
    expect_limit(learner, rng, ASYNCIO)


def test_coroutines_tell_errors(learner, rng):
    expect_error(learner, rng, ASYNCIO)


# --- all three -------------------------------------------------------------------------------------------------------


def expect_answers(learner: Any, rng: Random, way: str, count: int, workers: int) -> None:
    """All answers, in whichever order: that is for other checks."""
    items = items_of(rng, count)
    seen = learner.run(answers, way, items, workers, files_=FILES)
    assert sorted(seen) == sorted(item["answer"] for item in items)


def test_few_items_are_fine(learner, rng):
    for way in (THREADS, PROCESSES, ASYNCIO):
        for count in (0, 1, 2):
            expect_answers(learner, rng, way, count, rng.randint(3, 5))


def test_no_workers_are_refused(learner, rng):
    for way in (THREADS, PROCESSES, ASYNCIO):
        expect_answers(learner, rng, way, 2, 1)
        for workers in (0, -rng.randint(1, 5)):
            assert learner.run(refusal, way, workers, files_=FILES) == "ValueError was raised"
