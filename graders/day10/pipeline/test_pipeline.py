"""Judges day10/pipeline: what the stages give, when they ask for it, and how much they keep."""

from random import Random
from typing import Any

import pytest
from grader import Learner, Raised, helper, once, probe

MEGABYTE = 1 << 20
PULLED = "how many items it had taken before the first next(), and after each"


def word(rng: Random) -> str:
    return "".join(rng.choices("abcdefghijklmnopqrstuvwxyzäßé", k=rng.randint(2, 8)))


def numbers(rng: Random, count: int) -> list[int]:
    return rng.sample(range(1000), count)


@helper
def taken(result):
    """All that an iterator gives; for anything else, what that is."""
    if not hasattr(result, "__next__"):
        return {"not an iterator": type(result).__name__}
    return list(result)


def iterated(answer: Any) -> Any:
    """What `taken` has taken; fails the check when there was no iterator."""
    kind = answer.get("not an iterator") if isinstance(answer, dict) else None
    assert kind is None, f"a {kind} came back; the README asks for an iterator (something that next() works on)"
    return answer


# --- read_large_file -------------------------------------------------------------------------------------------------


@probe
def lines_of(pipeline, text):
    """list(read_large_file("lines.txt")), where the file holds {text}"""
    return taken(pipeline.read_large_file("lines.txt"))


@probe
def opening(pipeline, name):
    """lines = read_large_file({name}), where there is no such file; next(lines)"""
    lines = pipeline.read_large_file(name)
    try:
        next(lines)
    except FileNotFoundError:
        return "next() raised FileNotFoundError"
    return "next() raised nothing"


@helper
def descriptors(path):
    """The descriptors of this process that are open on a file."""
    import os

    wanted, found = os.stat(path), []
    for number in range(128):
        try:
            status = os.fstat(number)
        except OSError:
            continue
        if os.path.samestat(status, wanted):
            found.append(number)
    return found


@probe
def closing(pipeline, text, ending):
    """lines = read_large_file("lines.txt"); next(lines); {ending:text}"""
    import contextlib

    lines = pipeline.read_large_file("lines.txt")
    next(lines)
    if ending == "list(lines)":
        list(lines)
    elif ending == "lines.close()":
        lines.close()
    else:
        with contextlib.suppress(KeyError):
            lines.throw(KeyError("enough"))
    return len(descriptors("lines.txt"))


def test_lines_come_as_they_are(learner: Learner, rng: Random) -> None:
    lines = [f"  {word(rng)}", f"{word(rng)}\t ", "", word(rng), f"ä{word(rng)} {word(rng)}"]
    rng.shuffle(lines)
    lines.append(word(rng))
    for end in ("\n", ""):
        text = "\n".join(lines) + end
        assert iterated(learner.run(lines_of, text, files_={"lines.txt": text})) == lines
    # What ends a line is for `open` to say: `str.splitlines` knows more ends, and bytes fewer.
    lines = [f"{word(rng)}\x0c{word(rng)}", word(rng), f"{word(rng)}\u2028{word(rng)}"]
    text = "".join(f"{line}{end}" for line, end in zip(lines, ("\r\n", "\r\n", "\n"), strict=True))
    assert iterated(learner.run(lines_of, text, files_={"lines.txt": text.encode()})) == lines


def test_the_file_is_opened_when_asked(learner: Learner, rng: Random) -> None:
    seen = learner.attempt(opening, f"{word(rng)}.txt")
    early = isinstance(seen, Raised) and seen.is_a("FileNotFoundError")
    assert not early, "read_large_file opened the file when it was called, before the first next()"
    if isinstance(seen, Raised):
        pytest.fail(f"{seen.type} was raised: {seen.message}")
    assert seen == "next() raised FileNotFoundError"


def test_the_file_is_closed(learner: Learner, rng: Random) -> None:
    text = "".join(f"{word(rng)}\n" for _ in range(rng.randint(3, 6)))
    for ending in ("list(lines)", "lines.close()", "lines.throw(KeyError('enough'))"):
        still_open = learner.run(closing, text, ending, files_={"lines.txt": text}, fresh_=True)
        assert not still_open, f"the file is still open after {ending}"


# --- filter_data and transform_data ----------------------------------------------------------------------------------


@probe
def filtered(pipeline, items, remainder):
    """list(filter_data({items}, lambda n: n % {remainder}))"""
    return taken(pipeline.filter_data(items, lambda n: n % remainder))


@probe
def transformed(pipeline, items, low):
    """list(transform_data({items}, lambda n: n * n if n > {low} else None))"""
    return taken(pipeline.transform_data(items, lambda n: n * n if n > low else None))


def test_filter_values(learner: Learner, rng: Random) -> None:
    items, remainder = [*numbers(rng, 9), 1, 0], rng.randint(2, 4)
    assert iterated(learner.run(filtered, items, remainder)) == [n for n in items if n % remainder]


def test_transform_values(learner: Learner, rng: Random) -> None:
    items = numbers(rng, 7)
    low = sorted(items)[2]
    assert iterated(learner.run(transformed, items, low)) == [n * n if n > low else None for n in items]


# --- batch_data ------------------------------------------------------------------------------------------------------


@probe
def batches(pipeline, items, size):
    """list(batch_data({items}, {size}))"""
    run = pipeline.batch_data(items, size)
    # Each as it was when it came: whether it is a list of its own is another question.
    return [list(batch) for batch in run] if hasattr(run, "__next__") else taken(run)


@probe
def two_batches(pipeline, items, size):
    """batches = batch_data({items}, {size}); first = next(batches); next(batches); first"""
    run = pipeline.batch_data(items, size)
    first = next(run)
    second = next(run)
    return {"type": type(first).__name__, "first": list(first), "the same list again": first is second}


def test_batch_values(learner: Learner, rng: Random) -> None:
    size = rng.randint(2, 4)
    for length in (0, 1, 3 * size, 2 * size + 1):
        items = numbers(rng, length)
        expected = [items[at : at + size] for at in range(0, length, size)]
        assert iterated(learner.run(batches, items, size)) == expected


def expect_value_error(seen: Any) -> None:
    if isinstance(seen, Raised):
        assert seen.is_a("ValueError"), f"expected a ValueError, {seen.type} was raised: {seen.message}"
    else:
        pytest.fail(f"expected a ValueError, got {seen!r}")


def test_batch_sizes_are_checked(learner: Learner, rng: Random) -> None:
    for size in (0, -rng.randint(1, 9)):
        expect_value_error(learner.attempt(batches, numbers(rng, 3), size))
        text = csv_of(orders_of(rng, 3), rng)
        expect_value_error(learner.attempt(large_orders, text, 0.0, size, files_={"orders.csv": text}))
    smallest = learner.attempt(batches, numbers(rng, 3), 1)
    is_taken = not isinstance(smallest, Raised)
    assert is_taken, f"a batch may have a size of 1, but {smallest.type} was raised: {smallest.message}"


def test_batches_are_their_own(learner: Learner, rng: Random) -> None:
    size = rng.randint(2, 4)
    items = numbers(rng, 2 * size)
    seen = learner.run(two_batches, items, size)
    assert seen == {"type": "list", "first": items[:size], "the same list again": False}


# --- how much a stage takes ------------------------------------------------------------------------------------------


@helper
def pulls(make, items, takes):
    """How many items a stage had taken when it came back, and after each `next()`."""
    taken_so_far = 0

    class Data:
        """Like a list in a `for` loop, and counts."""

        def __iter__(self):
            nonlocal taken_so_far
            for item in items:
                taken_so_far += 1
                yield item

    stage = make(Data())
    seen = [taken_so_far]
    for _ in range(takes):
        next(stage)
        seen.append(taken_so_far)
    return seen


@probe
def pulled_by_filter(pipeline, items, low):
    """even = filter_data({items}, lambda n: n > {low}); next(even); next(even)"""
    return pulls(lambda data: pipeline.filter_data(data, lambda n: n > low), items, 2)


@probe
def pulled_by_transform(pipeline, items):
    """doubled = transform_data({items}, lambda n: 2 * n); next(doubled); next(doubled)"""
    return pulls(lambda data: pipeline.transform_data(data, lambda n: 2 * n), items, 2)


@probe
def pulled_by_batch(pipeline, items, size):
    """batches = batch_data({items}, {size}); next(batches); next(batches)"""
    return pulls(lambda data: pipeline.batch_data(data, size), items, 2)


def test_stages_wait_until_asked(learner: Learner, rng: Random) -> None:
    items = numbers(rng, 8)
    low = sorted(items)[2]
    large = [at + 1 for at, n in enumerate(items) if n > low][:2]
    assert learner.run(pulled_by_filter, items, low) == [0, *large], PULLED
    assert learner.run(pulled_by_transform, items) == [0, 1, 2], PULLED


def test_batches_come_when_full(learner: Learner, rng: Random) -> None:
    size = rng.randint(2, 4)
    seen = learner.run(pulled_by_batch, numbers(rng, 4 * size), size)
    assert seen == [0, size, 2 * size], PULLED


# --- large_orders ----------------------------------------------------------------------------------------------------


def orders_of(rng: Random, count: int) -> list[tuple[int, float]]:
    return [(number, rng.randint(100, 99_999) / 100) for number in rng.sample(range(10_000), count)]


def csv_of(orders: list[tuple[int, float]], rng: Random) -> str:
    """Columns in any order, some values with commas."""
    columns = ["id", "customer", "amount", "note"]
    rng.shuffle(columns)
    lines = [",".join(columns)]
    for number, amount in orders:
        names = {"id": str(number), "amount": f"{amount:.2f}", "customer": f'"{word(rng)}, {word(rng)}"'}
        names["note"] = rng.choice(["", word(rng), f'"a ""{word(rng)}"", 1,000"'])
        lines.append(",".join(names[column] for column in columns))
    return "\n".join([*lines, ""])


KINDS = {"a batch": "list", "an order": "tuple", "an id": "int", "an amount": "float"}


@probe
def large_orders(pipeline, text, minimum, size):
    """list(large_orders("orders.csv", {minimum}, {size})), where the file holds {text}"""
    result = pipeline.large_orders("orders.csv", minimum, size)
    if not hasattr(result, "__next__"):
        return taken(result)
    batches, kinds = [], set()
    for batch in result:
        kinds.add(("a batch", "list" if isinstance(batch, list) else type(batch).__name__))
        for order in batch:
            number, amount = order
            kinds.add(("an order", "tuple" if isinstance(order, tuple) else type(order).__name__))
            kinds.add(("an id", "int" if isinstance(number, int) else type(number).__name__))
            kinds.add(("an amount", "float" if isinstance(amount, float) else type(amount).__name__))
        batches.append([tuple(order) for order in batch])
    return {"batches": batches, "kinds": sorted(kinds)}


@probe
def read_for_one_batch(pipeline, name, size):
    """batches = large_orders({name}, 0, {size}); next(batches)"""
    import os

    with open(name, "w") as file:
        file.write("id,amount,note\n")
        file.writelines(f"{number},1.5,{'-' * 990}\n" for number in range(4000))
    run = pipeline.large_orders(name, 0, size)
    before = len(descriptors(name))
    first = [tuple(order) for order in next(run)]
    read = max((os.lseek(number, 0, os.SEEK_CUR) for number in descriptors(name)), default=os.path.getsize(name))
    return {"open before the first next()": before, "batch": first, "read": read}


@probe
def memory_of_large_orders(pipeline, minimum, size, megabytes):
    """for batch in large_orders("orders.csv", {minimum}, {size}): pass, where the file is a pipe that gives 100 MB"""
    import os
    import resource
    import signal

    rows = [f'{number},"{"x" * 1000}, {"y" * 1000}",{number % 100}.5\n' for number in range(500)]
    block = "".join(rows).encode()

    def feed(name, blocks):
        """From a process of its own, which is as much another program as a pipe can have."""
        pid = os.fork()
        if pid:
            return pid
        try:
            descriptor = os.open(name, os.O_WRONLY)
            os.write(descriptor, b"id,note,amount\n")
            for _ in range(blocks):
                left = memoryview(block)
                while left:
                    left = left[os.write(descriptor, left) :]
        finally:
            os._exit(0)

    def run(name, blocks):
        os.mkfifo(name)
        pid = feed(name, blocks)
        orders, total = 0, 0
        for batch in pipeline.large_orders(name, minimum, size):
            orders += len(batch)
            total += sum(number for number, _ in batch)
        # Whoever has not read all of it is not waited for.
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        return orders, total

    run("a few.csv", 1)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    orders, total = run("orders.csv", megabytes * (1 << 20) // len(block))
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {"orders": orders, "sum of ids": total, "bytes": len(block), "grown": (after - before) * 1024}


MEGABYTES = 100


@once
def one_hundred_megabytes(learner: Learner, rng: Random) -> Any:
    """In a process that has used no memory before."""
    # So low that a list of what is left of them would show as well.
    minimum = rng.randint(5, 20)
    # As many of every 100 rows are large: no batch is left over at the end, which other checks look at.
    size = 100 - minimum
    return minimum, learner.run(memory_of_large_orders, float(minimum), size, MEGABYTES)


def test_large_orders_values(learner: Learner, rng: Random) -> None:
    for count, size in ((rng.randint(7, 11), rng.randint(2, 3)), (3, 5), (0, 2)):
        orders = orders_of(rng, count)
        minimum = sorted(amount for _, amount in orders)[count // 3] if orders else 1.0
        text = csv_of(orders, rng)
        large = [order for order in orders if order[1] >= minimum]
        seen = iterated(learner.run(large_orders, text, minimum, size, files_={"orders.csv": text}))
        assert seen["batches"] == [large[at : at + size] for at in range(0, len(large), size)]
        for what, kind in seen["kinds"]:
            is_right = kind == KINDS[what]
            assert is_right, f"{what} should be of the type {KINDS[what]}, and is of the type {kind}"


def test_large_orders_reads_as_it_goes(learner: Learner, rng: Random) -> None:
    size = rng.randint(2, 9)
    seen = learner.run(read_for_one_batch, f"{rng.randint(100, 999)}.csv", size)
    assert not seen["open before the first next()"], "the file was opened before the first next()"
    assert seen["batch"] == [(number, 1.5) for number in range(size)]
    early = seen["read"] < MEGABYTE
    assert early, f"the first batch came after {seen['read'] // 1024} KiB of a file of {4000 * 1000 // 1024} KiB"


def test_memory_stays_small(learner: Learner) -> None:
    minimum, seen = one_hundred_megabytes(learner)
    large = [number for number in range(500) if number % 100 + 0.5 >= minimum]
    blocks = MEGABYTES * MEGABYTE // seen["bytes"]
    orders = {name: seen[name] for name in ("orders", "sum of ids")}
    assert orders == {"orders": blocks * len(large), "sum of ids": blocks * sum(large)}
    # Right ones grow by nothing at all, and a list of all orders by twice as much.
    small = seen["grown"] < MEGABYTES * MEGABYTE // 32
    assert small, f"memory grew by {seen['grown'] // 1024} KiB while {MEGABYTES} MB went through"


# --- running_average -------------------------------------------------------------------------------------------------


@helper
def talk(pipeline, steps):
    """What the generator answers to each step: a number to send, "next", or "Reset" to throw that."""
    average = pipeline.running_average()
    answers = []
    for step in steps:
        if step == "next":
            answers.append(next(average))
        elif step == "Reset":
            answers.append(average.throw(pipeline.Reset))
        else:
            answers.append(average.send(step))
    return answers


@probe
def conversation(pipeline, steps, calls):
    """average = running_average(); {calls:text}"""
    return talk(pipeline, steps)


CALLS = {"next": "next(average)", "Reset": "average.throw(Reset)"}


def answers(learner: Learner, steps: list[Any]) -> Any:
    calls = "; ".join(CALLS.get(step) or f"average.send({step})" for step in steps)
    return learner.run(conversation, steps, calls)


@probe
def thrown(pipeline, number, name):
    """average = running_average(); next(average); average.send({number}); average.throw({name:text}())"""
    import builtins

    average = pipeline.running_average()
    next(average)
    average.send(number)
    kind = getattr(builtins, name)
    try:
        answer = average.throw(kind("enough"))
    except kind:
        return "it came out", next(average, "it has ended")
    return "it did not come out", answer


def test_average_of_what_was_sent(learner: Learner, rng: Random) -> None:
    sent = numbers(rng, rng.randint(4, 7))
    expected = [None, *(sum(sent[: at + 1]) / (at + 1) for at in range(len(sent)))]
    assert answers(learner, ["next", *sent]) == pytest.approx(expected)


def test_average_is_told_again(learner: Learner, rng: Random) -> None:
    a, b = numbers(rng, 2)
    seen = answers(learner, ["next", "next", a, "next", "next", b])
    assert seen == pytest.approx([None, None, a, a, a, (a + b) / 2])


def test_reset_starts_again(learner: Learner, rng: Random) -> None:
    a, b, c, d = numbers(rng, 4)
    seen = answers(learner, ["next", a, b, "Reset", c, "Reset", "Reset", d])
    assert seen == pytest.approx([None, a, (a + b) / 2, None, c, None, None, d])
    # Where a second next() at the beginning goes wrong, which is a check of its own, it does so here, too.
    if learner.attempt(conversation, ["next", "next"], "next(average); next(average)") == [None, None]:
        assert answers(learner, ["next", a, "Reset", "next"]) == pytest.approx([None, a, None, None])


def test_other_exceptions_come_out(learner: Learner, rng: Random) -> None:
    for name in ("ValueError", "KeyError", "GeneratorExit"):
        seen = learner.run(thrown, rng.randint(1, 99), name)
        assert seen == ("it came out", "it has ended"), f"after a {name} was thrown in"


# --- compare_memory --------------------------------------------------------------------------------------------------


@probe
def compared(pipeline, lines, length):
    """compare_memory("lines.txt"), where the file holds {lines} lines of {length} characters"""
    with open("lines.txt", "w") as file:
        file.writelines(f"{number:0{length}}\n" for number in range(lines))
    lazy, eager = pipeline.compare_memory("lines.txt")
    return lazy, eager


def test_memory_is_compared(learner: Learner, rng: Random) -> None:
    lines, length = rng.randint(1500, 2500), rng.randint(150, 250)
    lazy, eager = learner.run(compared, lines, length)
    more_lazy, more_eager = learner.run(compared, 4 * lines, length)
    kinds = {type(each).__name__ for each in (lazy, eager, more_lazy, more_eager)}
    assert kinds == {"int"}, f"compare_memory should give two integers, and gave {(lazy, eager)}"
    size = lines * length
    assert eager > size, f"all lines are {size} characters, and a list of them is said to need {eager} bytes"
    assert more_eager > 3 * eager, f"four times as many lines need {more_eager} bytes in a list, after {eager}"
    assert lazy > 0, "even a single line needs memory"
    assert lazy < eager / 2, f"looping needs {lazy} bytes, and a list of all lines {eager}"
    assert more_lazy < size, f"looping over four times as many lines needs {more_lazy} bytes, after {lazy}"
