"""Two classes about making objects and filling them in. See the README for what each must do."""


class Span(tuple):
    """The tuple of two ends, the smaller one first. Never changes."""

    def __new__(cls, start, stop):
        """Make the tuple from its two ends."""
        raise NotImplementedError

    @property
    def start(self):
        """The smaller end."""
        raise NotImplementedError

    @property
    def stop(self):
        """The larger end."""
        raise NotImplementedError


class Traced:
    """Logs how its objects are made; one object for each key."""

    def __new__(cls, log, key):
        """Log "new", and return the object for this key, or None for None."""
        raise NotImplementedError

    def __init__(self, log, key):
        """Log "init", and count."""
        raise NotImplementedError
