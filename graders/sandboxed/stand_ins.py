"""Stand-ins for the judge's oracles: each call is one message, answered before learner code goes on."""

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

_exceptions = {name: value for name, value in vars(builtins).items() if isinstance(value, type) and issubclass(value, BaseException)}
_pid = os.getpid


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

    def ask(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """One oracle call: its value, or the exception that the judge's function raised."""
        if _pid() != self.owner:
            raise RuntimeError(f"{name} can't be called from another process")
        text = encode((args, kwargs), learner_root=self.root, max_bytes=self.limit)
        body = self._exchange(name, text)
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
        return self._exchange(name, text)[1:]

    def _exchange(self, name: str, text: str) -> bytes:
        with self.lock:
            label = name.encode()
            self.wire.send(b"O", bytes((len(label),)) + label + text.encode())
            _, body = self.wire.receive()
        return body

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
