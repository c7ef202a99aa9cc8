"""Mutants of right sample submissions: the same file with one small mistake in it.

    python -I -S mutate.py OUT FILE...

Every mutant is the original text with one piece replaced in place, so that its lines keep their numbers and a
difference is a line or two. What is written to OUT is a JSON list, one item for each FILE, of
`{"operator", "line", "original", "mutated", "text"}`: the line's number, the first line that differs in both, and the
whole mutated text.
"""

from __future__ import annotations

import ast
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

if __name__ == "__main__":
    sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from authoring.operators import Edit, edits_of


@dataclass(frozen=True, slots=True)
class Mutant:
    """One mutant of one file."""

    operator: str
    line: int
    original: str
    mutated: str
    text: str


class _Text:
    """A source text that can be edited at the places that `ast` tells: lines from 1, columns in bytes of UTF-8."""

    def __init__(self, source: str) -> None:
        self.data = source.encode()
        self.starts = [0]
        for line in self.data.splitlines(keepends=True):
            self.starts.append(self.starts[-1] + len(line))

    def at(self, line: int, column: int) -> int:
        return self.starts[line - 1] + column

    def edited(self, edit: Edit) -> str:
        start, end = self.at(*edit.start), self.at(*edit.end)
        return (self.data[:start] + edit.text.encode() + self.data[end:]).decode()


def mutants_of(source: str) -> list[Mutant]:
    """All mutants of a file, in the order of its lines; none twice, and none that means what the file means."""
    tree = ast.parse(source)
    text = _Text(source)
    seen = {_meaning(tree)}
    found = []
    for edit in sorted(edits_of(tree, source), key=lambda edit: (edit.start, edit.operator, edit.text)):
        mutated = text.edited(edit)
        try:
            meaning = _meaning(ast.parse(mutated))
        except (SyntaxError, ValueError):
            continue
        if meaning not in seen:
            seen.add(meaning)
            found.append(_mutant(edit.operator, source, mutated))
    return found


def _meaning(tree: ast.Module) -> str:
    return ast.dump(tree)


def _mutant(operator: str, source: str, mutated: str) -> Mutant:
    number, before, after = next(_differences(source.split("\n"), mutated.split("\n")))
    return Mutant(operator, number, before.strip(), after.strip(), mutated)


def _differences(before: list[str], after: list[str]) -> Iterator[tuple[int, str, str]]:
    for number, (left, right) in enumerate(zip(before, after, strict=False), 1):
        if left != right:
            yield number, left, right


def main(out: str, *paths: str) -> None:
    """Writes the mutants of all files."""
    found: list[list[dict[str, Any]]] = []
    for path in paths:
        with open(path, encoding="utf-8") as stream:
            mutants = mutants_of(stream.read())
        found.append([{name: getattr(each, name) for name in Mutant.__slots__} for each in mutants])
    with open(out, "w", encoding="utf-8") as stream:
        json.dump(found, stream)


if __name__ == "__main__":
    main(*sys.argv[1:])
