"""Stopping exceptions, replacing them, and finding out what was behind them. See the README for each of the three."""


class suppressing:
    """Suppresses exceptions of the given types.

    caught: the exception that the latest block to end has suppressed, or None
    """

    def __init__(self, *types):
        raise NotImplementedError


class on_exit:
    """Calls cleanup() at the end of a block."""

    def __init__(self, cleanup):
        raise NotImplementedError


def chain(error):
    """The exceptions that a traceback of error would show, the latest first."""
    raise NotImplementedError
