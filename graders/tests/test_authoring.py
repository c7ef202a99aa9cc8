"""What authors are helped with: mutants of a file, and the names that an exercise is about."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from authoring.interface import names_of
from authoring.mutate import mutants_of


@pytest.mark.parametrize(
    ("source", "mutated"),
    [
        ("x = a + b", {"x = a - b"}),
        ("x = (a\n     + b)", {"- b)"}),
        ("x = a <= b", {"x = a < b"}),
        ("x = a is not b", {"x = a is b"}),
        ("x = a not in b", {"x = a in b"}),
        ("x = a < b == c", {"x = a <= b == c", "x = a < b != c"}),
        ("x = a and b", {"x = ((a) or (b))"}),
        ("x = not a", {"x = (a)"}),
        ("x = 3", {"x = 4"}),
        ("x = True", {"x = False"}),
        ("x = 'word'", {'x = ""'}),
        ("x += 1", {"x -= 1", "x = 1", "x += 2", "pass"}),
        ("if ready():\n    pass", {"if (not (ready())):"}),
        ("x = [n for n in a if n]", {"x = [n for n in a if (not (n))]", "x = [n for n in a if True]"}),
        ("f(a, b)", {"f(b, a)", "pass"}),
        ("x = f(a, key=b)", {"x = f(a)"}),
        ("x = list(a)", {"x = a"}),
        ("def f():\n    return a", {"return None"}),
        ("@wraps(g)\ndef f(): ...", {""}),
        ("for x in a:\n    break", {"continue"}),
        ("def f():\n    yield from a", {"yield a", "pass"}),
        ("async def f():\n    await a()", {"a()", "pass"}),
        ("with lock:\n    pass", {"if True:"}),
        ("try:\n    pass\nexcept KeyError:\n    pass", {"except Exception:", "except ():"}),
        ("raise KeyError(1)", {"raise RuntimeError(1)", "pass"}),
        ("raise KeyError from error", {"raise KeyError", "raise RuntimeError from error", "pass"}),
        ("self.x = a", {"pass"}),
        ("def f(a=1): ...", {"def f(a=2): ..."}),
        ('__all__ = ["f"]\nT = TypeVar("T")', set()),
        ('"""A text."""\nimport os\nx: "int"\ny = f"{a + 1}"\nz = "a" + b', {'z = "" + b'}),
    ],
)
def test_the_mutants_of_a_line(source: str, mutated: set[str]) -> None:
    assert {mutant.mutated for mutant in mutants_of(source)} == mutated


def test_lines_keep_their_numbers() -> None:
    source = "x = f(\n    a,\n    b,\n    key=c,\n)\n\n\n@wraps(\n    x,\n)\ndef g():\n    return (\n        1\n    )\n"
    for mutant in mutants_of(source):
        assert mutant.text.count("\n") == source.count("\n"), mutant
        assert source.split("\n")[mutant.line - 1].strip() == mutant.original


def test_letters_of_more_than_one_byte_do_not_shift_a_place() -> None:
    assert [mutant.mutated for mutant in mutants_of("größe = ä + ö")] == ["größe = ä - ö"]


@pytest.mark.parametrize("path", sorted((Path(__file__).parents[2] / "fixtures").glob("*/*/submissions/*/*.py"))[::7])
def test_every_mutant_of_real_files_is_another_program_that_parses(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    try:
        meaning = ast.dump(ast.parse(source))
    except SyntaxError:
        return
    meanings = [ast.dump(ast.parse(mutant.text)) for mutant in mutants_of(source)]
    assert meaning not in meanings
    assert len(meanings) == len(set(meanings))


def test_names_of_a_starter_are_what_others_may_use(tmp_path: Path) -> None:
    path = tmp_path / "work.py"
    path.write_text(
        "class Stack:\n    def push(self): ...\n    def _grow(self): ...\n\ndef make(): ...\ndef _hide(): ...\n"
    )
    assert names_of(str(path)) == [("Stack", 1), ("push", 2), ("make", 5)]


def test_names_of_a_grader_are_what_probes_ask_for(tmp_path: Path) -> None:
    path = tmp_path / "test_work.py"
    path.write_text(
        "@probe\ndef seen(work, n):\n    return work.make(n).size, n.real\n\ndef other(work):\n    work.no\n"
    )
    assert names_of(str(path)) == [("make", 3)]
