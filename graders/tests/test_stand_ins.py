"""What is told of the clock: the same bytes, whichever way they were made."""

from __future__ import annotations

import pytest
from sandboxed.codec import encode
from sandboxed.runner import Runner
from sandboxed.stand_ins import Desk


class Unsent:
    """Collects what would be sent."""

    def __init__(self) -> None:
        self.frames: list[tuple[bytes, bytes]] = []

    def add(self, kind: bytes, body: bytes) -> None:
        self.frames.append((kind, body))


@pytest.mark.parametrize("what", ["read", "sleep", "asleep", "idle"])
@pytest.mark.parametrize(
    "seconds", [0, 0.0, -0.0, 3, -1.5, 0.25, 1e-07, 123456789.125, 9e14, 1e15, 1e16, float("inf"), float("nan")]
)
def test_the_clock_is_told_of_as_the_codec_would_write_it(what: str, seconds: float) -> None:
    unsent = Unsent()
    runner = Runner.__new__(Runner)
    runner.desk = Desk(unsent, "/", 1 << 20)  # type: ignore[arg-type]
    runner._tell_clock(what, seconds, 7)
    assert unsent.frames == [(b"T", b"\x06@clock" + encode(((what, seconds, 7), {})).encode())]
