"""Judges day0/hello: the greeting, and the program around it."""

from random import Random

from grader import compare, probe


def some_names(rng: Random) -> list[str]:
    """Names that nobody would greet by accident; one of them has a space."""
    first, second, third = ("".join(rng.choices("abcdefghijklmnoprstuvwyz", k=6)).title() for _ in range(3))
    return [first, f"{second} {third}"]


@probe
def greeting(hello, name):
    """greet({name})"""
    return hello.greet(name)


@probe
def greeting_by_keyword(hello, name):
    """greet(name={name})"""
    return hello.greet(name=name)


@probe
def greeting_without_name(hello):
    """greet()"""
    return hello.greet()


@probe
def printed_by_import(hello):
    """import hello"""
    import contextlib
    import io
    import runpy

    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        names = runpy.run_path(hello.__file__, run_name="hello")
    # A file in which nothing is written yet prints nothing either.
    names["greet"]("you")
    return {"printed": printed.getvalue()}


def test_greet_greets_by_name(learner, rng):
    for name in some_names(rng):
        assert learner.run(greeting, name) == f"Hello, {name}!"
        assert learner.run(greeting_by_keyword, name) == f"Hello, {name}!"


def test_greet_greets_the_world(learner):
    assert learner.run(greeting_without_name) == "Hello, World!"


def test_importing_prints_nothing(learner):
    assert learner.run(printed_by_import) == {"printed": ""}


def test_the_program_greets_the_world(learner):
    program = learner.script()
    compare.output(program.stdout, fixture="world.txt")
    assert {"exit code": program.exit_code} == {"exit code": 0}


def test_the_program_greets_everybody(learner, rng):
    names = some_names(rng)
    for greeted in (names, names[:1]):
        program = learner.script(greeted)
        compare.output(program.stdout, expected="".join(f"Hello, {name}!\n" for name in greeted))
        assert {"exit code": program.exit_code} == {"exit code": 0}
