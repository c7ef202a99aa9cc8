"""Two names for one list: making aliases, parting them, and copying. See the README for what each function must do."""


def shared(value):
    """Give one new list two names, append value through one of them, and return both."""
    raise NotImplementedError


def rebound(value):
    """Give one new, empty list two names, then give the second name a new list with value in it. Return both."""
    raise NotImplementedError


def unaliased(items):
    """Return a new list with the same objects in it."""
    raise NotImplementedError


def nested_copy(items):
    """Return a copy of a nested list that shares no list and no dict with the original."""
    raise NotImplementedError
