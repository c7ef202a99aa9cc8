"""The learner's own tests: when a fault counts as noticed, what is told, and what pytest's run in the sandbox reports."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest
from grader.answer import Answer
from grader.errors import AtLine, AuthorError, Ended, Mismatch
from grader.own_tests import OwnTests, changed, sample
from grader.reported import Coverage, Report
from grader.variants import disguised
from sandboxed import own_tests
from sandboxed.codec import CodecError, decode

from tests.standin import Standin

RIGHT = "def half(n):\n    return n // 2\n"
OTHERWISE = "def half(n):\n    return int(n / 2 - n % 2 / 2)\n"
FAULTS = {
    "rounding": {"half(3) is 2": changed(RIGHT, ("n // 2", "-(-n // 2)"))},
    "sign": {
        "half(2) is -1": changed(RIGHT, ("return n", "return -n")),
        "half(0) is 1": changed(RIGHT, ("n // 2", "n // 2 or 1")),
    },
}
SUITE = OwnTests(["test_half.py"], modules={"half": "half.py"}, right=[RIGHT, OTHERWISE], faults=FAULTS)
Half = Callable[[int], int]


def report(*, until_red: bool = False, **outcomes: str) -> Report:
    """As pytest reports a run with these tests."""
    tests = [(f"test_half.py::{name}", outcome, 3, "assert False") for name, outcome in outcomes.items()]
    return Report.of(
        {
            "tests": tests,
            "problems": [],
            "fixtures": {},
            "cases": {},
            "marks": {},
            "coverage": {},
            "exit_code": 0,
            "usage": "",
        },
        until_red=until_red,
    )


def until_red(whole: Report) -> Report:
    """The same run, when pytest stops at the first test that fails."""
    outcomes: dict[str, str] = {}
    for name, outcome in whole.outcomes.items():
        is_over = "failed" in outcomes.values()
        outcomes[name.partition("::")[2]] = "not run" if is_over else outcome
    return report(until_red=True, **outcomes)


class Handed:
    """A learner whose tests are a function: from `half` to what pytest reports."""

    def __init__(self, tests: Callable[[Half], Report], seed: int = 1, own: str = RIGHT) -> None:
        self._tests, self._seed, self._own = tests, seed, own
        self._seen: dict[str, Any] = {}
        self.sources: list[str] = []

    def text(self, file: str) -> str:
        return ""

    def observe_once(self, function: Any, name: str) -> Any:
        if name not in self._seen:
            self._seen[name] = function(self, Random(self._seed))
        return self._seen[name]

    def own_tests(self, files: Any, *, modules: Any = None, explain: bool = True, **_: Any) -> Report:
        source = modules["half"][1] if modules else self._own
        self.sources.append(source)
        scope: dict[str, Any] = {}
        exec(source, scope)
        seen = self._tests(scope["half"])
        return seen if explain else until_red(seen)


def passing(**claims: bool) -> Report:
    return report(**{name: "passed" if holds else "failed" for name, holds in claims.items()})


def good(half: Half) -> Report:
    return passing(three=half(3) == 1, two=half(2) == 1, nothing=half(0) == 0)


def ended(ending: str) -> Ended:
    return Ended(Answer(False, ending=ending), "")


def missed(tests: Callable[[Half], Report]) -> list[str]:
    """The faults that are not noticed."""
    learner: Any = Handed(tests)
    found = []
    for fault in FAULTS:
        try:
            SUITE.notice(learner, fault)
        except (Mismatch, Ended, pytest.skip.Exception):
            found.append(fault)
    return found


def test_a_missing_file_is_told_with_its_place() -> None:
    learner: Any = SimpleNamespace(text=lambda file: None)
    with pytest.raises(Mismatch, match=r"^there is no test_half\.py yet; it belongs beside half\.py$"):
        SUITE.pass_on_own_code(learner)
    for waiting in (SUITE.pass_on_right_code, lambda learner: SUITE.notice(learner, "sign")):
        with pytest.raises(pytest.skip.Exception, match=r"first there has to be a test_half\.py"):
            waiting(learner)


def test_what_the_learner_calls_a_package_and_two_files() -> None:
    modules = {"half": "part/half/__init__.py", "other": "part/other.py"}
    suite = OwnTests(
        ["part/test_half.py"],
        modules=modules,
        right=[{"half": RIGHT, "other": ""}, {"half": OTHERWISE, "other": ""}],
        faults={},
    )
    learner: Any = SimpleNamespace(text=lambda file: None)
    with pytest.raises(Mismatch, match=r"it belongs beside the half package$"):
        suite.pass_on_own_code(learner)
    assert suite._names == ["half package", "other.py"]


def test_good_tests_notice_every_fault() -> None:
    learner: Any = Handed(good)
    SUITE.pass_on_own_code(learner)
    SUITE.pass_on_right_code(learner)
    assert missed(good) == []


def test_a_fault_that_is_missed_is_told_in_the_authors_words() -> None:
    learner: Any = Handed(lambda half: passing(two=half(2) == 1))
    with pytest.raises(Mismatch, match=r"this fault: half\(3\) is 2"):
        SUITE.notice(learner, "rounding")
    with pytest.raises(Mismatch, match=r"this fault: half\(0\) is 1"):
        SUITE.notice(learner, "sign")


@pytest.mark.parametrize(
    "tests",
    [
        lambda half: passing(always=False),
        lambda half: passing(own_code_only=half.__code__.co_consts == (None, 2)),
        lambda half: report(),
        lambda half: report(later="skipped"),
        lambda half: report(later="not run"),
    ],
)
def test_what_is_red_on_right_code_earns_nothing(tests: Callable[[Half], Report]) -> None:
    assert missed(tests) == list(FAULTS)


def test_a_test_that_is_there_for_faulty_code_only_notices_nothing() -> None:
    def tests(half: Half) -> Report:
        return passing(fine=True) if half(3) == 1 else passing(fine=True, another=True)

    assert missed(tests) == list(FAULTS)


def test_a_failure_that_says_nothing_hides_none_that_does() -> None:
    def tests(half: Half, notices: bool = True) -> Report:
        three = half(3) == 1
        return report(left_out="skipped" if three else "failed", three="passed" if three or not notices else "failed")

    assert missed(tests) == ["sign"]
    assert missed(lambda half: tests(half, notices=False)) == list(FAULTS)


@pytest.mark.parametrize(
    ("ending", "counts"),
    [("exited", True), ("signalled", True), ("out_of_cpu", True), ("out_of_time", False), ("broken_protocol", False)],
)
def test_how_a_process_ended_may_be_what_was_noticed(ending: str, counts: bool) -> None:
    def tests(half: Half) -> Report:
        if half(3) != 1:
            raise ended(ending)
        return passing(fine=True)

    assert ("rounding" in missed(tests)) is not counts


def test_nothing_else_is_tried_when_the_tests_never_end() -> None:
    def tests(half: Half) -> Report:
        raise ended("out_of_cpu")

    learner: Any = Handed(tests)
    with pytest.raises(Ended):
        SUITE.pass_on_own_code(learner)
    with pytest.raises(pytest.skip.Exception, match="have to come to an end"):
        SUITE.notice(learner, "sign")
    assert len(learner.sources) == 1


def test_right_code_that_fails_ends_the_trial_and_is_told_with_the_line() -> None:
    learner: Any = Handed(lambda half: passing(name=half.__code__.co_names == ()))
    with pytest.raises(AtLine, match=r"name \(line 3\): assert False") as caught:
        SUITE.pass_on_right_code(learner)
    assert (caught.value.file, caught.value.line) == ("test_half.py", 3)
    # It is the last that is run: once to be judged, and once more for the words.
    assert learner.sources[-1] == learner.sources[-2]
    assert "int(" in learner.sources[-1]


def test_order_and_disguise_differ_from_seed_to_seed_and_from_run_to_run() -> None:
    orders, sources = set(), []
    for seed in range(12):
        learner: Any = Handed(good, seed)
        SUITE.pass_on_right_code(learner)
        codes = learner.sources[1:]
        sources += codes
        results = []
        for source in codes:
            scope: dict[str, Any] = {}
            exec(source, scope)
            results.append(tuple(scope["half"](n) for n in range(4)))
        orders.add(tuple(results))
        assert len(results) == len(FAULTS["sign"]) + 3
    assert len(orders) > 4
    assert len(set(sources)) == len(sources)


def test_a_disguise_changes_nothing_that_a_program_does() -> None:
    source = 'import asyncio\n\nclass A:\n    @property\n    def x(self):\n        "what x is"\n        return 1\n\nasync def f():\n    yield A().x\n'
    scope: dict[str, Any] = {}
    exec(disguised(source, Random(1)), scope)
    assert scope["A"].x.__doc__ == "what x is"
    assert scope["A"]().x == 1


def test_a_fault_that_finds_no_place_is_the_authors_mistake() -> None:
    for text in ("n", "m"):
        with pytest.raises(AuthorError, match="places"):
            changed(RIGHT, (text, "x"))


def test_one_right_variant_is_not_enough() -> None:
    with pytest.raises(AuthorError, match="two right variants"):
        OwnTests(["test_half.py"], modules={"half": "half.py"}, right=[RIGHT], faults={})


def test_right_samples_are_right_variants(tmp_path: Path) -> None:
    place = tmp_path / "fixtures/day/work/submissions/right"
    place.mkdir(parents=True)
    (place / "half.py").write_text(RIGHT)
    grader = str(tmp_path / "graders/day/work/test_work.py")
    assert sample(grader, "right", "half.py") == RIGHT
    with pytest.raises(AuthorError, match="wrong"):
        sample(grader, "wrong", "half.py")


@pytest.mark.parametrize(
    "change",
    [
        {"tests": [("a", "fine", 1, "")]},
        {"tests": [("a", "passed")]},
        {"problems": None},
        {"coverage": {"a": 1}},
        {"fixtures": []},
    ],
)
def test_a_report_of_another_shape_is_none(change: dict[str, Any]) -> None:
    told = {
        "tests": [],
        "problems": [],
        "fixtures": {},
        "cases": {},
        "marks": {},
        "coverage": {},
        "exit_code": 0,
        "usage": "",
    }
    with pytest.raises(CodecError):
        Report.of({**told, **change})


def test_missed_lines_are_told_as_ranges() -> None:
    assert Coverage(9, (3, 4, 5, 9)).ranges == "3-5, 9"


# --- in the sandbox --------------------------------------------------------------------------------------------------


def ran(
    folder: Path,
    tests: str,
    modules: dict[str, str] | None = None,
    *,
    explain: bool = True,
    preload: Sequence[str] = (),
    **files: str,
) -> Report:
    """What a run in a process of its own reports of `test_half.py`, beside a `half.py` and these files."""
    for name, text in {
        "half.py": RIGHT,
        "test_half.py": tests,
        **{f"{name}.py": text for name, text in files.items()},
    }.items():
        (folder / name).write_text(textwrap.dedent(text))
    standin = Standin(folder, ["half.py", "test_half.py"], "half", SimpleNamespace, SimpleNamespace)  # type: ignore[arg-type]
    standin.preload = preload
    instead = {name: ("half.py", source) for name, source in (modules or {}).items()}
    call = {
        "op": "tests",
        "tests": ["test_half.py"],
        "modules": instead,
        "path": [""],
        "config": None,
        "cover": [],
        "explain": explain,
        "seed": 1,
    }
    word, value = decode(standin._tests(call, {}))
    assert word == "ok"
    return Report.of(value, until_red=not explain)


def test_every_way_to_end_is_told(tmp_path: Path) -> None:
    seen = ran(
        tmp_path,
        """\
        import unittest

        import pytest
        from half import half

        @pytest.fixture
        def two():
            return 2

        @pytest.mark.parametrize("n", [0, 1, 2])
        def test_table(n, two):
            assert half(n * two) == n

        def test_red(two):
            assert half(two) == 2

        @pytest.mark.skip
        def test_skipped():
            assert False

        @pytest.mark.xfail
        def test_expected():
            assert False

        @pytest.fixture
        def broken():
            raise OSError("no file")

        def test_setup(broken):
            pass

        class Test(unittest.TestCase):
            def test_case(self):
                self.assertEqual(half(3), 1)
        """,
    )
    outcomes = {name.partition("::")[2]: outcome for name, outcome in seen.outcomes.items()}
    assert outcomes == {
        **{f"test_table[{n}]": "passed" for n in range(3)},
        "test_red": "failed",
        "test_skipped": "skipped",
        "test_expected": "skipped",
        "test_setup": "failed",
        "Test::test_case": "passed",
    }
    assert {each.words for each in seen.troubles} == {
        "test_red (line 15): assert 1 == 2",
        "test_setup (line 27): OSError: no file",
    }
    assert seen.fixtures == {"two": 2, "broken": 1}
    assert seen.cases == {"test_half.py::test_table": 3}


def test_what_cannot_be_collected_is_told_with_its_line(tmp_path: Path) -> None:
    seen = ran(tmp_path, "from half import third\n\ndef test_third():\n    assert third(3) == 1\n")
    assert [each.words for each in seen.troubles] == [
        "test_half.py (line 1): ImportError: cannot import name 'third' from 'half' ("
        + seen.troubles[0].said.partition("(")[2]
    ]
    assert not seen.outcomes
    seen = ran(tmp_path, "def test_third(:\n    pass\n")
    assert [each.words for each in seen.troubles] == ["test_half.py (line 1): SyntaxError: invalid syntax"]


def test_other_code_runs_under_the_same_names_and_leaves_no_trace_on_the_disk(tmp_path: Path) -> None:
    tests = """\
        import inspect
        import pathlib

        import half

        def test_faulty():
            assert half.half(3) == 1

        def test_by_its_source():
            assert "-(-n" not in inspect.getsource(half)
            assert "-(-n" not in inspect.getsource(half.half)

        def test_by_its_files():
            folder = pathlib.Path(half.__file__).parent
            assert sorted(each.name for each in folder.iterdir()) == ["half.py", "test_half.py"]
            assert "-(-n" not in pathlib.Path(half.__file__).read_text()
        """
    seen = ran(tmp_path, tests, {"half": FAULTS["rounding"]["half(3) is 2"]})
    assert [each.name for each in seen.troubles] == ["test_half.py::test_faulty"]


def test_the_first_failure_is_enough_where_nobody_reads_them(tmp_path: Path) -> None:
    tests = "".join(f"def test_{name}():\n    assert {value}\n\n" for name, value in (("a", 1), ("b", 0), ("c", 0)))
    seen = ran(tmp_path, tests, explain=False)
    assert list(seen.outcomes.values()) == ["passed", "failed", "not run"]
    assert [each.words for each in seen.troubles] == ["test_b (line 5): AssertionError"]


@pytest.mark.parametrize("explain", [True, False])
def test_a_warm_pytest_does_all_that_a_cold_one_does(tmp_path: Path, explain: bool) -> None:
    tests = """\
        import logging
        import warnings

        import pytest
        from half import half

        @pytest.fixture(autouse=True)
        def always(request):
            assert request.node.name.startswith("test_")

        def test_streams(capsys):
            print("out")
            assert capsys.readouterr().out == "out\\n"

        def test_descriptors(capfd):
            import os
            os.write(2, b"err")
            assert capfd.readouterr().err == "err"

        def test_log(caplog):
            logging.getLogger("half").warning("odd")
            assert caplog.messages == ["odd"]

        def test_files(tmp_path, tmp_path_factory, monkeypatch):
            monkeypatch.chdir(tmp_path)
            (tmp_path / "a").write_text("b")
            assert open("a").read() == "b"

        def test_files_as_they_used_to_be(tmpdir):
            assert not tmpdir.join("a").check()

        def test_warnings(recwarn):
            warnings.warn("old", DeprecationWarning)
            assert len(recwarn) == 1
            with pytest.warns(UserWarning, match="new"):
                warnings.warn("new")

        def test_keeps(pytestconfig, record_property):
            record_property("half", half(4))
            assert pytestconfig.rootpath.joinpath("half.py").is_file()

        @pytest.mark.parametrize("n", [1, pytest.param(2, marks=pytest.mark.xfail(strict=True))])
        def test_marks(n):
            assert n == 1

        def test_skips():
            pytest.skip("later")

        def test_fails():
            assert half(3) == pytest.approx(1.5)
        """
    cold = ran(tmp_path, tests, explain=explain)
    warm = ran(tmp_path, tests, explain=explain, preload=["sandboxed.warm_pytest"])
    assert list(cold.outcomes.values()) == ["passed"] * 8 + ["skipped"] * 2 + ["failed"]
    assert warm == cold


def test_an_exit_in_the_middle_is_not_green(tmp_path: Path) -> None:
    seen = ran(
        tmp_path,
        "import pytest\n\ndef test_one():\n    pytest.exit('enough', returncode=0)\n\ndef test_two():\n    pass\n",
    )
    assert not seen.is_green


def test_settings_that_pytest_does_not_take_are_told_in_its_words() -> None:
    text = "ERROR: usage: pytest.main() [options]\npytest.main(): error: unrecognized arguments: -n auto\n  inifile: pytest.ini\n"
    assert own_tests._objection(text) == "unrecognized arguments: -n auto"
    assert own_tests._objection("ERROR: pytest.ini:3: unexpected line: 'a'\n") == "pytest.ini:3: unexpected line: 'a'"
    assert own_tests._objection("a warning\n") == ""
