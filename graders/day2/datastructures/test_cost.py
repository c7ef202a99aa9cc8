"""Judges what operations of the four classes cost in a large object, compared to a small one of the same class."""

from random import Random

from grader import Learner, probe

# Sizes of the small and the large object. A list moves its items so fast that it takes many of them to show; looking
# for one of them is slow enough to show early.
MOVING = (200, 60_000)
LOOKING = (200, 10_000)
# A cost that grows with the size is 50 times as much or more; what a busy machine adds is much less than that.
FACTOR = 15


@probe
def costs(datastructures, made, fill, what, operations, small, large):
    """{what:text}; on a {made:text} with {large} items, and on one with {small}"""
    import time

    def seconds(it, operation, sizes):
        """The best time of a few operations out of several tries: whatever disturbs can only add to it."""
        best = None
        for attempt in range(9):
            numbers = [sizes + 20 * attempt + each for each in range(20)]
            begin = time.perf_counter()
            for number in numbers:
                operation(it, number)
            took = time.perf_counter() - begin
            best = took if best is None else min(best, took)
        return best

    names = dict(vars(datastructures))
    told = {}
    for size in (small, large):
        it = eval(made, names, {"size": size})
        put = eval(fill)
        for number in range(size):
            put(it, number)
        for text in operations:
            code = eval(operations[text])
            told.setdefault(text, []).append(seconds(it, code, size))
    return told


def cost_does_not_grow(
    learner: Learner, rng: Random, made: str, fill: str, operations: dict[str, str], sizes: tuple[int, int] = MOVING
) -> None:
    """Each operation, by what a learner would call it, is the source of a function of the object and a number."""
    small, large = sizes[0], sizes[1] + rng.randrange(100)
    told = learner.run(
        costs, made, fill, ", ".join(operations), operations, small, large, cpu_ms_=10_000, wall_ms_=15_000
    )
    for text, (small_cost, large_cost) in told.items():
        times = large_cost / max(small_cost, 1e-9)
        grows = times > FACTOR
        words = (
            f"{text} takes {times:.0f} times as long with {large} items as with {small}; it should be about the same"
        )
        assert not grows, words


def test_stack_cost_does_not_grow(learner: Learner, rng: Random) -> None:
    fill = "lambda it, number: it.push(number)"
    operations = {
        "stack.push(item)": fill,
        "stack.pop()": "lambda it, _: it.pop()",
        "stack.peek()": "lambda it, _: it.peek()",
        "len(stack)": "lambda it, _: len(it)",
    }
    cost_does_not_grow(learner, rng, "Stack()", fill, operations)


def test_queue_cost_does_not_grow(learner: Learner, rng: Random) -> None:
    fill = "lambda it, number: it.enqueue(number)"
    operations = {
        "queue.enqueue(item)": fill,
        "queue.dequeue()": "lambda it, _: it.dequeue()",
        "queue.peek()": "lambda it, _: it.peek()",
        "len(queue)": "lambda it, _: len(it)",
    }
    cost_does_not_grow(learner, rng, "Queue()", fill, operations)


def test_cache_cost_does_not_grow(learner: Learner, rng: Random) -> None:
    fill = "lambda it, number: it.put(number, number)"
    operations = {
        "cache.get(key)": "lambda it, number: it.get(number // 2)",
        "key in cache": "lambda it, number: number // 2 in it",
        "cache.put(key, value) of a known key": "lambda it, number: it.put(number // 2, 0)",
        "cache.put(key, value) of a new key": fill,
        "len(cache)": "lambda it, _: len(it)",
    }
    cost_does_not_grow(learner, rng, "LRUCache(size)", fill, operations, LOOKING)


def test_buffer_cost_does_not_grow(learner: Learner, rng: Random) -> None:
    fill = "lambda it, number: it.append(number)"
    operations = {"buffer.append(item) when it is full": fill, "buffer.popleft()": "lambda it, _: it.popleft()"}
    cost_does_not_grow(learner, rng, "CircularBuffer(size)", fill, operations)
