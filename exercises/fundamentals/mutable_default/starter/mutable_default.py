"""The mutable default argument: the bug, the fix, and a detector. See the README for what each function must do."""


def buggy(item, bucket=...):
    """Append item to bucket and return it. Without a bucket, all calls share one list. (Replace the `...` above.)"""
    raise NotImplementedError


def fixed(item, bucket=None):
    """Append item to bucket and return it. Without a bucket, or with None, start with a new list."""
    raise NotImplementedError


def leaks(func):
    """Tell whether calling func changes one of its default values."""
    raise NotImplementedError
