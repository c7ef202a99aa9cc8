"""`import decorators` in a test file: the learner's modules are found in the sandbox and nowhere else."""

from __future__ import annotations

import sys
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import TYPE_CHECKING, Any

from grader.suite.handles import ModuleHandle, reference
from grader.suite.remote import RemoteModule

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.suite.world import World


class LearnersModules:
    """Finder and loader, first of all while a suite is judged."""

    def __init__(self, world: World) -> None:
        self._world = world
        # Whether learner code could not be imported: then it is the learner's problem that the tests can't
        # be collected.
        self.failed = False

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name.partition(".")[0] not in self._world.modules:
            return None
        spec = ModuleSpec(name, self)  # type: ignore[arg-type]
        spec.submodule_search_locations = []
        return spec

    def create_module(self, spec: ModuleSpec) -> Any:
        self.failed = True
        module = self._world.ask("import", spec.name)
        self.failed = False
        # A module may put any object in its place.
        return module if isinstance(module, ModuleHandle) else RemoteModule(spec.name, reference(module))

    def exec_module(self, module: ModuleType) -> None:
        """It has been executed where it is."""

    def install(self) -> None:
        self.forget()
        sys.meta_path.insert(0, self)  # type: ignore[arg-type]

    def remove(self) -> None:
        if self in sys.meta_path:
            sys.meta_path.remove(self)  # type: ignore[arg-type]
        self.forget()

    def forget(self) -> None:
        """The next import asks the sandbox anew."""
        for name in list(sys.modules):
            if name.partition(".")[0] in self._world.modules:
                del sys.modules[name]


class Nothing:
    """In place of the learner's modules where nothing but the names of tests is wanted: whatever is asked of it
    is there.
    """


class _AnyClass(type):
    def __getattr__(cls, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return _anything(name)

    def __iter__(cls) -> Any:
        return iter(())


def _anything(name: str) -> Any:
    body = {
        "__init__": lambda self, *_, **__: None,
        "__getattr__": lambda _, name: _any_attribute(name),
        "__call__": lambda self, *_, **__: _anything("result")(),
    }
    return _AnyClass(name, (Nothing,), body)


def _any_attribute(name: str) -> Any:
    if name.startswith("_"):
        raise AttributeError(name)
    return _anything(name)


class _AnyModule(ModuleType):
    def __getattr__(self, name: str) -> Any:
        return _any_attribute(name)


class NoModules(LearnersModules):
    """Finds stand-ins that hold nothing, and asks the sandbox nothing."""

    def create_module(self, spec: ModuleSpec) -> Any:
        return _AnyModule(spec.name)
