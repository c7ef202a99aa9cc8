"""Judges internals/ast_count: what is counted in sources of which the numbers are known, and how the program ends."""

import re
from collections import Counter
from random import Random
from textwrap import indent
from typing import Any

from grader import Learner, Opaque, Program, Raised, once, probe

KEYS = ("defs", "async_defs", "lambdas", "top_level", "methods", "nested")

# Sources, each with the numbers that the check is about. `one`, `two`, `three`, `Kind` and `Other` get random names.
DEFS = [
    ("def one(two, *three): pass", {"defs": 1, "async_defs": 0}),
    ("async def one(): pass", {"defs": 0, "async_defs": 1}),
    ("async  def one():\n    def two(): yield\n    async def three(): yield", {"defs": 1, "async_defs": 2}),
    ("class Kind:\n    async def one(self): pass\n    def two(self): pass", {"defs": 1, "async_defs": 1}),
    ("if one:\n    def two(): pass\nelse:\n    def two(): pass", {"defs": 2, "async_defs": 0}),
    ("try:\n    def one(): pass\nexcept OSError:\n    async def one(): pass", {"defs": 1, "async_defs": 1}),
    ("for one in ():\n    def two(): pass\nelse:\n    def three(): pass", {"defs": 2, "async_defs": 0}),
    ("match one:\n    case 1:\n        def two(): pass\n    case _:\n        pass", {"defs": 1, "async_defs": 0}),
    ("def one():\n    return\n    def two(): pass", {"defs": 2, "async_defs": 0}),
    ("while False:\n    async def one(): pass", {"defs": 0, "async_defs": 1}),
    ("@two\n@three\ndef \\\n        one(): pass", {"defs": 1, "async_defs": 0}),
]
LAMBDAS = [
    ("one = lambda: 0", 1),
    ("one = lambda two: lambda three: lambda: two", 3),
    ("def one(two=lambda: 0, *, three=lambda: 1): pass", 2),
    ("@two(key=lambda three: three)\ndef one(): pass", 1),
    ("@two(lambda: 0)\nclass Kind(Other, one=lambda: 1):\n    three = lambda self: 2", 3),
    ("one = [lambda: two for two in three if (lambda: two)()]", 2),
    ("one = f'{(lambda two: two)(3)!r:>{(lambda: 5)()}}'", 2),
    ("def one():\n    return {'two': lambda: 0, 'three': lambda: 1}", 2),
    ("async def one():\n    await two(lambda: 0)\n    return sorted(three, key=lambda two: -two)", 2),
    ("one: (lambda: 0) = 1\ndef two(three: (lambda: 2)) -> (lambda: 3): pass", 3),
    ("one = lambda two=(lambda: 0): two", 2),
    ("class Kind:\n    def one(self):\n        assert two, (lambda: 0)()", 1),
]
TOP_LEVEL = [
    ("def one(): pass\nasync def two(): pass", 2),
    ("one = lambda: 0\ndef two(three=lambda: 1): pass", 1),
    ("if one:\n    def two(): pass\nelif two:\n    async def three(): pass", 2),
    ("try:\n    def one(): pass\nexcept OSError:\n    def one(): pass\nfinally:\n    def two(): pass", 3),
    ("with one:\n    for two in ():\n        while two:\n            def three(): pass", 1),
    ("match one:\n    case 1:\n        def two(): pass", 1),
    ("class Kind:\n    def one(self): pass\ndef two(): pass", 1),
    ("def one():\n    def two(): pass\n    class Kind:\n        def three(self): pass", 1),
    ("class Kind:\n    class Other:\n        one = 1\n    if one:\n        def two(self): pass", 0),
]
METHODS = [
    ("class Kind:\n    def one(self): pass\n    async def two(self): pass", 2),
    ("class Kind:\n    one = lambda self: 0\n    def two(self): pass", 1),
    ("class Kind:\n    @staticmethod\n    def one(): pass\n    @classmethod\n    def two(cls): pass", 2),
    ("class Kind:\n    class Other:\n        def one(self): pass\n    def two(self): pass", 2),
    ("class Kind:\n    if one:\n        def two(this): pass\n    else:\n        def two(this): pass", 2),
    ("def one():\n    class Kind:\n        def two(self): pass\n    def three(self): pass", 1),
    ("class Kind:\n    def one(self):\n        class Other:\n            def two(self): pass", 2),
    ("class Kind:\n    def one(self):\n        def two(self): pass\n        def three(): pass", 1),
    ("class Kind:\n    one = 1\ndef two(self): pass", 0),
    ("class Kind:\n    with one:\n        try:\n            def two(): pass\n        finally:\n            pass", 1),
]
NESTED = [
    ("def one():\n    def two(): pass\n    async def three(): pass", 2),
    ("def one():\n    two = lambda: 0\n    return sorted(three, key=lambda two: two)", 0),
    ("async def one():\n    def two():\n        def three(): pass", 2),
    ("class Kind:\n    def one(self):\n        def two(self): pass\n        return two", 1),
    ("def one():\n    if two:\n        for three in two:\n            def two(): pass", 1),
    ("def one():\n    with two:\n        async def three(): pass\n    class Kind: pass\n    def two(): pass", 2),
    ("def one():\n    class Kind:\n        def two(self):\n            def three(): pass", 1),
    ("def one(): pass\ndef two(): pass", 0),
    ("def one():\n    class Kind:\n        class Other:\n            def two(self): pass", 0),
    ("async def one():\n    try:\n        pass\n    except OSError:\n        def two(): pass", 1),
]
NONE = dict.fromkeys(KEYS, 0)
TEXT = [
    ('one = "def two(): pass"', NONE),
    ('"""\ndef one():\n    def two(): pass\n"""', NONE),
    ("# def one(): lambda: 0\n#async def two(): pass", NONE),
    ("one = '''\nclass Kind:\n    async def two(self): return lambda: 0\n'''", NONE),
    ("define = one_def = lambda_ = not_a_lambda = 1\ndefine.lambdas = one_def", NONE),
    ("one = f'def {two}(): lambda: 0'", NONE),
    ("def one():\n    'def two(): lambda: 0'  # def three(): pass", {**NONE, "defs": 1, "top_level": 1}),
]


SYLLABLES = ("ba", "do", "fe", "gi", "ku", "la", "mo", "ne", "pi", "ro", "su", "te", "vo", "zu")


def words(rng: Random, count: int) -> list[str]:
    """Different names of four syllables; no keyword is among them."""
    chosen: set[str] = set()
    while len(chosen) < count:
        chosen.add("".join(rng.choices(SYLLABLES, k=4)))
    return sorted(chosen, key=lambda _: rng.random())


def disguised(template: str, rng: Random) -> str:
    """The source with random names."""
    one, two, three, kind, other = words(rng, 5)
    names = {"one": one, "two": two, "three": three, "Kind": kind.capitalize(), "Other": other.capitalize()}
    return re.sub(r"\b(one|two|three|Kind|Other)\b", lambda match: names[match[1]], template)


# --- count_functions -------------------------------------------------------------------------------------------------


@probe
def count(ast_count, source):
    """count_functions(source)"""
    counts = ast_count.count_functions(source)
    return dict(counts) if isinstance(counts, dict) else counts


@probe
def count_all(ast_count, sources):
    """count_functions(source), for each of several sources"""
    answers = [ast_count.count_functions(source) for source in sources]
    return [dict(counts) if isinstance(counts, dict) else counts for counts in answers]


@probe
def count_and_look(ast_count, source, trace):
    """count_functions(source), where the source would write a file if it were executed"""
    import os

    ast_count.count_functions(source)
    return {"the source has been executed": os.path.exists(trace)}


def counted(learner: Any, source: str) -> dict[str, Any]:
    """What `count_functions` says; fails the check when that is no dict."""
    counts = learner.run(count, source)
    is_dict = isinstance(counts, dict)
    kind = counts.type if isinstance(counts, Opaque) else type(counts).__name__
    assert is_dict, f"count_functions returned an object of type {kind}; the README asks for a dict"
    return counts


def about(key: str, table: list[tuple[str, int]]) -> list[tuple[str, dict[str, int]]]:
    return [(template, {key: number}) for template, number in table]


def expect_counts(learner: Any, rng: Random, table: list[tuple[str, dict[str, int]]]) -> None:
    """Each source of the table, and then a longer one made of many of them."""
    sources = [(disguised(template, rng), expected) for template, expected in rng.sample(table, len(table))]
    several = rng.sample(sources, rng.randint(4, 6))
    total: Counter[str] = Counter()
    for _, expected in several:
        total.update(expected)
    sources.append(("\n".join(source for source, _ in several), dict(total)))
    # All in one call, which is cheap; when something is wrong, one after the other, to tell which it is.
    answers = learner.attempt(count_all, [source for source, _ in sources])
    if isinstance(answers, Raised) or not all(map(fits, answers, [expected for _, expected in sources])):
        for source, expected in sources:
            expect_count(learner, source, expected)


def fits(counts: Any, expected: dict[str, int]) -> bool:
    return isinstance(counts, dict) and numbers(counts, expected) == expected


def numbers(counts: dict[str, Any], expected: dict[str, int]) -> dict[str, Any]:
    """Those that are asked for. A number that is 0 and not there is another check's business."""
    return {key: counts.get(key, 0) for key in expected}


def expect_count(learner: Any, source: str, expected: dict[str, int]) -> None:
    seen = numbers(counted(learner, source), expected)
    assert seen == expected, f"the numbers are not right for this source:\n{indent(source, '    ')}"


def test_defs_and_async_defs_are_counted(learner, rng):
    expect_counts(learner, rng, DEFS)


def test_lambdas_are_counted(learner, rng):
    expect_counts(learner, rng, about("lambdas", LAMBDAS))


def test_top_level_functions_are_counted(learner, rng):
    expect_counts(learner, rng, about("top_level", TOP_LEVEL))


def test_methods_are_counted(learner, rng):
    expect_counts(learner, rng, about("methods", METHODS))


def test_nested_functions_are_counted(learner, rng):
    expect_counts(learner, rng, about("nested", NESTED))


def test_text_is_not_code(learner, rng):
    expect_counts(learner, rng, TEXT)


def test_all_six_numbers_are_there(learner, rng):
    for source in ("", f"{words(rng, 1)[0]} = {rng.randrange(100)}\n"):
        assert counted(learner, source) == NONE, f"there is nothing to count in the source {source!r}"


def test_bad_source_is_a_syntax_error(learner, rng):
    one, two = words(rng, 2)
    for source in (f"def {one}(:\n    pass", f"{one} = = {two}", f"def {one}():\npass", f"class {one}:\n  {two} {one}"):
        answer = learner.attempt(count, source)
        refused = isinstance(answer, Raised) and answer.is_a("SyntaxError")
        happened = f"{answer.type} was raised" if isinstance(answer, Raised) else f"it returned {answer!r}"
        assert refused, f"expected a SyntaxError, but {happened}, for the source\n{indent(source, '    ')}"


def test_the_source_is_never_executed(learner, rng):
    one, trace = words(rng, 2)
    source = f"open({trace!r}, 'w').close()\ndef {one}(): pass\n"
    assert learner.run(count_and_look, source, trace) == {"the source has been executed": False}


# --- the command line ------------------------------------------------------------------------------------------------


def plain_source(rng: Random) -> str:
    """A module with some of everything, nothing of it in an unusual place."""
    names = iter(words(rng, 24))
    parts = [f"def {next(names)}(): pass" for _ in range(rng.randint(1, 4))]
    parts += [f"async def {next(names)}(): pass" for _ in range(rng.randint(1, 4))]
    parts += [f"{next(names)} = lambda: 0" for _ in range(rng.randint(1, 4))]
    methods = "".join(f"    def {next(names)}(self): pass\n" for _ in range(rng.randint(1, 4)))
    nested = "".join(f"    def {next(names)}(): pass\n" for _ in range(rng.randint(1, 4)))
    parts += [f"class {next(names)}:\n{methods}", f"def {next(names)}():\n{nested}"]
    rng.shuffle(parts)
    return "\n".join(parts) + "\n"


def file_name(rng: Random) -> str:
    return rng.choice(["{}.py", "{}.txt", "{} and more.py", "{}", "{}-1.2.py"]).format(words(rng, 1)[0])


@once
def ordinary_run(learner: Learner, rng: Random) -> dict[str, Any]:
    """The program, called with an ordinary file that leaves a trace when it is executed: a process for two checks."""
    trace, name = words(rng, 2)
    source = f"open({trace!r}, 'w').close()\n{plain_source(rng)}"
    program = learner.script([f"{name}.py"], files_={f"{name}.py": source}, collect=[trace])
    return {"source": source, "program": program, "was executed": trace in program.files}


def expect_report(learner: Any, program: Program, source: str, which: str) -> None:
    """The program has printed what `count_functions` says about the source."""
    counts = counted(learner, source)
    expected = "".join(f"{key}: {counts.get(key)}\n" for key in KEYS)
    said = program.stderr.strip().splitlines()[-1:] or ["nothing"]
    ended = {"exit code": program.exit_code}
    assert ended == {"exit code": 0}, f"the file is {which}; the last line on standard error was: {said[0]}"
    assert program.stdout == expected, f"the file is {which}"
    assert {"on standard error": program.stderr} == {"on standard error": ""}


def refusal(learner: Any, argv: list[str], files: dict[str, str | bytes]) -> str:
    """What the program says on standard error, when it ends as it should: with code 2 and without any other output."""
    program = learner.script(argv, files_=files)
    last = program.stderr.strip().splitlines()[-1:] or ["nothing"]
    seen = {"exit code": program.exit_code, "standard output": program.stdout}
    assert seen == {"exit code": 2, "standard output": ""}, f"the last line on standard error was: {last[0]}"
    traceback = "Traceback (most recent call last)" in program.stderr
    assert not traceback, f"a traceback is not what the user of a program wants to read: {last[0]}"
    return program.stderr


def expect_line(said: str, start: str) -> None:
    """One line that begins like this and goes on."""
    lines = [line for line in said.splitlines() if line.strip()]
    assert len(lines) == 1, f"standard error should have one line, but has {len(lines)}: {said.strip()!r}"
    begins, goes_on = lines[0].startswith(start), len(lines[0].rstrip()) > len(start)
    assert begins, f"the line should begin with {start!r}, but it is {lines[0]!r}"
    assert goes_on, f"the line should also say what is wrong, but it is only {lines[0]!r}"


def test_the_program_prints_the_numbers(learner):
    run = ordinary_run(learner)
    expect_report(learner, run["program"], run["source"], "an ordinary one")


def test_the_file_is_never_imported(learner):
    run = ordinary_run(learner)
    program = run["program"]
    done = {"exit code": program.exit_code, "lines printed": len(program.lines)}
    assert {"the file has been executed": run["was executed"]} == {"the file has been executed": False}
    assert done == {"exit code": 0, "lines printed": len(KEYS)}


def test_files_are_read_as_python_reads_them(learner, rng):
    name = file_name(rng)
    one, two = words(rng, 2)
    source = f"def {one}ä(): return 'ß{two}'\n{plain_source(rng)}"
    bom, coding = b"\xef\xbb\xbf", b"# -*- coding: latin-1 -*-\n"
    for content, which in (
        (bom + source.encode(), "in UTF-8 and begins with a byte order mark"),
        (coding + source.encode("latin-1"), "in Latin-1 and says so in its first line"),
    ):
        expect_report(learner, learner.script([name], files_={name: content}), source, which)
    said = refusal(learner, [name], {name: source.encode("latin-1")})
    expect_line(said, f"{name}:")


def test_bad_syntax_is_told(learner, rng):
    name = file_name(rng)
    one, two = words(rng, 2)
    wrong = rng.choice([f"def {one}(:", f"{one} = = {two}", f"class {one} {two}:"])
    before = rng.randint(2, 30)
    said = refusal(learner, [name], {name: f"{two} = 1\n" * before + f"{wrong}\n    pass\n"})
    expect_line(said, f"{name}:{before + 1}: ")


def test_unreadable_files_are_told(learner, rng):
    name, folder = file_name(rng), words(rng, 1)[0]
    for missing in (rng.choice([name, f"{folder}/{name}"]), folder):
        expect_line(refusal(learner, [missing], {f"{folder}/other": "a = 1\n"}), f"{missing}: ")


def test_wrong_usage_is_told(learner, rng):
    name, other = words(rng, 2)
    files = {name: "a = 1\n", other: "a = 1\n"}
    for argv in ([], [name, other]):
        said = refusal(learner, argv, files)
        spoken = bool(said.strip())
        assert spoken, "there is nothing on standard error; it should say how to call the program"
