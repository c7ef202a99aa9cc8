"""What the bytecode of two functions has in common, on whichever Python this runs. See the README for each function."""


def loop(items):
    """The squares of the even items, by a `for` statement."""
    raise NotImplementedError


def comprehension(items):
    """The squares of the even items, by a list comprehension."""
    raise NotImplementedError


def opnames(func):
    """The names of all instructions of func, and of the code objects inside of it, in order."""
    raise NotImplementedError


def nested(func):
    """The names of all code objects inside of func, in order."""
    raise NotImplementedError


def compare(first=loop, second=comprehension):
    """Which instructions two functions have in common, and which not, as a dict."""
    raise NotImplementedError
