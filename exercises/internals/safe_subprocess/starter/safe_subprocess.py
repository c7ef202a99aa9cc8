"""Run a program safely: no shell, no deadlock, and nothing left behind after a timeout. See the README."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ToolResult:
    outcome: str  # "ok", "failed", "killed", "timeout" or "not_started"
    code: int | None
    stdout: str
    stderr: str


def run_tool(args, timeout):
    """Run the program args[0] with the arguments args[1:] for at most timeout seconds; return a ToolResult."""
    raise NotImplementedError
