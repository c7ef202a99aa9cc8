"""Late binding in loops: the bug, and two fixes. See the README for what each function must do."""


def buggy(n):
    """Return n functions of x that all multiply it by the last value of the loop variable."""
    raise NotImplementedError


def fixed_with_default(n):
    """Return n functions of x that multiply it by 0, 1, 2, ...: each has its number as a default value."""
    raise NotImplementedError


def fixed_with_factory(n):
    """Return n functions of x that multiply it by 0, 1, 2, ...: each was handed its number in a call."""
    raise NotImplementedError
