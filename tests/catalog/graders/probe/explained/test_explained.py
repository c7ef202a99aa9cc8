from grader import note, probe


@probe
def joined(explained, a, b):
    """joined({a}, {b})"""
    return explained.joined(a, b)


def test_joins_two_lists(learner, rng):
    a, b = [rng.randrange(100)], [rng.randrange(100)]
    assert learner.run(joined, a, b) == a + b


def test_note_is_filled_in(learner):
    note.sections(learner)


def test_note_example_runs(learner):
    note.example(learner)


def test_note_explains(learner):
    note.review(learner)
