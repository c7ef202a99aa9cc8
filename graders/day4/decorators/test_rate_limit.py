"""`rate_limit`: when calls start, seen on a clock of ours."""

from random import Random
from typing import Any

from grader import Clock, Learner, helper, probe


class Diary:
    """When each call was wanted and when it started, in seconds since the beginning."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.begin = clock.now
        self.wanted: list[float] = [0]
        self.started: list[float] = []

    def wants(self) -> None:
        """The caller was busy with something else, and wants the next call now."""
        self.wanted[-1] = self.clock.now - self.begin

    def work(self) -> None:
        now = self.clock.now - self.begin
        self.started.append(now)
        self.wanted.append(now)

    def due(self, calls: int, period: float) -> list[float]:
        """When each call should start, given when those before it did."""
        due: list[float] = []
        starts = self.started
        for at, wanted in enumerate(self.wanted[:-1]):
            due.append(round(max(wanted, starts[at - calls] + period) if at >= calls else wanted, 3))
        return due

    def seen(self, due: list[float]) -> list[float]:
        """When each call started: the due time where it is no earlier, and at most a tenth of a second later."""
        pairs = zip(self.started, due, strict=False)
        return [time if -0.001 < start - time < 0.11 else round(start, 3) for start, time in pairs]


@helper
def call_after(decorator: Any, pauses: list[float], takes: float, fails: bool, wants: Any, work: Any) -> None:
    """Calls a decorated function, which takes so long and fails the first time or not, after pauses."""
    import contextlib
    import time

    calls = 0

    @decorator
    def function():
        nonlocal calls
        calls += 1
        work()
        if takes:
            time.sleep(takes)
            wants()
        if fails and calls == 1:
            raise LookupError("the first call fails")

    for pause in pauses:
        if pause:
            time.sleep(pause)
            wants()
        with contextlib.suppress(LookupError):
            function()


@probe
def limited(
    decorators: Any, calls: int, period: float, pauses: list[float], takes: float, fails: bool, wants: Any, work: Any
) -> None:
    """a function decorated with @rate_limit(calls={calls}, period={period}), called after pauses of {pauses} seconds"""
    call_after(decorators.rate_limit(calls=calls, period=period), pauses, takes, fails, wants, work)


@probe
def limited_as_it_is(decorators: Any, pauses: list[float], wants: Any, work: Any) -> None:
    """a function decorated with @rate_limit(), called after pauses of {pauses} seconds"""
    call_after(decorators.rate_limit(), pauses, 0, False, wants, work)


@probe
def limited_together(decorators: Any, period: float, work: Any) -> None:
    """limit = rate_limit(calls=1, period={period}); one = limit(one); other = limit(other); one(); other()"""
    limit = decorators.rate_limit(calls=1, period=period)

    @limit
    def one():
        work()

    @limit
    def other():
        work()

    one()
    other()


@probe
def settings_taken(decorators: Any, calls: int, period: float) -> dict[str, str]:
    """a function that is never called, decorated with @rate_limit(calls=0), @rate_limit(calls={calls}),
    @rate_limit(period=0), @rate_limit(period={period}), @rate_limit(calls=1), and @rate_limit(period=0.25)
    """
    wrong = ["calls=0", f"calls={calls}", "period=0", f"period={period}"]
    seen = {}
    for use in [f"@rate_limit({setting})" for setting in [*wrong, "calls=1", "period=0.25"]]:
        try:
            eval(use[1:], {"rate_limit": decorators.rate_limit})(lambda: None)
        except ValueError:
            seen[use] = "ValueError"
        else:
            seen[use] = "fine"
    return seen


def hold_to_limit(
    learner: Learner, settings: tuple[int, float] | None, pauses: list[float], takes: float = 0, fails: bool = False
) -> None:
    """Calls after these pauses, each of which should start when it is due; without settings, the defaults count."""
    diary = Diary(clock := Clock())
    options: dict[str, Any] = {"tells_": {"wants": diary.wants, "work": diary.work}, "clock_": clock, "fresh_": True}
    if settings:
        learner.run(limited, *settings, pauses, takes, fails, **options)
    else:
        learner.run(limited_as_it_is, pauses, **options)
    due = diary.due(*(settings or (5, 1)))
    seen = {"calls that ran": len(diary.started), "started at second": diary.seen(due)}
    assert seen == {"calls that ran": len(pauses), "started at second": due}


def test_rate_limit_waits_when_there_are_too_many(learner: Learner, rng: Random) -> None:
    hold_to_limit(learner, (2, rng.randrange(8, 40) / 4), [0] * 5)
    hold_to_limit(learner, None, [0] * 6)


def test_rate_limit_looks_at_any_stretch_of_time(learner: Learner, rng: Random) -> None:
    period = rng.randrange(20, 52) / 4
    hold_to_limit(learner, (2, period), [0, round(period * 0.6, 1), 0, 0, round(period * 1.5, 1)])


def test_rate_limit_counts_from_the_start_of_a_call(learner: Learner, rng: Random) -> None:
    period = rng.randrange(20, 52) / 4
    hold_to_limit(learner, (2, period), [0] * 4, takes=period * 0.3, fails=True)


def test_rate_limit_keeps_functions_apart(learner: Learner, rng: Random) -> None:
    diary = Diary(clock := Clock())
    learner.run(limited_together, rng.randrange(2, 20), tells_={"work": diary.work}, clock_=clock)
    assert {"started at second": diary.seen([0, 0])} == {"started at second": [0, 0]}


def test_rate_limit_refuses_impossible_settings(learner: Learner, rng: Random) -> None:
    calls = -rng.randrange(1, 9)
    assert learner.run(settings_taken, calls, calls / 4) == {
        "@rate_limit(calls=0)": "ValueError",
        f"@rate_limit(calls={calls})": "ValueError",
        "@rate_limit(period=0)": "ValueError",
        f"@rate_limit(period={calls / 4})": "ValueError",
        "@rate_limit(calls=1)": "fine",
        "@rate_limit(period=0.25)": "fine",
    }
