"""The learner's own tests, run by pytest in a process of their own: on the learner's code, or on other code under
its names.

Learner code has its say in all that happens here, so a report is no more than what it claims. What it doesn't know,
and can't find out here, is which of the codes that it is run on is right: that makes the claims worth something
(`grader.own_tests`).
"""

from __future__ import annotations

import builtins
import gc
import importlib.abc
import importlib.machinery
import io
import os
import random
import sys
import traceback
from collections.abc import Callable
from types import ModuleType
from typing import Any

globals()["__builtins__"] = vars(builtins).copy()

PASSED, FAILED, SKIPPED, NOT_RUN = "passed", "failed", "skipped", "not run"
_STARTED = "started"
# More than anybody reads, and less than an observation may hold.
_MOST, _LONGEST = 2000, 300
# Objects before the collector looks for garbage: nearly all that pytest makes stays, and looking through it again and
# again is a tenth of a short run.
_YOUNG = 50_000
# Of no use here, and with no fixtures that a test might ask for, but for `cacheprovider`: nothing is kept between runs.
# `faulthandler` would take the place of ours, `unraisableexception` spends most of a short run on collecting garbage,
# and `terminal` has no reader.
_LEFT_OUT = (
    *("cacheprovider", "faulthandler", "pastebin", "setuponly", "setupplan", "stepwise"),
    *("terminal", "threadexception", "unraisableexception"),
)


def run(request: dict[str, Any], root: str) -> dict[str, Any]:
    """Runs the files `request["tests"]` below `root`, which ends in a slash.

    `tests` are (name, outcome, line, message), `problems` (file, line, message) of what can't be collected;
    `fixtures` of the learner's own and how many test functions use each; `cases` of parametrized functions; `marks`
    and how many tests carry each; `coverage` maps files to (number of statements, missed lines); `exit_code` is
    pytest's, and `usage` what it says when it is 4.
    """
    told = _silenced()
    random.seed(request["seed"])
    gc.set_threshold(_YOUNG)
    elsewhere = [path for path in sys.path if not path.startswith(root.rstrip("/"))]
    sys.path[:] = [*((root + folder).rstrip("/") for folder in request["path"]), *elsewhere]
    sys.meta_path.insert(0, _Instead(root, request["modules"]))
    if request["config"] is None:
        os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    import pytest

    notes = _Notes(root)
    arguments = [
        *options(root, request["config"], explain=request["explain"]),
        *(root + name for name in request["tests"]),
    ]

    def work() -> int:
        return int(pytest.main(arguments, plugins=[notes]))

    exit_code, coverage = _measured(work, root, request["cover"]) if request["cover"] else (work(), {})
    return {**notes.plain(), "coverage": coverage, "exit_code": exit_code, "usage": _objection(told.getvalue())}


def _silenced() -> io.StringIO:
    """What tests print is nobody's business here. Gives what pytest says on standard error before it begins."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    os.close(nowhere)
    sys.stderr = told = io.StringIO()
    return told


def _objection(text: str) -> str:
    """What pytest says about options and settings that it does not take."""
    lines = [line.partition("error: ")[2] or line.removeprefix("ERROR: ") for line in text.splitlines()]
    said = [
        line
        for line, whole in zip(lines, text.splitlines(), strict=True)
        if line != whole and not line.startswith("usage: ")
    ]
    return said[0][:_LONGEST] if said else ""


def options(root: str, config: str | None, *, explain: bool) -> list[str]:
    """For pytest: where it runs, whose settings it reads (none: nobody's), and what it spares itself."""
    chosen = [f"--rootdir={root}", f"--confcutdir={root}", "-c", os.devnull if config is None else root + config]
    # What `assert` rewriting says, and what else is red, is read by somebody, or not worth half of the time.
    chosen += ["--assert=rewrite"] if explain else ["--assert=plain", "--exitfirst"]
    if config is not None:
        return [*chosen, "-p", "no:faulthandler"]
    # Descriptors lead nowhere already, and to turn them aside for each test takes files and time.
    return [*chosen, "--capture=sys", *plugins()]


def plugins() -> list[str]:
    """For pytest: what it does without. Settings of the learner's may ask for any plugin, so this is for nobody's."""
    return [word for plugin in _LEFT_OUT for word in ("-p", f"no:{plugin}")]


def _measured(work: Callable[[], int], root: str, files: list[str]) -> tuple[int, dict[str, Any]]:
    """What `work` gives, and (number of statements, missed lines) of each file."""
    import coverage

    measuring = coverage.Coverage(data_file=None, config_file=False, include=[root + name for name in files])
    measuring.start()
    try:
        exit_code = work()
    finally:
        measuring.stop()
    found = {}
    for name in files:
        _, statements, _, missing, _ = measuring.analysis2(root + name)
        found[name] = (len(statements), list(missing)[:_MOST])
    return exit_code, found


class _Instead(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds other code under the names of the learner's modules, and as if it came from the same files.

    On the disk is what was handed in: whoever reads the source there learns nothing about the code that runs.
    """

    def __init__(self, root: str, modules: dict[str, tuple[str, str]]) -> None:
        self._root, self._modules = root, modules

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> importlib.machinery.ModuleSpec | None:
        if fullname not in self._modules:
            return None
        file = self._root + self._modules[fullname][0]
        is_package = file.endswith("/__init__.py")
        spec = importlib.machinery.ModuleSpec(fullname, self, origin=file, is_package=is_package)
        spec.has_location = True
        return spec

    def exec_module(self, module: ModuleType) -> None:
        file, source = self._modules[module.__name__]
        # Not ours, which `exec` would take.
        module.__dict__["__builtins__"] = builtins
        exec(compile(source, self._root + file, "exec", dont_inherit=True), module.__dict__)


class _Notes:
    """Takes down how it went, as a plugin of pytest."""

    def __init__(self, root: str) -> None:
        self._root = root
        self._tests: dict[str, list[Any]] = {}
        self._problems: list[tuple[str, int, str]] = []
        self._fixtures: dict[str, set[str]] = {}
        self._cases: dict[str, int] = {}
        self._marks: dict[str, int] = {}

    def plain(self) -> dict[str, Any]:
        tests = [(name[:_LONGEST], *told) for name, told in list(self._tests.items())[:_MOST]]
        return {
            "tests": [
                (name, NOT_RUN if outcome == _STARTED else outcome, line, said) for name, outcome, line, said in tests
            ],
            "problems": self._problems[:_MOST],
            "fixtures": {name: len(users) for name, users in list(self._fixtures.items())[:_MOST]},
            "cases": dict(list(self._cases.items())[:_MOST]),
            "marks": dict(list(self._marks.items())[:_MOST]),
        }

    def pytest_configure(self, config: Any) -> None:
        # pytest's own pictures of failures are costly, and nobody sees them.
        config.option.tbstyle = "native"

    def pytest_collection_finish(self, session: Any) -> None:
        for item in session.items:
            self._tests[item.nodeid] = [NOT_RUN, 0, ""]
            function = item.nodeid.partition("[")[0]
            if hasattr(item, "callspec"):
                self._cases[function] = self._cases.get(function, 0) + 1
            for name in {mark.name for mark in item.iter_markers()}:
                self._marks[name] = self._marks.get(name, 0) + 1
            for name in self._own_fixtures(item):
                self._fixtures.setdefault(name, set()).add(function)

    def _own_fixtures(self, item: Any) -> list[str]:
        """Fixtures that the test uses, directly or not, and that are defined in the learner's files."""
        info = getattr(item, "_fixtureinfo", None)
        known = info.name2fixturedefs if info is not None else {}
        files = {
            name: getattr(getattr(found[-1].func, "__code__", None), "co_filename", "")
            for name, found in known.items()
            if found
        }
        return [name for name, file in files.items() if file.startswith(self._root)]

    def pytest_runtest_logreport(self, report: Any) -> None:
        told = self._tests.setdefault(report.nodeid, [NOT_RUN, 0, ""])
        if report.failed:
            told[0] = FAILED
        elif told[0] == FAILED:
            return
        elif report.skipped or hasattr(report, "wasxfail"):
            told[0] = SKIPPED
        elif report.when == "call" and told[0] == NOT_RUN:
            told[0] = _STARTED
        elif report.when == "teardown" and told[0] == _STARTED:
            told[0] = PASSED

    def pytest_exception_interact(self, node: Any, call: Any, report: Any) -> None:
        line, said = self._told(call.excinfo.value)
        if hasattr(node, "runtest"):
            told = self._tests.setdefault(node.nodeid, [NOT_RUN, 0, ""])
            told[1:] = told[1:] if told[2] else [line, said]
        else:
            self._problems.append((node.nodeid.partition("::")[0], line, said))

    def _told(self, error: BaseException) -> tuple[int, str]:
        """The last line of the learner's tests that an exception went through, and the first that it says."""
        cause = error.__cause__ if type(error).__name__ == "CollectError" else None
        if isinstance(cause, SyntaxError):
            return cause.lineno or 0, f"SyntaxError: {cause.msg}"[:_LONGEST]
        error = cause or error
        lines = [
            line for frame, line in traceback.walk_tb(error.__traceback__) if self._is_test(frame.f_code.co_filename)
        ]
        said = "".join(traceback.format_exception_only(error)).strip() or "it failed"
        return (lines or [0])[-1], said.splitlines()[0].removeprefix("AssertionError: ")[:_LONGEST]

    def _is_test(self, file: str) -> bool:
        name = os.path.basename(file)
        return file.startswith(self._root) and (name.startswith("test_") or name.endswith("_test.py"))
