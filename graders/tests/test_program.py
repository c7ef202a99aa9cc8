"""`input()` of a program in the sandbox."""

from __future__ import annotations

import builtins
import io
from typing import Any

import pytest
from sandboxed.program import _Prompting


class Told:
    """A wire that keeps what was sent."""

    def __init__(self) -> None:
        self.sent: list[tuple[bytes, bytes]] = []

    def send(self, kind: bytes, body: bytes) -> None:
        self.sent.append((kind, body))

    def receive(self) -> tuple[bytes, bytes]:
        return b"p", b""


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr("sys.stdin", io.StringIO("Ada\n"))
    wire = Told()
    monkeypatch.setattr(builtins, "input", _Prompting(wire))  # type: ignore[arg-type]
    return wire


def test_a_prompt_goes_to_the_supervisor(wire: Told) -> None:
    assert input("name? ") == "Ada"
    assert wire.sent == [(b"P", b'["t","name? ","Ada\\n"]')]


def test_streams_of_the_programs_own_are_used_as_python_uses_them(wire: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.StringIO()
    monkeypatch.setattr("sys.stdout", out)
    monkeypatch.setattr("sys.stdin", io.StringIO("Bob\n"))
    assert input("name? ") == "Bob"
    assert out.getvalue() == "name? "
    assert wire.sent == []


def test_the_end_of_input_is_an_error(wire: Told) -> None:
    input()
    with pytest.raises(EOFError):
        input()
