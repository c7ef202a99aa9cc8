from grader import compare, probe


@probe
def squared(square, n):
    """square({n})"""
    return square.square(n)


@probe
def doubled(square, numbers):
    """double(n) for each n in {numbers}"""
    return [square.double(n) for n in numbers]


@probe
def totalled(square, ask):
    """total(ask)"""
    return square.total(ask)


def test_squares_a_number(learner, rng):
    n = rng.randrange(100, 1000)
    assert learner.run(squared, n) == n * n


def test_doubles_a_number(learner, rng):
    numbers = [rng.randrange(1000) for _ in range(3)]
    assert learner.run(doubled, numbers) == [2 * n for n in numbers]


def test_adds_up_what_it_is_given(learner, rng):
    given = []

    def ask():
        given.append(rng.randrange(1000))
        return given[-1]

    seen = learner.run(totalled, oracles_={"ask": ask})
    assert len(given) == 2
    assert seen == sum(given)


def test_runs_as_a_program(learner, rng):
    n = rng.randrange(100, 1000)
    program = learner.script(stdin=f"{n}\n")
    assert program.exit_code == 0
    compare.output(program.printed, expected=f"{n * n}\n")
