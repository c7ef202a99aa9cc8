"""For `preload` of exercises whose learners write tests: what pytest does for the first time, done once for all runs.

That is what it imports only when it is run, what the interpreter learns about its code (a run in a fork takes a fifth
less after one in its parent), and half of its start, which is the same each time.
"""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import io
import itertools
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import _pytest.config
import pytest
from _pytest.config import Config, default_plugins

from sandboxed import own_tests

# What these plugins import late in turn.
_LATER = ("_pytest._argcomplete", "_pytest.tracemalloc", "difflib", "pdb", "unittest.mock")
_SUITE = "sandboxed.warm_suite"


def _import() -> None:
    for name in (*(f"_pytest.{plugin}" for plugin in default_plugins), *_LATER):
        # Another pytest has other parts: what is missing costs time, later.
        if importlib.util.find_spec(name) is not None:
            importlib.import_module(name)


class _Registered:
    """A plugin of pytest that notes the others."""

    def __init__(self) -> None:
        self.plugins: list[object] = []

    def pytest_plugin_registered(self, plugin: object) -> None:
        if plugin is not self:
            self.plugins.append(plugin)


def _run() -> list[object]:
    """Runs a suite of ours, and leaves nothing of it behind. Gives the plugins that had a part in it."""
    folder = os.path.dirname(os.path.abspath(__file__))
    options = own_tests.options(f"{folder}/", None, explain=False)
    path, environment = sys.path[:], dict(os.environ)
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    registered = _Registered()
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            pytest.main([*options, f"{folder}/warm_suite.py"], plugins=[registered])
    finally:
        sys.path[:] = path
        os.environ.clear()
        os.environ.update(environment)
        sys.modules.pop(_SUITE, None)
    return registered.plugins


def _name_what_counts(plugin: object) -> None:
    """At each start, pytest looks at all that `dir()` names in its plugins, for hooks and for fixtures; that is a
    fourth of a short run. From here on, `dir()` of this one names nothing else.
    """
    holder = plugin if isinstance(plugin, ModuleType) else type(plugin)
    fixture = type(pytest.fixture(_run))
    names = [name for name in dir(plugin) if name.startswith("pytest_") or type(getattr(holder, name, None)) is fixture]
    holder.__dir__ = lambda *_: names  # type: ignore[method-assign, assignment]


def _prepare() -> None:
    """Makes pytest's `Config` beforehand, as far as it depends on nothing but the plugins that are left out. Each fork
    has a copy of its own, and uses it once.
    """
    make = _pytest.config.get_config
    without = own_tests.plugins()
    prepared = [make(without)]

    def get_config(args: Sequence[str] | None = None, plugins: Sequence[object] | None = None, **others: Any) -> Config:
        if not prepared or _plugin_words(args or ()) != _plugin_words(without):
            return make(args, plugins, **others)
        config = prepared.pop()
        config.invocation_params = Config.InvocationParams(args=args or (), plugins=plugins, dir=Path.cwd())
        return config

    _pytest.config.get_config = get_config  # type: ignore[assignment]


def _plugin_words(args: Sequence[str]) -> list[str]:
    return [value for option, value in itertools.pairwise(args) if option == "-p"]


_import()
for _plugin in _run():
    _name_what_counts(_plugin)
_prepare()
