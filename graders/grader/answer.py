"""What comes back from the sandbox for one request, and who brings it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

Oracles = Mapping[str, Callable[..., Any]]


@dataclass(slots=True)
class Request:
    """One request into the sandbox: what the supervisor is told of it, and what the sandboxed process gets
    (docs/protocol.md, "Call bodies").

    `oracles` answer; `tells` are those of them that are told and answer nothing.
    """

    header: dict[str, Any]
    body: dict[str, Any]
    oracles: Oracles
    tells: frozenset[str] = frozenset()

    def same(self, other: Request) -> bool:
        """Whether both ask for the same."""
        return self.header == other.header and self.body == other.body


@dataclass(slots=True)
class Answer:
    """One answer: an observation when `ok`, else how the process ended. Field names are those of the `A` frame."""

    ok: bool
    observation: bytes = b""
    stdout: str = ""
    stderr: str = ""
    cut: bool = False
    transcript: list[list[str]] = field(default_factory=list)
    ending: str = ""
    detail: str = ""
    stack: list[tuple[str, int, str]] = field(default_factory=list)
    exit_code: int | None = None
    signal: str | None = None
    # What was told on the way to it, in order: name and encoded arguments.
    told: list[tuple[str, bytes]] = field(default_factory=list)


@dataclass(slots=True)
class Compared:
    """Whether a text is as expected; when not, in what (`reason`), and the difference line by line (`diff`)."""

    equal: bool
    reason: str | None = None
    diff: str | None = None


class Transport(Protocol):
    """Carries requests into a sandbox. `grader.channel` is the real one, `tests/inprocess.py` the one for authors."""

    def call(self, request: Request) -> Answer:
        """Sends one request, answers oracle calls while it runs, gives the answer."""

    def compare(self, fixture: str | None, options: dict[str, Any], expected: str, actual: str) -> Compared:
        """Compares two texts; with `fixture` the expected text is that file's, after substitution."""
