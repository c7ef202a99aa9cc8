"""Which tests can't be judged from outside, as far as that can be seen before they run."""

from __future__ import annotations

import types
from collections.abc import Iterator
from typing import Any

from _pytest.python import Function

from grader.bytecode import nested

# Fixtures that work on the process, or the files, of the code under test.
_FIXTURES = frozenset((
    *("monkeypatch", "tmp_path", "tmp_path_factory", "tmpdir", "tmpdir_factory", "capfd", "capfdbinary", "caplog"),
    *("capsysbinary", "recwarn", "pytester", "testdir", "mocker", "cache", "doctest_namespace", "pytestconfig"),
))  # fmt: skip
# Names that change, or look at, what the code under test shares with the test only when both are in one process.
_NAMES = {
    name: reason
    for reason, names in {
        "uses the environment": ("environ", "putenv"),
        "changes the working folder": ("chdir",),
        "uses `sys.argv`": ("argv",),
        "uses `sys.stdin`": ("stdin",),
        "starts programs": ("subprocess", "Popen"),
        "reloads modules": ("reload",),
        "runs files": ("runpy", "run_path"),
        "traces": ("settrace", "setprofile"),
        "uses the garbage collector": ("get_objects", "get_referrers"),
        "counts references": ("getrefcount", "weakref"),
        "changes the recursion limit": ("setrecursionlimit",),
        "uses files": ("NamedTemporaryFile", "TemporaryDirectory", "mkdtemp"),
        "uses signals": ("setitimer", "alarm"),
        "measures memory": ("tracemalloc", "getsizeof"),
    }.items()
    for name in names
}
_SET_UP = (
    "setUp",
    "tearDown",
    "setUpClass",
    "tearDownClass",
    "setup_method",
    "teardown_method",
    "setup_class",
    "asyncSetUp",
)


def reason_to_run_inside(item: Function) -> str | None:
    """Completes "it …": "uses the fixture `tmp_path`"; None when nothing speaks against judging it from outside."""
    known = item._fixtureinfo.name2fixturedefs
    for name in item.fixturenames:
        if name in _FIXTURES and name not in known:
            return f"uses the fixture `{name}`"
    for code in _codes(item):
        for name in code.co_names:
            if name in _NAMES:
                return _NAMES[name]
    return None


def may_be_left_out(item: Function) -> bool:
    """Whether the author provides for this test to be skipped; else whoever skips it is the learner's code."""
    if any(mark.name in ("skip", "skipif") for mark in item.iter_markers()):
        return True
    if any(getattr(each, "__unittest_skip__", False) for each in (item.obj, item.cls)):
        return True
    return any("skip" in name.lower() for code in _codes(item) for name in code.co_names)


def _codes(item: Function) -> Iterator[types.CodeType]:
    """The code of the test, of its fixtures, and of what these call in their own file."""
    functions = [_plain(item.obj)]
    if item.cls is not None:
        functions += [_plain(getattr(item.cls, name, None)) for name in _SET_UP]
    for definitions in item._fixtureinfo.name2fixturedefs.values():
        functions += [_plain(each.func) for each in definitions]
    seen: set[int] = set()
    file = str(item.path)
    while functions:
        function = functions.pop()
        if function is None or id(function) in seen or function.__code__.co_filename != file:
            continue
        seen.add(id(function))
        for code in nested(function.__code__):
            yield code
            functions += [_plain(function.__globals__.get(name)) for name in code.co_names]
            if item.cls is not None:
                functions += [_plain(vars(item.cls).get(name)) for name in code.co_names]


def _plain(x: Any) -> types.FunctionType | None:
    if isinstance(x, staticmethod | classmethod):
        x = x.__func__
    x = getattr(x, "__func__", x) if type(x) is types.MethodType else x
    return x if type(x) is types.FunctionType else None
