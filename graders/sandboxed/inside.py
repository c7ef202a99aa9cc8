"""Tests that need the learner's objects in their own process, run with pytest beside them.

The judge hands out one test at a time under a word that is used once, tests that must fail among them, and is told at
once how each ended. That makes forging hard and not impossible: a verdict says which tests were judged so.
"""

from __future__ import annotations

import builtins
import marshal
import os
from typing import Any

from sandboxed.codec import encode
from sandboxed.guard import EqualsEverything, install
from sandboxed.stand_ins import Desk

globals()["__builtins__"] = vars(builtins).copy()

_LONGEST = 4000
_loads = marshal.loads


class Inside:
    """One run of pytest over the files of a suite."""

    def __init__(self, desk: Desk, root: str, request: dict[str, Any]) -> None:
        self._desk, self._root, self._request = desk, root, request
        desk.driven = False

    def run(self) -> None:
        for name, data in self._request["sources"].items():
            path = self._root + name
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as stream:
                stream.write(data)
        os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
        import pytest

        install()
        arguments = [self._root + name for name in self._request["tests"]]
        options = [
            "-q",
            "--no-header",
            "--no-summary",
            "-c",
            os.devnull,
            f"--rootdir={self._root}",
            f"--confcutdir={self._root}",
            "-p",
            "no:cacheprovider",
        ]
        if not self._request["conftest"]:
            options.append("--noconftest")
        pytest.main([*options, *arguments], plugins=[_Plugin(self._told, self._root)])

    def _told(self, message: tuple[Any, ...]) -> dict[str, Any]:
        text = encode(message, max_bytes=100_000)
        reply: dict[str, Any] = _loads(self._desk.converse("inside", text))
        return reply


class _Plugin:
    """Takes pytest's loop over: the judge says what is run next."""

    def __init__(self, tell: Any, root: str) -> None:
        self._tell, self._root = tell, root
        self._reports: list[Any] = []
        self._problems: dict[str, str] = {}
        self._lies = ""

    def pytest_collectreport(self, report: Any) -> None:
        if report.failed:
            self._problems[report.nodeid.partition("::")[0]] = _last_line(report.longreprtext)

    def pytest_collection_finish(self, session: Any) -> None:
        # A file that can't be imported must not keep the others from being run.
        session.testsfailed = 0

    def pytest_runtestloop(self, session: Any) -> bool:
        items = {item.nodeid: item for item in session.items}
        turn = self._tell(("ready",))
        while turn["test"]:
            item = items.get(turn["test"])
            if item is None:
                problem = self._problems.get(
                    turn["test"].partition("::")[0], "the test is not there when it runs inside"
                )
                told = ("failed", problem, "", "")
            else:
                told = self._outcome(item, items.get(turn["following"]))
            turn = self._tell(("result", turn["word"], *told))
        return True

    def _outcome(self, item: Any, following: Any) -> tuple[str, str, str, str]:
        self._reports, self._lies = [], ""
        try:
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        except BaseException as error:
            return ("failed", f"{type(error).__name__}: {error}"[:_LONGEST], "", "")
        reports = self._reports
        stdout = "".join(each.capstdout for each in reports[-1:])[:_LONGEST]
        stderr = "".join(each.capstderr for each in reports[-1:])[:_LONGEST]
        if self._lies:
            return ("tampered", self._lies, stdout, stderr)
        failed = [each for each in reports if each.failed]
        skipped = [
            each for each in reports if each.skipped and not hasattr(each, "wasxfail") and each.when != "teardown"
        ]
        if failed:
            return ("failed", _last_line(failed[0].longreprtext), stdout, stderr)
        if skipped and not any(each.passed and each.when == "call" for each in reports):
            reason = skipped[0].longrepr
            return ("skipped", str(reason[2] if isinstance(reason, tuple) else reason)[:_LONGEST], stdout, stderr)
        whole = {each.when for each in reports if each.passed or hasattr(each, "wasxfail")} == {
            "setup",
            "call",
            "teardown",
        }
        return ("passed" if whole else "failed", "" if whole else "the test has not run to its end", stdout, stderr)

    def pytest_runtest_logreport(self, report: Any) -> None:
        self._reports.append(report)

    def pytest_runtest_makereport(self, item: Any, call: Any) -> None:
        if call.excinfo is not None and isinstance(call.excinfo.value, EqualsEverything):
            self._lies = str(call.excinfo.value)


def _last_line(text: str) -> str:
    """The line of pytest's report that says what is wrong."""
    marked = [line[2:].strip() for line in text.splitlines() if line.startswith("E ")]
    lines = marked or [line for line in text.splitlines() if line.strip()] or ["it does not hold"]
    return lines[0][:_LONGEST]
