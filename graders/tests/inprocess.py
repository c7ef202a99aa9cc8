"""A `learner` fixture for authors that runs everything in this process: no sandbox, no supervisor, no verdict.

    PYTHONPATH=graders python -m pytest -p tests.inprocess graders/day4/decorators --submission
    fixtures/day4/decorators/submissions/reference

`--submission` is a folder that holds the files of the exercise, or one file. `--grade-seed N` sets the seed.
"""

from __future__ import annotations

import difflib
import marshal
import random
import tomllib
from pathlib import Path
from typing import Any

import pytest
from grader import compare
from grader.answer import Answer, Compared, Request
from grader.channel import settled
from grader.learner import Learner
from grader.oracle import OracleDesk

from tests.standin import Standin


class InProcess:
    """A `grader.answer.Transport` without a sandbox."""

    def __init__(self, folder: Path, files: list[str], module: str, fixtures: Path) -> None:
        self.standin = Standin(folder, files, module, self._ask, self._tell)
        self.fixtures = fixtures
        self.desk = OracleDesk(Request({}, {}, {}))

    def _tell(self, name: str, arguments: str) -> None:
        self.desk.hear(name, arguments)

    def _ask(self, name: str, arguments: str) -> tuple[str | None, str]:
        return self.desk.answer(name, arguments)

    def call(self, request: Request) -> Answer:
        self.desk = OracleDesk(request)
        text, printed = self.standin.handle(marshal.dumps(request.body))
        return settled(self.desk, Answer(True, text.encode(), **printed))

    def compare(self, fixture: str | None, options: dict[str, Any], expected: str, actual: str) -> Compared:
        if fixture is not None:
            expected = (self.fixtures / fixture).read_text(encoding="utf-8")
        if actual.splitlines() == expected.splitlines():
            return Compared(True)
        diff = "\n".join(
            difflib.unified_diff(expected.splitlines(), actual.splitlines(), "expected", "actual", lineterm="")
        )
        return Compared(False, f"the output is not as expected\n{diff}", diff)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--submission", help="folder or file that is graded")
    parser.addoption("--grade-seed", type=int, default=1)


def pytest_configure(config: pytest.Config) -> None:
    config.option.importmode = "importlib"


def _exercise(test: Path) -> tuple[dict[str, Any], Path]:
    """The exercise's description and its fixtures folder, from the place of its grader."""
    for top in test.parents:
        if top.name == "graders":
            identifier = test.parent.relative_to(top)
            described = top.parent / "exercises" / identifier / "exercise.toml"
            text = described.read_text(encoding="utf-8") if described.exists() else ""
            return tomllib.loads(text), top.parent / "fixtures" / identifier
    return {}, test.parent


def _layout(given: str, exercise: dict[str, Any]) -> tuple[Path, list[str], str]:
    """Folder, files and module name of what was handed in."""
    place = Path(given)
    if place.is_file():
        folder, files = place.parent, [place.name]
    else:
        folder = place
        files = exercise.get("files") or sorted(each.name for each in place.glob("*.py"))
    return folder, files, exercise.get("module") or Path(files[0]).stem


@pytest.fixture
def learner(request: pytest.FixtureRequest) -> Learner:
    given = request.config.getoption("--submission")
    if given is None:
        pytest.fail("`--submission PATH` says what is graded")
    exercise, fixtures = _exercise(request.path)
    folder, files, module = _layout(given, exercise)
    transport = InProcess(folder, files, module, fixtures)
    compare.use(transport)
    return Learner(transport, request.config.getoption("--grade-seed"), files, exercise.get("note"))


@pytest.fixture
def rng(request: pytest.FixtureRequest) -> random.Random:
    name = request.node.originalname.removeprefix("test_")
    return random.Random(f"{request.config.getoption('--grade-seed')}:{name}")
