"""Judges the tests of day2/datastructures, green with right classes and red with faulty ones, and the benchmarks."""

import re

from grader import Learner
from grader.own_tests import OwnTests, changed, sample

TESTS, BENCHMARKS = "test_datastructures.py", "benchmarks.py"
NAMES = ("Stack", "Queue", "LRUCache", "CircularBuffer")
RIGHT = sample(__file__, "right_collections", "datastructures.py")
OTHERWISE = sample(__file__, "right_by_hand", "datastructures.py")


def with_fault(*changes: tuple[str, str]) -> str:
    """The right classes with one fault."""
    return changed(RIGHT, *changes)


# What stands in one class only, or what tells the classes apart.
STACK_POP, STACK_PEEK = "return self._items.pop()", "return self._items[-1]"
STACK_PUSH = "def push(self, item):\n        self._items.append(item)"
QUEUE_PEEK = "return self._items[0]"
ENQUEUE = "def enqueue(self, item):\n        self._items.append(item)"
DEQUEUE = "def dequeue(self):\n        return self._items.popleft()"
BUFFER_POPLEFT = "def popleft(self):\n        return self._items.popleft()"
BUFFER_APPEND = "def append(self, item):\n        self._items.append(item)"
RING = "self._items = deque(maxlen=capacity)"


def counted(operation: str, length: str) -> str:
    """Counts what comes and not what leaves: `operation` puts an item in, `length` is what follows in the class."""
    counting = f"{operation}\n        self.count = getattr(self, 'count', 0) + 1"
    return with_fault((operation, counting), (length, length.replace("len(self._items)", "getattr(self, 'count', 0)")))


JUDGED = OwnTests(
    [TESTS],
    modules={"datastructures": "datastructures.py"},
    right=[RIGHT, OTHERWISE],
    faults={
        "a_stack_in_the_wrong_order": {
            "Stack.pop takes the first item": with_fault((STACK_POP, "return self._items.pop(0)"))
        },
        "a_peek_that_takes": {
            "Stack.peek takes the item away": with_fault((STACK_PEEK, STACK_POP)),
            "Queue.peek takes the item away": with_fault((QUEUE_PEEK, "return self._items.popleft()")),
        },
        "a_missing_index_error": {
            "Stack.pop gives None when there is nothing": with_fault(
                (STACK_POP, f"{STACK_POP} if self._items else None")
            ),
            "Stack.peek gives None when there is nothing": with_fault(
                (STACK_PEEK, f"{STACK_PEEK} if self._items else None")
            ),
            "Queue.dequeue gives None when there is nothing": with_fault(
                (DEQUEUE, f"{DEQUEUE} if self._items else None")
            ),
            "CircularBuffer.popleft gives None when there is nothing": with_fault(
                (BUFFER_POPLEFT, f"{BUFFER_POPLEFT} if self._items else None")
            ),
        },
        "a_queue_in_the_wrong_order": {
            "Queue.dequeue takes the last item": with_fault((DEQUEUE, DEQUEUE.replace("popleft", "pop")))
        },
        "a_wrong_len": {
            "len of a Stack only grows": counted(
                STACK_PUSH, f"{STACK_PEEK}\n\n    def __len__(self):\n        return len(self._items)"
            ),
            "len of a Queue only grows": counted(
                ENQUEUE, f"{QUEUE_PEEK}\n\n    def __len__(self):\n        return len(self._items)"
            ),
        },
        "a_get_that_is_no_use": {
            "LRUCache.get doesn't count as a use": with_fault(
                (
                    "        self._values.move_to_end(key)\n        return self._values[key]",
                    "        return self._values[key]",
                )
            )
        },
        "a_put_that_is_no_use": {
            "putting a key again doesn't count as a use": with_fault(
                ("self._values[key] = value\n        self._values.move_to_end(key)", "self._values[key] = value")
            )
        },
        "a_cache_that_is_too_large": {
            "LRUCache keeps one value too many": with_fault(
                ("len(self._values) > self._capacity", "len(self._values) > self._capacity + 1")
            )
        },
        "a_buffer_that_goes_round_wrong": {
            "CircularBuffer loses its order when it goes round": with_fault(
                (RING, f"{RING}\n        self.at = 0"),
                (
                    BUFFER_APPEND,
                    "def append(self, item):\n        if self.full:\n"
                    "            self._items[self.at % len(self._items)] = item\n            self.at += 1\n"
                    "        else:\n            self._items.append(item)",
                ),
            )
        },
        "a_buffer_that_refuses_new_items": {
            "CircularBuffer drops the new item": with_fault(
                (
                    BUFFER_APPEND,
                    "def append(self, item):\n        if not self.full:\n            self._items.append(item)",
                )
            )
        },
        "a_capacity_of_zero": {
            "LRUCache takes a capacity of 0": with_fault(
                ('        if capacity < 1:\n            raise ValueError("a cache holds at least one value")\n', "")
            ),
            "CircularBuffer takes a capacity of 0": with_fault(
                ('        if capacity < 1:\n            raise ValueError("a buffer holds at least one item")\n', "")
            ),
        },
    },
)


def test_tests_pass_with_your_classes(learner: Learner) -> None:
    JUDGED.pass_on_own_code(learner)


def test_tests_pass_with_other_right_classes(learner: Learner) -> None:
    JUDGED.pass_on_right_code(learner)


def test_tests_notice_a_stack_in_the_wrong_order(learner: Learner) -> None:
    JUDGED.notice(learner, "a_stack_in_the_wrong_order")


def test_tests_notice_a_peek_that_takes(learner: Learner) -> None:
    JUDGED.notice(learner, "a_peek_that_takes")


def test_tests_notice_a_missing_index_error(learner: Learner) -> None:
    JUDGED.notice(learner, "a_missing_index_error")


def test_tests_notice_a_queue_in_the_wrong_order(learner: Learner) -> None:
    JUDGED.notice(learner, "a_queue_in_the_wrong_order")


def test_tests_notice_a_wrong_len(learner: Learner) -> None:
    JUDGED.notice(learner, "a_wrong_len")


def test_tests_notice_a_get_that_is_no_use(learner: Learner) -> None:
    JUDGED.notice(learner, "a_get_that_is_no_use")


def test_tests_notice_a_put_that_is_no_use(learner: Learner) -> None:
    JUDGED.notice(learner, "a_put_that_is_no_use")


def test_tests_notice_a_cache_that_is_too_large(learner: Learner) -> None:
    JUDGED.notice(learner, "a_cache_that_is_too_large")


def test_tests_notice_a_buffer_that_goes_round_wrong(learner: Learner) -> None:
    JUDGED.notice(learner, "a_buffer_that_goes_round_wrong")


def test_tests_notice_a_buffer_that_refuses_new_items(learner: Learner) -> None:
    JUDGED.notice(learner, "a_buffer_that_refuses_new_items")


def test_tests_notice_a_capacity_of_zero(learner: Learner) -> None:
    JUDGED.notice(learner, "a_capacity_of_zero")


def test_benchmarks_run(learner: Learner) -> None:
    is_there = learner.text(BENCHMARKS) is not None
    assert is_there, f"there is no {BENCHMARKS} yet"
    program = learner.script(file=BENCHMARKS)
    assert {"exit code": program.exit_code} == {"exit code": 0}, program.stderr[-300:] or "the program failed"
    lines = {name: [line for line in program.lines if name in line and re.search(r"\d", line)] for name in NAMES}
    missing = [name for name, found in lines.items() if not found]
    assert missing == [], "a class that no printed line with a number in it names"
