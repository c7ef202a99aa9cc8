"""A stand-in for `sandboxed.runner`: runs call bodies in this process, with no isolation at all. For tests and for
authors.
"""

from __future__ import annotations

import asyncio
import builtins
import contextlib
import functools
import importlib.util
import io
import marshal
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

from grader.clock import NAME as CLOCK
from sandboxed import clock, example, source
from sandboxed.codec import decode, encode

Ask = Callable[[str, str], tuple[str | None, str]]
Tell = Callable[[str, str], None]
MAX_BYTES = 1 << 20
_RUN_TESTS = """
import importlib, marshal, os, sys
answer = os.dup(1)
for name in sys.argv[2:]:
    importlib.import_module(name)
from sandboxed import own_tests
from sandboxed.codec import encode
told = own_tests.run(marshal.load(sys.stdin.buffer), sys.argv[1])
os.write(answer, encode(("ok", told)).encode())
"""


class Standin:
    """One submission: a folder, the import name of its first file, who answers oracle calls, and who hears what is told."""

    def __init__(self, folder: Path, files: list[str], module: str, ask: Ask, tell: Tell) -> None:
        self.folder, self.files, self.name, self.ask, self.tell = folder.resolve(), files, module, ask, tell
        self.module: ModuleType | None = None
        # What the process for the learner's own tests imports first.
        self.preload: Sequence[str] = ()

    def handle(self, body: bytes) -> tuple[str, dict[str, Any]]:
        """The observation of one call body, and what goes into the header of the answer."""
        call = marshal.loads(body)
        printed, errors = io.StringIO(), io.StringIO()
        header: dict[str, Any] = {}
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(errors):
            text = getattr(self, f"_{call['op']}")(call, header)
        return text, {"stdout": printed.getvalue(), "stderr": errors.getvalue(), **header}

    def _call(self, call: dict[str, Any], header: dict[str, Any]) -> str:
        here, path, root = Path.cwd(), sys.path[:], f"{self.folder}{os.sep}"
        with tempfile.TemporaryDirectory() as work:
            for name, data in call["files"].items():
                target = Path(work, name)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(data)
            os.chdir(work)
            sys.path.insert(0, str(self.folder))
            clock.stand_in()
            try:
                return encode(("ok", self._observe(call)), learner_root=root, max_bytes=MAX_BYTES)
            except (Exception, SystemExit) as error:
                return encode(("raised", error), learner_root=root, max_bytes=MAX_BYTES)
            finally:
                clock.restore()
                os.chdir(here)
                sys.path[:] = path

    def _observe(self, call: dict[str, Any]) -> Any:
        self.driven = call["clock"] is not None
        if self.driven:
            clock.drive(lambda *told: self._told(CLOCK, told, {}), call["clock"])
        random.seed(call["seed"])
        if call["fresh"] or self.module is None:
            self.module = self._fresh()
        if self.driven:
            clock.drive(clock._driver[0])
        space: dict[str, Any] = {"__builtins__": builtins, "__name__": "probe"}
        space.update(decode(call["constants"]) if call["constants"] else {})
        for each in (*call["helpers"], call):
            space[each["name"]] = self._function(each, space)
        args, kwargs = decode(call["args"])
        kwargs.update({name: self._stand_in(name) for name in call["oracles"]})
        kwargs.update({name: self._async_stand_in(name) for name in call["async_oracles"]})
        kwargs.update({name: functools.partial(self._tells, name) for name in call["tells"]})
        probe = space[call["name"]]
        if call["is_async"]:
            return asyncio.run(probe(self.module, *args, **kwargs))
        return probe(self.module, *args, **kwargs)

    def _function(self, each: dict[str, Any], space: dict[str, Any]) -> FunctionType:
        function = FunctionType(marshal.loads(each["code"]), space)
        if each["defaults"]:
            function.__defaults__ = decode(each["defaults"])
        if each["kwdefaults"]:
            function.__kwdefaults__ = decode(each["kwdefaults"])
        return function

    def _fresh(self) -> ModuleType:
        """The learner's module, executed anew; its siblings too."""
        for name in [Path(file).stem for file in self.files] + [self.name]:
            sys.modules.pop(name, None)
        spec = importlib.util.spec_from_file_location(self.name, self.folder / self.files[0])
        if spec is None or spec.loader is None:
            raise ImportError(self.name)
        module = importlib.util.module_from_spec(spec)
        sys.modules[self.name] = module
        spec.loader.exec_module(module)
        return module

    def _told(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        self.tell(name, encode((args, kwargs), learner_root=f"{self.folder}{os.sep}"))

    def _tells(self, name: str, *args: Any, **kwargs: Any) -> None:
        self._told(name, args, kwargs)

    def _oracle(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        raises, text = self.ask(name, encode((args, kwargs), learner_root=f"{self.folder}{os.sep}"))
        value = decode(text)
        if self.driven:
            value, now = value
            clock.seen(now)
        if raises is not None:
            raise getattr(builtins, raises)(*value)
        return value

    def _stand_in(self, name: str) -> Callable[..., Any]:
        def stand_in(*args: Any, **kwargs: Any) -> Any:
            return self._oracle(name, args, kwargs)

        stand_in.__name__ = stand_in.__qualname__ = name
        return stand_in

    def _async_stand_in(self, name: str) -> Callable[..., Any]:
        async def stand_in(*args: Any, **kwargs: Any) -> Any:
            await asyncio.sleep(0)
            return self._oracle(name, args, kwargs)

        stand_in.__name__ = stand_in.__qualname__ = name
        return stand_in

    def _source(self, call: dict[str, Any], header: dict[str, Any]) -> str:
        return encode(("ok", source.facts((self.folder / call["file"]).read_bytes(), call["file"])))

    def _types(self, call: dict[str, Any], header: dict[str, Any]) -> str:
        # Imported late: it needs mypy, which authors have where they use it.
        from sandboxed import type_check

        return encode(("ok", type_check.check(f"{self.folder}{os.sep}", call["checked"], call["uses"])))

    def _text(self, call: dict[str, Any], header: dict[str, Any]) -> str:
        path = self.folder / call["file"]
        return encode(("ok", path.read_bytes() if path.exists() else None))

    def _example(self, call: dict[str, Any], header: dict[str, Any]) -> str:
        root, path = f"{self.folder}{os.sep}", sys.path[:]
        sys.path.insert(0, str(self.folder))
        try:
            return encode(("ok", example.run(call["source"], root + call["file"])), learner_root=root)
        except (Exception, SystemExit) as error:
            return encode(("raised", error), learner_root=root)
        finally:
            sys.path[:] = path

    def _tests(self, call: dict[str, Any], header: dict[str, Any]) -> str:
        """In a process of its own, as in the sandbox: pytest and what it imports leave too much behind."""
        with tempfile.TemporaryDirectory() as work:
            shutil.copytree(self.folder, work, dirs_exist_ok=True)
            done = subprocess.run(
                [sys.executable, "-B", "-c", _RUN_TESTS, f"{work}{os.sep}", *self.preload],
                input=marshal.dumps(call), capture_output=True, cwd=work, timeout=60, check=False,
                env={"PYTHONPATH": str(Path(__file__).parents[1]), "PATH": os.defpath, "PYTHONUTF8": "1"},
            )  # fmt: skip
        if done.returncode or not done.stdout:
            raise RuntimeError(f"the tests ended the process ({done.returncode}): {done.stderr.decode()[-2000:]}")
        return done.stdout.decode()

    def _script(self, call: dict[str, Any], header: dict[str, Any]) -> str:
        with tempfile.TemporaryDirectory() as work:
            for name, data in call["files"].items():
                Path(work, name).parent.mkdir(parents=True, exist_ok=True)
                Path(work, name).write_bytes(data)
            done = subprocess.run(
                [sys.executable, "-B", str(self.folder / call["file"]), *call["argv"]],
                input=call["stdin"], capture_output=True, cwd=work, timeout=30, check=False,
                env={"PYTHONPATH": str(self.folder), "PATH": os.defpath, "PYTHONUTF8": "1"},
            )  # fmt: skip
            header["exit_code"] = done.returncode if done.returncode >= 0 else None
            header["signal"] = None if done.returncode >= 0 else str(-done.returncode)
            header["stdout"], header["stderr"] = (
                done.stdout.decode("utf-8", "replace"),
                done.stderr.decode("utf-8", "replace"),
            )
            files = {
                path.relative_to(work).as_posix(): path.read_bytes() for path in Path(work).rglob("*") if path.is_file()
            }
        wanted = set(call["collect"])
        return encode(("ok", {name: data for name, data in files.items() if name in wanted}))
