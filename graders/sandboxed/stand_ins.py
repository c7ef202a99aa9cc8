"""Stand-ins for the judge's oracles: each call is one message, answered before learner code goes on; or told, when
nothing is to be answered.
"""

from __future__ import annotations

import builtins
import os
import threading
from collections.abc import Callable
from typing import Any

from sandboxed import clock
from sandboxed.codec import decode, encode
from sandboxed.wire import Wire

__builtins__ = vars(builtins).copy()

_exceptions = {
    name: value
    for name, value in vars(builtins).items()
    if isinstance(value, type) and issubclass(value, BaseException)
}
_pid = os.getpid
_NONE_GIVEN = encode(((), {}))
# So many bytes are told without asking, each call counted with so many more: less than what the supervisor bears.
_ROOM = 32_768
_A_CALL = 512
# The oracle that everybody has: answers nothing, and what was told has been heard.
_HEARD = "@heard"


def _labelled(name: str, text: str) -> bytes:
    label = name.encode()
    return bytes((len(label),)) + label + text.encode()


class Desk:
    """Asks the judge, one call at a time, from whichever thread learner code calls."""

    def __init__(self, wire: Wire, root: str, limit: int) -> None:
        self.wire = wire
        self.root = root
        self.limit = limit
        self.owner = _pid()
        # Whether the judge's clock drives this call: then each answer comes with the time.
        self.driven = False
        self.lock = threading.RLock()
        self.room = _ROOM

    def ask(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """One oracle call: its value, or the exception that the judge's function raised."""
        if _pid() != self.owner:
            raise RuntimeError(f"{name} can't be called from another process")
        body = self._exchange(_labelled(name, self._encoded(args, kwargs)))
        length = body[0]
        raised, value = body[1 : 1 + length].decode(), decode(body[1 + length :])
        if self.driven:
            value, now = value
            clock.seen(now)
        if raised:
            raise _exceptions[raised](*value)
        return value

    def converse(self, name: str, text: str) -> bytes:
        """One message of a suite, already encoded, and what the judge says to it."""
        if _pid() != self.owner:
            raise RuntimeError("an object of the test can't be used from another process")
        return self._exchange(_labelled(name, text))[1:]

    def _exchange(self, message: bytes) -> bytes:
        with self.lock:
            self.room = _ROOM
            self.wire.send(b"O", message)
            _, body = self.wire.receive()
        return body

    def tell(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        """A call that travels with the next frame that is answered."""
        self.tell_encoded(name, self._encoded(args, kwargs))

    def tell_encoded(self, name: str, arguments: str) -> None:
        """The same, with encoded arguments."""
        if _pid() != self.owner:
            raise RuntimeError(f"{name} can't be called from another process")
        message = _labelled(name, arguments)
        with self.lock:
            self.wire.add(b"T", message)
            self.room -= _A_CALL + len(message)
            full = self.room <= 0
        if full:
            self.ask(_HEARD, (), {})

    def begin(self) -> None:
        """A new call: what is told now is told of it."""
        self.room = _ROOM

    def _encoded(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> str:
        if not args and not kwargs:
            return _NONE_GIVEN
        return encode((args, kwargs), learner_root=self.root, max_bytes=self.limit)

    def telling(self, name: str) -> Callable[..., None]:
        """What learner code gets in place of a function of the judge that answers nothing."""

        def stand_in(*args: Any, **kwargs: Any) -> None:
            self.tell(name, args, kwargs)

        stand_in.__name__ = stand_in.__qualname__ = name
        return stand_in

    def stand_in(self, name: str) -> Callable[..., Any]:
        """What learner code gets in place of the judge's function."""

        def stand_in(*args: Any, **kwargs: Any) -> Any:
            return self.ask(name, args, kwargs)

        stand_in.__name__ = stand_in.__qualname__ = name
        return stand_in

    def async_stand_in(self, name: str) -> Callable[..., Any]:
        """The same as a coroutine function."""

        async def stand_in(*args: Any, **kwargs: Any) -> Any:
            import asyncio

            # Gives way to the loop once, as a real operation would.
            await asyncio.sleep(0)
            return self.ask(name, args, kwargs)

        stand_in.__name__ = stand_in.__qualname__ = name
        return stand_in
