from grader import probe


@probe
def rotated(rotate, items, steps):
    """rotate({items}, {steps})"""
    return rotate.rotate(items, steps)


@probe
def left_alone(rotate, items, steps):
    """items = {items}; rotate(items, {steps}); items"""
    rotate.rotate(items, steps)
    return items


def test_moves_to_the_right(learner, rng):
    items = rng.sample(range(100), 6)
    steps = rng.choice([1, 2, 4, 5])
    assert learner.run(rotated, items, steps) == items[-steps:] + items[:-steps]


def test_moves_to_the_left(learner, rng):
    items = rng.sample(range(100), 6)
    steps = rng.choice([1, 2, 4, 5])
    assert learner.run(rotated, items, -steps) == items[steps:] + items[:steps]


def test_goes_round_again(learner, rng):
    items = rng.sample(range(100), 6)
    steps = rng.choice([1, 2, 4, 5])
    assert learner.run(rotated, items, 12 + steps) == items[-steps:] + items[:-steps]


def test_takes_an_empty_list(learner, rng):
    assert learner.run(rotated, [], rng.randrange(1, 9)) == []


def test_leaves_the_callers_list_alone(learner, rng):
    items = rng.sample(range(100), 6)
    assert learner.run(left_alone, items, 2) == items
