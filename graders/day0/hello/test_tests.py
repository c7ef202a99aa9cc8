"""Judges the learner's own tests: they pass on right code, and fail on code with one mistake."""

from grader import Learner
from grader.own_tests import OwnTests, changed, sample

RIGHT = sample(__file__, "right_plain", "day0/hello.py")
OTHERWISE = sample(__file__, "right_main", "day0/hello.py")
WHOLE, DEFAULT = 'return f"Hello, {name}!"', 'def greet(name="World"):'
# The same function as an object that can be called.
AS_OBJECT = changed(
    RIGHT,
    ("def greet", "class Greeter:\n  def __call__"),
    ('(name="World"):', '(self, name="World"):'),
    ('!"\n', '!"\n\n\ngreet = Greeter()\n'),
)

TESTS = OwnTests(
    ["day0/test_hello.py"],
    modules={"hello": "day0/hello.py"},
    right=[RIGHT, OTHERWISE, AS_OBJECT],
    faults={
        "a_wrong_text": {
            "the exclamation mark is missing": changed(RIGHT, (WHOLE, 'return f"Hello, {name}"')),
            "the comma is missing": changed(RIGHT, (WHOLE, 'return f"Hello {name}!"')),
            "the first letter is small": changed(RIGHT, (WHOLE, 'return f"hello, {name}!"')),
        },
        "an_ignored_name": {"the name is ignored": changed(RIGHT, (WHOLE, 'return "Hello, World!"'))},
        "printing": {"greet prints the text, and returns nothing": changed(RIGHT, (WHOLE, 'print(f"Hello, {name}!")'))},
        "a_missing_default": {
            "greet() is a TypeError": changed(RIGHT, (DEFAULT, "def greet(name):")),
            "greet() greets nobody": changed(RIGHT, (DEFAULT, 'def greet(name=""):')),
        },
    },
)


def test_tests_pass_on_your_code(learner: Learner) -> None:
    TESTS.pass_on_own_code(learner)


def test_tests_pass_on_other_right_code(learner: Learner) -> None:
    TESTS.pass_on_right_code(learner)


def test_tests_notice_a_wrong_text(learner: Learner) -> None:
    TESTS.notice(learner, "a_wrong_text")


def test_tests_notice_an_ignored_name(learner: Learner) -> None:
    TESTS.notice(learner, "an_ignored_name")


def test_tests_notice_printing(learner: Learner) -> None:
    TESTS.notice(learner, "printing")


def test_tests_notice_a_missing_default(learner: Learner) -> None:
    TESTS.notice(learner, "a_missing_default")
