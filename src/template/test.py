"""Judges @id@. Nothing of the learner's is ever imported here: probes run in the sandbox, assertions here."""

from grader import Raised, probe


@probe
def kept(@module@, numbers, low, high):
    """within({numbers}, {low}, {high})"""
    return @module@.within(numbers, low, high)


def expected(numbers, low, high):
    return [number for number in numbers if low <= number <= high]


def test_keeps_what_is_within(learner, rng):
    low = rng.randrange(-50, 50)
    high = low + rng.randrange(1, 20)
    # The bounds and their neighbours, where mistakes are made, among others.
    numbers = [low - 1, low, low + 1, high - 1, high, high + 1, *(rng.randrange(-99, 99) for _ in range(10))]
    rng.shuffle(numbers)
    for case in (numbers, []):
        assert learner.run(kept, case, low, high) == expected(case, low, high)
    # Equal bounds are in the right order.
    assert learner.run(kept, [low, high], high, high) == [high]


def test_refuses_bounds_in_the_wrong_order(learner, rng):
    low = rng.randrange(-50, 50)
    for numbers in ([low], []):
        seen = learner.attempt(kept, numbers, low, low - rng.randrange(1, 9))
        assert isinstance(seen, Raised) and seen.is_a("ValueError"), f"returned {seen!r} instead of raising ValueError"
