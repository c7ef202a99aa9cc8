"""Grouping and summing up."""


def group_by(rows, column):
    """{value: rows that have it in the column}."""
    raise NotImplementedError


def summarize(rows, column):
    """Count, min, max and mean of the numbers in a column."""
    raise NotImplementedError
