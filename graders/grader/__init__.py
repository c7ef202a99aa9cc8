"""What the author of a grader imports: see docs/grader-api.md."""

from typing import TYPE_CHECKING, Any

from sandboxed.codec import ClassRef, Cut, Cycle, Opaque, Raised

from grader import compare, note
from grader.clock import Clock
from grader.learner import Learner
from grader.once import once
from grader.probe import probe
from grader.program import Program
from grader.shipped import helper

if TYPE_CHECKING:
    from grader.source import Source

__all__ = [
    "ClassRef",
    "Clock",
    "Cut",
    "Cycle",
    "Learner",
    "Opaque",
    "Program",
    "Raised",
    "Source",
    "compare",
    "helper",
    "note",
    "once",
    "probe",
]


def __getattr__(name: str) -> Any:
    """`Source` is imported when it is asked for: most graders look at no source, and its classes take time to make."""
    if name != "Source":
        raise AttributeError(name)
    from grader.source import Source

    return Source
