"""Judges internals/bytecode: what it tells about functions made up here, held against the interpreter that runs."""

from random import Random
from textwrap import indent
from typing import Any

from grader import Learner, helper, probe

# Statements of a function with the parameters a and b. Those of all groups but the first hold code objects.
PLAIN = [
    "a += b",
    "a = [b, a, *b]",
    "if a > b:\n    a = b",
    "for b in a:\n    print(b)",
    "while a:\n    a -= 1",
    "a = {b: a, **b}",
    "a = f'{a} and {b!r}'",
    "a, b = b, a",
    "a = a[b:]",
    "print(a, end=b)",
    "try:\n    a()\nexcept KeyError:\n    del b",
    "assert a, b",
    "with a as b:\n    pass",
    "a.size = b",
    "a[b] = a",
    "a = not b",
    "import math",
    "yield a",
    "return a or b",
    "raise a from b",
]
# Some versions of Python put the instructions of these into the function itself.
COMPREHENSIONS = [
    "a = [b for b in a if b]",
    "a = {b: a for b in a}",
]
HOLDING_CODE = [
    "a = sum(b * b for b in a)",
    "a = lambda: b",
    "def inner(c):\n    return c + a",
    "async def waiting():\n    await a",
    # Compiled twice, but kept once.
    "try:\n    a()\nfinally:\n    a = lambda: b",
]
HOLDING_CODE_IN_CODE = [
    "a = lambda x, y=b: (x, [lambda: y])",
    "class Inner:\n    size = 3\n    def method(self):\n        return [self for self in self]",
    "def outer():\n    def inner():\n        return lambda: b\n    return inner",
]


def function_of(statements: list[str]) -> str:
    return "def func(a, b):\n" + indent("\n".join(statements), "    ")


def plain_functions(rng: Random) -> list[str]:
    """One of them has so many constants that an instruction alone can't number them."""
    many = [f"print({number})" for number in rng.sample(range(1000, 9000), 300)]
    lambdas = [f"func = lambda a, b: a {rng.choice('+*/@')} b[{rng.randrange(9)}]"]
    return [*(function_of(rng.sample(PLAIN, 5)) for _ in range(5)), *lambdas, function_of(many)]


def functions_holding_code(rng: Random) -> list[str]:
    """Each statement that holds code is in one of them; after code in code comes more, so that depth and order show."""
    flat = rng.sample(HOLDING_CODE, len(HOLDING_CODE))
    deep = rng.sample(HOLDING_CODE_IN_CODE, len(HOLDING_CODE_IN_CODE))
    parts = [*zip(deep, flat, strict=False), flat[len(deep) :], rng.sample(COMPREHENSIONS, len(COMPREHENSIONS))]
    return [function_of([*part, *rng.sample(PLAIN[:16], 2)]) for part in parts]


@helper
def made(source):
    """The function of that source."""
    names = {}
    exec(source, names)
    return names["func"]


@probe
def reference(bytecode, sources):
    """dis.get_instructions(...)"""
    import importlib.util
    import types

    # Whatever has become of the module that learner code sees, this is a new one.
    spec = importlib.util.find_spec("dis")
    dis = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(dis)

    def all_code(code):
        yield code
        for constant in code.co_consts:
            if isinstance(constant, types.CodeType):
                yield from all_code(constant)

    told = []
    for source in sources:
        codes = list(all_code(made(source).__code__))
        told.append(
            {
                "opnames": [instruction.opname for code in codes for instruction in dis.get_instructions(code)],
                "nested": [code.co_name for code in codes[1:]],
            }
        )
    return told


# --- loop and comprehension ------------------------------------------------------------------------------------------


@probe
def loop(bytecode, items):
    """loop({items})"""
    return [bytecode.loop(items), items]


@probe
def comprehension(bytecode, items):
    """comprehension({items})"""
    return [bytecode.comprehension(items), items]


def test_both_give_the_squares(learner: Learner, rng: Random) -> None:
    for function in (loop, comprehension):
        for count in (8, 1, 0):
            items = [rng.randrange(-50, 50) for _ in range(count)] + [-2 * rng.randrange(1, 9), 0, 7] * (count == 8)
            squares, items_after = learner.run(function, items)
            assert squares == [item * item for item in items if item % 2 == 0]
            assert {"items": items_after} == {"items": items}, "the list that came in should stay as it is"


def test_both_are_what_they_are_called(learner: Learner) -> None:
    source = learner.source()
    comprehensions = ("ListComp", "SetComp", "DictComp", "GeneratorExp")
    for name, wanted, others in (
        ("loop", ("For",), comprehensions),
        ("comprehension", ("ListComp",), ("For", "While")),
    ):
        function = source.function(name)
        made_by_def = function is not None
        assert made_by_def, f"there is no `def {name}` in {source.file}"
        nodes = {node for node, count in function.nodes.items() if count}
        seen = {f"{node} in {name}": node in nodes for node in (*wanted, *others)}
        assert seen == {f"{node} in {name}": node in wanted for node in (*wanted, *others)}


# --- opnames and nested ----------------------------------------------------------------------------------------------


@probe
def opnames(bytecode, source):
    """opnames(func), where func is made by:{source:text}"""
    return bytecode.opnames(made(source))


@probe
def opnames_after_calls(bytecode, source, a, b):
    """opnames(func) after func({a}, {b}) was called 1000 times, where func is made by:{source:text}"""
    func = made(source)
    for _ in range(1000):
        func(a, b)
    return bytecode.opnames(func)


@probe
def nested(bytecode, source):
    """nested(func), where func is made by:{source:text}"""
    return bytecode.nested(made(source))


def test_opnames_of_plain_functions(learner: Learner, rng: Random) -> None:
    sources = plain_functions(rng)
    for source, expected in zip(sources, learner.run(reference, sources), strict=True):
        assert learner.run(opnames, source) == expected["opnames"]


def test_opnames_of_nested_code(learner: Learner, rng: Random) -> None:
    sources = functions_holding_code(rng)
    for source, expected in zip(sources, learner.run(reference, sources), strict=True):
        assert learner.run(opnames, source) == expected["opnames"]


def test_opnames_of_functions_that_have_run(learner: Learner, rng: Random) -> None:
    a, b = rng.randrange(1, 99), [rng.randrange(99) for _ in range(3)]
    source = function_of([f"c = a {rng.choice('+-*')} a", "for d in b:\n    c += d", "return c, b[0], len(b)"])
    expected = learner.run(reference, [source])[0]["opnames"]
    assert learner.run(opnames_after_calls, source, a, b) == expected


def test_nested_names(learner: Learner, rng: Random) -> None:
    sources = [*functions_holding_code(rng), function_of(rng.sample(PLAIN, 2))]
    for source, expected in zip(sources, learner.run(reference, sources), strict=True):
        assert learner.run(nested, source) == expected["nested"]


# --- compare ---------------------------------------------------------------------------------------------------------


@probe
def compare(bytecode, first, second):
    """compare(first, second), where first is made by:{first:text}and second by:{second:text}"""
    functions = made(first), made(second)
    return {"opnames": [bytecode.opnames(func) for func in functions], "compare": bytecode.compare(*functions)}


@probe
def compare_by_name(bytecode, first, second):
    """compare(second=second, first=first), where first is made by:{first:text}and second by:{second:text}"""
    functions = made(first), made(second)
    told = bytecode.compare(second=functions[1], first=functions[0])
    return {"opnames": [bytecode.opnames(func) for func in functions], "compare": told}


@probe
def compare_own(bytecode):
    """compare(), and compare(loop, comprehension)"""
    told = bytecode.compare(bytecode.loop, bytecode.comprehension)
    return {"compare()": bytecode.compare(), "compare(loop, comprehension)": told}


COUNTS = ("first", "second")
NAMES = ("both", "only_first", "only_second")


def comparison(opnames: Any) -> dict[str, Any]:
    """What `compare` should tell about functions of which the learner's `opnames` gives these two lists."""
    for names in opnames:
        usable = isinstance(names, list) and names != []
        assert usable, f"`compare` goes by what `opnames` gives, and that is {names!r}"
    first, second = map(set, opnames)
    return {
        "first": len(opnames[0]),
        "second": len(opnames[1]),
        "both": sorted(first & second),
        "only_first": sorted(first - second),
        "only_second": sorted(second - first),
    }


def parts(told: Any, keys: tuple[str, ...]) -> Any:
    return {key: told.get(key, "not there") for key in keys} if isinstance(told, dict) else told


def expect_comparison(learner: Learner, rng: Random, keys: tuple[str, ...]) -> None:
    a, b, c = rng.sample(PLAIN[:15], 3)
    # An import occurs in one of them only, and twice.
    first = function_of([a, b, "import math", "import math"])
    pairs = [(first, function_of([a, c, rng.choice(HOLDING_CODE)])), (function_of([a]), function_of([a]))]
    for first, second in pairs:
        for probing in (compare, compare_by_name):
            seen = learner.run(probing, first, second)
            assert parts(seen["compare"], keys) == parts(comparison(seen["opnames"]), keys)


def test_compare_counts_the_instructions(learner: Learner, rng: Random) -> None:
    expect_comparison(learner, rng, COUNTS)


def test_compare_sorts_the_names(learner: Learner, rng: Random) -> None:
    expect_comparison(learner, rng, NAMES)


def test_compare_begins_with_loop_and_comprehension(learner: Learner) -> None:
    default, told = learner.run(compare_own).values()
    is_filled = isinstance(told, dict) and told != {}
    assert is_filled, f"compare(loop, comprehension) returned {told!r}; the README asks for a dict"
    assert default == told
