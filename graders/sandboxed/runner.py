"""The loop of a sandboxed process: requests of the judge in, observations out.

From the first request on, this process belongs to the learner: nothing it says is believed, and nothing in it is worth
stealing. What is guarded here (captured functions, copies of the builtins) only keeps honest code that patches a
builtin from losing its own marks.
"""

from __future__ import annotations

import builtins
import faulthandler
import json
import marshal
import os
import random
import sys
from collections.abc import Callable
from types import FunctionType, ModuleType
from typing import Any, NoReturn

from sandboxed import clock, compiled, example, program
from sandboxed.codec import decode, encode
from sandboxed.modules import Submission
from sandboxed.source import facts
from sandboxed.stand_ins import Desk
from sandboxed.wire import STACK, Closed, Wire

__builtins__ = vars(builtins).copy()

_CLOCK = "@clock"
_PLAIN_SECONDS = 1e15
_real_builtins = vars(builtins).copy()
_builtin_values = list(_real_builtins.values())
_pid, _leave = os.getpid, os._exit
_streams = (sys.stdout, sys.stderr)
_unmarshal = marshal.loads


def warm_up() -> None:
    """Run once in the zygote: what is touched here is paid for once, not in each fork."""
    clock.stand_in()
    compiled.remember()
    decode(encode((("ok", [1, 2.0, None, True]), {"name": "value"})))
    compile("def warm(): pass", "<warm>", "exec")


def main(work: str, details: dict[str, Any]) -> NoReturn:
    """Serves requests until the supervisor hangs up or kills; called once, in a confined fork."""
    faulthandler.register(details["stack_signal"], file=STACK, all_threads=True, chain=False)
    faulthandler.enable(file=STACK, all_threads=False)
    wire = Wire()
    wire.send(b"Y", b"")
    try:
        _, begin = wire.receive()
        Runner(work.rstrip("/") + "/", json.loads(begin), wire).serve()
    except Closed:
        pass
    _leave(0)


class Runner:
    """One sandboxed process: the learner's module, and the functions that are called with it."""

    def __init__(self, root: str, begin: dict[str, Any], wire: Wire) -> None:
        self.root = root
        self.wire = wire
        self.limit: int = begin["observation_bytes"]
        self.submission = Submission(root, begin["module"], begin["file"])
        self.desk = Desk(wire, root, self.limit)
        self.module: ModuleType | None = None
        self.loaded = False
        self.probes: dict[str, Callable[..., Any]] = {}
        self.owner = _pid()
        self.objects: Any = None
        # Other than the codec's own for what a suite asks: a message of it holds many values.
        self.bounds: dict[str, int] = {}
        sys.path.insert(0, self.submission.top)

    def serve(self) -> NoReturn:
        """One request after the other, each answered once."""
        while True:
            kind, body = self.wire.receive()
            if kind == b"B":
                *others, last = _unmarshal(body)
                for request in others:
                    self.wire.add(b"A", self._answer(b"C", request))
                kind, body = b"C", last
            else:
                body = _unmarshal(body) if body else None
            answer = self._answer(kind, body)
            self._flush()
            self.wire.send(b"A", answer)

    def _answer(self, kind: bytes, request: Any) -> bytes:
        self.desk.begin()
        answer = self._outcome(kind, request)
        if _pid() != self.owner:
            # Learner code forked and both came back: the judge asked one of them.
            _leave(0)
        return answer

    def _outcome(self, kind: bytes, request: Any) -> bytes:
        try:
            value = self._perform(kind, request)
        except Closed:
            raise
        except BaseException as error:
            return self._observation("raised", error)
        try:
            return self._observation("ok", value)
        except BaseException as error:
            return self._observation("raised", error)

    def _observation(self, word: str, value: Any) -> bytes:
        return encode((word, value), learner_root=self.root, max_bytes=self.limit, **self.bounds).encode()

    def _perform(self, kind: bytes, request: Any) -> Any:
        if kind == b"L":
            self.desk.driven = False
            self._fresh(None, None)
            return None
        if kind == b"K":
            return program.collect(request["collect"], self.root, self.limit // 2)
        operation = request["op"]
        self._write_files(request.get("files") or {})
        if operation == "call":
            return self._call(request)
        if operation == "object":
            return self._objects().serve(request)
        if operation == "inside":
            return self._inside(request)
        if operation == "source":
            return facts(self.submission.source(request["file"]), request["file"])
        if operation == "example":
            return self._example(request)
        if operation == "tests":
            return self._tests(request)
        if operation == "types":
            return self._types(request)
        return program.run(request, self.root, self.wire)

    def _call(self, request: dict[str, Any]) -> Any:
        driven = request["clock"] is not None
        self.desk.driven = driven
        if driven:
            clock.seen(request["clock"])
        if request["fresh"] or not self.loaded:
            self._fresh(request["seed"], request["clock"])
        args, kwargs = decode(request["args"])
        for name in request["oracles"]:
            kwargs[name] = self.desk.stand_in(name)
        for name in request["async_oracles"]:
            kwargs[name] = self.desk.async_stand_in(name)
        for name in request["tells"]:
            kwargs[name] = self.desk.telling(name)
        if request["is_async"]:
            import asyncio
        if driven:
            # Again: the event loop is reached only once asyncio is imported, and the module may just have done that.
            clock.drive(self._tell_clock)
        try:
            result = self._probe(request)(self.module, *args, **kwargs)
            return asyncio.run(result) if request["is_async"] else result
        finally:
            clock.drive(None)

    def _objects(self) -> Any:
        """The learner's objects, for a suite: the modules of the submission are imported when it asks for them."""
        if self.objects is None:
            from sandboxed.objects import DEPTH, ITEMS, Objects

            self.desk.driven = False
            self._restore()
            self.bounds = {"max_depth": DEPTH, "max_items": ITEMS}
            self.objects = Objects(self.desk, self.root, self.limit)
        return self.objects

    def _inside(self, request: dict[str, Any]) -> Any:
        """Tests that need the learner's objects in their own process."""
        from sandboxed.inside import Inside

        self._restore()
        return Inside(self.desk, self.root, request).run()

    def _example(self, request: dict[str, Any]) -> Any:
        self.desk.driven = False
        self._fresh(request["seed"], None)
        return example.run(request["source"], self.root + request["file"])

    def _tests(self, request: dict[str, Any]) -> Any:
        """The learner's own tests; the learner's module is imported when they ask for it, if at all."""
        from sandboxed import own_tests

        self.desk.driven = False
        return own_tests.run(request, self.root)

    def _types(self, request: dict[str, Any]) -> Any:
        # What mypy imports late must not be found among the learner's files: none of their code runs here.
        sys.path.remove(self.submission.top)
        try:
            from sandboxed import type_check

            return type_check.check(self.root, request["checked"], request["uses"])
        finally:
            sys.path.insert(0, self.submission.top)

    def _fresh(self, seed: int | None, now: int | None) -> None:
        """A new check: the module executed again, in surroundings as they were before the last one."""
        self._restore()
        if seed is not None:
            random.seed(seed)
            legacy = sys.modules.get("numpy.random")
            if legacy is not None:
                legacy.seed(seed % 2**32)
        clock.drive(None if now is None else self._tell_clock, now)
        self.module, self.loaded = None, False
        self.module = self.submission.fresh()
        self.loaded = True

    def _tell_clock(self, what: str, seconds: float, readings: int) -> None:
        if type(seconds) is float and 0 < seconds < _PLAIN_SECONDS:
            # As `encode` would write it; told so often that it counts.
            self.desk.tell_encoded(_CLOCK, f'["t",["t","{what}",{seconds!r},{readings}],["d"]]')
        else:
            self.desk.tell(_CLOCK, (what, seconds, readings), {})

    def _restore(self) -> None:
        sys.stdout, sys.stderr = _streams
        sys.settrace(None)
        sys.setprofile(None)
        sys.setrecursionlimit(1000)
        try:
            os.chdir(self.root)
        except OSError:
            # The learner has removed the folder; what needs it will say so.
            pass
        if list(vars(builtins).values()) != _builtin_values:
            vars(builtins).clear()
            vars(builtins).update(_real_builtins)

    def _probe(self, request: dict[str, Any]) -> Callable[..., Any]:
        known = self.probes.get(request["digest"])
        if known is None:
            scope: dict[str, Any] = {"__builtins__": builtins, "__name__": "probe"}
            if request["constants"]:
                scope.update(decode(request["constants"]))
            for helper in request["helpers"]:
                scope[helper["name"]] = _function(helper, scope)
            known = scope[request["name"]] = _function(request, scope)
            self.probes[request["digest"]] = known
        return known

    def _write_files(self, files: dict[str, bytes]) -> None:
        for name, data in files.items():
            path = self.root + name
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as stream:
                stream.write(data)

    def _flush(self) -> None:
        for stream in _streams:
            try:
                stream.flush()
            except BaseException:
                # Closed or replaced by learner code: then there is nothing of it to be shown.
                continue


def _function(shipped: dict[str, Any], scope: dict[str, Any]) -> FunctionType:
    defaults = decode(shipped["defaults"]) if shipped["defaults"] else None
    function = FunctionType(_unmarshal(shipped["code"]), scope, shipped["name"], defaults)
    if shipped["kwdefaults"]:
        function.__kwdefaults__ = decode(shipped["kwdefaults"])
    return function
