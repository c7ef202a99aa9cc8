"""Facts about source files."""

from __future__ import annotations

import pytest
from grader.errors import SourceProblem
from grader.source import Source
from sandboxed.codec import CodecError, decode, encode
from sandboxed.source import facts

TEXT = b'''"""A module."""
import os.path as p, sys
from .sibling import a as b

LIMIT: int = 3

def timer(func=None, /, *args: int, unit: str = "s", **rest) -> float:
    """Times."""
    @functools.wraps(func, assigned=("a",), updated=other)
    def wrapper():
        yield from func()
    return wrapper

@dataclass(frozen=True)
class Account(Base, metaclass=Meta):
    owner: str
    async def close(self):
        import json
        with open("x", mode="w") as file:
            await file.write(1, *[2], **{})
'''


def source_of(text: bytes) -> Source:
    return Source.of("a.py", decode(encode(facts(text, "a.py"), plain=True)))


def test_functions_are_told_wherever_they_are() -> None:
    source = source_of(TEXT)
    assert [each.name for each in source.functions] == ["timer", "timer.wrapper", "Account.close"]
    timer, wrapper, close = source.functions
    assert [(each.name, each.kind, each.annotation, each.has_default) for each in timer.args] == [
        ("func", "positional_only", None, True),
        ("args", "var_positional", "int", False),
        ("unit", "keyword_only", "str", True),
        ("rest", "var_keyword", None, False),
    ]
    assert (timer.returns, timer.docstring, timer.is_annotated, timer.line, timer.end_line) == (
        "float",
        "Times.",
        False,
        7,
        12,
    )
    assert not timer.is_generator
    assert wrapper.is_generator and wrapper.yields_from and wrapper.in_scope == "timer"
    assert wrapper.decorators == ("functools.wraps(func, assigned=('a',), updated=other)",)
    assert close.is_async and close.in_class == "Account"
    assert close.nodes["With"] == 1


def test_classes_imports_calls_and_names() -> None:
    source = source_of(TEXT)
    account = source.class_("Account")
    assert account is not None
    assert (account.bases, account.decorators) == (("Base",), ("dataclass(frozen=True)",))
    assert (account.fields, account.methods, account.keywords) == (("owner",), ("close",), {"metaclass": "Meta"})
    assert [(each.module, each.names, each.level, each.in_scope) for each in source.imports] == [
        ("os.path", (), 0, ""),
        ("sys", (), 0, ""),
        ("sibling", ("a",), 1, ""),
        ("json", (), 0, "Account.close"),
    ]
    assert source.imported("os") and not source.imported("sibling")
    (wraps,) = source.calls_to("functools.wraps")
    assert (wraps.positional, wraps.keywords) == (1, {"assigned": ("a",), "updated": ("expression", "other")})
    (write,) = source.calls_to(".write")
    assert (write.positional, write.starred) == (1, True)
    assert source.names == ("Account", "LIMIT", "b", "p", "sys", "timer")
    assert source.count("With", "Try") == 1
    assert source.docstring == "A module."


@pytest.mark.parametrize(
    ("text", "line"),
    [(b"x = 1\ny = = 2", 2), (b"\xff", None), (b"a\x00b", None), (b"(" * 5000, None), (b"-" * 200_000 + b"1", None)],
)
def test_a_file_that_does_not_parse_fails(text: bytes, line: int | None) -> None:
    with pytest.raises(SourceProblem) as caught:
        source_of(text)
    assert line is None or caught.value.line == line


def test_facts_of_another_shape_are_refused() -> None:
    for wrong in (None, {}, {"error": None}, {"error": None, "docstring": "", "functions": [1]}, {"error": 3}):
        with pytest.raises(CodecError):
            Source.of("a.py", wrong)
