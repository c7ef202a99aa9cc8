"""Judges context/class_based: a timer on a clock of ours, and a manager of real files."""

from random import Random
from typing import Any

from grader import Clock, helper, probe

ERRORS = ("ValueError", "KeyError", "KeyboardInterrupt", "SystemExit")


def seconds(rng: Random, count: int) -> list[float]:
    """Different times between 1 and 9 seconds, none of them a whole number."""
    return [each / 8 for each in rng.sample(range(9, 72, 2), count)]


def rounded(seen: Any) -> Any:
    """The same with floats in thousandths: looking at the clock takes a microsecond of its time."""
    if isinstance(seen, dict):
        return {name: rounded(each) for name, each in seen.items()}
    if isinstance(seen, list):
        return [rounded(each) for each in seen]
    return round(seen, 3) if isinstance(seen, float) else seen


def text(rng: Random) -> str:
    return "".join(rng.choices("abcdefghijklmnopqrstuvwxyz", k=7))


@helper
def ending(manager, error):
    """What comes out of a block that raises."""
    try:
        with manager:
            raise error
    except BaseException as out:
        return "the error of the block" if out is error else f"another {type(out).__name__}"
    return "nothing"


# --- Timer -----------------------------------------------------------------------------------------------------------


@probe
def timer_as(class_based):
    """timer = Timer(); with timer as given: pass; given is timer"""
    timer = class_based.Timer()
    with timer as given:
        pass
    return given is timer


@probe
def timed(class_based, block):
    """timer = Timer(); with timer: time.sleep({block}); timer.elapsed"""
    import time

    timer = class_based.Timer()
    with timer:
        time.sleep(block)
    return timer.elapsed


@probe
def timed_with_waits(class_based, before, block, after):
    """timer = Timer(); time.sleep({before}); with timer: time.sleep({block}); time.sleep({after}); timer.elapsed"""
    import time

    timer = class_based.Timer()
    time.sleep(before)
    with timer:
        time.sleep(block)
    time.sleep(after)
    return timer.elapsed


@probe
def without_measure(class_based):
    """timer = Timer(), and then with timer: ... for the first time"""
    timer = class_based.Timer()
    seen = {"before the block": {"elapsed": timer.elapsed, "laps": timer.laps[:]}}
    with timer:
        seen["in the block"] = {"elapsed": timer.elapsed, "laps": timer.laps[:]}
    return seen


@probe
def timed_error(class_based, block, kind):
    """timer = Timer(); with timer: time.sleep({block}); raise {kind:text}; timer.elapsed, timer.laps"""
    import builtins
    import time

    timer = class_based.Timer()
    try:
        with timer:
            time.sleep(block)
            raise getattr(builtins, kind)
    except BaseException:
        pass
    return {"elapsed": timer.elapsed, "laps": timer.laps}


@probe
def timer_errors(class_based, kind):
    """with Timer(): raise {kind:text}"""
    import builtins

    return ending(class_based.Timer(), getattr(builtins, kind)("raised in the block"))


@probe
def timed_blocks(class_based, blocks):
    """one timer; with timer: time.sleep(...) for each of {blocks}; timer.elapsed after each, and timer.laps"""
    import time

    timer, elapsed = class_based.Timer(), []
    for block in blocks:
        with timer:
            time.sleep(block)
        elapsed.append(timer.elapsed)
    return {"elapsed": elapsed, "laps": timer.laps}


@probe
def timed_nested(class_based, first, inner, other, last):
    """one timer; with timer: time.sleep({first}); with timer: time.sleep({inner}); then, still in the outer block, with
    timer: time.sleep({other}); and time.sleep({last}) before its end
    """
    import time

    timer = class_based.Timer()
    with timer:
        time.sleep(first)
        with timer:
            time.sleep(inner)
        with timer:
            time.sleep(other)
        time.sleep(last)
    return {"elapsed": timer.elapsed, "laps": timer.laps}


@probe
def two_timers(class_based, first, inner):
    """outer, nested = Timer(), Timer(); with outer: time.sleep({first}); with nested: time.sleep({inner})"""
    import time

    outer, nested = class_based.Timer(), class_based.Timer()
    with outer:
        time.sleep(first)
        with nested:
            time.sleep(inner)
    timers = {"outer": outer, "nested": nested}
    return {name: {"elapsed": timer.elapsed, "laps": timer.laps} for name, timer in timers.items()}


def test_timer_gives_itself(learner):
    seen = {"given is timer": learner.run(timer_as)}
    assert seen == {"given is timer": True}


def test_timer_measures_a_block(learner, rng):
    block = seconds(rng, 1)[0]
    elapsed = {"elapsed": learner.run(timed, block, clock_=Clock())}
    assert rounded(elapsed) == {"elapsed": block}
    is_float = type(elapsed["elapsed"]) is float
    assert is_float, f"elapsed should be a float, but is of type {type(elapsed['elapsed']).__name__}"


def test_timer_measures_nothing_else(learner, rng):
    before, block, after = seconds(rng, 3)
    elapsed = {"elapsed": learner.run(timed_with_waits, before, block, after, clock_=Clock())}
    assert rounded(elapsed) == {"elapsed": block}


def test_timer_begins_with_nothing(learner):
    nothing = {"elapsed": None, "laps": []}
    seen = learner.run(without_measure, clock_=Clock())
    assert seen == {"before the block": nothing, "in the block": nothing}


def test_timer_measures_a_block_that_raises(learner, rng):
    for kind in ERRORS:
        block = seconds(rng, 1)[0]
        seen = learner.run(timed_error, block, kind, clock_=Clock(), fresh_=True)
        assert rounded(seen) == {"elapsed": block, "laps": [block]}


def test_timer_lets_errors_out(learner):
    for kind in ERRORS:
        seen = {"came out": learner.run(timer_errors, kind, clock_=Clock(), fresh_=True)}
        assert seen == {"came out": "the error of the block"}


def test_timer_keeps_all_laps(learner, rng):
    blocks = seconds(rng, rng.randint(3, 5))
    seen = learner.run(timed_blocks, blocks, clock_=Clock())
    assert rounded(seen) == {"elapsed": blocks, "laps": blocks}


def test_timer_works_inside_itself(learner, rng):
    blocks = seconds(rng, 4)
    seen = learner.run(timed_nested, *blocks, clock_=Clock())
    assert rounded(seen) == {"elapsed": sum(blocks), "laps": [blocks[1], blocks[2], sum(blocks)]}


def test_timers_are_independent(learner, rng):
    blocks = seconds(rng, 2)
    seen = learner.run(two_timers, *blocks, clock_=Clock())
    expected = {"outer": sum(blocks), "nested": blocks[1]}
    assert rounded(seen) == {name: {"elapsed": took, "laps": [took]} for name, took in expected.items()}


# --- Opened ----------------------------------------------------------------------------------------------------------


@helper
def contents(path):
    """The text of a file; None when there is no such file."""
    import os

    if not os.path.exists(path):
        return None
    with open(path) as file:
        return file.read()


@probe
def read_file(class_based, path):
    """with Opened({path}) as file: file.read()"""
    with class_based.Opened(path) as file:
        return {"file": type(file).__name__, "read": file.read()}


@probe
def read_file_with_mode(class_based, path):
    """with Opened({path}, "r") as file: file.read()"""
    with class_based.Opened(path, "r") as file:
        return file.read()


@probe
def write_file(class_based, path, mode, text):
    """with Opened({path}, {mode}) as file: file.write({text}), when there is such a file already"""
    with class_based.Opened(path, mode) as file:
        file.write(text)
    file.close()
    return contents(path)


@probe
def write_file_by_name(class_based, path, mode, text):
    """with Opened(path={path}, mode={mode}) as file: file.write({text}), when there is such a file already"""
    with class_based.Opened(path=path, mode=mode) as file:
        file.write(text)
    file.close()
    return contents(path)


@probe
def only_made(class_based, path):
    """Opened({path}, "w"), without a block, when there is such a file already"""
    manager = class_based.Opened(path, "w")
    seen = contents(path)
    del manager
    return seen


@probe
def made_before_the_file(class_based, path, text):
    """manager = Opened({path}); the file is written only now; with manager as file: file.read()"""
    manager = class_based.Opened(path)
    with open(path, "w") as file:
        file.write(text)
    with manager as opened:
        return opened.read()


@probe
def open_missing(class_based, path):
    """with Opened({path}): ..., when there is no such file"""
    manager = class_based.Opened(path)
    try:
        with manager:
            return "the block has run"
    except FileNotFoundError:
        return "FileNotFoundError"


@probe
def closed_after(class_based, path, way):
    """with Opened({path}) as file: ... ends by {way:text}; file.closed"""
    files = []

    def block():
        for _ in range(1):
            with class_based.Opened(path) as file:
                files.append(file)
                during = file.closed
                if way == "return":
                    return during
                if way == "break":
                    break
        return during

    return {"in the block": block(), "after the block": files[0].closed}


@probe
def closed_after_error(class_based, path, kind):
    """with Opened({path}) as file: raise {kind:text}; file.closed"""
    import builtins

    try:
        with class_based.Opened(path) as file:
            raise getattr(builtins, kind)
    except BaseException:
        pass
    return file.closed


@probe
def opened_errors(class_based, path, kind):
    """with Opened({path}): raise {kind:text}"""
    import builtins

    return ending(class_based.Opened(path), getattr(builtins, kind)("raised in the block"))


@helper
def second_block(manager):
    """What comes of one more block with a manager that was used before."""
    try:
        with manager:
            return "the block has run"
    except RuntimeError:
        return "RuntimeError"


@probe
def used_twice(class_based, path, text):
    """manager = Opened({path}, "w"); with manager as file: file.write({text}); and then once more with manager: ..."""
    manager = class_based.Opened(path, "w")
    with manager as file:
        file.write(text)
    file.close()
    second = second_block(manager)
    return {"second block": second, "text of the file": contents(path)}


@probe
def used_inside_itself(class_based, path):
    """manager = Opened({path}, "w"); with manager: ..., and in this block once more with manager: ..."""
    manager = class_based.Opened(path, "w")
    with manager:
        return second_block(manager)


@probe
def kept_open(class_based, path, first, second):
    """manager = Opened({path}, "w"); with manager as file: file.write({first}); file.flush(), then once more with
    manager: ..., which is refused, then file.write({second})
    """
    manager = class_based.Opened(path, "w")
    with manager as file:
        file.write(first)
        file.flush()
        second_block(manager)
        still_open = not file.closed
        if still_open:
            file.write(second)
    file.close()
    return {"still open": still_open, "text of the file": contents(path)}


@probe
def two_files(class_based, first, second):
    """with Opened({first}) as a, Opened({second}) as b: a.read(), b.read()"""
    outer, inner = class_based.Opened(first), class_based.Opened(second)
    with outer as a:
        with inner as b:
            seen = [a.read(), b.read()]
        after_inner = a.closed
    return {
        "read": seen,
        "a closed at the end of the inner block": after_inner,
        "closed in the end": [a.closed, b.closed],
    }


def file_name(rng: Random) -> str:
    return f"{text(rng)}.txt"


def test_opened_gives_the_file(learner, rng):
    name, inside = file_name(rng), text(rng)
    seen = learner.run(read_file, name, files_={name: inside})
    assert seen == {"file": "TextIOWrapper", "read": inside}


def test_opened_knows_the_mode(learner, rng):
    name, inside, more = file_name(rng), text(rng) + text(rng), text(rng)
    files = {name: inside}
    assert learner.run(read_file_with_mode, name, files_=files) == inside
    for write in (write_file, write_file_by_name):
        for mode, expected in (("w", more), ("a", inside + more)):
            written = {"text of the file": learner.run(write, name, mode, more, files_=files)}
            assert written == {"text of the file": expected}


def test_opened_waits_for_the_block(learner, rng):
    name, later, missing, inside = file_name(rng), file_name(rng), file_name(rng), text(rng)
    left = {"text of the file": learner.run(only_made, name, files_={name: inside})}
    assert left == {"text of the file": inside}, "the file was opened before there was a block"
    assert learner.run(made_before_the_file, later, inside) == inside
    assert learner.run(open_missing, missing) == "FileNotFoundError"


def test_opened_closes_the_file(learner, rng):
    name = file_name(rng)
    for way in ("reaching its end", "return", "break"):
        seen = {"file.closed": learner.run(closed_after, name, way, files_={name: text(rng)})}
        assert seen == {"file.closed": {"in the block": False, "after the block": True}}


def test_opened_closes_after_an_error(learner, rng):
    name = file_name(rng)
    for kind in ERRORS:
        seen = {"file.closed": learner.run(closed_after_error, name, kind, files_={name: text(rng)})}
        assert seen == {"file.closed": True}


def test_opened_lets_errors_out(learner, rng):
    name = file_name(rng)
    for kind in ERRORS:
        seen = {"came out": learner.run(opened_errors, name, kind, files_={name: text(rng)})}
        assert seen == {"came out": "the error of the block"}


def test_opened_is_for_one_block(learner, rng):
    name, inside = file_name(rng), text(rng)
    seen = learner.run(used_twice, name, inside)
    assert seen == {"second block": "RuntimeError", "text of the file": inside}
    assert {"inner block": learner.run(used_inside_itself, name)} == {"inner block": "RuntimeError"}


def test_opened_keeps_the_first_block_going(learner, rng):
    name, first, second = file_name(rng), text(rng), text(rng)
    seen = learner.run(kept_open, name, first, second)
    assert seen == {"still open": True, "text of the file": first + second}


def test_several_can_be_open(learner, rng):
    first, second = file_name(rng), file_name(rng)
    files = {first: text(rng), second: text(rng)}
    seen = learner.run(two_files, first, second, files_=files)
    expected = {
        "read": [*files.values()],
        "a closed at the end of the inner block": False,
        "closed in the end": [True, True],
    }
    assert seen == expected
