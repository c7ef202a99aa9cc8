"""Judges day8/file_processor: the exceptions, `retry`, `step` and `process`, and what they log."""

from random import Random
from typing import Any

from grader import Clock, helper, probe


def words(rng: Random, count: int) -> list[str]:
    chosen: set[str] = set()
    while len(chosen) < count:
        chosen.add("".join(rng.choices("abcdefghijklmnopqrstuvwxyz", k=7)))
    return sorted(chosen, key=lambda _: rng.random())


@helper
def told(error):
    """An exception as plain data."""
    cause = error.__cause__
    return {
        "raised": type(error).__name__,
        "message": str(error),
        "cause": None if cause is None else f"{type(cause).__name__}: {cause}",
    }


@helper
def logged(act):
    """Calls the function; gives the levels of what is logged meanwhile under the name of the module."""
    import logging

    class Listening(logging.Handler):
        def emit(self, record):
            if record.name == "file_processor":
                record.getMessage()  # raises when the message and its arguments don't go together
                levels.append(record.levelname)

    levels = []
    root = logging.getLogger()
    handler, before = Listening(), root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        act()
    except Exception:
        pass  # what is raised is for other checks
    finally:
        root.removeHandler(handler)
        root.setLevel(before)
    return levels


@helper
def outcome_of(act):
    try:
        return {"returned": act()}
    except BaseException as error:
        return told(error)


# --- exceptions ------------------------------------------------------------------------------------------------------


@probe
def families(file_processor):
    """the classes above each of the three exceptions"""
    names = ("FileProcessingError", "ValidationError", "TransformError")
    return {name: [each.__name__ for each in getattr(file_processor, name).__mro__] for name in names}


def test_exceptions_are_a_family(learner: Any) -> None:
    above = ["Exception", "BaseException", "object"]
    base = ["FileProcessingError", *above]
    expected = {"FileProcessingError": base, **{name: [name, *base] for name in ("ValidationError", "TransformError")}}
    assert learner.run(families) == expected


# --- retry -----------------------------------------------------------------------------------------------------------


@helper
def failing(failures, result):
    """An action that raises these, one after the other, and then returns the result; with a list of its calls."""
    import builtins

    calls = []

    def action():
        calls.append(None)
        if len(calls) <= len(failures):
            kind, message = failures[len(calls) - 1]
            raise getattr(builtins, kind)(message)
        return result

    return action, calls


@probe
def retried(file_processor, failures, result, options):
    """retry(action, **{options}), where action raises {failures} one after the other, and then returns {result}"""
    action, calls = failing(failures, result)
    outcome = outcome_of(lambda: file_processor.retry(action, **options))
    return {**outcome, "calls": len(calls)}


@probe
def retry_logs(file_processor, failures, attempts):
    """retry(action, attempts={attempts}), where action raises {failures} one after the other: what is logged"""
    action, _ = failing(failures, None)
    return logged(lambda: file_processor.retry(action, attempts=attempts, delay=0.001))


def failures_of(rng: Random, count: int) -> list[tuple[str, str]]:
    kinds = ("OSError", "PermissionError", "ConnectionError", "TimeoutError")
    return [(rng.choice(kinds), word) for word in words(rng, count)]


def test_retry_gives_the_first_success(learner: Any, rng: Random) -> None:
    for count, result in ((0, rng.randrange(100)), (1, None), (2, [])):
        options = {"attempts": count + 2, "delay": 0.5}
        seen = learner.run(retried, failures_of(rng, count), result, options, clock_=Clock(), fresh_=True)
        assert seen == {"returned": result, "calls": count + 1}


def test_retry_waits_longer_each_time(learner: Any, rng: Random) -> None:
    delay = rng.randint(1, 9) / 4
    for count, options in ((3, {"attempts": 4, "delay": delay}), (3, {"attempts": 3, "delay": delay}), (3, {})):
        clock = Clock()
        learner.run(retried, failures_of(rng, count), None, options, clock_=clock, fresh_=True)
        first, waits = options.get("delay", 0.1), min(count, options.get("attempts", 3) - 1)
        expected = [round(first * 2**number, 6) for number in range(waits)]
        assert {"waits": [round(seconds, 6) for seconds in clock.sleeps]} == {"waits": expected}


def test_retry_gives_up(learner: Any, rng: Random) -> None:
    for attempts in (rng.randint(2, 5), 1):
        failures = failures_of(rng, attempts + 1)
        seen = learner.run(retried, failures, None, {"attempts": attempts, "delay": 1}, clock_=Clock(), fresh_=True)
        kind, message = failures[attempts - 1]
        seen.pop("message", None)
        assert seen == {"raised": "FileProcessingError", "cause": f"{kind}: {message}", "calls": attempts}
    for attempts in (0, -rng.randint(1, 5)):
        seen = learner.run(retried, [], None, {"attempts": attempts}, clock_=Clock(), fresh_=True)
        assert (seen.get("raised"), seen["calls"]) == ("ValueError", 0)


def test_retry_is_for_oserrors(learner: Any, rng: Random) -> None:
    for kind in ("ValueError", "KeyboardInterrupt"):
        message = words(rng, 1)[0]
        failures = [*failures_of(rng, 1), (kind, message)]
        seen = learner.run(retried, failures, None, {"attempts": 4}, clock_=Clock(), fresh_=True)
        assert seen == {"raised": kind, "message": message, "cause": None, "calls": 2}


def test_retry_warns(learner: Any, rng: Random) -> None:
    for count, attempts in ((2, 4), (3, 3), (0, 2)):
        levels = learner.run(retry_logs, failures_of(rng, count), attempts, clock_=Clock(), fresh_=True)
        assert {"warnings": levels.count("WARNING")} == {"warnings": count}


# --- step ------------------------------------------------------------------------------------------------------------


@probe
def stepped(file_processor, name, error, message):
    """with step({name}): raise {error}({message})"""
    import builtins

    kind = getattr(file_processor, error, None) or getattr(builtins, error)

    def act():
        with file_processor.step(name):
            raise kind(message)

    return outcome_of(act)


@probe
def step_logs(file_processor, name, error):
    """with step({name}): raise {error}, where None stands for no error: what is logged"""
    import builtins

    def act():
        with file_processor.step(name):
            if error:
                raise getattr(builtins, error)("on purpose")

    return logged(act)


@probe
def kind_of_step(file_processor):
    """step("a name")"""
    import contextlib

    return {"made by contextmanager": isinstance(file_processor.step("a name"), contextlib._GeneratorContextManager)}


def test_step_names_what_was_done(learner: Any, rng: Random) -> None:
    for error in ("ValueError", "ZeroDivisionError", "FileNotFoundError"):
        name, message = words(rng, 2)
        seen = learner.run(stepped, name, error, message)
        said = seen.pop("message", "")
        assert seen == {"raised": "FileProcessingError", "cause": f"{error}: {message}"}
        assert name in said, f"the message has no name of the step in it: {said!r}"
        assert message in said, f"the message has not the message of the original in it: {said!r}"


def test_step_lets_ours_through(learner: Any, rng: Random) -> None:
    for error in ("ValidationError", "FileProcessingError", "KeyboardInterrupt"):
        name, message = words(rng, 2)
        assert learner.run(stepped, name, error, message) == {"raised": error, "message": message, "cause": None}


def test_step_logs_an_error(learner: Any, rng: Random) -> None:
    for error, count in (("ValueError", 1), (None, 0)):
        levels = learner.run(step_logs, words(rng, 1)[0], error)
        assert {"errors": levels.count("ERROR")} == {"errors": count}


def test_step_is_made_by_contextmanager(learner: Any) -> None:
    assert learner.run(kind_of_step) == {"made by contextmanager": True}


# --- process ---------------------------------------------------------------------------------------------------------


@helper
def processing(file_processor, text, old, bad, trouble):
    """What `process` does with a text, or bytes, and what is then at the target. `bad` in a line is trouble."""
    import tempfile
    from pathlib import Path

    folder = Path(tempfile.mkdtemp(dir="."))
    source, target = folder / "source.txt", folder / "target.txt"
    target.write_bytes(old.encode())
    if text is not None:
        source.write_bytes(text if isinstance(text, bytes) else text.encode())

    def validate(line):
        if bad in line and trouble == "validate raises":
            raise ZeroDivisionError(line)
        return not (bad in line and trouble == "validate says no")

    def transform(line):
        if bad in line and trouble == "transform raises":
            raise KeyError(line)
        return f"<{line[::-1]}>"

    outcome = outcome_of(lambda: file_processor.process(str(source), str(target), validate, transform))
    return {**outcome, "target": target.read_bytes().decode() if target.exists() else None}


@probe
def processed(file_processor, text, old, bad, trouble):
    """process(source, target, validate, transform), where source holds {text}, and for lines with {bad}: {trouble}"""
    return processing(file_processor, text, old, bad, trouble)


@probe
def process_logs(file_processor, text, bad, trouble):
    """process(source, target, validate, transform), where source holds {text}, and for lines with {bad}: {trouble}"""
    return logged(lambda: processing(file_processor, text, "old", bad, trouble))


def lines_of(rng: Random) -> tuple[list[str], int]:
    """Some lines, and the place of one of them, neither the first nor the last."""
    lines = [f"{word} ä {rng.randrange(100)}" for word in words(rng, rng.randint(4, 9))]
    return lines, rng.randrange(1, len(lines) - 1)


def expect_trouble(learner: Any, rng: Random, trouble: str, kind: str, cause: str | None) -> None:
    lines, at = lines_of(rng)
    old = words(rng, 1)[0]
    seen = learner.run(processed, "\n".join(lines), old, lines[at], trouble)
    said = seen.pop("message", "")
    assert seen == {"raised": kind, "cause": cause and cause.format(lines[at]), "target": old}
    numbered = f"line {at + 1}" in said
    assert numbered, f"the message does not say `line {at + 1}`: {said!r}"


def test_process_transforms_each_line(learner: Any, rng: Random) -> None:
    lines, _ = lines_of(rng)
    lines.insert(2, "")
    expected = "".join(f"<{line[::-1]}>\n" for line in lines)
    for text in ("\n".join(lines), "\n".join(lines) + "\n"):
        seen = learner.run(processed, text, "old", "nothing", "none")
        assert seen == {"returned": len(lines), "target": expected}
    assert learner.run(processed, "", "old", "nothing", "none") == {"returned": 0, "target": ""}


def test_invalid_lines_are_told(learner: Any, rng: Random) -> None:
    expect_trouble(learner, rng, "validate says no", "ValidationError", None)


def test_failed_transforms_are_told(learner: Any, rng: Random) -> None:
    expect_trouble(learner, rng, "transform raises", "TransformError", "KeyError: '{}'")
    expect_trouble(learner, rng, "validate raises", "TransformError", "ZeroDivisionError: {}")


def test_unreadable_sources_are_told(learner: Any, rng: Random) -> None:
    old, word = words(rng, 2)
    for source, trouble, cause in (
        (None, "there is no source", "FileNotFoundError"),
        (f"{word}\n\xe4\n".encode("latin-1"), "source is not UTF-8", "UnicodeDecodeError"),
    ):
        seen = learner.run(processed, source, old, "nothing", trouble, clock_=Clock())
        seen.pop("message", None)
        seen["cause"] = str(seen.get("cause")).split(":")[0]
        assert seen == {"raised": "FileProcessingError", "cause": cause, "target": old}


def test_process_logs_how_it_went(learner: Any, rng: Random) -> None:
    lines, at = lines_of(rng)
    text = "\n".join(lines)
    for trouble in ("validate says no", "transform raises"):
        levels = learner.run(process_logs, text, lines[at], trouble)
        assert {"an error is logged": "ERROR" in levels} == {"an error is logged": True}
    levels = learner.run(process_logs, text, "nothing", "none")
    told_well = {"an error is logged": "ERROR" in levels, "info is logged": "INFO" in levels}
    assert told_well == {"an error is logged": False, "info is logged": True}
