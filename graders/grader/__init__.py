"""What the author of a grader imports: see docs/grader-api.md."""

from grader import compare
from grader.clock import Clock
from grader.learner import Learner
from grader.probe import helper, probe
from grader.program import Program
from grader.source import Source
from sandboxed.codec import ClassRef, Cut, Cycle, Opaque, Raised

__all__ = [
    "ClassRef", "Clock", "Cut", "Cycle", "Learner", "Opaque", "Program", "Raised", "Source", "compare", "helper", "probe",
]  # fmt: skip
