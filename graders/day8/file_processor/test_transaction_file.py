"""Judges day8/file_processor: what a TransactionFile leaves on disk, also when its process is killed."""

from random import Random
from typing import Any

from grader import helper, probe

# Places where a process is killed, at most: the last lines that it runs, where the commit is, and some of those before.
LAST, EARLIER = 25, 8


def text_of(rng: Random, length: int) -> str:
    return "".join(rng.choices("abcdefghij klmnop\nqrstuvwxyz äöü☃", k=length))


def name_of(rng: Random) -> str:
    return "".join(rng.choices("abcdefghijklmnopqrstuvwxyz", k=6)) + ".txt"


@helper
def given(name, old):
    """The path of the file, in a folder of its own; with this old content, if any."""
    import tempfile
    from pathlib import Path

    path = Path(tempfile.mkdtemp(dir=".")) / name
    if old is not None:
        path.write_bytes(old.encode())
    return path


@helper
def on_disk(path):
    """What is at the path: its text, or None."""
    return path.read_bytes().decode() if path.exists() else None


@probe
def commit(file_processor, name, old, texts, as_string):
    """with TransactionFile({name}) as file: file.write(text) for text in {texts}"""
    path = given(name, old)
    with file_processor.TransactionFile(str(path) if as_string else path) as file:
        for text in texts:
            file.write(text)
    return on_disk(path)


@probe
def before_the_end(file_processor, name, old, texts):
    """with TransactionFile({name}) as file: file.write(text) for long texts, and a look at the file before the end"""
    path = given(name, old)
    with file_processor.TransactionFile(path) as file:
        seen = [on_disk(path)]
        for text in texts:
            file.write(text)
            seen.append(on_disk(path))
    return seen


@probe
def rollback(file_processor, name, old, texts, error):
    """with TransactionFile({name}) as file: file.write(...); raise {error:text}("on purpose")"""
    import builtins

    path = given(name, old)
    raised = getattr(builtins, error)("on purpose")
    try:
        with file_processor.TransactionFile(path) as file:
            for text in texts:
                file.write(text)
            raise raised
    except NotImplementedError:
        raise
    except BaseException as caught:
        same = caught is raised
    else:
        same = False
    return {"the exception came out": same, "the file": on_disk(path)}


@probe
def left_behind(file_processor, name, old, text):
    """what is in the folder after a commit, and after a rollback"""
    seen = []
    for fails in (False, True):
        path = given(name, old)
        try:
            with file_processor.TransactionFile(path) as file:
                file.write(text)
                if fails:
                    raise KeyError("on purpose")
        except KeyError:
            pass
        seen.append(sorted(each.name for each in path.parent.iterdir()))
    return seen


@probe
def left_behind_by_failure(file_processor, name, text):
    """what is in the folder when there is a folder at the path, so that nothing can be written"""
    path = given(name, None)
    (path / "inside").mkdir(parents=True)
    try:
        with file_processor.TransactionFile(path) as file:
            file.write(text)
    except (OSError, file_processor.FileProcessingError):
        pass  # which of them is for another check
    return sorted(each.name for each in path.parent.iterdir())


@probe
def killed(file_processor, name, old, texts, last, places):
    """with TransactionFile({name}) as file: file.write(text) for some texts, and the process is killed meanwhile"""
    import os
    import signal
    import sys

    path = given(name, None)

    def transaction(kill_at):
        """Runs it in a process of its own, killed before it runs so many lines of Python.

        Gives the number of lines; for a process that was killed, which of the learner's lines it was in.
        """
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            lines = 0

            def count(frame, event, _):
                nonlocal lines
                lines += event == "line"
                if lines == kill_at:
                    while frame.f_back is not None and frame.f_code.co_filename != file_processor.__file__:
                        frame = frame.f_back
                    os.write(writing, str(frame.f_lineno).encode())
                    os.kill(os.getpid(), signal.SIGKILL)
                return count

            try:
                sys.settrace(count)
                with file_processor.TransactionFile(path) as file:
                    for text in texts:
                        file.write(text)
                sys.settrace(None)
                os.write(writing, str(lines).encode())
            finally:
                os._exit(0)
        os.close(writing)
        os.waitpid(child, 0)
        with os.fdopen(reading) as told:
            return int(told.read() or 0)

    new = "".join(texts)
    with file_processor.TransactionFile(given(name, old)) as file:  # what is raised without any kill is told as such
        for text in texts:
            file.write(text)
    total = transaction(-1)
    if on_disk(path) != new:
        return {"without a kill": "something else than the new file without any kill"}
    first = max(total - last, 0)
    chosen = {round(first * place) for place in places} | set(range(first, total))
    seen = {}
    for kill_at in sorted(chosen - {0}):
        path.write_bytes(old.encode())
        line = transaction(kill_at)
        left = on_disk(path)
        if left not in (old, new):
            what = "no file" if left is None else f"a file with {len(left)} characters"
            seen["after a kill"] = f"{what} after a kill in your line {line}"
            break
    transaction(-1)
    seen["after the next transaction"] = "the new file" if on_disk(path) == new else "something else"
    return seen


@probe
def bad_place(file_processor, name, what):
    """with TransactionFile({name}) as file: file.write("text"), where {what:text}"""
    path = given("folder", None)
    if "no such folder" not in what:
        (path / name).mkdir(parents=True)
    try:
        with file_processor.TransactionFile(path / name) as file:
            file.write("text")
    except NotImplementedError:
        raise
    except Exception as error:
        kind = "FileProcessingError" if isinstance(error, file_processor.FileProcessingError) else type(error).__name__
        return {"raised": kind, "message": str(error), "an OSError is the cause": isinstance(error.__cause__, OSError)}
    return {"raised": "nothing"}


@probe
def late(file_processor, name, block):
    """with TransactionFile({name}) as file: {block:text}; and after the block file.write("more")"""
    try:
        with file_processor.TransactionFile(given(name, None)) as file:
            file.write("text")
            if "raise" in block:
                raise KeyError("on purpose")
    except KeyError:
        pass
    try:
        file.write("more")
    except NotImplementedError:
        raise
    except Exception as error:
        return "ValueError" if isinstance(error, ValueError) else type(error).__name__
    return "nothing"


def test_a_transaction_commits(learner: Any, rng: Random) -> None:
    old = text_of(rng, 500)
    for before, texts in (
        (None, ["tea 120\n", "jam\r\n", "\r ä☃"]),
        (old, [text_of(rng, 20), text_of(rng, 30)]),
        (old, []),
    ):
        seen = learner.run(commit, name_of(rng), before, texts, before is None)
        assert {"the file": seen} == {"the file": "".join(texts)}


def test_nothing_is_seen_before_the_commit(learner: Any, rng: Random) -> None:
    texts = [text_of(rng, 20_000) for _ in range(2)]
    for old in (text_of(rng, 50), None):
        seen = learner.run(before_the_end, name_of(rng), old, texts)
        for at, text in enumerate(seen):
            unchanged = text == old
            now = "there is no file" if text is None else f"the file has {len(text)} characters"
            before = "there was none" if old is None else f"it had {len(old)}"
            assert unchanged, f"within the block, after {at} writes, {now}; before the block, {before}"


def test_an_exception_rolls_back(learner: Any, rng: Random) -> None:
    texts = [text_of(rng, 20_000), text_of(rng, 30)]
    for error in ("ValueError", "KeyboardInterrupt"):
        for old in (text_of(rng, 50), None):
            seen = learner.run(rollback, name_of(rng), old, texts, error)
            assert seen == {"the exception came out": True, "the file": old}


def test_nothing_is_left_behind(learner: Any, rng: Random) -> None:
    name = name_of(rng)
    after_commit, after_rollback = learner.run(left_behind, name, text_of(rng, 20), text_of(rng, 20_000))
    assert {"after a commit": after_commit} == {"after a commit": [name]}
    assert {"after a rollback": after_rollback} == {"after a rollback": [name]}
    after_failure = learner.run(left_behind_by_failure, name, text_of(rng, 20))
    assert {"after a failure": after_failure} == {"after a failure": [name]}


def test_a_kill_leaves_the_old_or_the_new(learner: Any, rng: Random) -> None:
    # A short text stays in the buffer of a file until that is closed, a long one does not.
    for length in (20_000, 40):
        old, texts = text_of(rng, 50), [text_of(rng, length) for _ in range(2)]
        places = [rng.random() for _ in range(EARLIER)]
        seen = learner.run(killed, name_of(rng), old, texts, LAST, places)
        wrong = seen.get("after a kill") or seen.get("without a kill")
        sizes = f"the old file has {len(old)} characters, the new one {sum(map(len, texts))}"
        assert not wrong, f"at the path there was {wrong}; {sizes}"
        assert seen == {"after the next transaction": "the new file"}


def test_what_cannot_be_written_is_told(learner: Any, rng: Random) -> None:
    for what in ("there is no such folder", "there is a folder at that path"):
        name = name_of(rng)
        seen = learner.run(bad_place, name, what)
        told = seen["raised"] == "FileProcessingError"
        assert told, f"expected a FileProcessingError, but {seen['raised']} was raised"
        assert name in seen["message"], f"the message does not contain the path: {seen['message']!r}"
        chained = seen["an OSError is the cause"]
        assert chained, "the exception has no OSError as its cause: it should be raised `from` that"


def test_writing_after_the_end_is_refused(learner: Any, rng: Random) -> None:
    for block in ('file.write("text")', 'file.write("text"); raise KeyError("on purpose")'):
        raised = learner.run(late, name_of(rng), block)
        refused = raised == "ValueError"
        assert refused, f"expected a ValueError, but {raised} was raised"
