"""Graders as pytest has collected them: once for each exercise, kept while the judge lives."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

import _pytest.assertion
from _pytest.config import Config, PytestPluginManager
from _pytest.main import Session
from _pytest.nodes import Collector
from _pytest.python import Function

from grader.errors import AuthorError
from grader.plugin import Plugin
from grader.probe import Probe

# pytest's own plugins that judging needs: no terminal, no capturing, no cache, no temporary folders, no reports.
_PLUGINS = ("mark", "main", "runner", "fixtures", "python", "assertion")
_NOT_FOR_GRADERS = ("skip", "skipif", "xfail")


@dataclass(slots=True)
class Problem:
    """What is wrong with a grader, and where."""

    file: str
    line: int
    message: str


@dataclass(slots=True)
class Grader:
    """One exercise's grader: its checks by id (several items each when parametrized), and what is wrong."""

    exercise: str
    tests: tuple[str, ...]
    note_file: str | None = None
    checks: dict[str, list[Function]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def functions(self) -> list[dict[str, Any]]:
        """`id`, `file`, `line` of each check's function."""
        return [{"id": name, **_place(items[0])} for name, items in self.checks.items()]


class Loader:
    """Collects graders with one pytest session."""

    def __init__(self) -> None:
        self.plugin = Plugin()
        self._session: Session | None = None
        self._known: dict[tuple[Any, ...], Grader] = {}

    def load(self, exercise: str, tests: list[str], note_file: str | None = None) -> Grader:
        """The grader of an exercise; the same again as long as its files have not changed."""
        key = (exercise, note_file, tuple((path, _stamp(path)) for path in tests))
        if key not in self._known:
            for path in tests:
                _forget(path)
            self._known[key] = self._collect(Grader(exercise, tuple(tests), note_file))
        return self._known[key]

    def session(self, folder: Path | None = None) -> Session:
        """The session, started when the first grader is loaded, whose `folder` gives its root."""
        if self._session is None:
            self._session = _session(self.plugin, folder or Path.cwd())
        return self._session

    def _collect(self, grader: Grader) -> Grader:
        self.plugin.problems.clear()
        for path in grader.tests:
            if not os.path.isfile(path):
                grader.problems.append(Problem(path, 0, "there is no such file"))
                return grader
        folder = Path(grader.tests[0]).parent if grader.tests else Path.cwd()
        session = self.session(folder.parents[grader.exercise.count("/")])
        # Nothing above the grader's own folder is looked at.
        session.config.pluginmanager._confcutdir = folder
        try:
            items = session.perform_collect(list(grader.tests)) if grader.tests else []
        except (Exception, SystemExit) as error:
            grader.problems.append(problem_at(error, grader.tests))
            return grader
        for node, reason in self.plugin.problems:
            grader.problems.append(problem_at(_reason(reason), grader.tests, node))
        for item in items:
            _add(grader, item)
        _check_probes(grader)
        return grader


def _session(plugin: Plugin, root: Path) -> Session:
    """A configured and started session, by hand: the ordinary way imports every plugin of pytest first."""
    args = ["--noconftest", "--import-mode=importlib", f"--rootdir={root}", "-c", os.devnull]
    manager = PytestPluginManager()
    config = Config(manager, invocation_params=Config.InvocationParams(args=args, plugins=None, dir=root))
    for name in _PLUGINS:
        manager.import_plugin(name)
    manager.register(plugin, "grade")
    config.parse(args, addopts=False)
    config._do_configure()
    session = Session.from_config(config)
    config.hook.pytest_sessionstart(session=session)
    _pytest.assertion.pytest_collection(session)
    return session


def _add(grader: Grader, item: Any) -> None:
    if not isinstance(item, Function):
        grader.problems.append(Problem(str(item.path), 0, f"`{item.name}` is not a function"))
        return
    name = item.originalname.removeprefix("test_")
    known = grader.checks.setdefault(name, [])
    if known and known[0].parent is not item.parent:
        grader.problems.append(Problem(**_place(item), message=f"there are two functions `{item.originalname}`"))
        return
    for mark in item.iter_markers():
        if mark.name in _NOT_FOR_GRADERS:
            problem = Problem(**_place(item), message=f"`pytest.mark.{mark.name}` has no meaning for a check")
            grader.problems.append(problem)
            break
    known.append(item)


def _check_probes(grader: Grader) -> None:
    """Finds the probes that can't travel."""
    seen: set[int] = set()
    for items in grader.checks.values():
        module = items[0].module
        if id(module) in seen:
            continue
        seen.add(id(module))
        for value in list(vars(module).values()):
            if isinstance(value, Probe):
                try:
                    value.body()
                except AuthorError as error:
                    grader.problems.append(Problem(error.file, error.line, error.message))


def _place(item: Function) -> dict[str, Any]:
    code = getattr(item.obj, "__code__", None)
    return {"file": str(item.path), "line": code.co_firstlineno if code else 0}


def _reason(error: BaseException) -> BaseException:
    """What went wrong under pytest's own words about it."""
    return error.__cause__ if isinstance(error, Collector.CollectError) and error.__cause__ is not None else error


def problem_at(error: BaseException, tests: tuple[str, ...], node: Collector | None = None) -> Problem:
    """What is wrong with a file of the grader, and where in it."""
    if isinstance(error, AuthorError) and error.file:
        return Problem(error.file, error.line, error.message)
    if isinstance(error, SyntaxError) and error.filename in tests:
        return Problem(error.filename, error.lineno or 0, error.msg)
    file, line = place_of(error.__traceback__, tests)
    text = str(error).strip()
    named = isinstance(error, Collector.CollectError) or not text
    message = (text or type(error).__name__) if named else f"{type(error).__name__}: {text}"
    return Problem(file or (str(node.path) if node is not None else ""), line, message)


def place_of(traceback: TracebackType | None, tests: tuple[str, ...]) -> tuple[str, int]:
    """File and line of the innermost frame in a grader's own files."""
    file, line = "", 0
    while traceback is not None:
        name = traceback.tb_frame.f_code.co_filename
        if name in tests:
            file, line = name, traceback.tb_lineno
        traceback = traceback.tb_next
    return file, line


def _stamp(path: str) -> tuple[int, int]:
    try:
        status = os.stat(path)
    except OSError:
        return 0, 0
    return status.st_mtime_ns, status.st_size


def _forget(path: str) -> None:
    """Lets a file that has changed be imported again."""
    for name, module in list(sys.modules.items()):
        if getattr(module, "__file__", None) == path:
            del sys.modules[name]
