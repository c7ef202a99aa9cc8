"""Judges the tests of day3/config_validator: green with right validators, red with faulty ones."""

from grader import Learner
from grader.own_tests import OwnTests, changed, sample

RIGHT = sample(__file__, "right_plain", "config_validator.py")
FIELD_LINE = "            yield inner, key.start_mark.line + 1\n"

TESTS = OwnTests(
    ["test_config_validator.py"],
    modules={"config_validator": "config_validator.py"},
    right=[RIGHT, sample(__file__, "right_generators", "config_validator.py")],
    faults={
        "optional_fields_that_are_required": {
            "a field whose name ends in ? is required": changed(
                RIGHT, ('if not name.endswith("?") and name not in data:', 'if name.removesuffix("?") not in data:')
            )
        },
        "missing_fields_that_nobody_misses": {
            "no field is required": changed(RIGHT, ('if not name.endswith("?") and name not in data:', "if False:"))
        },
        "unknown_fields_that_are_ignored": {
            "any field may be there": changed(
                RIGHT, ('errors.append(UnknownFieldError(f"{prefix}{name}", "unknown field"))', "pass")
            )
        },
        "bools_as_ints": {
            "True is an int": changed(
                RIGHT,
                ("elif type(value) is not rule and", "elif not isinstance(value, rule) and"),
            )
        },
        "unchecked_lists": {
            "only the first item of a list is looked at": changed(
                RIGHT, ("in enumerate(value):", "in enumerate(value[:1]):")
            )
        },
        "paths_without_the_way": {
            "a path is the name of the field alone": changed(
                RIGHT, ('prefix = f"{path}." if path else ""', 'prefix = ""')
            )
        },
        "the_first_error_only": {
            "all errors but the first are forgotten": changed(
                RIGHT,
                (
                    '    check(data, schema, "", errors)\n    return errors',
                    '    check(data, schema, "", errors)\n    return errors[:1]',
                ),
            )
        },
        "lines_from_zero": {"the first line is line 0": changed(RIGHT, (FIELD_LINE, FIELD_LINE.replace(" + 1", "")))},
        "tags_that_run_code": {
            "YAML is read by the loader that makes any object": changed(
                RIGHT, ("yaml.safe_load(text)", "yaml.load(text, yaml.UnsafeLoader)")
            )
        },
    },
)


def test_tests_pass_on_your_code(learner: Learner) -> None:
    TESTS.pass_on_own_code(learner)


def test_tests_pass_on_other_right_code(learner: Learner) -> None:
    TESTS.pass_on_right_code(learner)


def test_tests_notice_optional_fields_that_are_required(learner: Learner) -> None:
    TESTS.notice(learner, "optional_fields_that_are_required")


def test_tests_notice_missing_fields_that_nobody_misses(learner: Learner) -> None:
    TESTS.notice(learner, "missing_fields_that_nobody_misses")


def test_tests_notice_unknown_fields_that_are_ignored(learner: Learner) -> None:
    TESTS.notice(learner, "unknown_fields_that_are_ignored")


def test_tests_notice_bools_as_ints(learner: Learner) -> None:
    TESTS.notice(learner, "bools_as_ints")


def test_tests_notice_unchecked_lists(learner: Learner) -> None:
    TESTS.notice(learner, "unchecked_lists")


def test_tests_notice_paths_without_the_way(learner: Learner) -> None:
    TESTS.notice(learner, "paths_without_the_way")


def test_tests_notice_the_first_error_only(learner: Learner) -> None:
    TESTS.notice(learner, "the_first_error_only")


def test_tests_notice_lines_from_zero(learner: Learner) -> None:
    TESTS.notice(learner, "lines_from_zero")


def test_tests_notice_tags_that_run_code(learner: Learner) -> None:
    TESTS.notice(learner, "tags_that_run_code")
