"""The judge's part in tests that run inside: hands them out one by one, tests that must fail among them, and
believes no result unasked.
"""

from __future__ import annotations

import marshal
import os
import random
import secrets
from collections.abc import Iterator
from typing import Any, NamedTuple

from sandboxed.codec import CodecError, decode

from grader.answer import Answer
from grader.channel import Channel, answer_of
from grader.errors import ChannelError
from grader.result import Result, ended, kept
from grader.suite.rewriting import Rewritten

_HEADER = {"op": "inside", "wall_ms": None, "cpu_ms": None}
_OUTCOMES = frozenset(("passed", "failed", "skipped", "tampered"))
# What travels with the tests, bytes: helpers and data of the author's that lie beside them.
_MOST_BYTES = 8 << 20
_MOST_FILES = 300

# Each has to fail. Their names are drawn anew for every run.
_CANARIES = """
import unittest

import pytest


class {0}(unittest.TestCase):
    def test_{1}(self):
        self.assertEqual({n}, {m})

    def test_{2}(self):
        self.assertTrue({n} == {m})

    def test_{3}(self):
        with self.assertRaises(ValueError):
            str({n})

    def test_{4}(self):
        self.fail("{m}")


def test_{5}():
    assert [{n}] == [{m}]


def test_{6}():
    with pytest.raises(ValueError):
        str({n})


def test_{7}():
    raise KeyError({m})
"""
_CANARY_COUNT = 7


class _Turn(NamedTuple):
    """One test to be handed out. `check`: the test it is, or is the twin of; empty for one of the grader's own."""

    check: str
    name: str
    must_fail: bool = False


class InsideRun:
    """Runs tests of one suite inside, in as many processes as it takes."""

    def __init__(
        self, channel: Channel, folder: str, tests: tuple[str, ...], modules: frozenset[str], *, own: bool
    ) -> None:
        self._channel, self._folder, self._tests, self._modules, self._own = channel, folder, tests, modules, own
        self._tampered = ""

    def results(self, wanted: dict[str, str]) -> list[Result]:
        """`wanted`: each test's id and what pytest calls it below the folder. One result for each, in that order."""
        found: dict[str, Result] = {}
        left = dict(wanted)
        while left and not self._tampered:
            done = self._process(left)
            found.update(done)
            for check in done:
                del left[check]
        if self._tampered:
            return [
                Result(check, "tampered", f"its run inside can't be believed: {self._tampered}") for check in wanted
            ]
        return [found[check] for check in wanted]

    def _process(self, left: dict[str, str]) -> dict[str, Result]:
        """One process: results of the tests that it got to, at least one."""
        canaries, source = _canaries()
        rewritten = {path: Rewritten(path) for path in self._tests}
        order, twins = [], []
        for check, name in left.items():
            real, twin = rewritten[os.path.join(self._folder, name.partition("::")[0])].names(name)
            order.append(_Turn(check, real))
            twins += [_Turn(check, twin, must_fail=True)] if twin else []
        draw = random.SystemRandom()
        draw.shuffle(twins)
        # Twins come last: what they leave behind shall not be met by a test. Canaries stand anywhere.
        order += twins
        for name in canaries:
            order.insert(draw.randrange(len(order) + 1), _Turn("", name, must_fail=True))
        sources = {os.path.relpath(path, self._folder): each.source for path, each in rewritten.items()}
        sources.update(self._helpers())
        sources[canaries[0].partition("::")[0]] = source.encode()
        request = {
            "op": "inside",
            "sources": sources,
            "tests": [*dict.fromkeys(turn.name.partition("::")[0] for turn in order)],
            "conftest": any(name.rpartition("/")[2] == "conftest.py" for name in sources),
        }
        self._channel.send("C", _HEADER, marshal.dumps(request))
        return self._converse(order)

    def _converse(self, order: list[_Turn]) -> dict[str, Result]:
        found: dict[str, Result] = {}
        at, word = -1, ""
        while True:
            frame = self._channel.receive()
            if frame is None:
                raise ChannelError("the supervisor has gone")
            if frame.kind == "T":
                self._tampered = self._tampered or "it says what nobody asked"
                continue
            if frame.kind == "A":
                return self._over(order, at, found, answer_of(frame))
            message = _decoded(frame.body)
            if at >= 0 or message != ("ready",):
                self._note(order, at, word, message, found)
            at += 1
            word = secrets.token_hex(8)
            test = order[at].name if at < len(order) and not self._tampered else ""
            following = order[at + 1].name if at + 1 < len(order) else ""
            self._channel.send(
                "o", {"raise": None}, marshal.dumps({"test": test, "following": following, "word": word})
            )

    def _note(self, order: list[_Turn], at: int, word: str, message: Any, found: dict[str, Result]) -> None:
        """One result; whatever is odd about it speaks against all of them."""
        if type(message) is not tuple or len(message) != 6 or any(type(each) is not str for each in message):
            self._tampered = self._tampered or "it says what is no result"
            return
        kind, its_word, outcome, text, stdout, stderr = message
        if kind != "result" or its_word != word or not 0 <= at < len(order) or outcome not in _OUTCOMES:
            self._tampered = self._tampered or "it gives a result that was not asked for"
            return
        turn = order[at]
        if turn.must_fail:
            # The twin of a test that is left out is left out too.
            was_left_out = turn.check in found and found[turn.check].outcome == "skipped"
            if outcome not in ("failed", "tampered") and not (outcome == "skipped" and was_left_out):
                self._tampered = self._tampered or f"a test that must fail ended as `{outcome}`"
            return
        found[turn.check] = Result(turn.check, outcome, kept(text), stdout=kept(stdout), stderr=kept(stderr))

    def _over(self, order: list[_Turn], at: int, found: dict[str, Result], answer: Answer) -> dict[str, Result]:
        """The process has ended, or says that it is done: who was running then is to blame."""
        if answer.ok and at >= len(order):
            return found
        if answer.ok:
            # pytest itself came to an end before the tests did.
            answer.ending, answer.detail = "exited", "0"
        if at < 0:
            running = [turn.check for turn in order if turn.check]
        else:
            turn = order[min(at, len(order) - 1)]
            running = [turn.check] if turn.check else []
            if not running:
                # In the middle of a test that has nothing to do with the learner's code.
                self._tampered = self._tampered or "it ended in a test of the grader's own"
        for check in running:
            found[check] = Result(check, stdout=kept(answer.stdout), stderr=kept(answer.stderr))
            ended(found[check], answer)
        return found

    def _helpers(self) -> Iterator[tuple[str, bytes]]:
        """What lies beside the tests, where that is the author's."""
        if not self._own:
            return
        room, count = _MOST_BYTES, 0
        for folder, inner, names in os.walk(self._folder):
            inner[:] = [
                each for each in inner if not each.startswith((".", "__pycache__")) and each not in self._modules
            ]
            for name in sorted(names):
                path = os.path.join(folder, name)
                is_learners = name.endswith(".py") and folder == self._folder and name[:-3] in self._modules
                if (
                    path in self._tests
                    or is_learners
                    or name.startswith(".")
                    or not os.path.isfile(path)
                    or os.path.islink(path)
                ):
                    continue
                room, count = room - os.path.getsize(path), count + 1
                if room < 0 or count > _MOST_FILES:
                    return
                with open(path, "rb") as stream:
                    yield os.path.relpath(path, self._folder), stream.read()


def _canaries() -> tuple[list[str], str]:
    """What pytest calls them, and their file."""
    words = [f"{secrets.choice('abcdefgh')}{secrets.token_hex(4)}" for _ in range(_CANARY_COUNT + 2)]
    low, high = secrets.randbelow(1000), 1000 + secrets.randbelow(1000)
    name, group = f"test_{words.pop()}.py", words[0].title()
    source = _CANARIES.format(group, *words[1:], n=low, m=high)
    inner = [f"{group}::test_{each}" for each in words[1:5]] + [f"test_{each}" for each in words[5:]]
    return [f"{name}::{each}" for each in inner], source


def _decoded(body: bytes) -> Any:
    try:
        return decode(body)
    except CodecError:
        return None
