"""A diamond whose classes pass on what they are given, and the order they stand in. See the README."""


class Base:
    """The top of the diamond."""

    def __init__(self, **rest):
        """Take `base`, and pass the rest on."""
        raise NotImplementedError

    def visit(self, log):
        """Append the name of this class. The last one that does."""
        raise NotImplementedError


class Left(Base):
    """The left corner."""

    def __init__(self, **rest):
        """Take `left`, and pass the rest on."""
        raise NotImplementedError

    def visit(self, log):
        """Append the name of this class, and go on."""
        raise NotImplementedError


class Right(Base):
    """The right corner."""

    def __init__(self, **rest):
        """Take `right`, and pass the rest on."""
        raise NotImplementedError

    def visit(self, log):
        """Append the name of this class, and go on."""
        raise NotImplementedError


class Bottom(Left, Right):
    """The lower end."""

    def __init__(self, **rest):
        """Take `bottom`, and pass the rest on."""
        raise NotImplementedError

    def visit(self, log):
        """Append the name of this class, and go on."""
        raise NotImplementedError


def linearize(cls):
    """The class and all above it, in the order in which Python looks; from `__bases__` alone."""
    raise NotImplementedError
