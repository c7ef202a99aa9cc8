"""Checks that use nothing of pytest but its assertions are called as plain functions.

Most are such, and pytest's protocol around a call costs more than the call does.
"""

from __future__ import annotations

import inspect

from _pytest._code import ExceptionInfo
from _pytest.assertion import util
from _pytest.outcomes import Exit
from _pytest.python import Function, async_fail

from grader.errors import ChannelError
from grader.plugin import Current, Plugin


def arguments(item: Function, plugin: Plugin) -> tuple[str, ...] | None:
    """The names of the arguments of a check that takes `learner`, `rng`, or both; None for one that pytest has to run:
    with fixtures of the grader's own, `setup_module` and its like, parameters, in a class.
    """
    information = item._fixtureinfo
    names = information.argnames
    if item.cls is not None or hasattr(item, "callspec") or {*names} != {*item.fixturenames}:
        return None
    # A second definition of a name is the grader's, in place of ours.
    if any(name not in plugin.makers or len(information.name2fixturedefs[name]) != 1 for name in names):
        return None
    if inspect.iscoroutinefunction(item.obj) or inspect.isgeneratorfunction(item.obj):
        return None
    return names


def run(item: Function, names: tuple[str, ...], current: Current, plugin: Plugin) -> None:
    """Calls the check, and notes what came of it as `Plugin.pytest_runtest_makereport` does."""
    before = util._reprcompare, util._config
    util._reprcompare, util._config = plugin.explained, item.config
    try:
        result = item.obj(**{name: plugin.makers[name](current) for name in names})
        if hasattr(result, "__await__") or hasattr(result, "__aiter__"):
            async_fail(item.nodeid)
        current.passed |= {"setup", "call", "teardown"}
    except (KeyboardInterrupt, Exit, ChannelError):
        raise
    except BaseException as error:
        current.failures.append(("call", ExceptionInfo.from_exception(error)))
    finally:
        util._reprcompare, util._config = before
