"""The `learner` fixture: the learner's code as a check sees it, from a distance."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from sandboxed.codec import CodecError, Raised, decode, encode

if TYPE_CHECKING:
    from grader.reported import Report
    from grader.source import Source
    from grader.typed import Types

from grader import clock as clocks
from grader.answer import Answer, Oracles, Request, Transport
from grader.clock import Clock
from grader.errors import AuthorError, Ended, LearnerRaised
from grader.once import Known, Seen
from grader.probe import Probe
from grader.program import Program
from grader.shown import author_place, shown


@lru_cache(maxsize=8)
def inside_seed(seed: int) -> int:
    """What `random` is seeded with in the sandbox: says nothing about the judge's own random numbers."""
    return int.from_bytes(blake2b(str(seed).encode(), digest_size=8, person=b"inside").digest(), "big")


class Learner:
    """One check's view of the submission. `files`: names of its files, the first is the one that probes get as a
    module; `note_file`: the one of them that is a note.
    """

    def __init__(
        self,
        transport: Transport,
        seed: int,
        files: Sequence[str] = (),
        note_file: str | None = None,
        known: Known | None = None,
    ) -> None:
        self._transport = transport
        self._run_seed = seed
        self._seed = inside_seed(seed)
        self._known = Known() if known is None else known
        self._own_process = False
        self._started = False
        self._stdout: list[str] = []
        self._stderr: list[str] = []
        self.files = tuple(files)
        self.note_file = note_file
        self._called: Callable[[], str] = str

    @property
    def called(self) -> str:
        """What was called last, in the learner's words; put together only when somebody asks."""
        return self._called()

    @property
    def stdout(self) -> str:
        """What the calls of this check have printed so far."""
        return "".join(self._stdout)

    @property
    def stderr(self) -> str:
        """What the calls of this check have printed to standard error so far."""
        return "".join(self._stderr)

    def run(self, probe: Probe, /, *args: Any, **options: Any) -> Any:
        """Calls a probe in the sandbox and gives its observation; the check fails when the probe raises."""
        return self._value(self._probe(probe, args, **_split(options)))

    def attempt(self, probe: Probe, /, *args: Any, **options: Any) -> Any:
        """Like `run`, but gives back a `Raised` when the probe raised."""
        outcome = self._probe(probe, args, **_split(options))
        return outcome.value if outcome.raised is None else outcome.raised

    def observe_once(self, function: Callable[[Learner, random.Random], Any], name: str = "") -> Any:
        """What `function` gives for this submission and seed: it is called by the first check that asks (`@once`).

        `name` tells it from others of its module; without one its own does.

        Whatever fails in it by the learner's fault fails each check that asks.
        """
        name = name or function.__qualname__
        key = (function.__module__, name, self._run_seed)
        seen = self._known.get(key)
        if seen is None:
            # In a process that has served no other check it is the same for all of them, whichever comes first.
            self._own_process, self._started = True, False
            printed = len(self._stdout), len(self._stderr)
            seen = Seen.of(lambda: function(self, random.Random(f"{self._run_seed}:{name}")))
            seen.called = self.called
            seen.printed = "".join(self._stdout[printed[0] :]), "".join(self._stderr[printed[1] :])
            self._known[key] = seen
        else:
            self._stdout.append(seen.printed[0])
            self._stderr.append(seen.printed[1])
        self._called = lambda: seen.called
        return seen.result()

    def _probe(
        self,
        probe: Probe,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        *,
        wall_ms: int | None = None,
        cpu_ms: int | None = None,
        files: Mapping[str, bytes] | None = None,
        oracles: Oracles | None = None,
        async_oracles: Oracles | None = None,
        tells: Oracles | None = None,
        clock: Clock | None = None,
        fresh: bool = False,
    ) -> _Outcome:
        if not isinstance(probe, Probe):
            raise AuthorError(f"`learner.run` takes a `@probe`, not {shown(probe)}", *author_place())
        functions = {**(oracles or {}), **(async_oracles or {}), **(tells or {})}
        stand_ins = frozenset(functions)
        positional, given = probe.bind(args, kwargs, stand_ins)
        self._called = lambda: probe.called(probe.arguments(positional, given, stand_ins))
        body = {
            "op": "call",
            **probe.body(),
            "args": self._encoded(probe, (tuple(positional), given)),
            "oracles": sorted(oracles or ()),
            "async_oracles": sorted(async_oracles or ()),
            "tells": sorted(tells or ()),
            "clock": None if clock is None else clock.nanoseconds,
            "fresh": fresh or not self._started,
            "files": _files(files),
            "seed": self._seed,
        }
        told = frozenset(tells or ())
        if clock is not None:
            functions[clocks.NAME] = clock.answer
            told |= {clocks.NAME}
        self._started = True
        request = Request({"op": "call", "wall_ms": wall_ms, "cpu_ms": cpu_ms}, body, functions, told)
        return self._outcome(self._request(request))

    def script(
        self,
        argv: Sequence[str] = (),
        stdin: str | bytes = "",
        file: str | None = None,
        *,
        files_: Mapping[str, bytes] | None = None,
        collect: Sequence[str] = (),
        wall_ms_: int | None = None,
        cpu_ms_: int | None = None,
    ) -> Program:
        """Runs the learner's program as `__main__`, in a process and a working folder of its own."""
        name = file or self._first_file()
        self._called = lambda: " ".join(["python", name, *argv])
        body = {
            "op": "script",
            "file": name,
            "argv": [str(each) for each in argv],
            "stdin": stdin.encode() if isinstance(stdin, str) else bytes(stdin),
            "files": _files(files_),
            "collect": list(collect),
            "seed": self._seed,
        }
        header = {"op": "script", "wall_ms": wall_ms_, "cpu_ms": cpu_ms_, "collect": bool(collect)}
        answer = self._request(Request(header, body, {}))
        left = self._outcome(answer).value
        return Program(
            answer.exit_code,
            answer.signal,
            answer.stdout,
            answer.stderr,
            {name: data for name, data in left.items() if type(data) is bytes} if type(left) is dict else {},
            tuple((kind, text) for kind, text in answer.transcript),
        )

    def source(self, file: str | None = None) -> Source:
        """Facts about a file of the learner, parsed in the sandbox; a file that does not parse fails the check."""
        from grader.source import Source

        name = file or self._first_file()
        self._called = lambda: f"reading {name}"
        header = {"op": "source", "wall_ms": None, "cpu_ms": None}
        answer = self._request(Request(header, {"op": "source", "file": name}, {}))
        try:
            return Source.of(name, self._outcome(answer).value)
        except CodecError:
            raise self._broken(answer) from None

    def types(self, *files: str, uses: str = "") -> Types:
        """What mypy says about these files (default: the first) and about `uses`, a text of Python that uses them.

        They are read in a sandbox in which no learner code runs.
        """
        from grader.typed import Types

        names = list(files) or [self._first_file()]
        self._called = lambda: f"mypy {' '.join(names)}"
        header = {"op": "types", "wall_ms": None, "cpu_ms": None}
        answer = self._request(Request(header, {"op": "types", "checked": names, "uses": uses}, {}))
        try:
            return Types.of(self._value(self._outcome(answer)), uses)
        except CodecError:
            raise self._broken(answer) from None

    def text(self, file: str | None = None) -> str | None:
        """A file as it was handed in, or None when it was not: no learner code has a say. What is no UTF-8 is
        replaced.
        """
        name = file or self._first_file()
        self._called = str
        header = {"op": "text", "file": name, "wall_ms": None, "cpu_ms": None}
        content = self._outcome(self._request(Request(header, {"op": "text", "file": name}, {}))).value
        return None if content is None else content.decode("utf-8", "replace")

    def example(self, file: str, source: str) -> Any:
        """What `sandboxed.example.run` finds out about an example; `source` begins at line 1 of `file`."""
        self._called = lambda: f"running the example of {file}"
        body = {"op": "example", "file": file, "source": source, "seed": self._seed}
        header = {"op": "example", "wall_ms": None, "cpu_ms": None}
        return self._value(self._outcome(self._request(Request(header, body, {}))))

    def own_tests(
        self,
        files: Sequence[str],
        *,
        modules: Mapping[str, tuple[str, str]] | None = None,
        path: Sequence[str] = (),
        config: str | None = None,
        cover: Sequence[str] = (),
        explain: bool = True,
    ) -> Report:
        """What pytest reports of the learner's test files, run in a sandbox that has seen nothing else.

        `modules` maps names to (file, source) of what stands for the learner's modules, `path` are folders that are
        imported from, `config` is the learner's file with the settings of pytest, and `cover` files whose coverage
        is measured. Without `explain` a failed assertion says nothing and is the last one, which is faster.
        """
        from grader.reported import Report

        self._called = lambda: " ".join(["pytest", *files])
        body = {
            "op": "tests",
            "tests": list(files),
            "modules": dict(modules or {}),
            "path": list(path),
            "config": config,
            "cover": list(cover),
            "explain": explain,
            "seed": self._seed,
        }
        answer = self._request(Request({"op": "tests", "wall_ms": None, "cpu_ms": None}, body, {}))
        try:
            return Report.of(self._value(self._outcome(answer)), until_red=not explain)
        except CodecError:
            raise self._broken(answer) from None

    def _first_file(self) -> str:
        if not self.files:
            raise AuthorError("the exercise has no files", *author_place())
        return self.files[0]

    def _encoded(self, probe: Probe, call: tuple[Any, ...]) -> str:
        try:
            return encode(call, plain=True)
        except CodecError as error:
            raise AuthorError(
                f"an argument of probe `{probe.name}` is not plain data: {error}", *author_place()
            ) from None

    def _request(self, request: Request) -> Answer:
        if self._own_process:
            request.header["own_process"], self._own_process = True, False
        answer = self._transport.call(request)
        self._stdout.append(answer.stdout)
        self._stderr.append(answer.stderr)
        return answer

    def _outcome(self, answer: Answer) -> _Outcome:
        """What an observation says: `("ok", value)` or `("raised", exception)`."""
        if not answer.ok:
            raise Ended(answer, self.called)
        try:
            word, value = decode(answer.observation)
            if word == "raised" and isinstance(value, Raised):
                return _Outcome(None, value)
            if word == "ok":
                return _Outcome(value, None)
        except (CodecError, TypeError, ValueError):
            pass
        raise self._broken(answer)

    def _value(self, outcome: _Outcome) -> Any:
        """What was observed; the check fails when something was raised."""
        if outcome.raised is not None:
            raise LearnerRaised(outcome.raised, self.called)
        return outcome.value

    def _broken(self, answer: Answer) -> Ended:
        """The sandbox has answered with something that `sandboxed.runner` never would."""
        answer.ok, answer.ending, answer.detail = False, "broken_protocol", "the answer is not an observation"
        return Ended(answer, self.called)


class _Outcome:
    __slots__ = ("raised", "value")

    def __init__(self, value: Any, raised: Raised | None) -> None:
        self.value = value
        self.raised = raised


_OPTIONS = frozenset(("wall_ms_", "cpu_ms_", "files_", "oracles_", "async_oracles_", "tells_", "clock_", "fresh_"))


def _split(options: dict[str, Any]) -> dict[str, Any]:
    """Options (with a trailing underscore) apart from the probe's own keyword arguments."""
    found: dict[str, Any] = {"kwargs": {name: value for name, value in options.items() if name not in _OPTIONS}}
    found.update({name[:-1]: value for name, value in options.items() if name in _OPTIONS})
    return found


def _files(files: Mapping[str, Any] | None) -> dict[str, bytes]:
    return {name: data.encode() if isinstance(data, str) else bytes(data) for name, data in (files or {}).items()}
