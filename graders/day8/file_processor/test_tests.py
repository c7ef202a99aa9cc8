"""Judges the tests of day8/file_processor: green with right code, red with faulty code."""

from grader import Learner
from grader.own_tests import OwnTests, changed, sample

RIGHT = sample(__file__, "right_plain", "file_processor.py")

TESTS = OwnTests(
    ["test_file_processor.py"],
    modules={"file_processor": "file_processor.py"},
    right=[RIGHT, sample(__file__, "right_streaming", "file_processor.py")],
    faults={
        "a_missing_commit": {
            "nothing is ever committed": changed(RIGHT, ("            self._commit()\n", "            pass\n"))
        },
        "a_commit_after_an_error": {
            "what was written before an error is committed": changed(
                RIGHT, ("        if kind is None:\n", "        if True:\n")
            )
        },
        "writing_after_the_end": {
            "write can be called after the end": changed(RIGHT, ("        if not self.open:\n", "        if False:\n"))
        },
        "one_attempt_too_many": {
            "retry tries once more": changed(RIGHT, ("in range(attempts):", "in range(attempts + 1):"))
        },
        "waits_of_one_length": {"retry always waits the same": changed(RIGHT, ("delay * 2 ** (attempt - 1)", "delay"))},
        "retries_of_everything": {
            "retry tries again after any exception": changed(
                RIGHT,
                (
                    "        except OSError as error:\n            logger.warning",
                    "        except Exception as error:\n            logger.warning",
                ),
            )
        },
        "silent_attempts": {
            "failed attempts are not logged": changed(
                RIGHT, ('            logger.warning("attempt %d has failed: %s", attempt + 1, error)\n', "")
            )
        },
        "a_forgotten_cause": {
            "what step raises has no cause": changed(
                RIGHT, ('(f"{name}: {error}") from error', '(f"{name}: {error}") from None')
            )
        },
        "lines_counted_from_zero": {"the first line is line 0": changed(RIGHT, ("start=1", "start=0"))},
        "skipped_lines": {
            "invalid lines are left out": changed(
                RIGHT, ('raise ValidationError(f"line {number}: {line!r} is not valid")', "continue")
            )
        },
        "transform_errors_that_come_out": {
            "process lets an exception of transform through, without a TransformError": changed(
                RIGHT, ('raise TransformError(f"line {number}: {error}") from error', "raise")
            )
        },
    },
)


def test_tests_pass_on_your_code(learner: Learner) -> None:
    TESTS.pass_on_own_code(learner)


def test_tests_pass_on_other_right_code(learner: Learner) -> None:
    TESTS.pass_on_right_code(learner)


def test_tests_notice_a_missing_commit(learner: Learner) -> None:
    TESTS.notice(learner, "a_missing_commit")


def test_tests_notice_a_commit_after_an_error(learner: Learner) -> None:
    TESTS.notice(learner, "a_commit_after_an_error")


def test_tests_notice_writing_after_the_end(learner: Learner) -> None:
    TESTS.notice(learner, "writing_after_the_end")


def test_tests_notice_one_attempt_too_many(learner: Learner) -> None:
    TESTS.notice(learner, "one_attempt_too_many")


def test_tests_notice_waits_of_one_length(learner: Learner) -> None:
    TESTS.notice(learner, "waits_of_one_length")


def test_tests_notice_retries_of_everything(learner: Learner) -> None:
    TESTS.notice(learner, "retries_of_everything")


def test_tests_notice_silent_attempts(learner: Learner) -> None:
    TESTS.notice(learner, "silent_attempts")


def test_tests_notice_a_forgotten_cause(learner: Learner) -> None:
    TESTS.notice(learner, "a_forgotten_cause")


def test_tests_notice_lines_counted_from_zero(learner: Learner) -> None:
    TESTS.notice(learner, "lines_counted_from_zero")


def test_tests_notice_skipped_lines(learner: Learner) -> None:
    TESTS.notice(learner, "skipped_lines")


def test_tests_notice_transform_errors_that_come_out(learner: Learner) -> None:
    TESTS.notice(learner, "transform_errors_that_come_out")
