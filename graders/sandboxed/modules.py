"""The learner's module: compiled once, and for each check as fresh as if it had just been executed."""

from __future__ import annotations

import builtins
import importlib
import importlib.machinery
import sys
from types import CodeType, ModuleType

from sandboxed.definitions import Definitions, Watch, class_bodies, definitions_of, only_defines

__builtins__ = vars(builtins).copy()

_known = sys.modules
# A module that was found changed by so many checks will be changed by others, and is no longer compared.
_CHANGES = 3


class Submission:
    """The learner's files as modules. `root` ends in a slash; `file` is relative to it."""

    def __init__(self, root: str, name: str | None, file: str) -> None:
        self.root = root
        self.name = name
        self.path = root + file
        # What has to be on `sys.path`: of a package the folder above it.
        self.top = root.rstrip("/")
        self._is_package = name is not None and ("." in name or file.endswith("__init__.py"))
        if name is not None and self._is_package:
            self.top = self.path.removesuffix("/__init__.py").removesuffix(".py").removesuffix(name.replace(".", "/"))
            self.top = self.top.rstrip("/")
        self._code: CodeType | None = None
        # Of a module that does nothing but define things; how often they may still be found changed.
        self._definitions: Definitions | None = None
        self._looks = 0
        # The interpreter's own: never the learner's, so that they need not be looked at for each check.
        self._earlier = frozenset(_known)

    def source(self, file: str) -> bytes:
        """The bytes of one of the learner's files."""
        with open(self.root + file, "rb") as stream:
            return stream.read()

    def fresh(self) -> ModuleType | None:
        """The module as if it were imported for the first time: executed, where that could make a difference. Whatever
        it raises goes up.

        None where the exercise has no module, but a project that is looked at from the outside.
        """
        self.forget()
        if self.name is None:
            return None
        if self._is_package:
            return importlib.import_module(self.name)
        if self._definitions is not None:
            if self._definitions.unchanged():
                _known[self.name] = self._definitions.module
                return self._definitions.module
            self._definitions = None
            self._looks -= 1
        first = self._code is None
        code = self._code = self._code or self._compiled()
        module = self._new()
        _known[self.name] = module
        # One without classes is executed in less time than it takes to compare what it defines.
        if first and class_bodies(code):
            self._watch(code, module)
        else:
            exec(code, module.__dict__)
        # A module may replace itself in sys.modules; what an import would give is what counts.
        if _known.get(self.name, module) is not module:
            return _known[self.name]
        if self._looks:
            self._definitions = definitions_of(module, self.path, self.root)
        return module

    def _compiled(self) -> CodeType:
        with open(self.path, "rb") as stream:
            return compile(stream.read(), self.path, "exec", dont_inherit=True)

    def _new(self) -> ModuleType:
        assert self.name is not None
        loader = importlib.machinery.SourceFileLoader(self.name, self.path)
        module = ModuleType(self.name)
        spec = importlib.machinery.ModuleSpec(self.name, loader, origin=self.path)
        spec.has_location = True
        module.__file__, module.__loader__, module.__spec__, module.__package__ = self.path, loader, spec, ""
        # As an import does it; `exec` would take ours, in which nobody sees what a learner or a probe replaces.
        module.__dict__["__builtins__"] = builtins.__dict__
        return module

    def _watch(self, code: CodeType, module: ModuleType) -> None:
        """Executes the module for the first time, and finds out whether it does anything but define things."""
        watch = Watch(self.path)
        sys.setprofile(watch)
        try:
            exec(code, module.__dict__)
        finally:
            if sys.getprofile() is watch:
                sys.setprofile(None)
        alone = all(name == self.name or not self._is_learners(_known[name]) for name in _known.keys() - self._earlier)
        if alone and not watch.ran and only_defines(code, module):
            self._looks = _CHANGES

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
