"""`rate_limit`: when calls start, seen on a clock of ours."""

from random import Random
from typing import Any

from grader import Clock, Learner, probe


class Diary:
    """When each call was wanted and when it started, in seconds since the beginning; a call takes `takes` seconds."""

    def __init__(self, clock: Clock, takes: float = 0) -> None:
        self.clock = clock
        self.takes = takes
        self.begin = clock.now
        self.wanted: list[float] = []
        self.started: list[float] = []

    def want(self, later: float) -> None:
        """The caller is busy for so long, and then wants to call."""
        self.clock.advance(later)
        self.wanted.append(self.clock.now - self.begin)

    def work(self) -> None:
        self.started.append(self.clock.now - self.begin)
        self.clock.advance(self.takes)

    def due(self, calls: int, period: float) -> list[float]:
        """When each call should start, given when those before it did."""
        due: list[float] = []
        starts = self.started.copy()
        for at, wanted in enumerate(self.wanted):
            due.append(round(max(wanted, starts[at - calls] + period) if at >= calls else wanted, 2))
            if at >= len(self.started):
                starts.append(due[at])
        return due

    def seen(self, due: list[float]) -> list[float]:
        """When each call started: the due time where it is no earlier, and at most a tenth of a second later."""
        pairs = zip(self.started, due, strict=False)
        return [time if -0.01 < start - time < 0.12 else round(start, 2) for start, time in pairs]


@probe
def limited(decorators: Any, settings: dict[str, Any], pauses: list[float], fails: int, want: Any, work: Any) -> int:
    """a function decorated with @rate_limit(**{settings}), called after pauses of {pauses} seconds"""
    errors = 0

    @decorators.rate_limit(**settings)
    def function(number: int) -> None:
        work()
        if number == fails:
            raise LookupError("this call fails")

    for number, pause in enumerate(pauses):
        want(pause)
        try:
            function(number)
        except LookupError:
            errors += 1
    return errors


@probe
def two_limited(decorators: Any, period: float, work: Any) -> None:
    """two functions, each decorated with @rate_limit(calls=1, period={period}), called one after the other"""

    @decorators.rate_limit(calls=1, period=period)
    def one() -> None:
        work()

    @decorators.rate_limit(calls=1, period=period)
    def other() -> None:
        work()

    one()
    other()


@probe
def settings_taken(decorators: Any, all_settings: list[dict[str, Any]]) -> list[str]:
    """@rate_limit over a function that is never called, with these settings: {all_settings}"""
    seen = []
    for settings in all_settings:
        try:
            decorators.rate_limit(**settings)(lambda: None)
        except Exception as error:
            seen.append("ValueError" if isinstance(error, ValueError) else type(error).__name__)
        else:
            seen.append("fine")
    return seen


def keep_diary(learner: Learner, settings: dict[str, Any], pauses: list[float], takes: float = 0, fails: int = -1) -> None:
    diary = Diary(clock := Clock(), takes)
    oracles = {"want": diary.want, "work": diary.work}
    errors = learner.run(limited, settings, pauses, fails, oracles_=oracles, clock_=clock)
    due = diary.due(settings.get("calls", 5), settings.get("period", 1))
    assert {"calls start at second": diary.seen(due)} == {"calls start at second": due}
    assert {"errors that reached the caller": errors} == {"errors that reached the caller": 0 if fails < 0 else 1}


def test_rate_limit_waits_when_there_are_too_many(learner: Learner, rng: Random) -> None:
    keep_diary(learner, {"calls": 2, "period": rng.randrange(8, 40) / 4}, [0] * 5)
    keep_diary(learner, {}, [0] * 6)


def test_rate_limit_looks_at_any_stretch_of_time(learner: Learner, rng: Random) -> None:
    period = rng.randrange(16, 40) / 4
    keep_diary(learner, {"calls": 2, "period": period}, [0, period * 0.6, 0, 0, period * 1.5])


def test_rate_limit_counts_from_the_start_of_a_call(learner: Learner, rng: Random) -> None:
    period = rng.randrange(16, 40) / 4
    keep_diary(learner, {"calls": 2, "period": period}, [0] * 4, takes=period * 0.3, fails=0)


def test_rate_limit_keeps_functions_apart(learner: Learner, rng: Random) -> None:
    diary = Diary(clock := Clock())
    learner.run(two_limited, rng.randrange(2, 20), oracles_={"work": diary.work}, clock_=clock)
    assert {"calls start at second": diary.seen([0, 0])} == {"calls start at second": [0, 0]}


def test_rate_limit_refuses_impossible_settings(learner: Learner, rng: Random) -> None:
    wrong = [{"calls": 0}, {"calls": -rng.randrange(1, 9)}, {"period": 0}, {"period": -rng.randrange(1, 9) / 4}]
    right = [{"calls": 1}, {"period": 0.25}]
    assert learner.run(settings_taken, [*wrong, *right]) == ["ValueError"] * 4 + ["fine"] * 2
