"""Random operations: what is told of a difference, how short it gets, and that the same seed tells the same."""

from __future__ import annotations

import re

import pytest

from tests.conftest import Bench

GRADER = """
from grader import sequences
from grader.sequences import among, integers, operation

class Model(list):
    push = list.append

    def __init__(self, size=9):
        if size < 1:
            raise ValueError("size")

OPERATIONS = [operation("it.push({})", integers(0, 99)), operation("it.pop()"), operation("len(it)")]

def test_it(learner, rng):
    sequences.check(learner, rng, make="Stack()", model=Model, operations=OPERATIONS)

def test_made(learner, rng):
    sequences.check(learner, rng, make=operation("Stack({})", integers(0, 3)), model=Model, operations=OPERATIONS)

def test_when(learner, rng):
    pop = operation("it.pop()", when=len)
    sequences.check(learner, rng, make="Stack()", model=Model, operations=[OPERATIONS[0], pop])

def test_item(learner, rng):
    put = operation("it[{}] = {}", integers(0, 3), among("a", "b"), when=lambda model: len(model) > 3)
    sequences.check(learner, rng, make="Stack()", model=Model, operations=[OPERATIONS[0], put, operation("it[3]")])

def test_author(learner, rng):
    sequences.check(learner, rng, make="Stack()", model=Model, operations=[operation("it.missing()")])
"""

RIGHT = """
class Stack(list):
    def __init__(self, size=9):
        if size < 1:
            raise ValueError("too small")
    push = list.append
"""


def lines(message: str) -> list[str]:
    """The lines to paste."""
    return [line.strip() for line in message.splitlines() if line.startswith("    ")]


@pytest.mark.parametrize("check", ["it", "made", "when", "item"])
def test_what_does_as_the_model_passes(bench: Bench, check: str) -> None:
    assert bench.judge(GRADER, RIGHT, check)["outcome"] == "passed"


def test_a_difference_is_shrunk_to_lines_that_can_be_pasted(bench: Bench) -> None:
    wrong = RIGHT + "    def pop(self):\n        return list.pop(self, 0 if len(self) > 2 else -1)\n"
    result = bench.judge(GRADER, wrong)
    pasted = lines(result["message"])
    assert pasted[:2] == ["from work import Stack", "it = Stack()"]
    assert [re.sub(r"\d+", "N", line) for line in pasted[2:]] == ["it.push(N)"] * 3 + ["it.pop()"]
    assert sorted(re.findall(r"push\((\d+)\)", result["message"])) == ["0", "0", "1"]
    assert (result["expected"], result["actual"]) == (1, 0)


def test_the_same_seed_tells_the_same(bench: Bench) -> None:
    wrong = RIGHT + "    def pop(self):\n        return list.pop(self, 0)\n"
    assert bench.judge(GRADER, wrong)["message"] == bench.judge(GRADER, wrong)["message"]


@pytest.mark.parametrize(
    ("method", "words"),
    [
        ("def pop(self): return list.pop(self) if self else None", "should raise IndexError, but gives None"),
        (
            "def pop(self):\n        if not self: raise KeyError('k')\n        return list.pop(self)",
            "but raises KeyError: 'k'",
        ),
    ],
)
def test_what_a_line_comes_to_is_told(bench: Bench, method: str, words: str) -> None:
    message = bench.judge(GRADER, f"{RIGHT}    {method}\n")["message"]
    assert words in message


def test_a_subclass_of_the_models_exception_is_as_good(bench: Bench) -> None:
    own = "class Empty(IndexError): pass\n"
    pop = "    def pop(self):\n        if not self: raise Empty\n        return list.pop(self)\n"
    assert bench.judge(GRADER, own + RIGHT + pop)["outcome"] == "passed"


def test_an_object_that_can_not_be_made_is_told(bench: Bench) -> None:
    message = bench.judge(GRADER, RIGHT.replace("size < 1", "size < 0"), "made")["message"]
    assert "should raise ValueError, but gives None" in message
    assert lines(message)[-1] == "it = Stack(0)"


def test_state_that_objects_share_is_told(bench: Bench) -> None:
    shared = "class Stack:\n    items = []\n    def push(self, n): self.items.append(n)\n    def pop(self): return self.items.pop()\n    def __len__(self): return len(self.items)\n"
    assert "after other objects were made" in bench.judge(GRADER, shared)["message"]


def test_what_is_not_written_yet_is_told_as_ever(bench: Bench) -> None:
    result = bench.judge(GRADER, "class Stack:\n    def __init__(self):\n        raise NotImplementedError\n")
    assert result["message"] == "`NotImplementedError` was raised"


def test_a_line_that_the_model_has_not_is_the_authors_mistake(bench: Bench) -> None:
    assert bench.judge(GRADER, RIGHT, "author")["outcome"] == "error"
