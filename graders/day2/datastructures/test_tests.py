"""Judges the tests of day2/datastructures, green with right classes and red with faulty ones, and the benchmarks."""

import re
from typing import Any

from grader import Learner, probe

TESTS, BENCHMARKS = "test_datastructures.py", "benchmarks.py"
NAMES = ("Stack", "Queue", "LRUCache", "CircularBuffer")

RIGHT = """
from collections import OrderedDict, deque


class Stack:
    def __init__(self):
        self.items = []

    def push(self, item):
        self.items.append(item)

    def pop(self):
        return self.items.pop()

    def peek(self):
        return self.items[-1]

    def __len__(self):
        return len(self.items)


class Queue:
    def __init__(self):
        self.waiting = deque()

    def enqueue(self, item):
        self.waiting.append(item)

    def dequeue(self):
        return self.waiting.popleft()

    def peek(self):
        return self.waiting[0]

    def __len__(self):
        return len(self.waiting)


class LRUCache:
    def __init__(self, capacity):
        if capacity < 1:
            raise ValueError("capacity")
        self.capacity = capacity
        self.values = OrderedDict()

    def put(self, key, value):
        self.values[key] = value
        self.values.move_to_end(key)
        if len(self.values) > self.capacity:
            self.values.popitem(last=False)

    def get(self, key, default=None):
        if key not in self.values:
            return default
        self.values.move_to_end(key)
        return self.values[key]

    def __contains__(self, key):
        return key in self.values

    def __len__(self):
        return len(self.values)


class CircularBuffer:
    def __init__(self, capacity):
        if capacity < 1:
            raise ValueError("capacity must be 1 or more")
        self.latest = deque(maxlen=capacity)

    def append(self, item):
        self.latest.append(item)

    def popleft(self):
        return self.latest.popleft()

    def __getitem__(self, index):
        return self.latest[index]

    def __iter__(self):
        return iter(self.latest)

    def __len__(self):
        return len(self.latest)

    @property
    def full(self):
        return len(self.latest) == self.latest.maxlen
"""

# The same classes by other means: nothing but what the README says is common to both.
OTHERWISE = """
class _Line:
    __slots__ = ("_ends",)

    def __init__(self):
        self._ends = {}

    def _take(self, at):
        if not self._ends:
            raise IndexError(f"the {type(self).__name__} is empty")
        return self._ends.pop(at())

    def _see(self, at):
        if not self._ends:
            raise IndexError(f"there is nothing in the {type(self).__name__}")
        return self._ends[at()]

    def _put(self, item):
        self._ends[max(self._ends, default=0) + 1] = item

    def _first(self):
        return min(self._ends)

    def _last(self):
        return max(self._ends)

    def __len__(self):
        return len(self._ends)


class Stack(_Line):
    def push(self, item):
        self._put(item)

    def pop(self):
        return self._take(self._last)

    def peek(self):
        return self._see(self._last)


class Queue(_Line):
    def enqueue(self, item):
        self._put(item)

    def dequeue(self):
        return self._take(self._first)

    def peek(self):
        return self._see(self._first)


class LRUCache:
    def __init__(self, capacity):
        if capacity <= 0:
            raise ValueError(f"no cache can hold {capacity} values")
        self._room, self._known = capacity, {}

    def put(self, key, value):
        self._known.pop(key, None)
        self._known[key] = value
        while len(self._known) > self._room:
            del self._known[next(iter(self._known))]

    def get(self, key, default=None):
        if key in self._known:
            self._known[key] = self._known.pop(key)
        return self._known.get(key, default)

    def __contains__(self, key):
        return key in self._known

    def __len__(self):
        return len(self._known)


class CircularBuffer:
    def __init__(self, capacity):
        if capacity <= 0:
            raise ValueError(capacity)
        self._places, self._start, self._count = [None] * capacity, 0, 0
        self.full = False

    def _place(self, index):
        return (self._start + index) % len(self._places)

    def append(self, item):
        if self.full:
            self._start = self._place(1)
            self._count -= 1
        self._places[self._place(self._count)] = item
        self._count += 1
        self.full = self._count == len(self._places)

    def popleft(self):
        if not self._count:
            raise IndexError("popleft from an empty buffer")
        item = self._places[self._start]
        self._start, self._count, self.full = self._place(1), self._count - 1, False
        return item

    def __getitem__(self, index):
        if not -self._count <= index < self._count:
            raise IndexError(index)
        return self._places[self._place(index % self._count)]

    def __iter__(self):
        return (self[index] for index in range(self._count))

    def __len__(self):
        return self._count
"""


def with_fault(*changes: tuple[str, str]) -> str:
    """The right classes with one fault."""
    source = RIGHT
    for right, faulty in changes:
        if source.count(right) != 1:
            raise ValueError(f"{source.count(right)} places to put a fault: {right}")
        source = source.replace(right, faulty)
    return source


# By class or operation, which is what a learner is told about a fault that no test noticed.
WRONG_STACKS = {"Stack": with_fault(("return self.items.pop()", "return self.items.pop(0)"))}
TAKING_PEEKS = {
    "Stack": with_fault(("return self.items[-1]", "return self.items.pop()")),
    "Queue": with_fault(("return self.waiting[0]", "return self.waiting.popleft()")),
}
NO_INDEX_ERRORS = {
    "Stack.pop": with_fault(("return self.items.pop()", "return self.items.pop() if self.items else None")),
    "Stack.peek": with_fault(("return self.items[-1]", "return self.items[-1] if self.items else None")),
    "Queue.dequeue": with_fault(
        ("return self.waiting.popleft()", "return self.waiting.popleft() if self.waiting else None")
    ),
    "CircularBuffer.popleft": with_fault(
        ("return self.latest.popleft()", "return self.latest.popleft() if self.latest else None")
    ),
}
WRONG_QUEUES = {"Queue": with_fault(("return self.waiting.popleft()", "return self.waiting.pop()"))}
GROWING_LENS = {
    "Stack": with_fault(
        ("self.items.append(item)", "self.items.append(item)\n        self.count = getattr(self, 'count', 0) + 1"),
        ("return len(self.items)", "return getattr(self, 'count', 0)"),
    ),
    "Queue": with_fault(
        ("self.waiting.append(item)", "self.waiting.append(item)\n        self.count = getattr(self, 'count', 0) + 1"),
        ("return len(self.waiting)", "return getattr(self, 'count', 0)"),
    ),
}
IDLE_GETS = {
    "LRUCache": with_fault(
        ("        self.values.move_to_end(key)\n        return self.values[key]", "        return self.values[key]")
    )
}
IDLE_PUTS = {
    "LRUCache": with_fault(
        ("self.values[key] = value\n        self.values.move_to_end(key)", "self.values[key] = value")
    )
}
LARGE_CACHES = {"LRUCache": with_fault(("len(self.values) > self.capacity", "len(self.values) > self.capacity + 1"))}
WRONG_ROUNDS = {
    "CircularBuffer": with_fault(
        ("self.latest = deque(maxlen=capacity)", "self.latest = deque(maxlen=capacity)\n        self.at = 0"),
        (
            "self.latest.append(item)",
            "if self.full:\n            self.latest[self.at % len(self.latest)] = item\n            self.at += 1\n"
            "        else:\n            self.latest.append(item)",
        ),
    )
}
REFUSING_BUFFERS = {
    "CircularBuffer": with_fault(
        ("self.latest.append(item)", "if not self.full:\n            self.latest.append(item)")
    )
}
NO_CAPACITIES = {
    "LRUCache": with_fault(('        if capacity < 1:\n            raise ValueError("capacity")\n', "")),
    "CircularBuffer": with_fault(
        ('        if capacity < 1:\n            raise ValueError("capacity must be 1 or more")\n', "")
    ),
}


@probe
def run_tests(datastructures, file, tests, classes):
    """python -m pytest {file:text}"""
    import inspect
    import sys
    import traceback
    import types

    if classes is not None:
        datastructures = types.ModuleType("datastructures")
        exec(classes, vars(datastructures))
    sys.modules["datastructures"] = datastructures
    passed, failed = 0, []

    def attempt(name, work):
        nonlocal passed
        try:
            work()
            passed += name != file
        except BaseException as error:  # such as that of pytest.raises
            lines = [each.lineno for each in traceback.extract_tb(error.__traceback__) if each.filename == file]
            place = f"line {lines[-1]}: " if lines else ""
            failed.append([name, f"{place}{''.join(traceback.format_exception_only(error)).strip()}"])

    # As pytest does it, as far as the README asks for: pytest itself takes longer to start than all the rest.
    scope = {"__name__": file.removesuffix(".py"), "__file__": file}
    attempt(file, lambda: exec(compile(tests, file, "exec"), scope))
    for name, value in list(scope.items()):
        if inspect.isfunction(value) and name.startswith("test"):
            attempt(name, value)
        elif inspect.isclass(value) and name.startswith("Test"):
            for each in [each for each in vars(value) if each.startswith("test")]:
                attempt(f"{name}.{each}", lambda each=each, kind=value: getattr(kind(), each)())
    return {"passed": passed, "failed": failed}


def outcome(learner: Learner, classes: str | None) -> dict[str, Any]:
    """What became of the learner's tests, with other classes in the place of their own."""
    tests = learner.text(TESTS)
    is_there = tests is not None
    assert is_there, f"there is no {TESTS} yet"
    return learner.run(run_tests, TESTS, tests, classes)


def expect_green(seen: dict[str, Any], whose: str) -> None:
    problems = "".join(f"\n    {name}: {reason}" for name, reason in seen["failed"][:5])
    assert not problems, f"with {whose}, {len(seen['failed'])} of your tests failed:{problems}"
    ran = {"tests that passed": seen["passed"] > 0}
    assert ran["tests that passed"], f"there is no test in {TESTS}"


def expect_noticed(learner: Learner, faulty: dict[str, str]) -> None:
    expect_green(outcome(learner, RIGHT), "right classes")
    for where, classes in faulty.items():
        noticed = outcome(learner, classes)["failed"] != []
        assert noticed, f"the fault is in {where}, and all your tests pass"


def test_tests_pass_with_your_classes(learner: Learner) -> None:
    expect_green(outcome(learner, None), "your own classes")


def test_tests_pass_with_other_right_classes(learner: Learner) -> None:
    for classes in (RIGHT, OTHERWISE):
        expect_green(outcome(learner, classes), "other right classes")


def test_tests_notice_a_stack_in_the_wrong_order(learner: Learner) -> None:
    expect_noticed(learner, WRONG_STACKS)


def test_tests_notice_a_peek_that_takes(learner: Learner) -> None:
    expect_noticed(learner, TAKING_PEEKS)


def test_tests_notice_a_missing_index_error(learner: Learner) -> None:
    expect_noticed(learner, NO_INDEX_ERRORS)


def test_tests_notice_a_queue_in_the_wrong_order(learner: Learner) -> None:
    expect_noticed(learner, WRONG_QUEUES)


def test_tests_notice_a_wrong_len(learner: Learner) -> None:
    expect_noticed(learner, GROWING_LENS)


def test_tests_notice_a_get_that_is_no_use(learner: Learner) -> None:
    expect_noticed(learner, IDLE_GETS)


def test_tests_notice_a_put_that_is_no_use(learner: Learner) -> None:
    expect_noticed(learner, IDLE_PUTS)


def test_tests_notice_a_cache_that_is_too_large(learner: Learner) -> None:
    expect_noticed(learner, LARGE_CACHES)


def test_tests_notice_a_buffer_that_goes_round_wrong(learner: Learner) -> None:
    expect_noticed(learner, WRONG_ROUNDS)


def test_tests_notice_a_buffer_that_refuses_new_items(learner: Learner) -> None:
    expect_noticed(learner, REFUSING_BUFFERS)


def test_tests_notice_a_capacity_of_zero(learner: Learner) -> None:
    expect_noticed(learner, NO_CAPACITIES)


def test_benchmarks_run(learner: Learner) -> None:
    is_there = learner.text(BENCHMARKS) is not None
    assert is_there, f"there is no {BENCHMARKS} yet"
    program = learner.script(file=BENCHMARKS)
    assert {"exit code": program.exit_code} == {"exit code": 0}, program.stderr[-300:] or "the program failed"
    lines = {name: [line for line in program.lines if name in line and re.search(r"\d", line)] for name in NAMES}
    missing = [name for name, found in lines.items() if not found]
    assert missing == [], "a class that no printed line with a number in it names"
