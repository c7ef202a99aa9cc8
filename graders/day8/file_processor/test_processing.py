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
def kind_of(file_processor, error):
    """The name of the promised class, else the built-in one, that the exception is of: learners may have own kinds."""
    import builtins

    names = ("FileProcessingError", "ValidationError", "TransformError")
    promised = {getattr(file_processor, name, None): name for name in names}
    family = type(error).__mro__
    nearest = [promised[kind] for kind in family if kind in promised]
    return (nearest + [kind.__name__ for kind in family if kind in vars(builtins).values()])[0]


@helper
def told(file_processor, error):
    """An exception as plain data."""
    cause = error.__cause__
    return {
        "raised": kind_of(file_processor, error),
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
                try:
                    record.getMessage()
                    levels.append(record.levelname)
                except Exception:
                    levels.append(f"{record.levelname}, with {record.msg!r} that does not fit its arguments")

    levels = []
    root = logging.getLogger()
    handler, before = Listening(), root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        act()
    except NotImplementedError:
        raise
    except Exception:
        pass  # what is raised is for other checks
    finally:
        root.removeHandler(handler)
        root.setLevel(before)
    return levels


@helper
def outcome_of(file_processor, act):
    try:
        return {"returned": act()}
    except NotImplementedError:
        raise
    except BaseException as error:
        return told(file_processor, error)


# --- exceptions ------------------------------------------------------------------------------------------------------


@probe
def families(file_processor):
    """FileProcessingError.__mro__, ValidationError.__mro__, TransformError.__mro__"""
    import builtins

    base, seen = file_processor.FileProcessingError, {}
    for name in ("FileProcessingError", "ValidationError", "TransformError"):
        kind = getattr(file_processor, name)
        above = [each.__name__ for each in kind.__mro__ if each in vars(builtins).values()]
        seen[name] = {"a kind of FileProcessingError": issubclass(kind, base), "built-in classes above it": above}
    return seen


def test_exceptions_are_a_family(learner: Any) -> None:
    above = ["Exception", "BaseException", "object"]
    for name, seen in learner.run(families).items():
        expected = {"a kind of FileProcessingError": True, "built-in classes above it": above}
        assert {name: seen} == {name: expected}


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
def retried(file_processor, failures, result, options, code):
    """{code:text}"""
    action, calls = failing(failures, result)
    outcome = outcome_of(file_processor, lambda: file_processor.retry(action, **options))
    return {**outcome, "calls": len(calls)}


@probe
def retry_logs(file_processor, failures, options, code):
    """{code:text}"""
    action, _ = failing(failures, None)
    return logged(lambda: file_processor.retry(action, **options))


def run_retry(learner: Any, failures: list[tuple[str, str]], result: Any, clock: Clock, **options: Any) -> Any:
    code = retry_code(failures, result, options)
    return learner.run(retried, failures, result, options, code, clock_=clock, fresh_=True)


def retry_code(failures: list[tuple[str, str]], result: Any, options: dict[str, Any]) -> str:
    """What is called, for the learner."""
    call = ", ".join(["action", *(f"{name}={value!r}" for name, value in options.items())])
    raises = ", then ".join(f"{kind}({message!r})" for kind, message in failures)
    return f"retry({call}); action {f'raises {raises}, then ' if raises else ''}returns {result!r}"


def count_of(levels: list[str], level: str) -> int:
    misfits = [each for each in levels if each.startswith(f"{level},")]
    fits = not misfits
    assert fits, f"what is logged can't be shown: {misfits[0]}"
    return levels.count(level)


def failures_of(rng: Random, count: int) -> list[tuple[str, str]]:
    kinds = ("OSError", "PermissionError", "ConnectionError", "TimeoutError")
    return [(rng.choice(kinds), word) for word in words(rng, count)]


def test_retry_gives_the_first_success(learner: Any, rng: Random) -> None:
    for count, result in ((0, rng.randrange(100)), (1, None), (2, [])):
        seen = run_retry(learner, failures_of(rng, count), result, Clock(), attempts=count + 2, delay=0.5)
        assert seen == {"returned": result, "calls": count + 1}


def test_retry_waits_longer_each_time(learner: Any, rng: Random) -> None:
    delay = rng.randint(1, 9) / 4
    for count, options in ((3, {"attempts": 4, "delay": delay}), (3, {"attempts": 3, "delay": delay}), (3, {})):
        clock = Clock()
        run_retry(learner, failures_of(rng, count), None, clock, **options)
        first, waits = options.get("delay", 0.1), min(count, options.get("attempts", 3) - 1)
        expected = [round(first * 2**number, 6) for number in range(waits)]
        assert {"waits": [round(seconds, 6) for seconds in clock.sleeps]} == {"waits": expected}


def test_retry_gives_up(learner: Any, rng: Random) -> None:
    for attempts in (rng.randint(2, 5), 1):
        failures = failures_of(rng, attempts + 1)
        seen = run_retry(learner, failures, None, Clock(), attempts=attempts, delay=1)
        kind, message = failures[attempts - 1]
        seen.pop("message", None)
        assert seen == {"raised": "FileProcessingError", "cause": f"{kind}: {message}", "calls": attempts}
    for attempts in (0, -rng.randint(1, 5)):
        seen = run_retry(learner, [], None, Clock(), attempts=attempts)
        assert (seen.get("raised"), seen["calls"]) == ("ValueError", 0)


def test_retry_is_for_oserrors(learner: Any, rng: Random) -> None:
    for kind in ("ValueError", "KeyboardInterrupt"):
        message = words(rng, 1)[0]
        failures = [*failures_of(rng, 1), (kind, message)]
        seen = run_retry(learner, failures, None, Clock(), attempts=4)
        assert seen == {"raised": kind, "message": message, "cause": None, "calls": 2}


def test_retry_warns(learner: Any, rng: Random) -> None:
    for count, attempts in ((2, 4), (3, 3), (0, 2)):
        failures, options = failures_of(rng, count), {"attempts": attempts, "delay": 0.5}
        code = retry_code(failures, None, options)
        levels = learner.run(retry_logs, failures, options, code, clock_=Clock(), fresh_=True)
        assert {"warnings": count_of(levels, "WARNING")} == {"warnings": count}


# --- step ------------------------------------------------------------------------------------------------------------


@probe
def stepped(file_processor, name, error, message):
    """with step({name}): raise {error:text}({message})"""
    import builtins

    kind = getattr(builtins, error, None) or getattr(file_processor, error)

    def act():
        with file_processor.step(name):
            raise kind(message)

    return outcome_of(file_processor, act)


@probe
def step_logs(file_processor, name, error, block):
    """with step({name}): {block:text}"""
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
        levels = learner.run(step_logs, words(rng, 1)[0], error, f'raise {error}("on purpose")' if error else "pass")
        assert {"errors": count_of(levels, "ERROR")} == {"errors": count}


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

    outcome = outcome_of(file_processor, lambda: file_processor.process(str(source), str(target), validate, transform))
    return {**outcome, "target": target.read_bytes().decode(errors="replace") if target.exists() else None}


@probe
def processed(file_processor, text, old, bad, trouble, situation):
    """process(source, target, validate, transform), where {situation:text}"""
    return processing(file_processor, text, old, bad, trouble)


@probe
def process_logs(file_processor, text, bad, trouble, situation):
    """process(source, target, validate, transform), where {situation:text}"""
    return logged(lambda: processing(file_processor, text, "old", bad, trouble))


@probe
def handlers_and_levels(file_processor, text, bad, trouble, situation):
    """process(source, target, validate, transform), where {situation:text}"""
    import logging

    processing(file_processor, text, "old", bad, trouble)
    seen = {}
    for name, logger in (("root", logging.getLogger()), ("file_processor", logging.getLogger("file_processor"))):
        handlers = [type(each).__name__ for each in logger.handlers if not isinstance(each, logging.NullHandler)]
        seen |= {f"handlers of {name}": handlers, f"level of {name}": logging.getLevelName(logger.level)}
    return seen


def situation_of(text: str | bytes | None, bad: str, trouble: str) -> str:
    """What is there, for the learner."""
    holds = "there is no source" if text is None else f"source holds {text!r}"
    return f"{holds}, and for {bad!r} {trouble}" if trouble else holds


def run_process(learner: Any, made: Any, text: str | bytes | None, *old: str, bad: str = "", trouble: str = "") -> Any:
    return learner.run(made, text, *old, bad, trouble, situation_of(text, bad, trouble), clock_=Clock())


def lines_of(rng: Random) -> tuple[list[str], int]:
    """Some lines, and the place of one of them, neither the first nor the last."""
    lines = [f"{word} ä {rng.randrange(100)}" for word in words(rng, rng.randint(4, 9))]
    return lines, rng.randrange(1, len(lines) - 1)


def expect_trouble(learner: Any, rng: Random, trouble: str, kind: str, cause: str | None) -> None:
    lines, at = lines_of(rng)
    old = words(rng, 1)[0]
    seen = run_process(learner, processed, "\n".join(lines), old, bad=lines[at], trouble=trouble)
    said = seen.pop("message", "")
    assert seen == {"raised": kind, "cause": cause and cause.format(lines[at]), "target": old}
    numbered = f"line {at + 1}" in said
    assert numbered, f"the message does not say `line {at + 1}`: {said!r}"


def test_process_transforms_each_line(learner: Any, rng: Random) -> None:
    lines, _ = lines_of(rng)
    lines.insert(2, "")
    expected = "".join(f"<{line[::-1]}>\n" for line in lines)
    for text in ("\n".join(lines), "\n".join(lines) + "\n"):
        seen = run_process(learner, processed, text, "old")
        assert seen == {"returned": len(lines), "target": expected}
    assert run_process(learner, processed, "", "old") == {"returned": 0, "target": ""}


def test_invalid_lines_are_told(learner: Any, rng: Random) -> None:
    expect_trouble(learner, rng, "validate says no", "ValidationError", None)


def test_failed_transforms_are_told(learner: Any, rng: Random) -> None:
    expect_trouble(learner, rng, "transform raises", "TransformError", "KeyError: '{}'")
    expect_trouble(learner, rng, "validate raises", "TransformError", "ZeroDivisionError: {}")


def sources_in_trouble(word: str) -> tuple[tuple[bytes | None, str], ...]:
    """Sources that can't be read, and what the cause is."""
    return (None, "FileNotFoundError"), (f"{word}\n\xe4\n".encode("latin-1"), "UnicodeDecodeError")


def test_unreadable_sources_are_told(learner: Any, rng: Random) -> None:
    old, word = words(rng, 2)
    for source, cause in sources_in_trouble(word):
        seen = run_process(learner, processed, source, old)
        seen.pop("message", None)
        seen["cause"] = str(seen.get("cause")).split(":")[0]
        assert seen == {"raised": "FileProcessingError", "cause": cause, "target": old}


def test_process_logs_how_it_went(learner: Any, rng: Random) -> None:
    lines, at = lines_of(rng)
    text = "\n".join(lines)
    failing_ones = [(text, lines[at], trouble) for trouble in ("validate says no", "transform raises")]
    failing_ones += [(source, "", "") for source, _ in sources_in_trouble(lines[at])]
    for source, bad, trouble in failing_ones:
        levels = run_process(learner, process_logs, source, bad=bad, trouble=trouble)
        assert {"an error is logged": "ERROR" in levels} == {"an error is logged": True}
    levels = run_process(learner, process_logs, text)
    told_well = {"an error is logged": "ERROR" in levels, "info is logged": "INFO" in levels}
    assert told_well == {"an error is logged": False, "info is logged": True}


def test_handlers_and_levels_are_left_alone(learner: Any, rng: Random) -> None:
    lines, at = lines_of(rng)
    text = "\n".join(lines)
    expected = {"handlers of root": [], "level of root": "WARNING"}
    expected |= {"handlers of file_processor": [], "level of file_processor": "NOTSET"}
    for trouble in ("", "transform raises"):
        assert run_process(learner, handlers_and_levels, text, bad=lines[at], trouble=trouble) == expected
