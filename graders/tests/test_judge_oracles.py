"""What learner code calls of the judge: oracles, in the order of their calls, and the clock that it drives."""

from __future__ import annotations

import pytest

from tests.conftest import Bench

ORACLES = """
@probe
def attempts(m, operation, times):
    return m.retry(operation, times)

@probe
async def waiting(m, operation):
    return [await operation(1), await operation(b=2)]

def operation_of(calls, failures):
    def operation(*args, **kwargs):
        calls.append((args, kwargs))
        if len(calls) <= failures:
            raise ConnectionError("try again")
        return len(calls)
    return operation

def test_it(learner):
    calls = []
    assert learner.run(attempts, 5, oracles_={"operation": operation_of(calls, 2)}) == 3
    assert calls == [(("call", 0), {"a": [0]}), (("call", 1), {"a": [1]}), (("call", 2), {"a": [2]})]

def test_raises(learner):
    raised = learner.attempt(attempts, 2, oracles_={"operation": operation_of([], 9)})
    assert isinstance(raised, Raised) and raised.message == "try again"

def test_slip(learner):
    def operation(*args, **kwargs):
        return [][0]
    learner.run(attempts, 2, oracles_={"operation": operation})

def test_asserts(learner):
    def operation(*args, **kwargs):
        assert args == ("called", 0)
    learner.attempt(attempts, 2, oracles_={"operation": operation})

def test_not_plain(learner):
    learner.run(attempts, 2, oracles_={"operation": lambda *args, **kwargs: object()})

def test_own_exception(learner):
    class Own(Exception): pass
    def operation(*args, **kwargs):
        raise Own("x")
    learner.run(attempts, 2, oracles_={"operation": operation})

def test_async(learner):
    seen = []
    async def operation(*args, **kwargs):
        seen.append((args, kwargs))
        return len(seen)
    assert learner.run(waiting, async_oracles_={"operation": operation}) == [1, 2]
    assert seen == [((1,), {}), ((), {"b": 2})]
"""
RETRY = """
def retry(operation, times):
    for number in range(times):
        try:
            return operation("call", number, a=[number])
        except ConnectionError:
            if number == times - 1:
                raise
"""


def test_oracle_calls_are_seen_in_order(bench: Bench) -> None:
    assert bench.judge(ORACLES, RETRY)["outcome"] == "passed"
    assert [name for name, _ in bench.supervisor.asked] == ["operation"] * 3
    assert bench.supervisor.run("raises")["outcome"] == "passed"
    assert bench.supervisor.run("async")["outcome"] == "passed"


@pytest.mark.parametrize(
    ("check", "outcome", "message"),
    [
        ("slip", "error", "IndexError: list index out of range"),
        ("asserts", "failed", ""),
        ("not_plain", "error", "oracle `operation` answered with something that is not plain data: object is not plain data"),
        ("own_exception", "error", "Own: x"),
    ],
)  # fmt: skip
def test_a_fault_in_an_oracle_is_not_the_learners(bench: Bench, check: str, outcome: str, message: str) -> None:
    result = bench.judge(ORACLES, RETRY, check)
    assert (result["outcome"], result["message"]) == (outcome, message)


CLOCKED = """
@probe
def timed(m, seconds):
    import time
    before = time.monotonic_ns()
    m.wait(seconds)
    return time.monotonic_ns() - before

@probe
async def together(m):
    import asyncio
    await asyncio.gather(m.nap(5), m.nap(7))

def test_it(learner):
    clock = Clock()
    assert learner.run(timed, 3600.0, clock_=clock) == 3_600_000_001_000
    assert clock.sleeps == [3600.0]

def test_busy(learner):
    learner.run(timed, 1.0, clock_=Clock(busy=100))

def test_async(learner):
    clock = Clock(start=10.0)
    learner.run(together, clock_=clock)
    assert clock.sleeps == [5, 7]
    assert 17 <= clock.now < 17.001
"""


def test_time_passes_when_learner_code_sleeps(bench: Bench) -> None:
    submission = "from time import sleep as wait\nfrom asyncio import sleep as nap"
    assert bench.judge(CLOCKED, submission)["outcome"] == "passed"
    assert bench.supervisor.run("async")["outcome"] == "passed"


def test_waiting_in_a_loop_fails(bench: Bench) -> None:
    submission = "import time\ndef wait(s):\n    end = time.time() + s\n    while time.time() < end: pass"
    result = bench.judge(CLOCKED, submission, "busy")
    assert result["outcome"] == "failed"
    assert "wait with a sleep" in result["message"]
