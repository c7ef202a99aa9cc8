"""For `preload` of exercises whose learners write tests: what pytest imports only when it is run, once for all runs."""

from __future__ import annotations

import importlib.util

from _pytest.config import default_plugins

# What these plugins import late in turn.
_LATER = ("_pytest._argcomplete", "_pytest.tracemalloc", "difflib", "pdb", "unittest.mock")

for _name in (*(f"_pytest.{plugin}" for plugin in default_plugins), *_LATER):
    # Another pytest has other parts: what is missing costs time, later.
    if importlib.util.find_spec(_name) is not None:
        importlib.import_module(_name)
