"""One workload, three ways: threads, processes, and coroutines. See the README."""


def with_threads(work, items, workers):
    """The results of work(item) for all items, in their order, in at most so many threads at a time."""
    raise NotImplementedError


def with_processes(work, items, workers):
    """The results of work(item) for all items, in their order, in at most so many processes at a time."""
    raise NotImplementedError


def with_asyncio(work, items, workers):
    """The results of the async function work(item), in the order of the items, at most so many at a time."""
    raise NotImplementedError
