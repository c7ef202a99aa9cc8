"""What `grader.typed` makes of the type checker's answers."""

from __future__ import annotations

from typing import Any

import pytest
from grader.errors import AtLine, Mismatch
from grader.typed import Types
from sandboxed.codec import CodecError

USES = "from square import square\nassert_type(square(3), int)\n"


def answer(**parts: Any) -> dict[str, Any]:
    return {"problems": [], "uses": [], "switches": [], **parts}


def test_nothing_to_say_passes_both() -> None:
    found = Types.of(answer(), USES)
    found.complete()
    found.hold()


def test_missing_hints_are_told_at_their_line_and_are_not_held_against_the_others() -> None:
    missing = ("square.py", 4, 1, "no-untyped-def", "Function is missing a return type annotation")
    found = Types.of(answer(problems=[missing]), USES)
    with pytest.raises(AtLine, match=r"square\.py:4: Function is missing") as failed:
        found.complete()
    assert (failed.value.file, failed.value.line) == ("square.py", 4)
    found.hold()


def test_a_use_that_does_not_fit_is_shown_as_it_is_written() -> None:
    found = Types.of(answer(uses=[(2, "assert-type", 'Expression is of type "Any", not "int"')]), USES)
    with pytest.raises(Mismatch, match=r"`assert_type\(square\(3\), int\)`: Expression is of type"):
        found.complete()
    found.hold()


def test_many_problems_are_cut() -> None:
    problems = [("square.py", line, 1, "assignment", "Incompatible types") for line in range(1, 10)]
    with pytest.raises(AtLine, match=r"; and 4 more$"):
        Types.of(answer(problems=problems), USES).hold()


def test_a_comment_that_silences_is_told_before_what_it_silences() -> None:
    wrong = ("square.py", 2, 1, "assignment", "Incompatible types")
    with pytest.raises(AtLine, match=r"line 7 of `square\.py` tells the type checker to look away"):
        Types.of(answer(problems=[wrong], switches=[("square.py", 7)]), USES).hold()


@pytest.mark.parametrize("forged", [None, {}, answer(problems=[1]), answer(uses=[(99, "x", "y")])])
def test_what_the_type_checker_would_never_say_is_refused(forged: Any) -> None:
    with pytest.raises(CodecError):
        Types.of(forged, USES)
