"""Judges the tests of `half`."""

from grader.own_tests import OwnTests, changed, sample

RIGHT = sample(__file__, "right_plain", "half.py")
TESTS = OwnTests(
    ["test_half.py"],
    modules={"half": "half.py"},
    right=[RIGHT, sample(__file__, "right_unittest", "half.py")],
    faults={
        "rounding_up": {"half of 3 is 2": changed(RIGHT, ("n // 2", "-(-n // 2)"))},
        "a_wrong_sign": {"half of 2 is -1": changed(RIGHT, ("return n", "return -n"))},
    },
)


def test_tests_pass_on_your_code(learner):
    TESTS.pass_on_own_code(learner)


def test_tests_pass_on_other_right_code(learner):
    TESTS.pass_on_right_code(learner)


def test_tests_notice_rounding_up(learner):
    TESTS.notice(learner, "rounding_up")


def test_tests_notice_a_wrong_sign(learner):
    TESTS.notice(learner, "a_wrong_sign")
