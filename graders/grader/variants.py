"""Code that stands for the learner's while their own tests run: right implementations, and the same with one fault."""

from __future__ import annotations

import ast
from pathlib import Path
from random import Random

from grader.errors import AuthorError
from grader.shown import author_place


def sample(grader: str, name: str, file: str) -> str:
    """The text of a file of one of the exercise's sample submissions; `grader` is the `__file__` of who asks.

    Right samples are right implementations that `grade verify` holds to the checks: there is no need for others.
    """
    folder = Path(grader).parent
    path = folder.parents[2] / "fixtures" / folder.parent.name / folder.name / "submissions" / name / file
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise AuthorError(f"the sample `{name}` can't be read: {error}", *author_place()) from None


def changed(source: str, *changes: tuple[str, str]) -> str:
    """The source with each first text replaced by the second; each must be there exactly once."""
    for before, after in changes:
        if source.count(before) != 1:
            raise AuthorError(f"there are {source.count(before)} places to put a fault: {before!r}", *author_place())
        source = source.replace(before, after)
    return source


def disguised(source: str, rng: Random) -> str:
    """The same program with other bytes: every function does something to no effect, which no two runs have in common.

    So neither a hash nor a length tells one variant from another.
    """
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            at = 1 if ast.get_docstring(node, clean=False) is not None else 0
            node.body[at:at] = [_idle(rng) for _ in range(rng.randint(1, 3))]
    return ast.unparse(ast.fix_missing_locations(tree))


def _idle(rng: Random) -> ast.stmt:
    """An assignment to a name that nobody reads."""
    target = ast.Name(f"_{rng.getrandbits(32):08x}", ast.Store())
    return ast.Assign([target], ast.Constant(rng.getrandbits(rng.randint(1, 60))))
