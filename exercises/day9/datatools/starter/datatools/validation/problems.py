"""Finding what is wrong in a table."""


def missing(rows, columns):
    """(index, column) of everything that is not there."""
    raise NotImplementedError


def wrong_types(rows, types):
    """(index, column) of every value that is of another type."""
    raise NotImplementedError
