"""Numbers within bounds. See the README for what the function must do."""


def within(numbers, low, high):
    """Return the numbers from low to high, in their order."""
    raise NotImplementedError
