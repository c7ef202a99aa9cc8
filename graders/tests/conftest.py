"""Fixtures shared by the tests of this package."""

from __future__ import annotations

import signal
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.supervisor import Supervisor

# Who is started in a shell's background ignores interrupts, and so would the judges.
signal.signal(signal.SIGINT, signal.default_int_handler)


class Bench:
    """A judge, a submission and a grader, all made for one test."""

    def __init__(self, folder: Path, supervisor: Supervisor) -> None:
        self.folder, self.supervisor = folder, supervisor
        self.test = folder / "graders" / "day" / "work" / "test_work.py"
        self.loaded: dict[str, Any] = {}

    def load(self, grader: str, submission: str = "") -> dict[str, Any]:
        """Writes both files and loads the grader; gives the header of `l`."""
        self.test.parent.mkdir(parents=True, exist_ok=True)
        self.test.write_text("from grader import *\n" + textwrap.dedent(grader), encoding="utf-8")
        place = self.folder / "submission"
        place.mkdir(exist_ok=True)
        (place / "work.py").write_text(textwrap.dedent(submission), encoding="utf-8")
        self.loaded = self.supervisor.load(self.test, place, "day/work", "work")
        return self.loaded

    def judge(self, grader: str, submission: str = "", check: str = "it") -> dict[str, Any]:
        """Loads a grader that has nothing wrong with it, and runs one check."""
        assert self.load(grader, submission)["problems"] == []
        return self.supervisor.run(check)


@pytest.fixture(scope="session")
def pycache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the judges of a whole test run keep compiled files."""
    return tmp_path_factory.mktemp("pycache")


@pytest.fixture(scope="session")
def shared(pycache: Path) -> Iterator[Supervisor]:
    """The judge that most tests share, as exercises do."""
    supervisor = Supervisor(pycache)
    yield supervisor
    supervisor.close()


@pytest.fixture
def bench(tmp_path: Path, shared: Supervisor) -> Bench:
    """A bench with the shared judge."""
    shared.answering = None
    shared.asked.clear()
    return Bench(tmp_path, shared)


@pytest.fixture
def alone(tmp_path: Path, pycache: Path) -> Iterator[Bench]:
    """A bench with a judge of its own."""
    supervisor = Supervisor(pycache)
    yield Bench(tmp_path, supervisor)
    supervisor.close()
