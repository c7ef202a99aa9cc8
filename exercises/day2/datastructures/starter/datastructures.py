"""Four data structures. See the README for what each operation must do."""


class Stack:
    """Last in, first out: push(item), pop(), peek(), len()."""

    def __init__(self):
        raise NotImplementedError


class Queue:
    """First in, first out: enqueue(item), dequeue(), peek(), len()."""

    def __init__(self):
        raise NotImplementedError


class LRUCache:
    """The values that were used latest: put(key, value), get(key, default=None), in, len()."""

    def __init__(self, capacity):
        raise NotImplementedError


class CircularBuffer:
    """The latest items: append(item), popleft(), buffer[index], iteration, len(), full."""

    def __init__(self, capacity):
        raise NotImplementedError
