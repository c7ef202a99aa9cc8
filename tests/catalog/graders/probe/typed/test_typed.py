from grader import probe

USES = """
from typing import assert_type
from square import square

assert_type(square(3), int)
"""


@probe
def squared(square, n):
    """square({n})"""
    return square.square(n)


def test_squares_a_number(learner, rng):
    n = rng.randrange(100, 1000)
    assert learner.run(squared, n) == n * n


def test_type_hints_are_complete(learner):
    learner.types(uses=USES).complete()


def test_type_hints_hold(learner):
    learner.types(uses=USES).hold()
