from grader import probe


@probe
def squared(square, n):
    return square.square(n)


def test_waits(learner):
    assert learner.run(squared, 3) == 9
