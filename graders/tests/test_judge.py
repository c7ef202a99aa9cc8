"""The judge from end to end, with a stand-in for everything on the other side of its socket."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sandboxed.codec import Opaque

from tests.conftest import Bench
from tests.supervisor import ended, observed

DOUBLE = """
@probe
def double(m, n):
    \"\"\"double({n})\"\"\"
    return m.double(n)

def test_it(learner):
    assert learner.run(double, 4) == 8
"""


def test_a_check_that_holds_passes(bench: Bench) -> None:
    result = bench.judge(DOUBLE, "def double(n): return 2 * n")
    assert (result["outcome"], result["message"], result["called"]) == ("passed", "", "")
    assert "actual" not in result


def test_a_comparison_that_fails_has_both_sides(bench: Bench) -> None:
    result = bench.judge(DOUBLE, "def double(n):\n    print('hello')\n    return n")
    assert (result["outcome"], result["actual"], result["expected"]) == ("failed", 4, 8)
    assert result["message"] == ""
    assert result["stdout"] == "hello\n"
    assert result["line"] == 9


def test_an_always_equal_object_is_not_equal(bench: Bench) -> None:
    result = bench.judge(DOUBLE, "class Any:\n    def __eq__(self, other): return True\ndef double(n): return Any()")
    assert result["outcome"] == "failed"
    assert isinstance(result["actual"], Opaque)
    assert result["message"] == ""


def test_what_is_raised_is_named_with_the_learners_line(bench: Bench) -> None:
    result = bench.judge(DOUBLE, "def double(n):\n    raise ValueError('bad')")
    assert (result["outcome"], result["message"]) == ("failed", "`ValueError: bad` was raised")
    assert result["location"] == ["work.py", 2]
    assert result["traceback"] == [["work.py", 2, "double"]]


def test_a_docstring_shows_values_and_code(bench: Bench) -> None:
    grader = """
@probe
def double(m, n, code, lines):
    \"\"\"{code:text}; double({n}, {n!r}, {n:text}), {code}, after{lines:text}\"\"\"
    return m.double(n)

def test_it(learner):
    assert learner.run(double, 4, "n = [4]", "if n:\\n    n = 1") == 8
"""
    result = bench.judge(grader, "def double(n): return n")
    assert result["called"] == "n = [4]; double(4, 4, 4), 'n = [4]', after\nif n:\n    n = 1"


def test_a_missing_name_and_a_syntax_error_are_the_learners(bench: Bench) -> None:
    result = bench.judge(DOUBLE, "")
    assert result["message"] == "`AttributeError: module 'work' has no attribute 'double'` was raised"
    result = bench.judge(DOUBLE, "x = 1\ndef double(n)\n")
    assert result["outcome"] == "failed"
    assert result["location"] == ["work.py", 2]


@pytest.mark.parametrize(
    ("ending", "told", "outcome", "message"),
    [
        ("out_of_time", {"detail": "5000 ms"}, "timeout", "did not finish within 5 s"),
        ("out_of_time", {"detail": "all time is used up"}, "timeout", "did not finish: all time is used up"),
        (
            "out_of_cpu",
            {"detail": "1500 ms"},
            "timeout",
            "computed for longer than 1.5 s; is there a loop that never ends?",
        ),
        ("out_of_memory", {"detail": "12 bytes"}, "out_of_memory", "used more memory than it may"),
        ("too_much_output", {"detail": "1048576 bytes"}, "failed", "printed more than 1 MiB"),
        ("exited", {"exit_code": 0}, "crashed", "ended the process before it answered (exit code 0)"),
        ("signalled", {"signal": "SIGSEGV"}, "crashed", "the process was ended by SIGSEGV"),
        ("broken_protocol", {"detail": "no JSON"}, "tampered", "answered something that is no answer: no JSON"),
    ],
)
def test_endings_are_named(bench: Bench, ending: str, told: dict[str, Any], outcome: str, message: str) -> None:
    bench.supervisor.answering = ended(ending, stack=[["work.py", 3, "f"]], **told)
    result = bench.judge(DOUBLE)
    assert (result["outcome"], result["message"], result["ending"]) == (outcome, message, ending)
    assert result["location"] == ["work.py", 3]


@pytest.mark.parametrize(
    "observation", [b"", b"{}", b'["t","ok"]', b'["t","fine",8]', b'["l","ok",8,9]', b"8", b'["t","raised",8]']
)
def test_an_observation_of_another_shape_is_tampering(bench: Bench, observation: bytes) -> None:
    bench.supervisor.answering = lambda _header, _body: ({"ok": True}, observation)
    assert bench.judge(DOUBLE)["outcome"] == "tampered"


ERRORS = """
import pytest
CASES = {}

def helper(value):
    return CASES[value]

def test_it(learner):
    helper("missing")

def test_skips():
    pytest.skip("not here")

def test_fails():
    pytest.fail("say this")

def test_exits():
    raise SystemExit(0)

def test_leaves():
    pytest.exit("bye")

def test_generator_exit():
    raise GeneratorExit

@pytest.fixture
def broken_setup():
    assert 1 == 2

@pytest.fixture
def broken_teardown():
    yield
    assert 1 == 2

def test_setup(broken_setup): pass

def test_teardown(broken_teardown): pass

def test_no_probe(learner):
    learner.run(len, 1)

def test_fixture(missing_fixture): pass

def test_last(): pass
"""


def test_an_exception_of_the_graders_own_is_the_authors(bench: Bench) -> None:
    result = bench.judge(ERRORS)
    assert (result["outcome"], result["message"]) == ("error", "KeyError: 'missing'")
    assert (result["file"], result["line"]) == (str(bench.test), 7)


@pytest.mark.parametrize(
    ("check", "outcome", "message"),
    [
        ("skips", "skipped", "not here"),
        ("fails", "failed", "say this"),
        ("exits", "error", "SystemExit: 0"),
        ("leaves", "error", "the check called `pytest.exit`"),
        ("generator_exit", "error", "GeneratorExit"),
        ("setup", "error", "AssertionError: assert 1 == 2"),
        ("teardown", "error", "AssertionError: assert 1 == 2"),
        ("no_probe", "error", "`learner.run` takes a `@probe`, not <built-in function len>"),
        ("fixture", "error", None),
        ("nothing_of_the_kind", "error", "there is no function `test_nothing_of_the_kind`"),
    ],
)
def test_only_a_check_that_ran_to_its_end_passes(bench: Bench, check: str, outcome: str, message: str | None) -> None:
    result = bench.judge(ERRORS, check=check)
    assert result["outcome"] == outcome
    assert message is None or result["message"] == message
    assert result["file"] == str(bench.test)
    assert bench.supervisor.run("last")["outcome"] == "passed"


MESSAGES = """
from grader import probe
import pytest

def same(left, right):
    assert left == right

def test_own(): assert [1] == [2], "the lists differ"
def test_in(): assert 5 in [1, 2]
def test_is(): assert isinstance(5, str)
def test_not(): assert not 5 == 5
def test_or(): assert 5 == 6 or 5 == 7
def test_called(): same({"calls": 3}["calls"], 4)
def test_bare(): assert []
def test_approx(): assert {"mean": 2.0} == {"mean": pytest.approx(3.0)}
def test_huge(): assert 10**5000 == 1
"""


@pytest.mark.parametrize(
    ("check", "message", "sides"),
    [
        ("own", "the lists differ", ([1], [2])),
        ("in", "this does not hold: `5 in [1, 2]`", None),
        ("is", "`isinstance(5, str)` should be true", None),
        ("not", "this does not hold: `not 5 == 5`", None),
        ("or", "this does not hold: `(5 == 6 or 5 == 7)`", None),
        ("called", "", (3, 4)),
        ("bare", "this does not hold: `[]`", None),
        ("approx", "", ({"mean": 2.0}, {"mean": 3.0})),
        ("huge", "", (10**5000, 1)),
    ],
)
def test_messages_are_made_from_assertions(bench: Bench, check: str, message: str, sides: Any) -> None:
    result = bench.judge(MESSAGES, check=check)
    assert (result["outcome"], result["message"]) == ("failed", message)
    assert (result.get("actual"), result.get("expected")) == (sides or (None, None))


def test_programs_sources_and_fixtures(bench: Bench) -> None:
    grader = """
    def test_it(learner):
        ran = learner.script(["x"], "in\\n", files_={"a.txt": "data"}, collect=("out.txt",))
        assert (ran.exit_code, ran.lines, ran.files) == (3, ["x in data"], {"out.txt": b"left"})

    def test_source(learner):
        source = learner.source()
        assert source.imported("sys")
        assert [call.name for call in source.calls_to("open")] == ["open", "open"]

    def test_output(learner):
        compare.output(learner.script(["x"], "in\\n", files_={"a.txt": "data"}).printed, "other")

    def test_first_line(learner):
        learner.source()
    """
    submission = "import sys\nprint(sys.argv[1], input(), open('a.txt').read())\nopen('out.txt', 'w').write('left')\nsys.exit(3)\n"
    assert bench.judge(grader, submission)["outcome"] == "passed"
    assert bench.supervisor.run("source")["outcome"] == "passed"
    result = bench.supervisor.run("output")
    assert (result["outcome"], result["message"], result["diff"]) == ("failed", "line 1 differs", "-a\n+b")
    assert (result["actual"], result["expected"]) == ("x in data\n", "other")
    result = bench.judge(grader, "x = 1\nx = = 2\n", "first_line")
    assert (result["outcome"], result["location"]) == ("failed", ["work.py", 2])


@pytest.mark.parametrize("facts", [3, {}, {"error": None, "functions": [1]}, {"error": 1}])
def test_forged_facts_about_a_source_are_tampering(bench: Bench, facts: Any) -> None:
    bench.supervisor.answering = observed(facts)
    assert bench.judge("def test_it(learner): learner.source()")["outcome"] == "tampered"


def test_every_check_has_a_fresh_module_and_its_own_random_numbers(bench: Bench) -> None:
    grader = """
    @probe
    def state(m):
        import random
        m.count.append(1)
        return [len(m.count), random.random()]

    def test_it(learner, rng):
        first, second, third = learner.run(state), learner.run(state), learner.run(state, fresh_=True)
        assert [first[0], second[0], third[0]] == [1, 2, 1]
        assert rng.random() not in (first[1], second[1])
        assert False, repr(first[1]) + " " + repr(rng.random())

    def test_other(learner, rng):
        assert learner.run(state)[0] == 1
        assert False, repr(rng.random())
    """
    assert bench.load(grader, "count = []")["problems"] == []
    first, again, other_seed = (bench.supervisor.run("it", seed)["message"] for seed in (1, 1, 2))
    assert first == again != other_seed
    assert bench.supervisor.run("other", 1)["message"] not in first


def test_module_fixtures_are_set_up_once_and_torn_down_when_another_exercise_runs(bench: Bench, tmp_path: Path) -> None:
    log = tmp_path / "log"
    grader = f"""
    import pytest
    def note(text):
        with open({str(log)!r}, "a") as file: file.write(text)
    @pytest.fixture(scope="module")
    def shared():
        note("u")
        yield 1
        note("d")
    @pytest.fixture
    def own():
        note("(")
        yield 1
        note(")")
    def test_it(shared, own): pass
    def test_again(shared, own): pass
    """
    assert bench.judge(grader)["outcome"] == "passed"
    assert bench.supervisor.run("again")["outcome"] == "passed"
    assert log.read_text() == "u()()"
    other = tmp_path / "elsewhere" / "graders" / "day" / "work" / "test_work.py"
    other.parent.mkdir(parents=True)
    other.write_text("def test_it(): pass\ndef test_only_here(): pass\n")
    found = bench.supervisor.load(other, tmp_path / "submission", "day/other", "work")
    assert [each["id"] for each in found["functions"]] == ["it", "only_here"]
    assert bench.supervisor.run("only_here")["outcome"] == "passed"
    assert log.read_text() == "u()()d"
    assert bench.supervisor.load(bench.test, tmp_path / "submission", "day/work", "work") == bench.loaded
    assert bench.supervisor.run("again")["outcome"] == "passed"


ONCE = """
    @probe
    def state(m):
        \"\"\"state()\"\"\"
        return m.state()

    @once
    def seen(learner, rng):
        return [learner.run(state), rng.random()]

    def test_it(learner): assert seen(learner)[0] == 1
    def test_again(learner): assert seen(learner)[0] == 2
    def test_drawn(learner): assert False, repr(seen(learner)[1])
"""
COUNTING = """
    import sys
    def state():
        sys.counted = getattr(sys, "counted", 0) + 1
        print("counted", sys.counted)
        return sys.counted
"""


@pytest.fixture
def counting() -> Iterator[str]:
    """A submission that counts for as long as its process lives."""
    yield COUNTING
    vars(sys).pop("counted", None)


def test_what_is_observed_once_is_the_same_for_all_checks_of_a_submission(alone: Bench, counting: str) -> None:
    headers: list[dict[str, Any]] = []

    def note(header: dict[str, Any], body: bytes) -> None:
        headers.append(header)

    alone.supervisor.answering = note
    assert alone.judge(ONCE, counting)["outcome"] == "passed"
    again = alone.supervisor.run("again")
    assert (again["actual"], again["expected"]) == (1, 2)
    # The second check is told what was called and printed as if it had been called for it.
    assert (again["called"], again["stdout"]) == ("state()", "counted 1\n")
    assert [header.get("own_process") for header in headers] == [True]


def test_what_is_observed_once_is_observed_anew_for_another_submission_and_seed(alone: Bench, counting: str) -> None:
    assert alone.judge(ONCE, counting)["outcome"] == "passed"
    drawn = [alone.supervisor.run("drawn", seed)["message"] for seed in (1, 1, 2)]
    assert drawn[0] == drawn[1] != drawn[2]
    result = alone.judge(ONCE, "def state(): return 7")
    assert (result["actual"], result["expected"]) == (7, 1)


def test_what_goes_wrong_once_goes_wrong_in_every_check(bench: Bench) -> None:
    result = bench.judge(ONCE, "def state(): raise ValueError('no')")
    again = bench.supervisor.run("again")
    for each in (result, again):
        assert (each["outcome"], each["message"]) == ("failed", "`ValueError: no` was raised")
        assert each["traceback"] == [["work.py", 1, "state"]]
    mistaken = ONCE.replace("learner.run(state)", "[][0]")
    assert [bench.judge(mistaken)["outcome"], bench.supervisor.run("again")["outcome"]] == ["error", "error"]


def test_a_changed_grader_is_loaded_anew(bench: Bench) -> None:
    assert bench.judge("def test_it(): assert 1 == 2")["outcome"] == "failed"
    assert bench.judge("def test_it(): assert 1 == 1  # mended")["outcome"] == "passed"


def test_the_judge_goes_on_by_itself_until_a_check_does_not_pass(bench: Bench) -> None:
    bench.load("def test_a(): pass\ndef test_b(): pass\ndef test_c(): assert 1 == 2\ndef test_d(): pass\n")
    bench.supervisor.ask(["a", "b", "c", "d"])
    results = [bench.supervisor.result() for _ in range(3)]
    assert [(each["check"], each["outcome"]) for each in results] == [("a", "passed"), ("b", "passed"), ("c", "failed")]
    # It waits: this is the answer to a question of its own.
    assert bench.supervisor.run("a")["check"] == "a"


def test_a_fixture_of_the_grader_takes_the_place_of_ours(bench: Bench) -> None:
    grader = """
    import pytest
    @pytest.fixture
    def rng(): return "mine"
    def test_it(rng): assert rng == "mine"
    """
    assert bench.judge(textwrap.dedent(grader))["outcome"] == "passed"


def test_a_coroutine_function_never_passes_unrun(bench: Bench) -> None:
    grader = """
    import functools
    def hidden(function):
        @functools.wraps(function)
        def wrapper(): return function()
        return wrapper
    @hidden
    async def test_it(): assert False
    """
    assert bench.judge(textwrap.dedent(grader))["outcome"] != "passed"


def test_parametrized_functions_are_one_check(bench: Bench) -> None:
    grader = """
    import pytest
    @pytest.mark.parametrize("n", [1, 2, 3])
    def test_it(n): assert n < 3, f"{n} is too much"
    """
    assert bench.judge(grader)["message"] == "3 is too much"
    assert [each["id"] for each in bench.loaded["functions"]] == ["it"]


@pytest.mark.parametrize(
    ("grader", "line", "message"),
    [
        ("def f(x):\n    return x\n@probe\ndef p(m):\n    return 1 + f(2)\n", 6, "uses the global `f`, which is a function: mark it with `@helper`, not plain data"),
        ("import os\n@probe\ndef p(m):\n    return os\n", 3, "uses the global `os`, which is module, not plain data: import it inside the probe"),
        ("@probe\ndef p(m):\n    return missing\n", 4, "uses `missing`, which is defined nowhere"),
        ("@probe\ndef p(m):\n    global made\n    made = 1\n", 5, "changes the global `made`, which does not exist in the sandbox"),
        ("@probe\ndef p(m, n=object()):\n    return 1\n", 2, "has a default that is not plain data: object is not plain data"),
        ("@probe\ndef p():\n    return 1\n", 2, "takes the learner's module as its first parameter"),
        ('@probe\ndef p(m, n):\n    """p({k})"""\n', 2, "has a docstring that can't be filled in with its arguments: KeyError('k')"),
        ("def outer(k):\n    @probe\n    def p(m):\n        return k\n    return p\nq = outer(1)\n", 3, "uses `k` of the function around it, which does not exist in the sandbox"),
    ],
)  # fmt: skip
def test_a_probe_that_cannot_travel_is_found_when_loading(bench: Bench, grader: str, line: int, message: str) -> None:
    problems = bench.load(grader + "def test_it(): pass\n")["problems"]
    assert [(each["file"], each["message"].partition("` ")[2]) for each in problems] == [(str(bench.test), message)]
    assert abs(problems[0]["line"] - line) <= 2


@pytest.mark.parametrize(
    ("grader", "line", "message"),
    [
        ("x = = 1\n", 2, "invalid syntax"),
        ("x = 1\nimport no_such_module\n", 3, "ModuleNotFoundError: No module named 'no_such_module'"),
        ("x = {}['a']\n", 2, "KeyError: 'a'"),
        ("import pytest\n@pytest.mark.skip\ndef test_it(): pass\n", 3, "`pytest.mark.skip` has no meaning for a check"),
        ("class TestA:\n    def test_it(self): pass\ndef test_it(): pass\n", 4, "there are two functions `test_it`"),
    ],
)
def test_a_grader_that_does_not_load_is_told_with_its_line(bench: Bench, grader: str, line: int, message: str) -> None:
    assert bench.load(grader)["problems"] == [{"file": str(bench.test), "line": line, "message": message}]


def test_functions_are_told_without_their_prefix(bench: Bench) -> None:
    found = bench.load("def test_one(): pass\n\ndef test_two(): pass\ndef helper(): pass\n")["functions"]
    assert [(each["id"], each["file"], each["line"]) for each in found] == [
        ("one", str(bench.test), 2),
        ("two", str(bench.test), 4),
    ]


def test_a_missing_file_is_a_problem(bench: Bench, tmp_path: Path) -> None:
    found = bench.supervisor.load(tmp_path / "test_none.py", tmp_path, "day/none", "work")
    assert found["problems"][0]["message"] == "there is no such file"


def test_assertions_inside_probes_and_helpers_travel(bench: Bench) -> None:
    grader = """
    LIMIT = {"most": 3}
    @helper
    def checked(n, most=2, *, least=0):
        assert least <= n <= most, "out of range"
        return n
    @probe
    def p(m, n):
        class Local:
            size = 1
            twice = size * 2
        assert n
        return [checked(n, LIMIT["most"]), Local.twice]
    def test_it(learner):
        assert learner.run(p, 3) == [3, 2]
        assert learner.attempt(p, 9).message == "out of range"
    """
    assert bench.judge(grader)["outcome"] == "passed"


def test_an_error_without_frames_is_placed_where_its_cause_was_raised(bench: Bench) -> None:
    grader = DOUBLE.replace("return m.double(n)", "return list(m.double(n))")
    result = bench.judge(grader, "def double(n):\n    yield n\n    next(iter(()))")
    assert result["message"] == "`RuntimeError: generator raised StopIteration` was raised"
    assert result["location"] == ["work.py", 3]
    assert result["traceback"] == [["work.py", 3, "double"]]
