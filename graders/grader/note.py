"""Checks of a learner's note: its sections, its example, and its text for a person to review.

Each function is a whole check: an exercise with a `note` lists the checks and calls them by their names.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandboxed.codec import CodecError

from grader.errors import AtLine, AuthorError, NeedsReview
from grader.learner import Learner
from grader.shown import author_place

EXAMPLE = "Minimal example"
# What each section holds at least, in different words: enough for a name, or for a sentence.
_LEAST = {
    "Concept": 1,
    "What it is": 5,
    "Why it exists": 5,
    "Common pitfall": 5,
    EXAMPLE: 0,
    "Debug strategy": 5,
    "Related": 1,
}
# `## Title`, `## Title: text`, `**Title:** text`, `Title: text`, each maybe as an item of a list.
_MARKS = re.compile(
    r"^ {0,3}(?:[-*+] +)?(#{1,6} +)?(?:\d+[.)] +)?([*_]{0,3})(" + "|".join(_LEAST) + r")s?(:?)\2(:?)(?= |$)[ #]*(.*)$",
    re.IGNORECASE,
)
_FENCE = re.compile(r"^( *)(`{3,}|~{3,}) *([A-Za-z0-9_+-]*)")
_PYTHON = frozenset(("python", "python3", "py", ""))
# Scripts that put no spaces between words: each character counts as one.
_WORD = re.compile(r"[\u2e80-\u9fff\uac00-\ud7af]|[^\W\d_]+")


@dataclass(slots=True)
class Block:
    """A fenced block of code; `line` is that of its first line of code, from 1."""

    language: str
    line: int
    lines: list[str]


@dataclass(slots=True)
class Section:
    """One part of the template: its line in the file, from 1, its text, and the code in it."""

    line: int
    lines: list[str]
    blocks: list[Block]

    @property
    def text(self) -> str:
        return "\n".join(self.lines).strip()


def sections(learner: Learner) -> None:
    """Asserts that the note has every section of the template, filled in by the learner."""
    name, found = _read(learner)
    wrong = [f"`{title}` {what}" for title in _LEAST if (what := _lack(title, found.get(title)))]
    if wrong:
        there = [found[title].line for title in _LEAST if title in found and _lack(title, found[title])]
        raise AtLine(f"in {name}, " + "; ".join(wrong), name, there[0] if there else 1)


def example(learner: Learner) -> None:
    """Asserts that the code of the Minimal example runs, and prints what its comments `# -> text` claim."""
    name, found = _read(learner)
    section = found.get(EXAMPLE)
    if section is None:
        raise AtLine(f"{name} has no section `{EXAMPLE}` yet", name, 1)
    blocks = [block for block in section.blocks if block.language in _PYTHON]
    if not any(line.strip() and not line.strip().startswith("#") for block in blocks for line in block.lines):
        raise AtLine(f"the `{EXAMPLE}` in {name} has no code yet, between ```python and ```", name, section.line)
    claims = _claims(learner.example(name, _placed(blocks)))
    if not claims:
        raise AtLine(f"no line of the `{EXAMPLE}` in {name} says by `# -> ...` what it prints", name, blocks[0].line)
    wrong = [claim for claim in claims if not claim.holds()]
    if wrong:
        first = wrong[0]
        more = f"; {len(wrong) - 1} more of its lines do not hold either" if len(wrong) > 1 else ""
        words = f"line {first.line} of {name} {first.trouble()}{more}"
        raise AtLine(words, name, first.line, expected=first.said, actual=first.actual())


def review(learner: Learner) -> None:
    """Hands the whole note to a person: nothing about it is decided here."""
    name = _name(learner)
    text = learner.text(name)
    if text is None or not any(section.text and not _is_template(section) for section in _split(text).values()):
        raise AtLine(f"there is nothing to review in {name} yet", name, 1)
    raise NeedsReview(text)


def _name(learner: Learner) -> str:
    if learner.note_file is None:
        raise AuthorError("the exercise has no `note` in its exercise.toml", *author_place())
    return learner.note_file


def _read(learner: Learner) -> tuple[str, dict[str, Section]]:
    name = _name(learner)
    text = learner.text(name)
    if text is None:
        raise AssertionError(f"there is no {name} yet; `grade start` puts a template there")
    return name, _split(text)


def _split(text: str) -> dict[str, Section]:
    """The sections of a note by the template's titles; a second one of the same title goes on with the first."""
    found: dict[str, Section] = {}
    current = Section(1, [], [])
    fence: tuple[str, int] | None = None
    for number, line in enumerate(text.splitlines(), 1):
        mark = _FENCE.match(line)
        if fence is not None:
            if mark is not None and mark[2].startswith(fence[0]) and not mark[3]:
                fence = None
            else:
                indent = len(line) - len(line.lstrip(" "))
                current.blocks[-1].lines.append(line[min(indent, fence[1]) :])
        elif mark is not None:
            fence = (mark[2], len(mark[1]))
            current.blocks.append(Block(mark[3].lower(), number + 1, []))
        elif (title := _title(line)) is not None:
            current = found.setdefault(title[0], Section(number, [], []))
            current.lines.append(title[1])
        else:
            current.lines.append(line)
    return found


def _title(line: str) -> tuple[str, str] | None:
    """(title, what stands behind it) when a line begins a section; prose that begins with the same words does not."""
    mark = _MARKS.match(line)
    if mark is None:
        return None
    is_heading, has_colon, rest = bool(mark[1]), bool(mark[4] or mark[5]), mark[6].strip()
    if not (has_colon or ((is_heading or mark[2]) and not rest)):
        return None
    return mark[3].capitalize(), rest


def _lack(title: str, section: Section | None) -> str:
    """What a section lacks; "" when it is as it should be."""
    if section is None:
        return "is not there"
    if title == EXAMPLE:
        return "" if section.blocks else "has no code between ```python and ```"
    if _is_template(section):
        return "still has the template's text"
    words = {word.lower() for word in _WORD.findall(section.text)}
    for block in section.blocks:
        words.update(word.lower() for line in block.lines for word in _WORD.findall(line))
    if not words:
        return "is empty"
    return "" if len(words) >= _LEAST[title] else "says hardly anything; write a sentence or two"


def _is_template(section: Section) -> bool:
    """Whether a section is as the template has it."""
    return section.text in _template()


_known: set[str] = set()


def _template() -> set[str]:
    """The texts of the template's sections."""
    if not _known:
        text = Path(__file__).with_name("note.md").read_text(encoding="utf-8")
        _known.update(section.text for section in _split(text).values() if section.text)
    return _known


def _placed(blocks: list[Block]) -> str:
    """The code of all blocks, each line under the number that it has in the note."""
    lines: list[str] = []
    for block in blocks:
        lines.extend([""] * (block.line - 1 - len(lines)))
        lines.extend(block.lines)
    return "\n".join(lines) + "\n"


@dataclass(slots=True)
class _Claim:
    """A claiming statement, as `sandboxed.example.run` tells of it."""

    line: int
    said: str
    printed: str
    values: list[str]
    raised: str | None

    def holds(self) -> bool:
        said = {_plain(self.said), _plain(re.split(r"\s+#", self.said, maxsplit=1)[0])}
        return any(_matches(claim, _plain(text)) for claim in said for text in self._ways())

    def _ways(self) -> list[str]:
        """The texts that a claim may be, for there is more than one way to note what happened."""
        printed, values = self.printed.strip("\n"), "\n".join(self.values)
        ways = [printed, ", ".join(printed.split("\n"))]
        if self.values:
            ways += [values, ", ".join(self.values), f"{printed}\n{values}"]
            ways = ways if printed else ways[2:]
        if self.raised is not None:
            raised = [self.raised, self.raised.split(":")[0]]
            ways = [*raised, *(f"{way}\n{each}" for way in ways for each in raised)]
        return ways

    def actual(self) -> str:
        parts = [self.printed.strip("\n"), "\n".join(self.values), self.raised or ""]
        return "\n".join(part for part in parts if part)

    def trouble(self) -> str:
        if self.raised is not None:
            return "raises an exception that its comment does not tell of"
        return "says something else than it prints" if self.actual() else "prints nothing"


def _plain(text: str) -> str:
    return " ".join(text.split())


def _matches(said: str, text: str) -> bool:
    """Whether a text is what was said; `...` stands for anything, but not alone."""
    parts = said.split("...")
    if len(parts) == 1 or not any(part.strip() for part in parts):
        return said == text
    head, *middle, tail = parts
    if len(text) < len(head) + len(tail) or not text.startswith(head) or not text.endswith(tail):
        return False
    at, end = len(head), len(text) - len(tail)
    for part in middle:
        at = text.find(part, at, end)
        if at < 0:
            return False
        at += len(part)
    return True


def _claims(observed: Any) -> list[_Claim]:
    """What came back, believed no further than its shape."""
    try:
        claims = [_Claim(**each) for each in observed]
        shapes = (int, str, str, list)
        for claim in claims:
            values = (claim.line, claim.said, claim.printed, claim.values)
            if tuple(map(type, values)) != shapes or any(type(each) is not str for each in claim.values):
                raise CodecError("not what an example printed")
            if claim.raised is not None and type(claim.raised) is not str:
                raise CodecError("not what an example raised")
    except (TypeError, CodecError):
        raise AssertionError("the example disturbs what is noted about it") from None
    return claims
