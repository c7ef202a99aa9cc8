"""Writing tables as text."""


def to_csv(rows):
    """The table as CSV."""
    raise NotImplementedError


def to_json(rows):
    """The table as JSON."""
    raise NotImplementedError
