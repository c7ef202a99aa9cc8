"""The judge's main loop: load a grader, run one of its checks, say what came of it."""

from __future__ import annotations

import gc
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from _pytest.nodes import Node
from _pytest.outcomes import Exit
from _pytest.python import Function

from grader import direct
from grader.answer import Request, Transport
from grader.channel import Channel, Frame, Remote, pair
from grader.errors import AuthorError, ChannelError
from grader.loader import Grader, Loader
from grader.once import Known
from grader.plugin import Current
from grader.prefetch import Astray, Noting, Prefetch, Watched
from grader.result import Result, blame_author, result_of

if TYPE_CHECKING:
    from grader.suite.suite import Suite


class _Next:
    """Stands for the item that is run next: what its `parent` needs stays set up, everything else is torn down."""

    def __init__(self, parent: Node) -> None:
        self._chain = parent.listchain()

    def listchain(self) -> list[Node]:
        return self._chain


class Judge:
    """Answers `L` and `R` frames until the channel closes."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._remote = Remote(channel)
        self._prefetch = Prefetch(self._remote)
        self._loader = Loader()
        self._grader: Grader | None = None
        self._set_up: Node | None = None
        self._suite: Suite | None = None
        self._files: tuple[str, ...] = ()
        # What was observed once for all checks of the submission that is being judged.
        self._known = Known()

    def serve(self) -> None:
        """Returns when the supervisor closes its end."""
        while (frame := self._channel.receive()) is not None:
            if frame.kind == "L":
                self._load(frame)
            elif frame.kind == "R":
                self._run(frame)
            else:
                raise ChannelError(f"a frame {frame.kind!r} where `L` or `R` is expected")

    def _load(self, frame: Frame) -> None:
        header = frame.header
        if self._suite is not None:
            self._suite.close()
            self._suite = None
        if "suite" in header:
            self._load_suite(header)
            return
        grader = self._loader.load(str(header["exercise"]), _texts(header["tests"]), header.get("note"))
        self._prefetch.begin(known=grader is self._grader)
        self._grader = grader
        self._files = tuple(_texts(header["files"]))
        self._known = Known()
        problems = [{"file": each.file, "line": each.line, "message": each.message} for each in self._grader.problems]
        # What is there now stays: the collector need not walk through pytest and the graders again and again.
        gc.collect()
        gc.freeze()
        self._channel.send("l", {"functions": self._grader.functions(), "problems": problems})

    def _load_suite(self, header: dict[str, Any]) -> None:
        from grader.suite.suite import Suite

        self._suite = suite = Suite(
            self._channel, _texts(header["tests"]), _texts(header["suite"]), own=header["own"] is True
        )
        suite.collect()
        problems = [{"file": each.file, "line": each.line, "message": each.message} for each in suite.problems]
        self._channel.send("l", {"functions": suite.functions(), "problems": problems}, suite.raised)

    def _run(self, frame: Frame) -> None:
        """Runs the checks asked for, as far as they pass: what comes after that is for the supervisor to say."""
        checks, seed = _texts(frame.header["checks"]), int(frame.header["seed"])
        if frame.header.get("inside") and self._suite is not None:
            for result in self._suite.run_inside(checks):
                self._channel.send("c", result.header(), pair(result.actual, result.expected))
            return
        self._prefetch.fetch(checks, lambda check: self._first_call(check, seed))
        for index, check in enumerate(checks, 1):
            result = self._judged(check, seed)
            goes_on = result.outcome == "passed" and index < len(checks)
            self._channel.send("c", result.header(), pair(result.actual, result.expected), wait=goes_on)
            if not goes_on:
                break

    def _judged(self, check: str, seed: int) -> Result:
        """Runs all items of a check; the first that does not pass decides."""
        if self._suite is not None:
            return self._suite.run(check)
        grader = self._grader
        items = grader.checks.get(check, []) if grader is not None else []
        result = Result(check)
        if grader is None or not items:
            blame_author(result, AuthorError(f"there is no function `test_{check}`"), grader.tests if grader else ())
            return result
        for item in items:
            result = self._item(grader, item, check, seed)
            if result.outcome != "passed":
                break
        return result

    def _first_call(self, check: str, seed: int) -> Request | None:
        """What a check asks for first, when nothing else can be found out by running it so far."""
        grader = self._grader
        items = grader.checks.get(check, []) if grader is not None else []
        if grader is None or len(items) != 1 or not direct.is_plain(items[0]):
            return None
        # What it finds out on the way is not known to those that are run.
        noting = Current(Noting(), check, seed, self._files, grader.note_file, Known())
        return direct.first_call(items[0], self._loader.plugin, noting)

    def _item(self, grader: Grader, item: Function, check: str, seed: int) -> Result:
        prepared = self._prefetch.take(check)
        if prepared is not None:
            try:
                result = self._run_item(grader, item, self._current(grader, prepared, check, seed))
                result.prefetched = True
                return result
            except Astray:
                self._prefetch.forget(check)
        watched = Watched(self._remote)
        result = self._run_item(grader, item, self._current(grader, watched, check, seed))
        if result.outcome == "passed":
            self._prefetch.learn(check, watched)
        return result

    def _current(self, grader: Grader, transport: Transport, check: str, seed: int) -> Current:
        return Current(transport, check, seed, self._files, grader.note_file, self._known)

    def _run_item(self, grader: Grader, item: Function, current: Current) -> Result:
        plugin = self._loader.plugin
        plugin.current = current
        try:
            self._make_way_for(item)
            if direct.is_plain(item):
                direct.run(item, plugin, current)
            else:
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=_Next(_parent(item)))
            return result_of(current, grader.tests)
        except (KeyboardInterrupt, ChannelError, Astray):
            raise
        except BaseException as error:
            # `pytest.exit`, or a teardown of a grader that fails while another is made way for.
            self._tear_down(item)
            result = Result(current.check)
            blame_author(result, error, grader.tests)
            return result
        finally:
            plugin.current = None

    def _make_way_for(self, item: Function) -> None:
        """Tears down what the item before has left set up and this one has no use for."""
        parent = _parent(item)
        if self._set_up is not None and self._set_up is not parent:
            item.session._setupstate.teardown_exact(_Next(parent))  # type: ignore[arg-type]
        self._set_up = parent

    def _tear_down(self, item: Function) -> None:
        """Takes everything down after a check was left in the middle of it."""
        self._set_up = None
        # What fails now, fails because of what has been told already.
        with suppress(Exception, SystemExit, Exit):
            item.session._setupstate.teardown_exact(None)


def _parent(item: Function) -> Node:
    assert item.parent is not None
    return item.parent


def _texts(values: Any) -> list[str]:
    return [str(each) for each in values]
