"""What a suite adds to pytest: reports as they come, the fixtures that make sense outside, both sides of
comparisons.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from _pytest._code import ExceptionInfo
from _pytest.config import Config, hookimpl
from _pytest.config.argparsing import Parser
from _pytest.fixtures import fixture
from _pytest.nodes import Collector
from _pytest.reports import CollectReport, TestReport
from _pytest.runner import CallInfo

from grader.plugin import Comparison
from grader.shown import shown


class Captured(NamedTuple):
    """As pytest's own `capsys.readouterr()` gives it."""

    out: str
    err: str


class Capsys:
    """What the test and, by way of the answers, the learner's code print while a test runs."""

    def __init__(self) -> None:
        self._before = (sys.stdout, sys.stderr)
        sys.stdout, sys.stderr = io.StringIO(), io.StringIO()

    def readouterr(self) -> Captured:
        """What was printed since the last time."""
        found = Captured(*[stream.getvalue() for stream in (sys.stdout, sys.stderr)])  # type: ignore[attr-defined]
        sys.stdout, sys.stderr = io.StringIO(), io.StringIO()
        return found

    def close(self) -> None:
        sys.stdout, sys.stderr = self._before


@dataclass(slots=True)
class Run:
    """One test: the reports of its phases and subtests, and what failed."""

    reports: list[TestReport] = field(default_factory=list)
    failures: list[tuple[str, ExceptionInfo[BaseException]]] = field(default_factory=list)
    comparisons: list[Comparison] = field(default_factory=list)
    # The message of an `assertEqual`, which would else stand after a difference of many lines.
    said: str = ""


class SuitePlugin:
    """Registered once in each suite's session; `run` is the test that runs."""

    def __init__(self) -> None:
        self.run = Run()
        self.problems: list[tuple[Collector, BaseException]] = []

    def pytest_addoption(self, parser: Parser) -> None:
        """Options of plugins that are left out, which the others look at."""
        group = parser.getgroup("grade")
        group.addoption("--verbose", dest="verbose", type=int, default=0)
        group.addoption("--tb", dest="tbstyle", default="native")
        group.addoption("--override-ini", dest="override_ini", default=None)
        group.addoption("--plugins", dest="plugins", action="append", default=[])
        for name in ("version", "help", "usepdb", "trace", "showlocals"):
            group.addoption(f"--{name}", dest=name, action="store_true")

    def pytest_exception_interact(self, node: Any, call: CallInfo[Any], report: Any) -> None:
        """Notes why a file could not be collected."""
        if isinstance(report, CollectReport) and call.excinfo is not None:
            self.problems.append((node, call.excinfo.value))

    @hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport(self, call: CallInfo[None]) -> Iterator[None]:
        """Notes what failed, as pytest's own plugins see it."""
        report = yield
        if report.failed and call.excinfo is not None:
            self.run.failures.append((call.when, call.excinfo))
        return report

    def pytest_runtest_logreport(self, report: TestReport) -> None:
        self.run.reports.append(report)

    @hookimpl(tryfirst=True)
    def pytest_assertrepr_compare(self, config: Config, op: str, left: object, right: object) -> list[str]:
        """One line instead of pytest's own difference; the values themselves are noted."""
        if op == "==":
            self.note(left, right)
        return [f"{shown(left)} {op} {shown(right)}"]

    def note(self, actual: Any, expected: Any, said: object = None) -> None:
        """Both sides of a comparison that does not hold, and what the test says about it."""
        self.run.comparisons.append(Comparison(actual, expected))
        self.run.said = "" if said is None else str(said)

    @fixture
    def capsys(self) -> Iterator[Capsys]:
        captured = Capsys()
        yield captured
        captured.close()
