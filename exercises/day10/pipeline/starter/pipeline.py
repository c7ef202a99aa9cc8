"""A pipeline of generators for files that are larger than memory."""


class Reset(Exception):
    """Tells `running_average` to begin again."""


def read_large_file(filename):
    """The lines of a text file, one at a time, without their newline."""
    raise NotImplementedError


def filter_data(data, predicate):
    """The items for which `predicate(item)` is true."""
    raise NotImplementedError


def transform_data(data, func):
    """`func(item)` for each item."""
    raise NotImplementedError


def batch_data(data, size):
    """The items in lists of `size`; the last list may be shorter."""
    raise NotImplementedError


def large_orders(filename, minimum, size):
    """Batches of `(id, amount)`, of the orders in a CSV file whose amount is at least `minimum`."""
    raise NotImplementedError


def running_average():
    """Is sent numbers, and gives the average of them so far."""
    raise NotImplementedError


def compare_memory(filename):
    """Peaks of memory in bytes: while the lines are looped over, and while they are put into a list."""
    raise NotImplementedError
