"""Judges context/suppression: what is stopped, what goes on, and what was behind an exception."""

from random import Random

from grader import helper, note, probe

# Each with a few of its subclasses.
FAMILIES = {
    "LookupError": ["KeyError", "IndexError"],
    "ArithmeticError": ["ZeroDivisionError", "OverflowError"],
    "OSError": ["FileNotFoundError", "ConnectionResetError"],
    "ValueError": ["UnicodeError"],
    "RuntimeError": ["RecursionError", "NotImplementedError"],
}
LONERS = ["AttributeError", "TypeError", "EOFError", "NameError", "BufferError"]


def message(rng: Random) -> str:
    return "".join(rng.choices("abcdefghijklmnopqrstuvwxyz", k=6))


def listed(names: list[str]) -> str:
    return ", ".join(names)


@helper
def named(names):
    """The exception types with these names."""
    import builtins

    return [getattr(builtins, name) for name in names]


@helper
def came_out(manager, error):
    """What comes out of a block that raises the error; None stands for no error."""
    try:
        with manager:
            if error is not None:
                raise error
    except BaseException as out:
        return "the exception of the block" if out is error else f"another {type(out).__name__}"
    return "nothing"


# --- suppressing -----------------------------------------------------------------------------------------------------


@probe
def suppress(suppression, types, kind, message, spelled):
    """with suppressing({spelled:text}): raise {kind:text}({message})"""
    return came_out(suppression.suppressing(*named(types)), named([kind])[0](message))


@probe
def suppress_all(suppression, kind):
    """with suppressing(Exception): raise {kind:text}"""
    return came_out(suppression.suppressing(Exception), named([kind])[0]())


@probe
def refuse(suppression, argument):
    """suppressing({argument:text})"""
    try:
        suppression.suppressing(*eval(f"[{argument}]"))
    except TypeError:
        return "TypeError"
    except Exception as error:
        return type(error).__name__
    return "no error"


@probe
def exit_returns(suppression, types, kind, spelled):
    """what `__exit__` of suppressing({spelled:text}) returns, for a block that raises {kind:text}"""
    manager = suppression.suppressing(*named(types))
    manager.__enter__()
    error = None if kind == "nothing" else named([kind])[0]("raised in the block")
    returned = manager.__exit__(None if error is None else type(error), error, None)
    return {"returned": returned, "of type": type(returned).__name__}


@probe
def caught(suppression, types, kind, message, spelled):
    """with suppressing({spelled:text}) as manager: raise {kind:text}({message}); manager.caught"""
    error = named([kind])[0](message)
    with suppression.suppressing(*named(types)) as manager:
        raise error
    return {"caught is the exception of the block": manager.caught is error}


@probe
def caught_after(suppression, types, blocks, spelled):
    """manager = suppressing({spelled:text}); blocks with it that raise one after the other: {blocks}; manager.caught"""
    manager = suppression.suppressing(*named(types))
    with manager as given:
        seen = ["nothing" if given.caught is None else "something"]
    for kind in blocks:
        error = None if kind == "nothing" else named([kind])[0]("raised in the block")
        came_out(manager, error)
        seen.append("nothing" if given.caught is None else "it" if given.caught is error else "something")
    return seen


@probe
def nested_blocks(suppression, kind, other):
    """manager = suppressing({kind:text}); with manager: ..., inside of it once more with manager: raise {other:text},
    and after that raise {kind:text}
    """
    inner, outer = named([other])[0]("inner block"), named([kind])[0]("outer block")
    manager = suppression.suppressing(type(outer))
    with manager as given:
        came = came_out(manager, inner)
        between = given.caught
        raise outer
    return {
        "out of the inner block": came,
        "caught is None after it": between is None,
        "caught is the other one in the end": given.caught is outer,
    }


def test_listed_types_are_suppressed(learner, rng):
    types = rng.sample([*FAMILIES, *LONERS], 4)
    for count in (1, 2, 4):
        for kind in types[:count]:
            some = types[:count]
            seen = {"came out": learner.run(suppress, some, kind, message(rng), listed(some))}
            assert seen == {"came out": "nothing"}


def test_subclasses_are_suppressed(learner, rng):
    for family in rng.sample([*FAMILIES], 3):
        types = [rng.choice(LONERS), family]
        kind = rng.choice(FAMILIES[family])
        seen = {"came out": learner.run(suppress, types, kind, message(rng), listed(types))}
        assert seen == {"came out": "nothing"}


def test_other_exceptions_go_on(learner, rng):
    family = rng.choice([*FAMILIES])
    child, (loner, other) = rng.choice(FAMILIES[family]), rng.sample(LONERS, 2)
    for types, kind in (([family], loner), ([loner, child], family), ([loner, other], child)):
        seen = {"came out": learner.run(suppress, types, kind, message(rng), listed(types))}
        assert seen == {"came out": "the exception of the block"}


def test_quitting_is_never_suppressed(learner):
    for kind in ("KeyboardInterrupt", "SystemExit", "GeneratorExit"):
        assert {"came out": learner.run(suppress_all, kind)} == {"came out": "the exception of the block"}


def test_without_types_nothing_is_suppressed(learner, rng):
    for kind in (*rng.sample(LONERS, 2), "KeyboardInterrupt"):
        seen = {"came out": learner.run(suppress, [], kind, message(rng), "")}
        assert seen == {"came out": "the exception of the block"}


def test_other_than_types_are_refused(learner, rng):
    good = rng.choice(LONERS)
    arguments = ["BaseException", "KeyboardInterrupt", "SystemExit", f"'{good}'", f"{good}()", f"({good}, ValueError)"]
    arguments += ["int", "None", str(rng.randrange(9))]
    for argument in (*arguments, f"{good}, {rng.choice(arguments)}", f"{rng.choice(arguments)}, {good}"):
        raised = {"raised": learner.run(refuse, argument)}
        assert raised == {"raised": "TypeError"}
    assert {"raised": learner.run(refuse, f"{good}, Exception")} == {"raised": "no error"}


def test_exit_returns_true_or_false(learner, rng):
    types = rng.sample(LONERS, 2)
    other = next(each for each in LONERS if each not in types)
    for kind, expected in ((types[1], True), (other, False), ("KeyboardInterrupt", False), ("nothing", False)):
        seen = learner.run(exit_returns, types, kind, listed(types))
        assert seen == {"returned": expected, "of type": "bool"}


def test_caught_is_what_was_suppressed(learner, rng):
    family = rng.choice([*FAMILIES])
    loner = rng.choice(LONERS)
    for kind in (family, FAMILIES[family][0], loner):
        seen = learner.run(caught, [loner, family], kind, message(rng), f"{loner}, {family}")
        assert seen == {"caught is the exception of the block": True}


def test_caught_is_none_otherwise(learner, rng):
    kind, other = rng.sample(LONERS, 2)
    for blocks in (["nothing"], [other], [kind, "nothing"], [kind, other], [kind, other, kind]):
        seen = learner.run(caught_after, [kind], blocks, kind)
        expected = ["it" if each == kind else "nothing" for each in blocks]
        assert {"caught at first, and after each block": seen} == {
            "caught at first, and after each block": ["nothing", *expected]
        }


def test_blocks_can_be_nested(learner, rng):
    kind, other = rng.sample(LONERS, 2)
    assert learner.run(nested_blocks, kind, other) == {
        "out of the inner block": "the exception of the block",
        "caught is None after it": True,
        "caught is the other one in the end": True,
    }


# --- on_exit ---------------------------------------------------------------------------------------------------------


@probe
def cleanups(suppression, way):
    """with on_exit(cleanup): ...; the block ends by {way:text}"""
    calls = []

    def block():
        for _ in range(1):
            with suppression.on_exit(lambda: calls.append("cleanup")):
                during = len(calls)
                if way == "return":
                    return during
                if way == "break":
                    break
                if way not in ("its last line", "return", "break"):
                    raise named([way])[0]
        return during

    try:
        during = block()
    except BaseException:
        during = 0
    return {"calls of cleanup in the block": during, "after it": len(calls)}


@probe
def cleanup_returns(suppression, result, kind):
    """with on_exit(cleanup): raise {kind:text}; cleanup returns {result}"""
    return came_out(suppression.on_exit(lambda: result), named([kind])[0]("raised in the block"))


@probe
def cleanup_raises(suppression, kind, failure, message):
    """with on_exit(cleanup): raise {kind:text}; cleanup raises {failure:text}({message})"""
    error, in_cleanup = named([kind])[0]("raised in the block"), named([failure])[0](message)

    def cleanup():
        raise in_cleanup

    try:
        with suppression.on_exit(cleanup):
            raise error
    except BaseException as out:
        known = {
            id(in_cleanup): "the exception of cleanup",
            id(error): "the exception of the block",
            id(None): "nothing",
        }
        return {
            "came out": known.get(id(out), f"another {type(out).__name__}"),
            "its context": known.get(id(out.__context__), f"another {type(out.__context__).__name__}"),
        }


@probe
def cleanup_raises_alone(suppression, failure, message):
    """with on_exit(cleanup): pass; cleanup raises {failure:text}({message})"""
    in_cleanup = named([failure])[0](message)

    def cleanup():
        raise in_cleanup

    try:
        with suppression.on_exit(cleanup):
            pass
    except BaseException as out:
        same = out is in_cleanup
        return {"came out": "the exception of cleanup" if same else f"another {type(out).__name__}"}
    return {"came out": "nothing"}


def test_on_exit_cleans_up(learner, rng):
    for way in ("its last line", "return", "break", rng.choice(LONERS), "KeyboardInterrupt"):
        assert learner.run(cleanups, way) == {"calls of cleanup in the block": 0, "after it": 1}


def test_on_exit_suppresses_nothing(learner, rng):
    for result in (True, None, rng.randrange(1, 99), "done"):
        seen = {"came out": learner.run(cleanup_returns, result, rng.choice([*LONERS, "KeyboardInterrupt"]))}
        assert seen == {"came out": "the exception of the block"}


def test_an_error_in_cleanup_comes_out(learner, rng):
    kind, failure = rng.sample(LONERS, 2)
    for block in (kind, "KeyboardInterrupt"):
        seen = learner.run(cleanup_raises, block, failure, message(rng))
        assert seen == {"came out": "the exception of cleanup", "its context": "the exception of the block"}
    seen = learner.run(cleanup_raises_alone, failure, message(rng))
    assert seen == {"came out": "the exception of cleanup"}


# --- chain -----------------------------------------------------------------------------------------------------------


@probe
def chained(suppression, code):
    """chain(error), where error comes out of:{code:text}"""
    try:
        exec(code, {})
    except BaseException as error:
        answer = suppression.chain(error)
        if not isinstance(answer, list):
            return f"a {type(answer).__name__}"
        return [f"{type(each).__name__}({', '.join(map(repr, getattr(each, 'args', ())))})" for each in answer]


def raising(kinds: list[str], behind: list[str]) -> str:
    """Code that raises the first kind, then the second in its `except` with what stands behind it, and so on."""
    code = f"raise {kinds[0]}"
    for kind, clause in zip(kinds[1:], behind, strict=True):
        lines = "\n".join(f"    {line}" for line in code.split("\n"))
        code = f"try:\n{lines}\nexcept BaseException as behind:\n    raise {kind}{clause}"
    return code


def errors(rng: Random, count: int) -> list[str]:
    """Exceptions as they are written, with different messages."""
    return [f"{kind}('{message(rng)}')" for kind in rng.choices([*LONERS, *FAMILIES, "KeyboardInterrupt"], k=count)]


def test_chain_follows_contexts(learner, rng):
    for count in (1, 2, 4):
        kinds = errors(rng, count)
        seen = learner.run(chained, raising(kinds, [""] * (count - 1)))
        assert seen == kinds[::-1]


def test_chain_follows_causes(learner, rng):
    kinds, other = errors(rng, 4), errors(rng, 1)[0]
    assert learner.run(chained, raising(kinds, [" from behind"] * 3)) == kinds[::-1]
    assert learner.run(chained, raising(kinds, ["", " from behind", ""])) == kinds[::-1]
    assert learner.run(chained, raising(kinds[:3], ["", f" from {other}"])) == [kinds[2], other]


def test_chain_stops_at_from_none(learner, rng):
    kinds = errors(rng, 4)
    assert learner.run(chained, raising(kinds[:2], [" from None"])) == [kinds[1]]
    assert learner.run(chained, raising(kinds, ["", " from None", ""])) == [kinds[3], kinds[2]]


# --- the note --------------------------------------------------------------------------------------------------------


def test_note_is_filled_in(learner):
    note.sections(learner)


def test_note_example_runs(learner):
    note.example(learner)


def test_note_explains(learner):
    note.review(learner)
