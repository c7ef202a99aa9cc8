"""The names that an exercise is about: what its starter defines, and what its grader asks the learner's module for.

    python -I -S interface.py OUT FILE...

What is written to OUT is a JSON list, one item for each FILE, of `[name, line]` pairs. Of a `test_*.py` these are the
attributes of the learner's module (the first parameter of a probe), of any other file what it defines for others.
"""

from __future__ import annotations

import ast
import json
import os
import sys
from collections.abc import Iterator

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def defined(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Public functions and classes of a module, and public methods of such classes."""
    for node in tree.body:
        if isinstance(node, (*_FUNCTIONS, ast.ClassDef)) and not node.name.startswith("_"):
            yield node.name, node.lineno
            for member in node.body if isinstance(node, ast.ClassDef) else []:
                if isinstance(member, _FUNCTIONS) and not member.name.startswith("_"):
                    yield member.name, member.lineno


def asked(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """What probes read of the learner's module, each once."""
    seen = set()
    for probe in (node for node in tree.body if isinstance(node, _FUNCTIONS) and _is_probe(node)):
        parameters = [*probe.args.posonlyargs, *probe.args.args]
        module = parameters[0].arg if parameters else ""
        for node in ast.walk(probe):
            is_asked = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == module
            if is_asked and node.attr not in seen and not node.attr.startswith("_"):
                seen.add(node.attr)
                yield node.attr, node.lineno


def _is_probe(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any(isinstance(each, ast.Name) and each.id == "probe" for each in node.decorator_list)


def names_of(path: str) -> list[tuple[str, int]]:
    """The names that the file at `path` is about."""
    with open(path, encoding="utf-8") as stream:
        tree = ast.parse(stream.read(), path)
    return list(asked(tree) if os.path.basename(path).startswith("test_") else defined(tree))


def main(out: str, *paths: str) -> None:
    """Writes the names of all files."""
    with open(out, "w", encoding="utf-8") as stream:
        json.dump([names_of(path) for path in paths], stream)


if __name__ == "__main__":
    main(*sys.argv[1:])
