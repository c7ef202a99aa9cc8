"""Asks for the first calls of many checks at once, so that judge, supervisor and sandbox need not take turns for each.

Only such first calls are asked for so that are known to need no answer of an oracle, to take no time and to print
nothing; and only of checks whose later calls, if there are any, begin with a fresh module, so that it does not matter
what is called between them. Such a check is called twice: first up to its call, which is noted, and when the answers
are there, to its end. Where anything is not as it was foreseen the check is run as if none of this existed.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from grader.answer import Answer, Compared, Request
from grader.channel import Remote, settled
from grader.oracle import OracleDesk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# How long the calls of a batch have taken before, all together, and the time that they get: a learner's endless loop is
# met in the batch first.
_TOGETHER_S = 0.25
_BATCH_MS = 1000


class Asked(BaseException):
    """Ends the first run of a check, at its call."""

    def __init__(self, request: Request) -> None:
        self.request = request


class Astray(BaseException):
    """Ends the second run of a check that does not ask for what was foreseen."""


class Noting:
    """The transport of a check's first run."""

    def call(self, request: Request) -> Answer:
        raise Asked(request)

    def compare(self, fixture: str | None, options: dict[str, Any], expected: str, actual: str) -> Compared:
        raise Astray


class Prepared:
    """The transport of a check's second run: the answer is there."""

    def __init__(self, request: Request, answer: Answer, remote: Remote) -> None:
        self._request: Request | None = request
        self._answer = answer
        self._remote = remote

    def call(self, request: Request) -> Answer:
        foreseen, self._request = self._request, None
        if foreseen is None:
            if not _is_fresh(request):
                raise Astray
            return self._remote.call(request)
        if not foreseen.same(request):
            raise Astray
        desk = OracleDesk(request)
        for name, arguments in self._answer.told:
            desk.hear(name, arguments)
        return settled(desk, self._answer)

    def compare(self, fixture: str | None, options: dict[str, Any], expected: str, actual: str) -> Compared:
        return self._remote.compare(fixture, options, expected, actual)


class Watched:
    """The transport of a check that is run as it is; finds out whether the next time it can be foreseen."""

    def __init__(self, remote: Remote) -> None:
        self._remote = remote
        self._calls = 0
        self.foreseeable = False
        # How long the first call took.
        self.seconds = 0.0

    def call(self, request: Request) -> Answer:
        started = time.perf_counter()
        answer = self._remote.call(request)
        self._calls += 1
        if self._calls == 1:
            self.seconds = time.perf_counter() - started
            self.foreseeable = answer.ok and not (answer.stdout or answer.stderr) and _is_plain(request)
        elif not _is_fresh(request):
            self.foreseeable = False
        return answer

    def compare(self, fixture: str | None, options: dict[str, Any], expected: str, actual: str) -> Compared:
        return self._remote.compare(fixture, options, expected, actual)


def _is_fresh(request: Request) -> bool:
    return request.header["op"] == "call" and request.body["fresh"]


def _is_plain(request: Request) -> bool:
    return (
        _is_fresh(request)
        and request.header["wall_ms"] is None
        and request.header["cpu_ms"] is None
        and not request.header.get("own_process")
        and request.oracles.keys() <= request.tells
    )


class Prefetch:
    """Which checks can be foreseen, and what is there for those of the present submission."""

    def __init__(self, remote: Remote) -> None:
        self._remote = remote
        # With the seconds that its call took.
        self._foreseeable: dict[str, float] = {}
        self._fetched = False
        self._ready: dict[str, Prepared] = {}

    def begin(self, *, known: bool) -> None:
        """Another submission; `known`: to the same grader as the last, so that its checks are still foreseen."""
        self._fetched, self._ready = False, {}
        if not known:
            self._foreseeable = {}

    def fetch(self, checks: list[str], first_call: Callable[[str], Request | None]) -> None:
        """Fetches what can be foreseen of these checks, once for a submission. `first_call` runs one up to its call."""
        if self._fetched or len(checks) < 2:
            return
        self._fetched = True
        requests = {
            check: request
            for check in self._together(checks)
            if (request := first_call(check)) is not None and _is_plain(request)
        }
        if len(requests) < 2:
            return
        answers = self._remote.batch(list(requests.values()), _BATCH_MS)
        if answers is not None:
            self._ready = {
                check: Prepared(request, answer, self._remote)
                for (check, request), answer in zip(requests.items(), answers, strict=True)
            }

    def _together(self, checks: list[str]) -> Iterator[str]:
        left = _TOGETHER_S
        for check in checks:
            seconds = self._foreseeable.get(check)
            if seconds is not None and seconds <= left:
                left -= seconds
                yield check

    def take(self, check: str) -> Prepared | None:
        """The transport with the answer to a check's call; once only."""
        return self._ready.pop(check, None)

    def learn(self, check: str, watched: Watched) -> None:
        """What running a check as it is has shown."""
        self.forget(check)
        if watched.foreseeable:
            self._foreseeable[check] = watched.seconds

    def forget(self, check: str) -> None:
        """It went astray."""
        self._foreseeable.pop(check, None)
