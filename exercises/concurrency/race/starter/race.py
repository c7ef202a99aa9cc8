"""A race between threads, and the same without it. See the README."""


class Counter:
    """Something to count with, for trying things out."""

    def __init__(self):
        self._value = 0

    @property
    def value(self):
        return self._value

    @value.setter
    def value(self, value):
        self._value = value


def unsafe_count(counter, threads, times):
    """Let each of the threads add one to counter.value so many times, with the race; return the value at the end."""
    raise NotImplementedError


def safe_count(counter, threads, times):
    """The same without the race; when updates fail, the others go on, and an exception of those is raised at the end."""
    raise NotImplementedError
