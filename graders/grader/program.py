"""What a run of the learner's program gave."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Program:
    """One run: `exit_code` (None when `signal` ended it), what it printed, the files it left, and the conversation.

    `transcript` is in the order of events: ("out", text), ("err", text), ("prompt", text), ("in", line).
    """

    exit_code: int | None
    signal: str | None
    stdout: str
    stderr: str
    files: dict[str, bytes] = field(default_factory=dict)
    transcript: tuple[tuple[str, str], ...] = ()

    @property
    def printed(self) -> str:
        """Standard output without the prompts of `input()`."""
        if not any(kind == "prompt" for kind, _ in self.transcript):
            return self.stdout
        return "".join(text for kind, text in self.transcript if kind == "out")

    @property
    def lines(self) -> list[str]:
        """`printed` as lines."""
        return self.printed.splitlines()
