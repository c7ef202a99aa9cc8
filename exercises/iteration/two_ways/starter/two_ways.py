"""Items in lists of a given size, as an iterator class and as a generator, and an iterable that starts over."""


class ChunkedIterator:
    """Hands out the items in lists of size; the last one may be shorter."""

    def __init__(self, items, size):
        """Take any iterable, and touch none of its items yet."""
        raise NotImplementedError

    def __iter__(self):
        """What a loop asks for its items."""
        raise NotImplementedError

    def __next__(self):
        """The next list, or StopIteration."""
        raise NotImplementedError


def chunked(items, size):
    """The same as a generator."""
    raise NotImplementedError


class Chunks:
    """An iterable over the same lists that starts over with each loop."""

    def __init__(self, items, size):
        """Take a collection that can be looped over many times."""
        raise NotImplementedError

    def __iter__(self):
        """What a loop asks for its items."""
        raise NotImplementedError
