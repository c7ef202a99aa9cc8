"""One suite in the judge: its files collected with pytest, its tests run one by one against the sandbox."""

from __future__ import annotations

import io
import os
import sys
import warnings
from contextlib import suppress
from pathlib import Path
from typing import Any

import _pytest.assertion
from _pytest._code import ExceptionInfo
from _pytest.config import Config, PytestPluginManager
from _pytest.main import Session
from _pytest.nodes import Collector
from _pytest.python import Function

from grader.channel import Channel
from grader.errors import ChannelError
from grader.loader import Problem, problem_at
from grader.result import Result
from grader.suite import patches
from grader.suite.findings import problem_of, result_of, uses_files
from grader.suite.fitness import may_be_left_out, reason_to_run_inside
from grader.suite.imports import LearnersModules, NoModules
from grader.suite.inside import InsideRun
from grader.suite.plugin import Run, SuitePlugin
from grader.suite.state import NotOutside, Over, State
from grader.suite.world import World

# No terminal, no capturing, no cache, no temporary folders, no patching.
_PLUGINS = ("mark", "main", "runner", "fixtures", "python", "assertion", "unittest", "skipping", "subtests")
_GONE = "the test is no longer there when the learner's code is imported again"


class Suite:
    """`tests`: paths of its files. `modules`: import names of the learner's. `own`: whether the folder of the tests
    is the author's, whose
    `conftest.py` and helpers then count.
    """

    def __init__(self, channel: Channel, tests: list[str], modules: list[str], *, own: bool) -> None:
        self._channel = channel
        self.tests = tuple(tests)
        self._modules = frozenset(modules)
        self._own = own
        self._folders = tuple(dict.fromkeys(os.path.dirname(path) for path in tests))
        self._earlier = frozenset(sys.modules)
        self._path = sys.path[:]
        self._all_inside = ""
        self.problems: list[Problem] = []
        self.raised = b""
        self._begin()

    def _begin(self) -> None:
        """A world and a session without anything in them."""
        self.world = World(self._channel, self._modules, self._folders)
        self.world.line.on_output = self._printed
        self._finder = LearnersModules(self.world)
        self._plugin = SuitePlugin()
        self._items: dict[str, Function] = {}
        self._fit: dict[str, str | None] = {}

    def collect(self) -> None:
        """Finds the tests; what stands in the way is in `problems`, or in `raised` when it is the learner's."""
        try:
            self._collect()
        except Over:
            # How the learner's process ended is known to the supervisor.
            return
        if self.world.line.state.not_outside is not None:
            self._all_inside = self.world.line.state.not_outside
            self._finish_modules()
            self._begin()
            self._finder = NoModules(self.world)
            self._collect()

    def _collect(self) -> None:
        self.problems, self.raised = [], b""
        session = self._session()
        patches.use(self.world, self._plugin.note)
        self._finder.install()
        sys.path[:0] = [each for each in self._folders if each not in sys.path]
        before = sys.stdout
        sys.stdout = self._sink = io.StringIO()
        # Nobody reads them here.
        warnings.simplefilter("ignore")
        try:
            items = session.perform_collect(list(self.tests))
        except Over:
            raise
        except (Exception, SystemExit, KeyboardInterrupt, NotOutside) as error:
            self._problem(error, None)
            return
        finally:
            sys.stdout = before
        for node, error in self._plugin.problems:
            self._problem(error, node)
        if self.world.line.state.over is not None:
            raise Over(self.world.line.state.over)
        root = os.path.commonpath(self._folders)
        for item in items:
            if isinstance(item, Function):
                self._items[_name(item, root, len(self.tests) > 1)] = item
        patches.late()

    def _problem(self, error: BaseException, node: Collector | None) -> None:
        cause = error.__cause__ if isinstance(error, Collector.CollectError) and error.__cause__ is not None else error
        name = (getattr(cause, "name", None) or "").partition(".")[0]
        if self._finder.failed or vars(cause).get("_grade_frames") is not None or name in self._modules:
            self.raised = self.raised or problem_of(cause)
        else:
            self.problems.append(problem_at(cause, self.tests, node))

    def functions(self) -> list[dict[str, Any]]:
        """`id`, `file`, `line` of each test, in the order of the files."""
        return [
            {"id": name, "file": str(item.path), "line": (item.reportinfo()[1] or 0) + 1}
            for name, item in self._items.items()
        ]

    def run(self, check: str) -> Result:
        """Runs one test."""
        if self.world.line.state.over is not None and not self._again():
            return Result(check, "crashed", "what the learner's code did before has taken this test away")
        result = Result(check, "skipped")
        item = self._items.get(check)
        if item is None:
            result.outcome, result.message = "crashed", _GONE
            return result
        result.inside = self._all_inside or self._reason(check) or ""
        if result.inside:
            return result
        self._plugin.run = Run()
        self.world.line.state = State()
        self._protocol(item, self._next(check))
        for _, caught in self._plugin.run.failures[:1]:
            if uses_files(caught.value):
                self.world.line.state.leave("uses files")
        found = result_of(check, self._plugin.run, self.world, self.tests)
        # What was printed while the files were imported has gone to the first test.
        self.world.line.stdout, self.world.line.stderr = [], []
        self._plugin.run = Run()
        if self.world.line.state.over is None:
            self.world.line.state = State()
            self.world.sweep()
        return found

    def run_inside(self, checks: list[str]) -> list[Result]:
        """Runs tests in the sandbox itself; one result for each."""
        folder = os.path.commonpath(self._folders)
        wanted = {check: f"{os.path.relpath(item.path, folder)}::{item.nodeid.partition('::')[2]}" for check in checks
                  if (item := self._items.get(check)) is not None}  # fmt: skip
        inside = InsideRun(self._channel, folder, self.tests, self._modules, own=self._own)
        found = {result.check: result for result in inside.results(wanted)}
        for check, result in found.items():
            if result.outcome == "skipped" and not may_be_left_out(self._items[check]):
                result.outcome, result.message = "failed", "the test was skipped, which it does not provide for"
        return [found.get(check) or Result(check, "crashed", _GONE) for check in checks]

    def _reason(self, check: str) -> str | None:
        if check not in self._fit:
            self._fit[check] = reason_to_run_inside(self._items[check])
        return self._fit[check]

    def _next(self, check: str) -> Function | None:
        """The next test that will be run here: what it shares with this one stays set up."""
        names = list(self._items)
        for name in names[names.index(check) + 1 :]:
            if self._reason(name) is None:
                return self._items[name]
        return None

    def _protocol(self, item: Function, following: Function | None) -> None:
        before = (sys.stdout, sys.stderr)
        sys.stdout = self._sink = io.StringIO()
        try:
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        except ChannelError:
            raise
        except BaseException as error:
            # `KeyboardInterrupt` and `pytest.exit` go through everything.
            self._plugin.run.failures.append(("call", ExceptionInfo.from_exception(error)))
            with suppress(BaseException):
                item.session._setupstate.teardown_exact(None)
        finally:
            sys.stdout, sys.stderr = before

    def _printed(self, out: str, err: str) -> None:
        """What learner code printed, for a test that looks at what is printed."""
        if sys.stdout is not self._sink:
            sys.stdout.write(out)
        if type(sys.stderr) is io.StringIO:
            sys.stderr.write(err)

    def _again(self) -> bool:
        """After the learner's process has ended: the same files against a new one."""
        self._finish_modules()
        self._begin()
        try:
            self._collect()
        except Over:
            return False
        return bool(self._items)

    def close(self) -> None:
        """Leaves nothing behind that the next suite could meet."""
        self._finish_modules()

    def _finish_modules(self) -> None:
        for item in self._items.values():
            with suppress(BaseException):
                item.session._setupstate.teardown_exact(None)
            break
        self._items = {}
        self._finder.remove()
        sys.path[:] = self._path
        for name in sys.modules.keys() - self._earlier:
            file = getattr(sys.modules[name], "__file__", None)
            if type(file) is str and file.startswith(tuple(each + os.sep for each in self._folders)):
                del sys.modules[name]

    def _session(self) -> Session:
        """A configured and started session of its own."""
        root = Path(os.path.commonpath(self._folders))
        args = ["--import-mode=importlib", f"--rootdir={root}", f"--confcutdir={root}", "-c", os.devnull]
        if not self._own:
            args.append("--noconftest")
        manager = PytestPluginManager()
        config = Config(manager, invocation_params=Config.InvocationParams(args=args, plugins=None, dir=root))
        for name in _PLUGINS:
            manager.import_plugin(name)
        manager.register(self._plugin, "grade")
        config.parse(args, addopts=False)
        config._do_configure()
        session = Session.from_config(config)
        config.hook.pytest_sessionstart(session=session)
        _pytest.assertion.pytest_collection(session)
        return session


def _name(item: Function, root: str, several: bool) -> str:
    """`test_two_fer`, `TwoFerTest::test_no_name`; with its file in front when there are several."""
    inner = item.nodeid.partition("::")[2]
    return f"{os.path.relpath(item.path, root)}::{inner}" if several else inner
