"""The learner's module: compiled once, executed afresh for each check."""

from __future__ import annotations

import builtins
import importlib.machinery
import sys
from types import CodeType, ModuleType

__builtins__ = vars(builtins).copy()

_known = sys.modules


class Submission:
    """The learner's files as modules. `root` ends in a slash; `file` is relative to it."""

    def __init__(self, root: str, name: str, file: str) -> None:
        self.root = root
        self.name = name
        self.path = root + file
        self._code: CodeType | None = None
        # The interpreter's own: never the learner's, so that they need not be looked at for each check.
        self._earlier = frozenset(_known)

    def source(self, file: str) -> bytes:
        """The bytes of one of the learner's files."""
        with open(self.root + file, "rb") as stream:
            return stream.read()

    def fresh(self) -> ModuleType:
        """Executes the module as if it were imported for the first time. Whatever it raises goes up."""
        self.forget()
        if self._code is None:
            with open(self.path, "rb") as stream:
                self._code = compile(stream.read(), self.path, "exec", dont_inherit=True)
        loader = importlib.machinery.SourceFileLoader(self.name, self.path)
        module = ModuleType(self.name)
        spec = importlib.machinery.ModuleSpec(self.name, loader, origin=self.path)
        spec.has_location = True
        module.__file__, module.__loader__, module.__spec__, module.__package__ = self.path, loader, spec, ""
        # As an import does it; `exec` would take ours, in which nobody sees what a learner or a probe replaces.
        module.__dict__["__builtins__"] = builtins.__dict__
        _known[self.name] = module
        exec(self._code, module.__dict__)
        # A module may replace itself in sys.modules; what an import would give is what counts.
        return _known.get(self.name, module)

    def forget(self) -> None:
        """Drops the learner's modules, so that the next import executes them again."""
        for name in _known.keys() - self._earlier:
            if name == self.name or self._is_learners(_known[name]):
                del _known[name]

    def _is_learners(self, module: object) -> bool:
        if type(module) is not ModuleType:
            return False
        file = module.__dict__.get("__file__")
        return type(file) is str and file.startswith(self.root)
