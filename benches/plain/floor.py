"""The floor of `cargo bench --bench compare`: the checks of a plain pytest file as plain calls, each submission in a fork of this process.

No pytest, no sandbox, no second process to judge: `floor.py TESTS` reads one line a time from standard input, the
folders of submissions as a JSON array, and answers with how many checks of each did not hold.
"""

import asyncio  # noqa: F401  (what submissions and checks import is there before the fork)
import contextlib
import dataclasses  # noqa: F401
import functools  # noqa: F401
import gc
import inspect
import io
import json
import os
import runpy  # noqa: F401
import sys
import threading  # noqa: F401
import types
import typing  # noqa: F401
from pathlib import Path


class Raises:
    """`pytest.raises`."""

    def __init__(self, kind, match=None):
        self.kind = kind
        self.match = match
        self.value = None

    def __enter__(self):
        return self

    def __exit__(self, kind, error, _):
        import re

        assert kind is not None, f"{self.kind} was not raised"
        self.value = error
        return issubclass(kind, self.kind) and (self.match is None or re.search(self.match, str(error)) is not None)


class Approx:
    """`pytest.approx`."""

    def __init__(self, expected, abs):  # noqa: A002
        self.expected = expected if isinstance(expected, list) else [expected]
        self.tolerance = abs

    def __eq__(self, other):
        seen = other if isinstance(other, list) else [other]
        near = (abs(a - b) <= self.tolerance for a, b in zip(seen, self.expected, strict=False))
        return len(seen) == len(self.expected) and all(near)

    __hash__ = None


class MonkeyPatch:
    """The part of `pytest.MonkeyPatch` that the checks use."""

    def __init__(self):
        self.undone = []

    @classmethod
    @contextlib.contextmanager
    def context(cls):
        yield cls()

    def setattr(self, target, name, value):
        old = getattr(target, name)
        self.undone.append(lambda: setattr(target, name, old))
        setattr(target, name, value)

    def undo(self):
        for each in reversed(self.undone):
            each()


class Capsys:
    """The part of pytest's `capsys` that the checks use."""

    def readouterr(self):
        text, sys.stdout = sys.stdout.getvalue(), io.StringIO()
        return types.SimpleNamespace(out=text)


class Checks:
    """The test functions and fixtures of a file, loaded with a stand-in for pytest."""

    def __init__(self, path):
        self.fixtures = {}
        stand_in = {"raises": Raises, "approx": Approx, "fixture": self.fixture, "MonkeyPatch": MonkeyPatch}
        sys.modules["pytest"] = types.SimpleNamespace(**stand_in)
        scope = {"__name__": "checks"}
        exec(compile(Path(path).read_text(), path, "exec"), scope)
        self.tests = [(each, parameters(each)) for name, each in scope.items() if name.startswith("test_")]
        # What lives as long as the file, by name.
        self.made = {}

    def fixture(self, scope):
        def take(function):
            assert scope == "module"
            self.fixtures[function.__name__] = (function, parameters(function))
            return function

        return take

    def make(self, name):
        if name not in self.made:
            function, needed = self.fixtures[name]
            made = function(*map(self.make, needed))
            self.made[name] = next(made) if inspect.isgenerator(made) else made
        return self.made[name]

    def holds(self, test, names):
        """Whether one check holds."""
        patch = MonkeyPatch()
        own = {"monkeypatch": patch, "capsys": Capsys()}
        sys.stdout = io.StringIO()
        try:
            test(*(own.get(name) or self.make(name) for name in names))
        except BaseException:
            return False
        else:
            return True
        finally:
            patch.undo()


def parameters(function):
    return tuple(inspect.signature(function).parameters)


def main():
    checks = Checks(sys.argv[1])
    gc.collect()
    gc.freeze()
    for line in sys.stdin:
        failed = []
        for folder in json.loads(line):
            child = os.fork()
            if child == 0:
                os.chdir(folder)
                os._exit(sum(not checks.holds(test, names) for test, names in checks.tests))
            failed.append(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
        print(json.dumps(failed), flush=True)


if __name__ == "__main__":
    main()
