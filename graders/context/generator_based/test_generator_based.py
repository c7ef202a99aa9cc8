"""Judges context/generator_based: what three context managers do around a block, whichever way it ends."""

from random import Random

from grader import Clock, helper, probe

ERRORS = ("ValueError", "KeyError", "KeyboardInterrupt", "SystemExit")
WAYS = ("its last line", "return", "break")


def seconds(rng: Random, count: int) -> list[float]:
    """Different times between 1 and 9 seconds."""
    return [each / 8 for each in rng.sample(range(9, 72, 2), count)]


def rounded(reports: list[float]) -> list[float]:
    """In thousandths: looking at the clock takes a microsecond of its time."""
    return [round(each, 3) if isinstance(each, float) else each for each in reports]


def word(rng: Random) -> str:
    return "".join(rng.choices("abcdefghijklmnopqrstuvwxyz", k=7))


@helper
def ending(manager, kind):
    """What comes out of a block that raises."""
    import builtins

    error = getattr(builtins, kind)("raised in the block")
    try:
        with manager:
            raise error
    except BaseException as out:
        return "the error of the block" if out is error else f"another {type(out).__name__}"
    return "nothing"


@helper
def run_block(manager, way, block):
    """Runs `block(given)` in a block that ends in this way."""
    for _ in range(1):
        with manager as given:
            result = block(given)
            if way == "return":
                return result
            if way == "break":
                break
    return result


@helper
def config_with(name, value):
    """An object with one attribute."""
    from types import SimpleNamespace

    return SimpleNamespace(**{name: value})


@helper
def text_of(path):
    """The text of a file; None when there is no such file."""
    import os

    if not os.path.exists(path):
        return None
    with open(path) as file:
        return file.read()


# --- all three -------------------------------------------------------------------------------------------------------


@probe
def kinds(generator_based):
    """timed(print), replaced(config, "debug", True), rewritten("scores.txt")"""
    import contextlib
    import inspect

    @contextlib.contextmanager
    def ours():
        yield

    def is_generator_based(function, *args):
        inner = inspect.unwrap(function)
        return inspect.isgeneratorfunction(inner) or type(function(*args)) is type(ours())

    return {
        "timed": is_generator_based(generator_based.timed, print),
        "replaced": is_generator_based(generator_based.replaced, config_with("debug", False), "debug", True),
        "rewritten": is_generator_based(generator_based.rewritten, "scores.txt"),
    }


@probe
def only_made(generator_based, path, before):
    """timed(report), replaced(config, "debug", True) and rewritten({path}), without a block"""
    import os

    reports, config, files = [], config_with("debug", before), {*os.listdir()}
    # Kept: a manager that has begun too early may clean up when it is forgotten.
    managers = [
        generator_based.timed(reports.append),
        generator_based.replaced(config, "debug", True),
        generator_based.rewritten(path),
    ]
    new = sorted({*os.listdir()} - files)
    return {
        "managers": len(managers),
        "reports": reports,
        "config.debug": config.debug,
        "new files": new,
        "text": text_of(path),
    }


def test_written_as_generators(learner):
    seen = {"is a generator with @contextmanager": learner.run(kinds)}
    assert seen == {"is a generator with @contextmanager": {"timed": True, "replaced": True, "rewritten": True}}


def test_nothing_happens_before_the_block(learner, rng):
    before, name, text = word(rng), f"{word(rng)}.txt", word(rng)
    seen = learner.run(only_made, name, before, files_={name: text})
    assert seen == {"managers": 3, "reports": [], "config.debug": before, "new files": [], "text": text}
    wait, block = seconds(rng, 2)
    reports = learner.run(timed_after_a_wait, wait, block, clock_=Clock(), fresh_=True)
    assert {"reports": rounded(reports)} == {"reports": [block]}
    old, later = rng.sample(range(1, 100), 2)
    assert {"before": learner.run(replaced_after_a_change, old, later)} == {"before": later}


@probe
def timed_after_a_wait(generator_based, wait, block):
    """manager = timed(report); time.sleep({wait}); with manager: time.sleep({block})"""
    import time

    reports = []
    manager = generator_based.timed(reports.append)
    time.sleep(wait)
    with manager:
        time.sleep(block)
    return reports


@probe
def replaced_after_a_change(generator_based, old, later):
    """config.level = {old}; manager = replaced(config, "level", -1); config.level = {later}; with manager as it: it"""
    config = config_with("level", old)
    manager = generator_based.replaced(config, "level", -1)
    config.level = later
    with manager as before:
        return before


# --- timed -----------------------------------------------------------------------------------------------------------


@probe
def timed(generator_based, block, way):
    """with timed(report): time.sleep({block}); the block ends by {way:text}"""
    import time

    reports = []
    early = run_block(generator_based.timed(reports.append), way, lambda _: time.sleep(block) or len(reports))
    return {"reports in the block": early, "reports after it": reports}


@probe
def timed_error(generator_based, block, kind):
    """with timed(report): time.sleep({block}); raise {kind:text}"""
    import builtins
    import time

    reports = []
    try:
        with generator_based.timed(reports.append):
            time.sleep(block)
            raise getattr(builtins, kind)
    except BaseException:
        pass
    return reports


@probe
def timed_ending(generator_based, kind):
    """with timed(report): raise {kind:text}"""
    return ending(generator_based.timed([].append), kind)


@probe
def timed_calls(generator_based, blocks):
    """@timed(report) above def nap(seconds), which sleeps, returns its argument and is called with each of {blocks}"""
    import time

    reports = []

    @generator_based.timed(reports.append)
    def nap(seconds):
        time.sleep(seconds)
        return seconds

    return {"returned": [nap(block) for block in blocks], "reports": reports}


def test_timed_reports_the_seconds(learner, rng):
    for way in WAYS:
        block = seconds(rng, 1)[0]
        seen = learner.run(timed, block, way, clock_=Clock(), fresh_=True)
        seen["reports after it"] = rounded(seen["reports after it"])
        assert seen == {"reports in the block": 0, "reports after it": [block]}


def test_timed_reports_after_an_error(learner, rng):
    for kind in ERRORS:
        block = seconds(rng, 1)[0]
        reports = learner.run(timed_error, block, kind, clock_=Clock(), fresh_=True)
        assert {"reports": rounded(reports)} == {"reports": [block]}


def test_timed_lets_errors_out(learner):
    for kind in ERRORS:
        seen = {"came out": learner.run(timed_ending, kind)}
        assert seen == {"came out": "the error of the block"}


def test_timed_decorates(learner, rng):
    blocks = seconds(rng, 3)
    seen = learner.run(timed_calls, blocks, clock_=Clock())
    assert {**seen, "reports": rounded(seen["reports"])} == {"returned": blocks, "reports": blocks}


# --- replaced --------------------------------------------------------------------------------------------------------


@probe
def replaced(generator_based, name, old, value):
    """config.{name:text} = {old}; with replaced(config, {name}, {value}) as before: ..."""
    config = config_with(name, old)
    with generator_based.replaced(config, name, value) as before:
        return {"before": before, f"config.{name} in the block": getattr(config, name)}


@probe
def replaced_ends(generator_based, old, value, way, meddling):
    """config.colour = {old}; with replaced(config, "colour", {value}): {meddling:text}; the block ends by {way:text}"""
    config = config_with("colour", old)
    manager = generator_based.replaced(config, "colour", value)
    run_block(manager, way, lambda _: exec(meddling, {"config": config}))
    return {"config.colour after the block": getattr(config, "colour", "no longer there")}


@probe
def replaced_list(generator_based, items):
    """config.colours = {items}; with replaced(config, "colours", []): ...; is it the same list again afterwards?"""
    config = config_with("colours", items)
    with generator_based.replaced(config, "colours", []):
        pass
    return config.colours is items


@probe
def replaced_nested(generator_based, old, outer, inner):
    """config.colour = {old}; with replaced(config, "colour", {outer}): with replaced(config, "colour", {inner}): ..."""
    config = config_with("colour", old)
    with generator_based.replaced(config, "colour", outer):
        before_inner = config.colour
        with generator_based.replaced(config, "colour", inner):
            pass
        after_inner = config.colour
    return {"inner block": [before_inner, after_inner], "outer block": [old, config.colour]}


@probe
def replaced_error(generator_based, old, value, kind):
    """config.colour = {old}; with replaced(config, "colour", {value}): raise {kind:text}; config.colour"""
    import builtins

    config, ran = config_with("colour", old), False
    try:
        with generator_based.replaced(config, "colour", value):
            ran = True
            raise getattr(builtins, kind)
    except BaseException:
        pass
    return {"the block has run": ran, "config.colour after the block": config.colour}


@probe
def replaced_ending(generator_based, kind):
    """with replaced(config, "colour", "red"): raise {kind:text}"""
    return ending(generator_based.replaced(config_with("colour", "blue"), "colour", "red"), kind)


@probe
def replaced_unknown(generator_based, name, value):
    """with replaced(config, {name}, {value}): ..., when config has no such attribute"""
    config, ran = config_with("colour", "blue"), False
    try:
        with generator_based.replaced(config, name, value):
            ran = True
        raised = "nothing"
    except Exception as error:
        raised = type(error).__name__
    return {"raised": raised, "the block has run": ran, "config": vars(config)}


@probe
def replaced_calls(generator_based, levels, value):
    """@replaced(config, "level", {value}) above def level(), which returns config.level and is called when config.level
    is each of {levels}
    """
    config = config_with("level", None)

    @generator_based.replaced(config, "level", value)
    def level():
        return config.level

    seen = []
    for each in levels:
        config.level = each
        seen.append({"returned": level(), "config.level after the call": config.level})
    return seen


def test_replaced_sets_the_attribute(learner, rng):
    old, value, name = rng.randrange(1, 100), word(rng), word(rng)
    seen = learner.run(replaced, name, old, value)
    assert seen == {"before": old, f"config.{name} in the block": value}
    assert learner.run(replaced, name, value, None) == {"before": value, f"config.{name} in the block": None}


def test_replaced_puts_it_back(learner, rng):
    old, outer, inner = rng.sample(range(1, 100), 3)
    for way in WAYS:
        for meddling in ("pass", f"config.colour = {inner}", "del config.colour"):
            seen = learner.run(replaced_ends, old, outer, way, meddling)
            assert seen == {"config.colour after the block": old}
    for nothing in (None, 0, ""):
        assert learner.run(replaced_ends, nothing, outer, WAYS[0], "pass") == {"config.colour after the block": nothing}
    assert {"the same list": learner.run(replaced_list, [old])} == {"the same list": True}
    for block, (before, after) in learner.run(replaced_nested, old, outer, inner).items():
        assert {f"config.colour after the {block}": after} == {f"config.colour after the {block}": before}


def test_replaced_puts_it_back_after_an_error(learner, rng):
    for kind in ERRORS:
        old, value = rng.sample(range(1, 100), 2)
        seen = learner.run(replaced_error, old, value, kind)
        assert seen == {"the block has run": True, "config.colour after the block": old}


def test_replaced_lets_errors_out(learner):
    for kind in ERRORS:
        seen = {"came out": learner.run(replaced_ending, kind)}
        assert seen == {"came out": "the error of the block"}


def test_replaced_refuses_unknown_names(learner, rng):
    seen = learner.run(replaced_unknown, word(rng), rng.randrange(1, 100))
    assert seen == {"raised": "AttributeError", "the block has run": False, "config": {"colour": "blue"}}


def test_replaced_decorates(learner, rng):
    first, second, value = rng.sample(range(1, 100), 3)
    seen = learner.run(replaced_calls, [first, second], value)
    assert seen == [{"returned": value, "config.level after the call": level} for level in (first, second)]


# --- rewritten -------------------------------------------------------------------------------------------------------


@probe
def rewritten(generator_based, path, lines, way):
    """with rewritten({path}) as file: file.write(...) for each of {lines}; the block ends by {way:text}"""
    manager = generator_based.rewritten(path)
    run_block(manager, way, lambda file: [file.write(line) for line in lines])
    return text_of(path)


@probe
def rewritten_meanwhile(generator_based, path, text):
    """with rewritten({path}) as file: file.write({text}); and, still in the block, a look at the file at {path}"""
    with generator_based.rewritten(path) as file:
        file.write(text)
        file.flush()
        return text_of(path)


@helper
def failed_block(generator_based, path, text, kind):
    """What `as` gave, after a block that wrote and then raised."""
    import builtins

    try:
        with generator_based.rewritten(path) as file:
            file.write(text)
            raise getattr(builtins, kind)
    except BaseException:
        pass
    return file


@probe
def rewritten_error(generator_based, path, text, kind):
    """with rewritten({path}) as file: file.write({text}); raise {kind:text}"""
    failed_block(generator_based, path, text, kind).close()
    return text_of(path)


@probe
def rewritten_ending(generator_based, path, kind):
    """with rewritten({path}): raise {kind:text}"""
    return ending(generator_based.rewritten(path), kind)


@probe
def rewritten_closed(generator_based, path, text, kind):
    """with rewritten({path}) as file: file.write({text}); file.closed after a block that ended well, and after raise
    {kind:text}
    """
    with generator_based.rewritten(path) as file:
        file.write(text)
        during = file.closed
    failed = failed_block(generator_based, path, text, kind)
    return {"in the block": during, "after it": file.closed, f"after {kind}": failed.closed}


@probe
def rewritten_leaves(generator_based, path, text, kind):
    """with rewritten({path}) as file: file.write({text}); once ending well, and once by raise {kind:text}"""
    import os

    before = {*os.listdir(), path}
    with generator_based.rewritten(path) as file:
        file.write(text)
    after = {"after a block that ended well": sorted({*os.listdir()} - before)}
    failed_block(generator_based, path, text, kind)
    return {**after, f"after {kind}": sorted({*os.listdir()} - before)}


def test_rewritten_writes_when_all_is_well(learner, rng):
    for way in WAYS:
        old, new = (f"{word(rng)}.txt" for _ in range(2))
        lines = [f"{word(rng)}\n" for _ in range(rng.randint(1, 4))]
        for name in (old, new):
            written = {"text of the file": learner.run(rewritten, name, lines, way, files_={old: word(rng) * 20})}
            assert written == {"text of the file": "".join(lines)}
    assert {"text of the file": learner.run(rewritten, old, [], WAYS[0])} == {"text of the file": ""}


def test_rewritten_waits_for_the_end(learner, rng):
    name, new = f"{word(rng)}.txt", f"{word(rng)}.txt"
    old = word(rng)
    meanwhile = {"text of the file": learner.run(rewritten_meanwhile, name, word(rng), files_={name: old})}
    assert meanwhile == {"text of the file": old}
    assert {"text of the file": learner.run(rewritten_meanwhile, new, word(rng))} == {"text of the file": None}


def test_rewritten_keeps_the_old_text_after_an_error(learner, rng):
    for kind in ERRORS:
        name, old = f"{word(rng)}.txt", word(rng)
        kept = {"text of the file": learner.run(rewritten_error, name, word(rng), kind, files_={name: old})}
        assert kept == {"text of the file": old}
    name = f"{word(rng)}.txt"
    kept = {"text of the file": learner.run(rewritten_error, name, word(rng), "ValueError")}
    assert kept == {"text of the file": None}, "there was no such file before"


def test_rewritten_lets_errors_out(learner, rng):
    name = f"{word(rng)}.txt"
    for kind in ERRORS:
        seen = {"came out": learner.run(rewritten_ending, name, kind)}
        assert seen == {"came out": "the error of the block"}


def test_rewritten_closes_the_file(learner, rng):
    for kind in ERRORS:
        seen = {"file.closed": learner.run(rewritten_closed, f"{word(rng)}.txt", word(rng), kind)}
        assert seen == {"file.closed": {"in the block": False, "after it": True, f"after {kind}": True}}


def test_rewritten_leaves_nothing_behind(learner, rng):
    for kind in ERRORS:
        seen = {"new files": learner.run(rewritten_leaves, f"{word(rng)}.txt", word(rng), kind)}
        assert seen == {"new files": {"after a block that ended well": [], f"after {kind}": []}}
