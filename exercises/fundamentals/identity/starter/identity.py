"""Equal is not identical: `==` and `is` with integers. See the README for what each function must do."""


def equal_not_identical():
    """Return two integers that are equal, but two objects."""
    raise NotImplementedError


def identical_small_ints():
    """Return two integers that are one object, because Python keeps this number."""
    raise NotImplementedError


def fresh(number):
    """Make an integer with this value while the program runs."""
    return int(str(number))


def small_int_cache(make=fresh):
    """Return the bounds (low, high) of the integers for which make gives the same object each time."""
    raise NotImplementedError


def same_value(a, b):
    """Tell whether a and b are equal."""
    raise NotImplementedError
