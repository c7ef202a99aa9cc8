"""Calls that are asked for together: what is said of each check is what is said when it is run by itself."""

from __future__ import annotations

import time
from typing import Any

from tests.conftest import Bench

GRADER = """
@probe
def double(m, n):
    \"\"\"double({n})\"\"\"
    return m.double(n)

@probe
def waits(m, *, heard):
    import time
    time.sleep(2)
    heard(time.monotonic())
    return m.double(1)

def test_one(learner, rng):
    n = rng.randrange(100)
    assert learner.run(double, n) == 2 * n

def test_two(learner):
    assert learner.run(double, 4) == 8

def test_clock(learner):
    clock, times = Clock(), []
    assert learner.run(waits, tells_={"heard": times.append}, clock_=clock) == 2
    assert clock.sleeps == [2] and 1002 <= times[0] < 1002.1

def test_asks(learner):
    assert learner.run(asking, oracles_={"ask": lambda: 3}) == 6

@probe
def asking(m, *, ask):
    return m.double(ask())

def test_twice(learner):
    assert learner.run(double, 1) == 2
    assert learner.run(double, 2) == 4
"""
CHECKS = ["one", "two", "clock", "asks", "twice"]
RIGHT = "def double(n): return 2 * n"


def run_all(bench: Bench, checks: list[str] = CHECKS) -> list[dict[str, Any]]:
    """All checks of a submission, the rest asked for again after one that does not pass."""
    supervisor, results = bench.supervisor, []
    supervisor.ask(checks)
    for number, _ in enumerate(checks, 1):
        results.append(supervisor.result())
        if results[-1]["outcome"] != "passed" and number < len(checks):
            supervisor.ask(checks[number:])
    return results


def load(bench: Bench, submission: str, grader: str = GRADER) -> None:
    assert bench.load(grader, submission)["problems"] == []


def hand_in(bench: Bench, submission: str) -> None:
    """Another submission to the exercise that is loaded."""
    place = bench.folder / "submission"
    (place / "work.py").write_text(submission, encoding="utf-8")
    bench.supervisor.load(bench.test, place, "day/work", "work")


def test_checks_with_one_call_are_fetched_together_once_they_are_known(alone: Bench) -> None:
    load(alone, RIGHT)
    for _ in range(3):
        hand_in(alone, RIGHT)
        assert {each["outcome"] for each in run_all(alone)} == {"passed"}
    assert alone.supervisor.batches == [3, 3]


AGAIN = """
@probe
def count(m):
    return m.count()

@probe
def told(m, *, hear):
    hear(m.count())

def test_one(learner):
    assert learner.run(count) == 1

def test_fresh(learner):
    heard = []
    learner.run(told, tells_={"hear": heard.append})
    assert [learner.run(count, fresh_=True), *heard] == [1, 1]
    assert learner.run(count, fresh_=True) == 1

def test_goes_on(learner):
    assert learner.run(count) == 1
    assert learner.run(count) == 2

def test_prints_later(learner):
    assert learner.run(count) == 1
    learner.run(count, fresh_=True, wall_ms_=5000)
"""
COUNTS = "seen = []\ndef count():\n    seen.append(1)\n    return len(seen)"


def test_later_calls_are_made_one_by_one_where_they_begin_afresh(alone: Bench) -> None:
    load(alone, COUNTS, AGAIN)
    for _ in range(3):
        hand_in(alone, COUNTS)
        results = run_all(alone, ["one", "fresh", "goes_on", "prints_later"])
        assert [each["outcome"] for each in results] == ["passed"] * 4
    assert alone.supervisor.batches == [3, 3]


def test_what_goes_wrong_in_a_later_call_is_told_as_ever(alone: Bench) -> None:
    load(alone, COUNTS, AGAIN)
    run_all(alone, ["one", "fresh"])
    hand_in(
        alone, "import time\ndef count():\n    time.counted = getattr(time, 'counted', 0) + 1\n    return time.counted"
    )
    try:
        results = run_all(alone, ["one", "fresh"])
    finally:
        del time.counted  # type: ignore[attr-defined]
    assert [each["outcome"] for each in results] == ["passed", "failed"]
    assert results[1]["prefetched"] is True


def test_a_failing_check_is_told_as_ever_and_its_batch_is_not_asked_for_again(alone: Bench) -> None:
    load(alone, RIGHT)
    run_all(alone)
    hand_in(alone, "def double(n): return n")
    results = run_all(alone)
    assert alone.supervisor.batches == [3]
    assert [each["outcome"] for each in results] == ["failed"] * 5
    assert [results[1]["actual"], results[1]["expected"], results[1]["called"]] == [4, 8, "double(4)"]
    assert [each.get("prefetched", False) for each in results] == [True, True, True, False, False]


def test_what_is_raised_in_a_batch_is_told_of_its_own_check(alone: Bench) -> None:
    load(alone, RIGHT)
    run_all(alone)
    hand_in(alone, "def double(n):\n    if n == 4: raise ValueError(n)\n    return 2 * n")
    results = run_all(alone, ["one", "two"])
    assert [each["outcome"] for each in results] == ["passed", "failed"]
    assert results[1]["message"] == "`ValueError: 4` was raised"


def test_a_batch_that_can_not_be_told_apart_is_run_one_by_one(alone: Bench) -> None:
    load(alone, RIGHT)
    run_all(alone)
    hand_in(alone, RIGHT)
    alone.supervisor.answering = lambda header, _body: ({"ok": False}, b"") if header["op"] == "batch" else None
    results = run_all(alone)
    assert [each["outcome"] for each in results] == ["passed"] * 5
    assert not any(each.get("prefetched") for each in results)


def test_a_check_that_asks_for_something_else_this_time_is_run_as_it_is(alone: Bench) -> None:
    grader = """
    seen = []

    @probe
    def double(m, n):
        return m.double(n)

    def test_one(learner):
        seen.append(1)
        assert learner.run(double, len(seen)) == 2 * len(seen)

    def test_two(learner):
        seen.append(1)
        if len(seen) > 3:
            learner.run(double, 5)
        assert learner.run(double, 4) == 8

    def test_three(learner):
        assert learner.run(double, 3) == 6
    """
    load(alone, RIGHT, grader)
    for _ in range(3):
        hand_in(alone, RIGHT)
        results = run_all(alone, ["one", "two", "three"])
        assert [each["outcome"] for each in results] == ["passed"] * 3
    assert not any(each.get("prefetched") for each in results[:2])


def test_a_check_that_prints_is_not_fetched_ahead(alone: Bench) -> None:
    load(alone, "def double(n):\n    print(n)\n    return 2 * n")
    run_all(alone)
    alone.supervisor.load(alone.test, alone.folder / "submission", "day/work", "work")
    results = run_all(alone)
    assert alone.supervisor.batches == []
    assert results[1]["stdout"] == "4\n"


def test_what_is_told_and_gives_a_value_is_the_authors_mistake(alone: Bench) -> None:
    result = alone.judge(
        "@probe\ndef f(m, *, ask): ask()\ndef test_it(learner):\n    learner.run(f, tells_={'ask': lambda: 3})"
    )
    assert result["outcome"] == "error"
    assert "make it an oracle" in result["message"]


def test_what_is_told_with_wrong_arguments_fails_the_check(alone: Bench) -> None:
    result = alone.judge(
        "@probe\ndef f(m, *, hear): hear(1, 2)\ndef test_it(learner):\n    learner.run(f, tells_={'hear': lambda one: None})"
    )
    assert result["outcome"] == "failed"
    assert "too many positional arguments" in result["message"]
