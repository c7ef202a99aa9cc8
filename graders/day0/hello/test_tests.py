"""Judges the learner's own tests: they pass on right code, and fail on code with one mistake."""

from random import Random
from typing import Any

from grader import helper, probe

# Stands for the learner's own hello.py.
OWN = None

# The program is the same in all of them: the mistakes are in greet.
PROGRAM = """

if __name__ == "__main__":
    import sys

    for line in [greet(each) for each in sys.argv[1:]] or [greet()]:
        print(line)
"""
RIGHT = [
    'def greet(name="World"):\n    return f"Hello, {name}!"\n',
    'GREETING = "Hello, %s!"\n\n\ndef greet(name: str = "World") -> str:\n    return GREETING % name\n',
    'class Greeter:\n    def __call__(self, name="World"):\n        return "Hello, " + name + "!"\n\n\n'
    "greet = Greeter()\n",
]
WRONG_TEXT = [
    'def greet(name="World"):\n    return f"Hello, {name}"\n',
    'def greet(name="World"):\n    return f"Hello {name}!"\n',
    'def greet(name="World"):\n    return f"hello, {name}!"\n',
]
IGNORED_NAME = ['def greet(name="World"):\n    return "Hello, World!"\n']
PRINTED = ['def greet(name="World"):\n    print(f"Hello, {name}!")\n']
MISSING_DEFAULT = [
    'def greet(name):\n    return f"Hello, {name}!"\n',
    'def greet(name=""):\n    return f"Hello, {name}!"\n',
]


@helper
def run_tests(top, names, path):
    """Runs the tests in each folder on the hello.py beside them, in one session of pytest; gives a report for each."""
    import importlib.util
    import os
    import sys

    import pytest

    sys.path[:] = path
    modules = {}
    reports = {name: {"passed": 0, "problems": []} for name in names}
    for name in names:
        spec = importlib.util.spec_from_file_location("hello", f"{top}/{name}/hello.py")
        modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(modules[name])

    def folder_of(node_id):
        return node_id.partition("/")[0]

    class Plugin:
        """Puts the right `hello` in place, and takes down how it went."""

        def pytest_collectstart(self, collector):
            if isinstance(collector, pytest.Module):
                sys.modules["hello"] = modules[folder_of(collector.nodeid)]

        @pytest.hookimpl(tryfirst=True)
        def pytest_runtest_setup(self, item):
            sys.modules["hello"] = modules[folder_of(item.nodeid)]

        def pytest_runtest_logreport(self, report):
            told = reports[folder_of(report.nodeid)]
            if report.failed:
                crash = getattr(report.longrepr, "reprcrash", None)
                lines = (crash.message if crash else str(report.longrepr)).splitlines() or ["it failed"]
                told["problems"].append(" ".join(lines[:2]) if crash else lines[-1])
            elif report.when == "call" and report.passed:
                told["passed"] += 1

        def pytest_collectreport(self, report):
            if report.failed:
                self.pytest_runtest_logreport(report)

    # Nothing of the learner's configuration, and no plugins that take time and do nothing here.
    options = ["-c", os.devnull, "--rootdir", top, "--import-mode=importlib"]
    for plugin in ("cacheprovider", "faulthandler", "junitxml", "pastebin", "stepwise"):
        options += ["-p", f"no:{plugin}"]
    pytest.main([*options, *names], plugins=[Plugin()])
    return [reports[name] for name in names]


@helper
def in_a_child(work):
    """What a function gives when it is called in a process of its own; None when that ended before it was done."""
    import json
    import os

    receive, send = os.pipe()
    child = os.fork()
    if child:
        os.close(send)
        with os.fdopen(receive) as pipe:
            told = pipe.read()
        os.waitpid(child, 0)
        return json.loads(told) if told else None
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        result = work()
        with os.fdopen(send, "w") as pipe:
            json.dump(result, pipe)
    finally:
        os._exit(0)


@probe
def tested(hello, codes):
    """pytest day0"""
    import os
    import pathlib
    import shutil
    import sys
    import tempfile

    files = pathlib.Path(hello.__file__).parent
    if not (files / "test_hello.py").exists():
        return "missing"
    with tempfile.TemporaryDirectory() as top:
        for name, code in codes:
            folder = pathlib.Path(top, name)
            folder.mkdir()
            shutil.copy(files / "test_hello.py", folder)
            (folder / "hello.py").write_text((files / "hello.py").read_text() if code is None else code + PROGRAM)
        os.chdir(top)
        # `hello` is the one beside the tests, and the learner's own can't be reached by another name.
        elsewhere = [path for path in sys.path if path != str(files.parent)]
        return in_a_child(lambda: run_tests(top, [name for name, _ in codes], elsewhere))


def reports_on(learner: Any, rng: Random, codes: list[Any]) -> list[dict[str, Any]]:
    """What pytest reports of the learner's tests on each of these; there are tests in all of them."""
    # Names and order tell nothing about which one is which.
    named = {f"{rng.getrandbits(64):016x}": code for code in codes}
    reports = learner.run(tested, sorted(named.items()))
    there = reports != "missing"
    assert there, "there is no day0/test_hello.py yet"
    finished = reports is not None
    assert finished, "your tests ended the process before pytest was done"
    for report in reports:
        any_tests = report["passed"] or report["problems"]
        assert any_tests, "pytest found no test in day0/test_hello.py; the names of tests begin with test_"
    by_name = dict(zip(sorted(named), reports, strict=True))
    return [by_name[name] for name in named]


def hold_to_noticing(learner: Any, rng: Random, wrong: list[str]) -> None:
    on_right, *on_wrong = reports_on(learner, rng, [RIGHT[0], *wrong])
    passes = not on_right["problems"]
    assert passes, "your tests fail even on code that is right, so they can't tell it from wrong code yet"
    noticed = all(report["problems"] for report in on_wrong)
    assert noticed, "all your tests passed on a hello.py that has this mistake"


def test_tests_pass_on_your_code(learner, rng):
    (report,) = reports_on(learner, rng, [OWN])
    assert {"problems": report["problems"]} == {"problems": []}, "what pytest said about day0/test_hello.py"


def test_tests_pass_on_other_right_code(learner, rng):
    for report in reports_on(learner, rng, RIGHT):
        words = "what pytest said when greet was written differently"
        assert {"problems": report["problems"]} == {"problems": []}, words


def test_tests_notice_a_wrong_text(learner, rng):
    hold_to_noticing(learner, rng, WRONG_TEXT)


def test_tests_notice_an_ignored_name(learner, rng):
    hold_to_noticing(learner, rng, IGNORED_NAME)


def test_tests_notice_printing(learner, rng):
    hold_to_noticing(learner, rng, PRINTED)


def test_tests_notice_a_missing_default(learner, rng):
    hold_to_noticing(learner, rng, MISSING_DEFAULT)
