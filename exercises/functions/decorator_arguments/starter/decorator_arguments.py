"""A decorator with arguments. See the README for what it must do."""


def repeat(times, *, collect=False):
    """Make a decorator: the function is called so many times, and the last result, or a list of all, comes back."""
    raise NotImplementedError
