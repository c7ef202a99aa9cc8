"""Oracles: functions of the judge that learner code calls through a stand-in, one message a call."""

from __future__ import annotations

import builtins
import inspect
import opcode
from collections.abc import Callable
from types import TracebackType
from typing import Any

from sandboxed.codec import CodecError, decode, encode

from grader import clock as clocks
from grader.answer import Oracles, Request
from grader.clock import Clock
from grader.errors import AuthorError, Forged

# The commonest arguments, as they are encoded.
_NONE_GIVEN = b'["t",["t"],["d"]]'
# Asked when much has been told: nothing is wanted but an answer.
_HEARD = "@heard"
# Integers from here on are not encoded as themselves.
_LARGEST_PLAIN = 2**53
_RAISE = opcode.opmap["RAISE_VARARGS"]


class OracleDesk:
    """Answers the oracle calls of one request; remembers what went wrong in an oracle, to be raised when the request
    is over.
    """

    def __init__(self, request: Request) -> None:
        self.functions = {name: each for name, each in request.oracles.items() if name not in request.tells}
        self.tells = {name: each for name, each in request.oracles.items() if name in request.tells}
        # The clock that drives this call, if one does: every answer then carries its time.
        self.clock: Clock | None = getattr(self.tells.get(clocks.NAME), "__self__", None)
        self.failure: BaseException | None = None

    def answer(self, name: str, arguments: bytes | str) -> tuple[str | None, str]:
        """(name of the exception to raise inside or None, encoded value or encoded arguments of the exception)."""
        if self.failure is not None:
            return self._ended()
        try:
            try:
                args, kwargs = _arguments(arguments)
            except (CodecError, TypeError, ValueError):
                raise Forged("a call of an oracle without arguments") from None
            if name == _HEARD:
                return None, self._timed(name, None)
            function = _known(name, self.functions)
            try:
                result = function(*args, **kwargs)
            except TypeError as error:
                misfit = _misfit(name, function, args, kwargs) if _at_the_call(error) else None
                if misfit is None:
                    raise
                return "TypeError", self._timed(name, (misfit,))
            return None, self._timed(name, _finished(result, function))
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:
            if _meant_for_learner(error):
                try:
                    return type(error).__name__, self._timed(name, error.args)
                except AuthorError:
                    error = AuthorError(
                        f"oracle `{name}` raised {type(error).__name__} with arguments that are not plain data"
                    )
            self.failure = error
            return self._ended()

    def hear(self, name: str, arguments: bytes | str) -> None:
        """Takes what was told: nothing is answered, whatever comes of it."""
        if self.failure is not None:
            return
        try:
            try:
                args, kwargs = _arguments(arguments)
            except (CodecError, TypeError, ValueError):
                raise Forged("a call of an oracle without arguments") from None
            function = _known(name, self.tells)
            try:
                result = function(*args, **kwargs)
            except TypeError as error:
                misfit = _misfit(name, function, args, kwargs) if _at_the_call(error) else None
                if misfit is None:
                    raise
                raise AssertionError(misfit) from None
            if result is not None:
                raise AuthorError(f"`{name}` is told and gives a value, which nobody can get: make it an oracle")
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:
            self.failure = error

    def _timed(self, name: str, value: Any) -> str:
        """The value as it travels: alone, or with the time."""
        if value is None and self.clock is not None and self.clock.nanoseconds < _LARGEST_PLAIN:
            return f'["t",null,{self.clock.nanoseconds}]'
        return encode_answer(name, value if self.clock is None else (value, self.clock.nanoseconds))

    def _ended(self) -> tuple[str, str]:
        return "RuntimeError", self._timed("", ("the check has ended",))

    def forged(self) -> str | None:
        """What no stand-in would have sent, if anything such came."""
        return str(self.failure) if isinstance(self.failure, Forged) else None

    def settle(self) -> None:
        """Raises what went wrong in an oracle, if anything did."""
        if self.failure is not None and self.forged() is None:
            raise self.failure


def encode_answer(name: str, value: Any) -> str:
    try:
        return encode(value, plain=True)
    except CodecError as error:
        raise AuthorError(f"oracle `{name}` answered with something that is not plain data: {error}") from None


def _known(name: str, functions: Oracles) -> Callable[..., Any]:
    function = functions.get(name)
    if function is None:
        # A stand-in has the name of its oracle: this call was made by hand.
        raise Forged(f"a call of `{name}`, which is no oracle")
    return function


def _arguments(text: bytes | str) -> tuple[tuple[Any, ...], dict[str, Any]]:
    if text == _NONE_GIVEN:
        return (), {}
    args, kwargs = decode(text)
    if type(args) is not tuple or type(kwargs) is not dict or not all(type(key) is str for key in kwargs):
        raise CodecError("not the arguments of a call")
    return args, kwargs


def _at_the_call(error: TypeError) -> bool:
    """Whether the error comes from calling the function, and not from anything in it."""
    step = error.__traceback__
    return step is not None and step.tb_next is None


def _misfit(name: str, function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> str | None:
    """Why the function can't be called with these arguments: the caller's mistake, so it is raised at the caller."""
    try:
        inspect.signature(function).bind(*args, **kwargs)
    except TypeError as error:
        return f"{name}(): {error}"
    except ValueError:
        # A builtin that tells no signature.
        return None
    return None


def _finished(result: Any, function: Callable[..., Any]) -> Any:
    """The value of a coroutine, when the oracle is a coroutine function: it can't wait for anything in the judge."""
    if not inspect.iscoroutine(result):
        return result
    try:
        result.send(None)
    except StopIteration as stop:
        return stop.value
    result.close()
    raise AuthorError(
        f"the oracle `{getattr(function, '__name__', function)}` awaits something; in the judge it can't wait"
    )


def _meant_for_learner(error: BaseException) -> bool:
    """Whether an oracle raised this for the sandbox: a builtin type, by a `raise` statement; a slip such as `[][0]` is
    no such statement.
    """
    if isinstance(error, AssertionError) or getattr(builtins, type(error).__name__, None) is not type(error):
        return False
    step = error.__traceback__
    while step is not None and step.tb_next is not None:
        step = step.tb_next
    return isinstance(step, TracebackType) and step.tb_frame.f_code.co_code[step.tb_lasti] == _RAISE
