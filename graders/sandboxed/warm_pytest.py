"""For `preload` of exercises whose learners write tests: what pytest does for the first time, done once for all runs.

That is what it imports only when it is run, and what the interpreter learns about its code: a run in a fork takes a
fifth less after one in its parent.
"""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import io
import os
import sys

import pytest
from _pytest.config import default_plugins

from sandboxed import own_tests

# What these plugins import late in turn.
_LATER = ("_pytest._argcomplete", "_pytest.tracemalloc", "difflib", "pdb", "unittest.mock")
_SUITE = "sandboxed.warm_suite"


def _import() -> None:
    for name in (*(f"_pytest.{plugin}" for plugin in default_plugins), *_LATER):
        # Another pytest has other parts: what is missing costs time, later.
        if importlib.util.find_spec(name) is not None:
            importlib.import_module(name)


def _run() -> None:
    """Runs a suite of ours, and leaves nothing of it behind."""
    folder = os.path.dirname(os.path.abspath(__file__))
    # There may be no place for files of temporary content yet.
    options = [*own_tests.options(f"{folder}/", None, explain=False), "--capture=sys"]
    path, environment = sys.path[:], dict(os.environ)
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            pytest.main([*options, f"{folder}/warm_suite.py"])
    finally:
        sys.path[:] = path
        os.environ.clear()
        os.environ.update(environment)
        sys.modules.pop(_SUITE, None)


_import()
_run()
