"""What `graders/day4/decorators` checks, as plain pytest in the learner's own process: the baseline of `cargo bench --bench compare`.

Run in the folder of a submission: `python -m pytest PATH/test_decorators_plain.py`. Time is a fake clock, so nothing
sleeps, and the learner's module is imported once: written to be cheap, as a baseline should be.
"""

import asyncio
import contextlib
import importlib
import inspect
import os
import re
import runpy
import sys
import time
from typing import Any

import pytest

FIVE = ("timer", "retry", "memoize", "validate_types", "rate_limit")


class Clock:
    """Time passes when someone sleeps, and only then."""

    def __init__(self):
        self.now = 1000.0
        self.real_sleep = asyncio.sleep

    def read(self):
        self.now += 1e-6
        return self.now

    def read_ns(self):
        return int(self.read() * 1e9)

    def advance(self, seconds):
        self.now += seconds

    async def asleep(self, seconds, result=None):
        deadline = self.now + seconds
        await self.real_sleep(0)
        self.now = max(self.now, deadline)
        return result


@pytest.fixture(scope="module")
def clock():
    fake = Clock()
    with pytest.MonkeyPatch.context() as patch:
        for name in ("monotonic", "perf_counter", "time"):
            patch.setattr(time, name, fake.read)
            patch.setattr(time, f"{name}_ns", fake.read_ns)
        patch.setattr(time, "sleep", fake.advance)
        patch.setattr(asyncio, "sleep", fake.asleep)
        yield fake


@pytest.fixture(scope="module")
def decorators(clock):
    """The learner's module, imported once, and under the fake clock: it may do `from time import sleep`."""
    sys.path.insert(0, os.getcwd())
    return importlib.import_module("decorators")


# timer


def lines(printed):
    return [line for line in printed.splitlines() if line.strip()]


def test_timer_prints_the_name_and_the_seconds(decorators, clock, capsys):
    seconds = [3.478, 1.234]
    durations = iter([*seconds, 0, 0])

    @decorators.timer
    def brew():
        clock.advance(next(durations))

    brew()
    brew()
    found = []
    for line in lines(capsys.readouterr().out):
        numbers = re.findall(r"\d+\.\d+", line)
        assert "brew" in line
        assert len(numbers) == 1
        assert re.search(r"\.\d{3}", numbers[0])
        found.append(float(numbers[0]))
    assert found == pytest.approx(seconds, abs=0.0011)


def test_timer_prints_when_the_function_raises(decorators, clock, capsys):
    @decorators.timer
    def fetch():
        clock.advance(2.5)
        raise LookupError("shelf 312")

    with pytest.raises(LookupError, match="shelf 312"):
        fetch()
    assert len(lines(capsys.readouterr().out)) == 1

    @decorators.timer
    def leave():
        raise SystemExit

    with pytest.raises(SystemExit):
        leave()
    assert len(lines(capsys.readouterr().out)) == 1


def test_timer_measures_coroutines(decorators, clock, capsys):
    @decorators.timer
    async def upload():
        await asyncio.sleep(4.321)
        return 7

    coroutine = upload()
    clock.advance(20)
    assert asyncio.run(coroutine) == 7
    told = [float(number) for number in re.findall(r"\d+\.\d+", capsys.readouterr().out)]
    assert told == pytest.approx([4.321], abs=0.06)


# retry


class Unreliable:
    """An operation that fails so many times and then works."""

    def __init__(self, clock, failures, result="done"):
        self.clock = clock
        self.failures = failures
        self.result = result
        self.called_at = []

    def __call__(self):
        self.called_at.append(self.clock.now)
        if len(self.called_at) <= self.failures:
            raise ConnectionError(f"attempt {len(self.called_at)} failed")
        return self.result

    @property
    def waits(self):
        return [later - earlier for earlier, later in zip(self.called_at, self.called_at[1:], strict=False)]


def retried(decorators, settings, operation):
    @decorators.retry(**settings)
    def function():
        return operation()

    return function


def test_retry_stops_at_the_first_success(decorators, clock):
    for failures, result in ((2, 417), (1, None)):
        operation = Unreliable(clock, failures, result)
        settings = {"max_attempts": failures + 2, "delay": 0}
        assert retried(decorators, settings, operation)() == result
        assert len(operation.called_at) == failures + 1


def test_retry_gives_up_after_max_attempts(decorators, clock):
    for settings in ({"max_attempts": 4, "delay": 0}, {"max_attempts": 1}, {}):
        operation = Unreliable(clock, failures=20)
        with contextlib.suppress(Exception):
            retried(decorators, settings, operation)()
        assert len(operation.called_at) == settings.get("max_attempts", 3)


def test_retry_raises_the_last_error(decorators):
    errors = [ConnectionError(f"line 7 is busy ({attempt})") for attempt in range(3)]
    left = iter(errors)

    @decorators.retry(max_attempts=3, delay=0)
    def function():
        raise next(left, errors[-1])

    with pytest.raises(ConnectionError) as caught:
        function()
    assert caught.value is errors[-1]


def test_retry_waits_between_attempts(decorators, clock):
    for settings in ({"max_attempts": 3, "delay": 8.25}, {}):
        operation = Unreliable(clock, failures=2)
        assert retried(decorators, settings, operation)() == "done"
        delay = settings.get("delay", 1)
        assert operation.waits == pytest.approx([delay, delay], abs=0.01)


def test_retry_does_not_wait_before_or_after(decorators, clock):
    for failures in (0, 2):
        operation = Unreliable(clock, failures)
        started = clock.now
        with contextlib.suppress(ConnectionError):
            retried(decorators, {"max_attempts": 2, "delay": 5.5}, operation)()
        assert operation.called_at
        assert operation.called_at[0] - started == pytest.approx(0, abs=0.01)
        assert clock.now - operation.called_at[-1] == pytest.approx(0, abs=0.01)


def test_retry_lets_other_than_exceptions_through(decorators):
    for kind in (KeyboardInterrupt, SystemExit):
        calls = []

        @decorators.retry(max_attempts=3, delay=0)
        def function(calls=calls, kind=kind):
            calls.append(1)
            raise kind

        with pytest.raises(kind):
            function()
        assert len(calls) == 1


def test_retry_counts_anew_for_each_call(decorators):
    attempts = 0

    @decorators.retry(max_attempts=2, delay=0)
    def function():
        nonlocal attempts
        attempts += 1
        if attempts % 2:
            raise ConnectionError("every other attempt fails")
        return "worked"

    assert [function() for _ in range(5)] == ["worked"] * 5


def test_retry_refuses_impossible_settings(decorators):
    for settings in ({"max_attempts": 0}, {"max_attempts": -4}, {"delay": -0.75}):
        with pytest.raises(ValueError):
            decorators.retry(**settings)(lambda: None)
    for settings in ({"max_attempts": 1}, {"delay": 0}):
        decorators.retry(**settings)(lambda: None)


def test_retry_works_on_coroutines(decorators, clock):
    order, times = [], []

    @decorators.retry(max_attempts=4, delay=13.0)
    async def function(name):
        order.append(name)
        times.append(clock.now)
        if order.count(name) == 1:
            raise ConnectionError("the first attempt fails")
        return name.upper()

    async def both():
        return await asyncio.gather(function("a"), function("b"))

    assert asyncio.run(both()) == ["A", "B"]
    assert order == ["a", "b", "a", "b"]
    assert times[2] - times[0] == pytest.approx(13.0, abs=0.01)


# memoize


def numbered(decorators):
    """A function that returns how many times it has run."""
    runs = 0

    @decorators.memoize
    def function(*args, **kwargs):
        nonlocal runs
        runs += 1
        return runs

    return function


def test_memoize_runs_once_for_the_same_arguments(decorators):
    function = numbered(decorators)
    few = [((17, "x"), {}), ((23,), {"a": 1}), ((), {"a": 1, "b": 5})]
    assert [function(*args, **kwargs) for args, kwargs in [*few, *few]] == [1, 2, 3] * 2
    function = numbered(decorators)
    many = list(range(0, 1000, 5))
    assert max([function(number) for number in [*many, *many]]) == 200


def test_memoize_tells_calls_apart(decorators):
    @decorators.memoize
    def order(item, size="small", milk="none"):
        return [item, size, milk]

    assert order(12, 34) == [12, 34, "none"]
    assert order(34, 12) == [34, 12, "none"]
    assert order(12, milk=34) == [12, "small", 34]
    assert order(12, size=34) == [12, 34, "none"]
    assert order(12, "34") == [12, "34", "none"]
    assert order("12, 34") == ["12, 34", "small", "none"]
    assert order(12, "milk", 34) == [12, "milk", 34]
    assert order(12, ("milk", 34)) == [12, ("milk", 34), "none"]
    assert order(-1, 12) == [-1, 12, "none"]
    assert order(-2, 12) == [-2, 12, "none"]

    class Person:
        def __repr__(self):
            return "Ann"

    ann, namesake = Person(), Person()
    assert order(ann)[0] is ann
    assert order(namesake)[0] is namesake


def test_memoize_remembers_any_result(decorators):
    results = [0, None, "", 81, False]
    ran = []

    @decorators.memoize
    def function(index):
        ran.append(index)
        return results[index]

    for index, result in enumerate(results):
        assert [function(index), function(index)] == [result, result]
        assert ran.count(index) == 1


def test_memoize_does_not_remember_errors(decorators):
    for kind in (ValueError, TypeError, KeyError):
        runs = 0

        @decorators.memoize
        def function(_, kind=kind):
            nonlocal runs
            runs += 1
            if runs == 1:
                raise kind("only once")
            return f"result of run {runs}"

        with pytest.raises(kind):
            function("x")
        assert [function("x"), function("x")] == ["result of run 2"] * 2


def test_memoize_keeps_functions_apart(decorators):
    @decorators.memoize
    def double(number):
        return number * 2

    @decorators.memoize
    def triple(number):
        return number * 3

    assert [double(123), triple(123)] == [246, 369]


def test_memoize_works_with_unhashable_arguments(decorators):
    @decorators.memoize
    def total(values, more):
        return sum(values) + sum(more)

    values = [4, 31, 77]
    first = total(values, more=[1])
    values.append(5)
    assert [first, total(values, more=[1])] == [113, 118]


# validate_types


def test_validate_types_lets_right_calls_through(decorators):
    class Count(int):
        pass

    @decorators.validate_types
    def pack(anything, count: int, label: str = "none", *, weight: float = 1.5) -> list:
        return [anything, int(count), label, weight]

    assert pack("box 7", 12) == ["box 7", 12, "none", 1.5]
    assert pack(None, Count(12), "box 7") == [None, 12, "box 7", 1.5]
    assert pack("box 7", label="box 7", weight=2.5, count=12) == ["box 7", 12, "box 7", 2.5]


def packing(decorators):
    ran = []

    @decorators.validate_types
    def pack(apples: int, label: str, *, weight: float = 1.5) -> None:
        ran.append(1)

    return pack, ran


def test_validate_types_stops_a_wrong_argument(decorators):
    pack, ran = packing(decorators)
    for args in (("12", "red"), (12, 12)):
        with pytest.raises(TypeError):
            pack(*args)
    assert not ran


def test_validate_types_checks_keyword_arguments(decorators):
    pack, _ = packing(decorators)
    for args, kwargs in (((12, "red"), {"weight": "heavy"}), ((), {"label": None, "apples": 12})):
        with pytest.raises(TypeError):
            pack(*args, **kwargs)


def test_validate_types_names_what_is_wrong(decorators):
    @decorators.validate_types
    def pack(apples: int, *numbers: int, weight: float = 1.5, **labels: str) -> None:
        pass

    wrong = {"apples": (("9",), {}), "weight": ((9,), {"weight": 9}), "numbers": ((9, 9, "x"), {})}
    told = {}
    for name, (args, kwargs) in {**wrong, "labels": ((9,), {"color": 9})}.items():
        try:
            pack(*args, **kwargs)
        except TypeError as error:
            told[name] = str(error)
    assert any(told.values())
    for name, message in told.items():
        names = (name, "color") if name == "labels" else (name,)
        assert any(each in message for each in names)


def test_validate_types_checks_the_result(decorators):
    @decorators.validate_types
    def function(value) -> int:
        return value

    assert function(12) == 12
    with pytest.raises(TypeError, match=r"(?i)return"):
        function("12")


def test_validate_types_knows_unions_none_and_any(decorators):
    @decorators.validate_types
    def function(size: int | str, note: str | None, extra: Any, nothing: None = None) -> None:
        return None

    for args in ((5, None, 5), ("5", "x", None), (5, "x", "x", None)):
        function(*args)
    for args in ((0.625, "x", 5), (5, 5, 5), (5, "x", 5, 5)):
        with pytest.raises(TypeError):
            function(*args)


def test_validate_types_checks_extra_arguments(decorators):
    @decorators.validate_types
    def function(*numbers: int, **labels: str) -> list:
        return [list(numbers), labels]

    assert function(3, 4, color="red") == [[3, 4], {"color": "red"}]
    for numbers, labels in (([3, "3"], {}), ([3], {"size": "big", "color": 3})):
        with pytest.raises(TypeError):
            function(*numbers, **labels)


# rate_limit


def starts(decorators, clock, settings, pauses, takes=0.0, fails=False):
    """When each call started, after pauses of so many seconds before each."""
    begin, started = clock.now, []

    @decorators.rate_limit(**settings)
    def function():
        started.append(clock.now - begin)
        clock.advance(takes)
        if fails and len(started) == 1:
            raise LookupError("the first call fails")

    for pause in pauses:
        clock.advance(pause)
        with contextlib.suppress(LookupError):
            function()
    return started


def test_rate_limit_waits_when_there_are_too_many(decorators, clock):
    started = starts(decorators, clock, {"calls": 2, "period": 4.25}, [0] * 5)
    assert started == pytest.approx([0, 0, 4.25, 4.25, 8.5], abs=0.1)
    assert starts(decorators, clock, {}, [0] * 6) == pytest.approx([0, 0, 0, 0, 0, 1], abs=0.1)


def test_rate_limit_looks_at_any_stretch_of_time(decorators, clock):
    started = starts(decorators, clock, {"calls": 2, "period": 5.0}, [0, 3.0, 0, 0, 7.5])
    assert started == pytest.approx([0, 3, 5, 8, 15.5], abs=0.1)


def test_rate_limit_counts_from_the_start_of_a_call(decorators, clock):
    started = starts(decorators, clock, {"calls": 2, "period": 5.0}, [0] * 4, takes=1.5, fails=True)
    assert started == pytest.approx([0, 1.5, 5, 6.5], abs=0.1)


def test_rate_limit_keeps_functions_apart(decorators, clock):
    begin, started = clock.now, []

    limit = decorators.rate_limit(calls=1, period=11)

    @limit
    def one():
        started.append(clock.now - begin)

    @limit
    def other():
        started.append(clock.now - begin)

    one()
    other()
    assert started == pytest.approx([0, 0], abs=0.1)


def test_rate_limit_refuses_impossible_settings(decorators):
    for settings in ({"calls": 0}, {"calls": -3}, {"period": 0}, {"period": -1.25}):
        with pytest.raises(ValueError):
            decorators.rate_limit(**settings)(lambda: None)
    for settings in ({"calls": 1}, {"period": 0.25}):
        decorators.rate_limit(**settings)(lambda: None)


# all of them


def test_arguments_and_results_go_through(decorators):
    def echo(first, *rest, key, **others):
        return [first, list(rest), key, others]

    for decorate in (
        decorators.timer,
        decorators.retry(max_attempts=2, delay=0),
        decorators.memoize,
        decorators.validate_types,
        decorators.rate_limit(calls=2, period=1),
    ):
        assert decorate(echo)(1, 2, key=3, other=4) == [1, [2], 3, {"other": 4}]


def test_methods_can_be_decorated(decorators):
    sums = {}

    class Account:
        def __init__(self, number):
            self.number = number

        @decorators.timer
        def timer(self, more: int):
            sums.setdefault("timer", []).append(self.number + more)

        @decorators.retry(max_attempts=2, delay=0)
        def retry(self, more: int):
            sums.setdefault("retry", []).append(self.number + more)
            return "done"

        @decorators.memoize
        def memoize(self, more: int):
            sums.setdefault("memoize", []).append(self.number + more)

        @decorators.validate_types
        def validate_types(self, more: int):
            sums.setdefault("validate_types", []).append(self.number + more)

        @decorators.rate_limit(calls=2, period=1)
        def rate_limit(self, more: int):
            sums.setdefault("rate_limit", []).append(self.number + more)

    accounts = [Account(17), Account(400)]
    for name in FIVE:
        for account in accounts:
            getattr(account, name)(1)
    assert sums == {name: [18, 401] for name in FIVE}


def test_decorated_functions_keep_their_names(decorators):
    def greet(name: str, *, loud: bool = False) -> str:
        """Say hello."""
        return f"hello {name}"

    async def fetch(url: str, timeout: float = 1) -> str:
        """Get a page."""
        return url

    for before, after in (
        (greet, decorators.timer(greet)),
        (fetch, decorators.timer(fetch)),
        (greet, decorators.retry(max_attempts=2)(greet)),
        (fetch, decorators.retry(max_attempts=2)(fetch)),
        (greet, decorators.memoize(greet)),
        (greet, decorators.validate_types(greet)),
        (greet, decorators.rate_limit(calls=2)(greet)),
    ):
        for told in ("__name__", "__qualname__", "__doc__", "__module__"):
            assert getattr(after, told, None) == getattr(before, told)
        assert inspect.signature(after) == inspect.signature(before)


def test_main_shows_all_five(decorators, monkeypatch, capsys):
    codes = {}
    shown = set()

    def watch(name, decorator):
        def noting(function, *args, **kwargs):
            decorated = decorator(function, *args, **kwargs)
            for each in (function, decorated, type(decorated).__call__):
                codes.setdefault(getattr(each, "__code__", None), set()).add(name)
            return decorated

        return noting

    def spy(name, original):
        def called(*args, **kwargs):
            if args and callable(args[0]):
                return watch(name, original)(*args, **kwargs)
            return watch(name, original(*args, **kwargs))

        return called

    def note(frame, event, _):
        if event == "call" and frame.f_code in codes:
            shown.update(codes[frame.f_code])

    for name in FIVE:
        monkeypatch.setattr(decorators, name, spy(name, getattr(decorators, name)))
    monkeypatch.setattr(sys, "argv", ["main.py"])
    ended = 0
    sys.setprofile(note)
    try:
        runpy.run_path("main.py", run_name="__main__")
    except SystemExit as leaving:
        ended = leaving.code or 0
    finally:
        sys.setprofile(None)
    assert ended == 0
    assert shown == set(FIVE)
    assert len(lines(capsys.readouterr().out)) >= 5
