"""Runs a test function without pytest's protocol, where that would come to the same: most checks want `learner` and
`rng` and nothing else.

The protocol costs a quarter of a millisecond a check, as much as everything else in the judge together.
"""

from __future__ import annotations

import inspect
from typing import Any

from _pytest._code import ExceptionInfo
from _pytest.assertion import util
from _pytest.python import Function, async_fail

from grader.answer import Request
from grader.errors import ChannelError
from grader.plugin import Current, Plugin
from grader.prefetch import Asked, Astray

_OURS = frozenset(("learner", "rng"))
_PHASES = frozenset(("setup", "call", "teardown"))


def is_plain(item: Function) -> bool:
    """Whether the function is all there is: no other fixture (autouse and `setup_function` are fixtures too), no class,
    no parameters.
    """
    known: bool | None = item.__dict__.get("_is_plain")
    if known is None:
        known = item.__dict__["_is_plain"] = (
            type(item) is Function
            and item.cls is None
            and not hasattr(item, "callspec")
            and _OURS.issuperset(item.fixturenames)
            # A second definition is the grader's own, in place of ours.
            and all(len(item._fixtureinfo.name2fixturedefs[name]) == 1 for name in item.fixturenames)
            and not any(item.iter_markers())
            and inspect.isfunction(item.obj)
            and not inspect.iscoroutinefunction(item.obj)
            and not inspect.isgeneratorfunction(item.obj)
        )
    return known


def run(item: Function, plugin: Plugin, current: Current) -> None:
    """Calls the function; what came of it is noted in `current`, as the protocol would have."""
    given = _fixtures(item, plugin, current)
    before, util._reprcompare = util._reprcompare, _compare(item, plugin)
    try:
        result = item.obj(**given)
        if hasattr(result, "__await__") or hasattr(result, "__aiter__"):
            # A decorator has hidden that it is a coroutine function: nothing of it has run.
            async_fail(item.nodeid)
    except (KeyboardInterrupt, ChannelError, Astray):
        raise
    except BaseException as error:
        current.failures.append(("call", ExceptionInfo.from_exception(error)))
    else:
        current.passed |= _PHASES
    finally:
        util._reprcompare = before


def first_call(item: Function, plugin: Plugin, current: Current) -> Request | None:
    """Runs the function up to its first call; None when it comes to none, or goes on after it."""
    try:
        item.obj(**_fixtures(item, plugin, current))
    except Asked as asked:
        return asked.request
    except (KeyboardInterrupt, ChannelError):
        raise
    except BaseException:
        # Told when it is run to its end.
        return None
    return None


def _fixtures(item: Function, plugin: Plugin, current: Current) -> dict[str, Any]:
    given: dict[str, Any] = {}
    if "learner" in item.fixturenames:
        given["learner"] = plugin.make_learner(current)
    if "rng" in item.fixturenames:
        given["rng"] = plugin.make_rng(current)
    return given


def _compare(item: Function, plugin: Plugin) -> Any:
    """What rewritten assertions ask about a comparison that does not hold; written as pytest's own does it."""

    def compare(op: str, left: object, right: object) -> str:
        (line,) = plugin.pytest_assertrepr_compare(item.config, op, left, right)
        return line.replace("\n", "\\n").replace("%", "%%")

    return compare
