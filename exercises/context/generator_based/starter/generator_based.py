"""Three context managers, each a generator function with one yield. See the README for what each must do."""

from contextlib import contextmanager


@contextmanager
def timed(report):
    """Call report(seconds) with the time that the block has taken."""
    raise NotImplementedError


@contextmanager
def replaced(obj, name, value):
    """Set an attribute for the duration of the block; give what it was before."""
    raise NotImplementedError


@contextmanager
def rewritten(path):
    """Give a file to write into, which takes the place of the one at path if the block ends well."""
    raise NotImplementedError
