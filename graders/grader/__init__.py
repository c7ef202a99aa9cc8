"""What the author of a grader imports: see docs/grader-api.md."""

from sandboxed.codec import ClassRef, Cut, Cycle, Opaque, Raised

from grader import compare
from grader.clock import Clock
from grader.learner import Learner
from grader.probe import probe
from grader.program import Program
from grader.shipped import helper
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
    "probe",
]
