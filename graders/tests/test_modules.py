"""The learner's files as modules: single files, packages, and projects that have none."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sandboxed.modules import Submission


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder whose modules are forgotten afterwards."""
    monkeypatch.setattr(sys, "path", sys.path[:])
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    known = set(sys.modules)
    yield tmp_path
    for name in set(sys.modules) - known:
        del sys.modules[name]


def submission(folder: Path, name: str | None, file: str) -> Submission:
    made = Submission(f"{folder}/", name, file)
    sys.path.insert(0, made.top)
    return made


def package(folder: Path) -> None:
    inner = folder / "src" / "tool_of_mine"
    inner.mkdir(parents=True)
    (inner / "__init__.py").write_text("from .part import value\nseen = []\n")
    (inner / "part.py").write_text("value = 3\n")


def test_a_package_is_imported_from_the_folder_above_it_with_its_relative_imports(folder: Path) -> None:
    package(folder)
    made = submission(folder, "tool_of_mine", "src/tool_of_mine/__init__.py")
    module = made.fresh()
    assert made.top == f"{folder}/src"
    assert module is sys.modules["tool_of_mine"]
    assert (module.value, module.__spec__.submodule_search_locations) == (3, [f"{folder}/src/tool_of_mine"])


def test_each_time_all_modules_of_a_package_are_executed_anew(folder: Path) -> None:
    package(folder)
    made = submission(folder, "tool_of_mine", "src/tool_of_mine/__init__.py")
    first = made.fresh()
    assert first is not None
    part = sys.modules["tool_of_mine.part"]
    first.seen.append(1)
    second = made.fresh()
    assert second is not None
    assert second.seen == []
    assert sys.modules["tool_of_mine.part"] is not part


def test_a_module_of_a_package_is_what_is_asked_for(folder: Path) -> None:
    package(folder)
    made = submission(folder, "tool_of_mine.part", "src/tool_of_mine/part.py")
    module = made.fresh()
    assert module is not None
    assert (made.top, module.__name__, module.__package__) == (f"{folder}/src", "tool_of_mine.part", "tool_of_mine")


def test_a_project_without_a_module_has_none(folder: Path) -> None:
    assert submission(folder, None, "pyproject.toml").fresh() is None
