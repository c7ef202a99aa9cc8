"""pytest without what a judge has no use for.

`import pytest` alone costs more than judging an exercise does: it brings plugins, colours and packaging metadata.
Modules that are rarely or never
needed are put into `sys.modules` as stand-ins that import the real one when something is really asked of them.
"""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import Any

# Where the names live that graders and pytest's own plugins ask `pytest` for; any other name imports the whole of it.
_HOMES = {
    "_pytest.approx": ("approx",),
    "_pytest.config": ("Config", "PytestPluginManager", "UsageError", "hookimpl", "hookspec"),
    "_pytest.fixtures": ("FixtureLookupError", "FixtureRequest", "fixture"),
    "_pytest.main": ("Session",),
    "_pytest.mark": ("Mark", "MarkDecorator", "param"),
    "_pytest.monkeypatch": ("MonkeyPatch",),
    "_pytest.nodes": ("Collector", "Item"),
    "_pytest.outcomes": ("fail", "skip", "xfail"),
    "_pytest.python": ("Class", "Function", "Metafunc", "Module"),
    "_pytest.raises": ("raises",),
    "_pytest.reports": ("CollectReport", "TestReport"),
    "_pytest.runner": ("CallInfo",),
}
_PYTEST = {name: home for home, names in _HOMES.items() for name in names}


class _Late(ModuleType):
    """A module that becomes the real one when an attribute is asked for that it does not know where to find."""

    def __init__(self, name: str, homes: dict[str, str]) -> None:
        super().__init__(name)
        # Marks a package, so that submodules can be imported before the real one is.
        self.__path__: list[str] = []
        self._homes = homes

    def __getattr__(self, name: str) -> Any:
        # pytest looks at every global of a grader for marks of its own (`_mock_name`, …), at this module too.
        if name.startswith("_"):
            raise AttributeError(name)
        if name in self._homes:
            value = getattr(importlib.import_module(self._homes[name]), name)
        elif name == "mark" and self.__name__ == "pytest":
            value = importlib.import_module("_pytest.mark").MARK_GEN
        else:
            value = getattr(self._real(), name)
        setattr(self, name, value)
        return value

    def _real(self) -> ModuleType:
        name = self.__name__
        for each in [each for each in sys.modules if each.startswith(f"{name}.")]:
            if isinstance(sys.modules[each], _Late):
                del sys.modules[each]
        if sys.modules.get(name) is self:
            del sys.modules[name]
        parent, _, child = name.rpartition(".")
        module = importlib.import_module(name)
        if parent:
            setattr(sys.modules[parent], child, module)
        return module


class _Nothing(ModuleType):
    """A module of which every attribute exists and is a class: for names that are only imported."""

    __path__: list[str] = []  # noqa: RUF012

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (), {})


def install() -> None:
    """Puts the stand-ins in place, before anything of pytest is imported."""
    sys.modules["pytest"] = _Late("pytest", _PYTEST)
    sys.modules["importlib.metadata"] = importlib.metadata = _Late("importlib.metadata", {})
    # Colours for a terminal that a judge doesn't have.
    for name in (
        "",
        ".formatters",
        ".formatters.terminal",
        ".lexer",
        ".lexers",
        ".lexers.diff",
        ".lexers.python",
        ".util",
    ):
        sys.modules[f"pygments{name}"] = _Nothing(f"pygments{name}")
