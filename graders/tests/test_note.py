"""Notes: what counts as a section that is filled in, and what the comments of an example claim."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from grader import note
from grader.errors import AtLine, AuthorError, NeedsReview
from sandboxed import example

TEMPLATE = Path(note.__file__).with_name("note.md").read_text(encoding="utf-8")
FILLED = {
    "Concept": "Aliasing",
    "What it is": "Two names for one and the same object.",
    "Why it exists": "Assignment binds a name and copies nothing.",
    "Common pitfall": "Changing one list changes what the other name shows.",
    "Minimal example": "```python\na = b = []\nprint(a is b)  # -> True\n```",
    "Debug strategy": "Compare the two objects with the operator `is`.",
    "Related": "`copy`",
}


class Handed:
    """A learner who has handed in just this note."""

    note_file = "idea.md"

    def __init__(self, text: str | None) -> None:
        self._text = text

    def text(self, file: str) -> str | None:
        assert file == self.note_file
        return self._text

    def example(self, file: str, source: str) -> Any:
        return example.run(source, f"/work/{file}")


def handed(**changes: str) -> Any:
    parts = {**FILLED, **{name.replace("_", " "): text for name, text in changes.items()}}
    return Handed("".join(f"## {title}\n\n{text}\n\n" for title, text in parts.items()))


def in_example(code: str) -> Any:
    return handed(Minimal_example=f"```python\n{code}\n```")


@pytest.mark.parametrize(
    "form", ["## {}\n{}\n", "{}: {}\n", "**{}**: {}\n", "- **{}:** {}\n", "# {}: {}\n", "### 2. {}\n{}\n"]
)
def test_sections_are_found_however_they_are_marked(form: str) -> None:
    text = "".join(form.format(title, f"\n{text}\n" if "```" in text else text) for title, text in FILLED.items())
    note.sections(Handed(text))  # type: ignore[arg-type]
    note.example(Handed(text))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"Why_it_exists": ""}, "`Why it exists` is empty"),
        ({"Why_it_exists": "[Problem it solves]"}, "`Why it exists` still has the template's text"),
        ({"Debug_strategy": "Look at it"}, "`Debug strategy` says hardly anything"),
        ({"Debug_strategy": "look look look look look look"}, "`Debug strategy` says hardly anything"),
        ({"Minimal_example": "I would print it."}, "`Minimal example` has no code"),
    ],
)
def test_a_section_that_says_nothing_is_told(changes: dict[str, str], words: str) -> None:
    with pytest.raises(AtLine, match=words.replace("`", ".")):
        note.sections(handed(**changes))


def test_everything_that_is_missing_is_told_at_once() -> None:
    with pytest.raises(AtLine) as caught:
        note.sections(Handed("## Concept\nAliasing\n"))  # type: ignore[arg-type]
    assert str(caught.value).count("is not there") == len(FILLED) - 1


def test_a_sentence_in_a_script_without_spaces_is_a_sentence() -> None:
    note.sections(handed(What_it_is="二つの名前が一つのオブジェクトを指す"))


def test_the_template_itself_passes_nothing() -> None:
    for check in (note.sections, note.example, note.review):
        with pytest.raises(AtLine):
            check(Handed(TEMPLATE))  # type: ignore[arg-type]


def test_a_missing_note_fails_calmly() -> None:
    for check in (note.sections, note.example, note.review):
        with pytest.raises(AssertionError, match=r"idea\.md"):
            check(Handed(None))  # type: ignore[arg-type]


def test_an_exercise_without_a_note_is_the_authors_mistake() -> None:
    learner = Handed("")
    learner.note_file = None  # type: ignore[assignment]
    with pytest.raises(AuthorError):
        note.sections(learner)  # type: ignore[arg-type]


def test_a_note_goes_to_a_person_as_it_is() -> None:
    learner = handed()
    with pytest.raises(NeedsReview) as caught:
        note.review(learner)
    assert caught.value.text == learner.text("idea.md")


@pytest.mark.parametrize(
    "code",
    [
        "print('a', 1)  # -> a 1",
        "print('a\\nb')  # -> a\n# -> b",
        "print('a\\nb')  # -> a\n                # -> b",
        "for n in range(3):\n    print(n)  # -> 0, 1, 2",
        "for n in range(3):\n    print(n)\n# -> 0\n# -> 1\n# -> 2",
        "def f():\n    print('inside')\n\nf()  # -> inside",
        "def f():\n    print('inside')  # -> inside\n\nf()",
        "1 + 1  # -> 2",
        "x = [1] * 2  # -> [1, 1]",
        "print(\n    'long',\n)  # -> long",
        "'abc'  # -> 'abc'",
        "print(object())  # -> <object object at 0x...>",
        "print('a # b')  # -> a # b",
        "print(True)  # -> True  # as it should be",
        "[][0]  # -> IndexError",
        "[][0]  # -> IndexError: list index out of range",
        "import pprint\npprint.pprint({'a': 1})  # -> {'a': 1}",
        "from __future__ import annotations\n\ndef f(x: missing): ...\n\nprint(f.__annotations__)  # -> {'x': 'missing'}",
        "from dataclasses import dataclass\n\n@dataclass\nclass P:\n    x: int\n\nP(1)  # -> P(x=1)",
        "import asyncio\n\nasync def main():\n    print('on')  # -> on\n\nasyncio.run(main())",
        "print('# -> no claim')\nprint(1)  # -> 1",
    ],
)
def test_a_claim_that_holds(code: str) -> None:
    note.example(in_example(code))


@pytest.mark.parametrize(
    ("code", "line", "actual"),
    [
        ("x = 1\nprint(x)  # -> 2", 2, "1"),
        ("print('a\\nb')  # -> a", 1, "a\nb"),
        ("print('a')  # -> ...", 1, "a"),
        ("if False:\n    print('a')  # -> a", 2, ""),
        ("for n in range(3):\n    print(n)  # -> 0", 2, "0\n1\n2"),
        ("print([][0])  # -> 1", 1, "IndexError: list index out of range"),
        ("# -> 1\nprint(1)", 1, ""),
    ],
)
def test_a_claim_that_does_not_hold_is_told_with_its_line(code: str, line: int, actual: str) -> None:
    learner = in_example(code)
    first = learner.text("idea.md").split(code)[0].count("\n")
    with pytest.raises(AtLine) as caught:
        note.example(learner)
    assert (caught.value.line, caught.value.sides["actual"]) == (first + line, actual)


def test_an_example_that_claims_nothing_is_told() -> None:
    with pytest.raises(AtLine, match="says by"):
        note.example(in_example("print(1)"))


def test_what_is_raised_without_a_claim_goes_up_with_its_line() -> None:
    with pytest.raises(ZeroDivisionError) as caught:
        note.example(in_example("print(1)  # -> 1\n1 / 0"))
    traceback = caught.value.__traceback__
    while traceback is not None and traceback.tb_next is not None:
        traceback = traceback.tb_next
    assert traceback is not None
    assert traceback.tb_frame.f_code.co_filename == "/work/idea.md"


def test_an_answer_of_another_shape_is_no_pass() -> None:
    learner = in_example("print(1)  # -> 1")
    for forged in (None, [1], [{}], [{"line": 1, "said": "1", "printed": 1, "values": [], "raised": None}]):
        learner.example = lambda *_, forged=forged: forged
        with pytest.raises(AssertionError):
            note.example(learner)


@pytest.mark.parametrize(
    ("said", "text", "holds"),
    [
        ("a...c", "abc", True),
        ("a...c...e", "abcde", True),
        ("a...c", "ab", False),
        ("aa...aa", "aaa", False),
        ("...", "x", False),
    ],
)
def test_dots_stand_for_anything_but_not_alone(said: str, text: str, holds: bool) -> None:
    assert note._matches(said, text) is holds
