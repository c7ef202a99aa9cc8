"""What the judge adds to pytest: the fixtures, light reports, and a note of both sides of a comparison that failed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from _pytest._code import ExceptionInfo
from _pytest.config import Config, hookimpl
from _pytest.config.argparsing import Parser
from _pytest.fixtures import fixture
from _pytest.nodes import Collector, Item
from _pytest.reports import CollectReport, TestReport
from _pytest.runner import CallInfo

from grader import compare
from grader.answer import Transport
from grader.learner import Learner
from grader.once import Known
from grader.shown import shown


@dataclass(slots=True)
class Comparison:
    """Both sides of an `==` that did not hold: what the learner's code gave, and what it should have."""

    actual: Any
    expected: Any


@dataclass(slots=True)
class Current:
    """The check that runs: what its fixtures need, and what came of it."""

    transport: Transport
    check: str
    seed: int
    files: tuple[str, ...]
    note_file: str | None = None
    known: Known = field(default_factory=Known)
    learner: Learner | None = None
    comparisons: list[Comparison] = field(default_factory=list)
    failures: list[tuple[str, ExceptionInfo[BaseException]]] = field(default_factory=list)
    passed: set[str] = field(default_factory=set)


class Plugin:
    """Registered once; `current` is set around each check, `problems` while a grader is collected."""

    def __init__(self) -> None:
        self.current: Current | None = None
        self.problems: list[tuple[Collector, BaseException]] = []

    def pytest_addoption(self, parser: Parser) -> None:
        """Options of plugins that are left out, which the others look at."""
        group = parser.getgroup("grade")
        group.addoption("--verbose", dest="verbose", type=int, default=0)
        group.addoption("--tb", dest="tbstyle", default="auto")
        group.addoption("--override-ini", dest="override_ini", default=None)
        group.addoption("--plugins", dest="plugins", action="append", default=[])
        for name in ("version", "help"):
            group.addoption(f"--{name}", dest=name, action="store_true")

    def pytest_exception_interact(self, node: Any, call: CallInfo[Any], report: Any) -> None:
        """Notes why a file could not be collected."""
        if isinstance(report, CollectReport) and call.excinfo is not None:
            self.problems.append((node, call.excinfo.value))

    @hookimpl(tryfirst=True)
    def pytest_runtest_makereport(self, item: Item, call: CallInfo[None]) -> TestReport:
        """A report without the text of the failure, which nobody reads here."""
        if self.current is not None:
            if call.excinfo is None:
                self.current.passed.add(call.when)
            else:
                self.current.failures.append((call.when, call.excinfo))
        outcome: Any = "passed" if call.excinfo is None else "failed"
        return TestReport(item.nodeid, item.location, {}, outcome, None, call.when)  # type: ignore[arg-type]

    @hookimpl(tryfirst=True)
    def pytest_assertrepr_compare(self, config: Config, op: str, left: object, right: object) -> list[str]:
        """One line instead of pytest's own difference; the values themselves are noted."""
        if self.current is not None and op == "==" and not _holds(left, right):
            self.current.comparisons.append(Comparison(left, right))
        return [f"{shown(left)} {op} {shown(right)}"]

    @fixture
    def learner(self) -> Iterator[Learner]:
        yield self.make_learner(self._running())

    @fixture
    def rng(self) -> random.Random:
        return self.make_rng(self._running())

    def make_learner(self, current: Current) -> Learner:
        """The `learner` of a check."""
        compare.use(current.transport)
        current.learner = Learner(current.transport, current.seed, current.files, current.note_file, current.known)
        return current.learner

    def make_rng(self, current: Current) -> random.Random:
        """The random numbers of a check: from the run's seed and its name."""
        return random.Random(f"{current.seed}:{current.check}")

    def _running(self) -> Current:
        if self.current is None:
            raise RuntimeError("no check is running")
        return self.current


def _holds(left: object, right: object) -> bool:
    """Whether two sides are equal after all: then an `assert not left == right` is what failed."""
    try:
        return bool(left == right)
    except Exception:
        return False
