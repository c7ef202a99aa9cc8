"""A decorator that logs calls and leaves no other trace. See the README for what must stay as it was."""

log = []


def traced(func):
    """Append (name, args, kwargs) to the log at each call of func."""
    raise NotImplementedError
