"""Judges datamodel/new_vs_init: a tuple that is complete once it is made, and a log of who was called."""

from random import Random
from typing import Any

from grader import Learner, Opaque, helper, probe


def ends(rng: Random) -> tuple[int, int]:
    """Two different whole numbers, the smaller one first."""
    low, high = sorted(rng.sample(range(-999, 1000), 2))
    return low, high


def words(rng: Random, count: int) -> list[str]:
    """`count` different words."""
    return rng.sample(["tea", "milk", "jam", "bread", "salt", "rice", "plums", "honey", "oats"], count)


# --- Span: what it is ------------------------------------------------------------------------------------------------


@probe
def span_of(new_vs_init, start, stop):
    """Span({start}, {stop})"""
    return new_vs_init.Span(start, stop)


@probe
def span_in_a_dict(new_vs_init, start, stop, key):
    """{{{key}: "found"}}.get(Span({start}, {stop}))"""
    return {key: "found"}.get(new_vs_init.Span(start, stop))


@probe
def span_by_name(new_vs_init, start, stop):
    """Span(stop={stop}, start={start})"""
    return tuple(new_vs_init.Span(stop=stop, start=start))


@probe
def ends_of(new_vs_init, start, stop):
    """span = Span({start}, {stop}); span.start, span.stop"""
    span = new_vs_init.Span(start, stop)
    return {"tuple(span)": tuple(span), "start and stop": (span.start, span.stop)}


@probe
def refusal(new_vs_init, start, stop):
    """Span({start}, {stop})"""
    try:
        span = new_vs_init.Span(start, stop)
    except TypeError:
        return "a TypeError"
    return f"no error, but {tuple(span)}"


@probe
def made_by_new_alone(new_vs_init, start, stop):
    """span = Span.__new__(Span, {start}, {stop})"""
    span = new_vs_init.Span.__new__(new_vs_init.Span, start, stop)
    return {"tuple(span)": tuple(span), "span.start": span.start, "span.stop": span.stop}


@probe
def found_by_init(new_vs_init, start, stop):
    """class Shift(Span): def __init__(self, start, stop): ...; what this __init__ finds for Shift({start}, {stop})"""
    found = {}

    class Shift(new_vs_init.Span):
        def __init__(self, start, stop):
            found.update({"tuple(self)": tuple(self), "self.start": self.start, "self.stop": self.stop})

    Shift(start, stop)
    return found


@probe
def init_by_hand(new_vs_init, start, stop, other):
    """span = Span({start}, {stop}); span.__init__({other}, {other})"""
    import contextlib

    span = new_vs_init.Span(start, stop)
    before = {"tuple(span)": tuple(span), "span.start": span.start, "span.stop": span.stop}
    with contextlib.suppress(Exception):  # it may be refused
        span.__init__(other, other)
    after = {"tuple(span)": tuple(span), "span.start": span.start, "span.stop": span.stop}
    return {"before": before, "after": after}


@helper
def effect(span, change):
    """What comes of trying to change an object: the error, or the ends that it has then."""
    try:
        change(span)
    except AttributeError:
        return "an AttributeError"
    return f"no error; then start is {span.start!r} and stop is {span.stop!r}"


@probe
def assigned(new_vs_init, start, stop, value):
    """span = Span({start}, {stop}); span.start = {value}; span.stop = {value}"""
    return {
        f"span.{name} = {value}": effect(
            new_vs_init.Span(start, stop), lambda span, name=name: setattr(span, name, value)
        )
        for name in ("start", "stop")
    }


@probe
def deleted(new_vs_init, start, stop):
    """span = Span({start}, {stop}); del span.start; del span.stop"""
    return {
        f"del span.{name}": effect(new_vs_init.Span(start, stop), lambda span, name=name: delattr(span, name))
        for name in ("start", "stop")
    }


@probe
def added(new_vs_init, start, stop, name):
    """span = Span({start}, {stop}); span.{name:text} = 1"""
    try:
        setattr(new_vs_init.Span(start, stop), name, 1)
    except AttributeError:
        return "an AttributeError"
    return "no error"


def test_span_is_a_tuple_of_its_ends(learner: Learner, rng: Random) -> None:
    low, high = ends(rng)
    for given in ((low, high), (high, low), (high, high), (0, low), (10**30, low)):
        seen = learner.run(span_of, *given)
        told = {"class": seen.type if isinstance(seen, Opaque) else type(seen).__name__, "value": None}
        told["value"] = seen.base_value if isinstance(seen, Opaque) else seen
        assert told == {"class": "Span", "value": (min(given), max(given))}
    assert learner.run(span_in_a_dict, high, low, (low, high)) == "found"


def test_span_takes_its_ends_by_name(learner: Learner, rng: Random) -> None:
    low, high = ends(rng)
    for given in ((low, high), (high, low)):
        # Which end comes first is another check's matter.
        assert sorted(learner.run(span_by_name, *given)) == [low, high]


def test_span_knows_start_and_stop(learner: Learner, rng: Random) -> None:
    low, high = ends(rng)
    for given in ((low, high), (high, low)):
        seen = learner.run(ends_of, *given)
        if seen["start and stop"] != seen["tuple(span)"]:  # which of them comes first is another check's matter
            assert {"start and stop": seen["start and stop"]} == {"start and stop": (low, high)}


def test_span_refuses_what_is_no_int(learner: Learner, rng: Random) -> None:
    low, high = ends(rng)
    learner.run(span_of, low, high)
    for bad in (str(high), high + 0.5, None, (low, high)):
        for given in ((low, bad), (bad, low)):
            assert learner.run(refusal, *given) == "a TypeError"
    assert learner.run(refusal, "a", "b") == "a TypeError"


def test_span_is_complete_after_new(learner: Learner, rng: Random) -> None:
    low, high = ends(rng)
    seen = learner.run(made_by_new_alone, low, high)
    assert seen == {"tuple(span)": (low, high), "span.start": low, "span.stop": high}
    seen = learner.run(found_by_init, low, high)
    assert seen == {"tuple(self)": (low, high), "self.start": low, "self.stop": high}


def test_init_does_not_change_a_span(learner: Learner, rng: Random) -> None:
    low, high = ends(rng)
    seen = learner.run(init_by_hand, low, high, high + rng.randint(1, 9))
    assert {"afterwards": seen["after"]} == {"afterwards": seen["before"]}


def test_start_and_stop_are_read_only(learner: Learner, rng: Random) -> None:
    low, high = ends(rng)
    value = high + rng.randint(1, 9)
    refused = "an AttributeError"
    seen = learner.run(assigned, low, high, value)
    assert seen == {f"span.start = {value}": refused, f"span.stop = {value}": refused}
    assert learner.run(deleted, low, high) == {"del span.start": refused, "del span.stop": refused}


def test_span_has_no_room_for_more(learner: Learner, rng: Random) -> None:
    assert learner.run(added, *ends(rng), words(rng, 1)[0]) == "an AttributeError"


# --- Span: subclasses and copies -------------------------------------------------------------------------------------


@probe
def of_a_subclass(new_vs_init, start, stop):
    """class Shift(Span): pass; shift = Shift({start}, {stop})"""

    class Shift(new_vs_init.Span):
        pass

    shift = Shift(start, stop)
    return {"class": type(shift).__name__, "tuple(shift)": tuple(shift)}


@probe
def of_a_subclass_with_new(new_vs_init, start, stop, name):
    """shift = Shift({start}, {stop}, {name}), where Shift(Span) has a __new__ that calls super().__new__(cls, start,
    stop) and sets shift.name
    """

    class Shift(new_vs_init.Span):
        def __new__(cls, start, stop, name):
            shift = super().__new__(cls, start, stop)
            shift.name = name
            return shift

        def __init__(self, *_):
            pass

    shift = Shift(start, stop, name)
    return {"class": type(shift).__name__, "tuple(shift)": tuple(shift), "shift.name": shift.name}


@helper
def beside(original, result):
    """What a copy has in common with its original."""
    return {"of the same class": type(result) is type(original), "tuple(copied)": tuple(result)}


@probe
def copied(new_vs_init, start, stop, how):
    """copied = copy.{how:text}(Span({start}, {stop}))"""
    import copy

    span = new_vs_init.Span(start, stop)
    return beside(span, getattr(copy, how)(span))


@probe
def copied_of_a_subclass(new_vs_init, start, stop, how):
    """class Shift(Span): pass; copied = copy.{how:text}(Shift({start}, {stop}))"""
    import copy

    class Shift(new_vs_init.Span):
        pass

    shift = Shift(start, stop)
    return beside(shift, getattr(copy, how)(shift))


@probe
def pickled(new_vs_init, start, stop, protocol):
    """copied = pickle.loads(pickle.dumps(Span({start}, {stop}), protocol={protocol}))"""
    import pickle

    span = new_vs_init.Span(start, stop)
    return beside(span, pickle.loads(pickle.dumps(span, protocol=protocol)))


@probe
def highest_protocol(new_vs_init):
    """pickle.HIGHEST_PROTOCOL"""
    import pickle

    return pickle.HIGHEST_PROTOCOL


def test_span_can_be_subclassed(learner: Learner, rng: Random) -> None:
    low, high = ends(rng)
    assert learner.run(of_a_subclass, low, high) == {"class": "Shift", "tuple(shift)": (low, high)}
    name = words(rng, 1)[0]
    seen = learner.run(of_a_subclass_with_new, low, high, name)
    assert seen == {"class": "Shift", "tuple(shift)": (low, high), "shift.name": name}


def test_span_can_be_copied(learner: Learner, rng: Random) -> None:
    low, high = ends(rng)
    for how in ("copy", "deepcopy"):
        for make in (copied, copied_of_a_subclass):
            assert learner.run(make, low, high, how) == {"of the same class": True, "tuple(copied)": (low, high)}


def test_span_can_be_pickled(learner: Learner, rng: Random) -> None:
    low, high = ends(rng)
    for protocol in (None, *range(2, learner.run(highest_protocol) + 1)):
        assert learner.run(pickled, low, high, protocol) == {"of the same class": True, "tuple(copied)": (low, high)}


# --- Traced ----------------------------------------------------------------------------------------------------------


@probe
def traced(new_vs_init, keys):
    """log = []; Traced(log, key) for each key in {keys}"""
    log = []
    for key in keys:
        new_vs_init.Traced(log, key)
    return log


@probe
def step_by_step(new_vs_init, key):
    """log = []; traced = Traced.__new__(Traced, log, {key}); traced.__init__(log, {key})"""
    log = []
    made = new_vs_init.Traced.__new__(new_vs_init.Traced, log, key)
    seen = {"log after __new__": list(log)}
    made.__init__(log, key)
    return {**seen, "log after __init__": log}


@probe
def objects_for(new_vs_init, keys):
    """Traced([], key) for each key in {keys}"""
    made = [new_vs_init.Traced([], key) for key in keys]
    ids = [id(each) for each in made]
    return {
        "the same object as number": [ids.index(each) + 1 for each in ids],
        "its key": [getattr(each, "key", "no key") for each in made],
    }


@probe
def counted(new_vs_init, keys):
    """log = []; Traced(log, key).inits for each key in {keys}"""
    log = []
    made, counts = [], []
    for key in keys:
        made.append(new_vs_init.Traced(log, key))
        counts.append(made[-1].inits)
    return {"inits": counts, "calls of __init__": log.count("init")}


@probe
def made_of_none(new_vs_init, key):
    """log = []; Traced(log, None)"""
    log = []
    first = new_vs_init.Traced(log, None)
    new_vs_init.Traced([], key)
    return {"it gives": [first, new_vs_init.Traced(log, None)], "log": log}


@probe
def of_subclasses(new_vs_init, key):
    """class Special(Traced): pass; Traced([], {key}); Special([], {key}); Special([], {key}); Traced([], {key})"""

    class Special(new_vs_init.Traced):
        pass

    made = [cls([], key) for cls in (new_vs_init.Traced, Special, Special, new_vs_init.Traced)]
    ids = [id(each) for each in made]
    return {
        "class": [type(each).__name__ for each in made],
        "the same object as number": [ids.index(each) + 1 for each in ids],
    }


def test_traced_logs_new_and_then_init(learner: Learner, rng: Random) -> None:
    keys = words(rng, rng.randint(1, 3))
    assert {"log": learner.run(traced, keys)} == {"log": ["new", "init"] * len(keys)}


def test_each_step_logs_for_itself(learner: Learner, rng: Random) -> None:
    seen = learner.run(step_by_step, words(rng, 1)[0])
    assert seen == {"log after __new__": ["new"], "log after __init__": ["new", "init"]}


def test_the_same_key_gives_the_same_object(learner: Learner, rng: Random) -> None:
    first, second = words(rng, 2)
    lists: list[list[Any]] = [[first, second, first], [1, "1", 1], [0, "", 0], [(first, 1), (first, 1), (first, 2)]]
    for keys in lists:
        expected = {"the same object as number": [keys.index(key) + 1 for key in keys], "its key": keys}
        assert learner.run(objects_for, keys) == expected


def test_init_runs_for_a_known_object_too(learner: Learner, rng: Random) -> None:
    first, second = words(rng, 2)
    keys = [first, second, *rng.sample([first, first, second], 3)]
    counts = [keys[: place + 1].count(key) for place, key in enumerate(keys)]
    assert learner.run(counted, keys) == {"inits": counts, "calls of __init__": len(keys)}


def test_another_type_skips_init(learner: Learner, rng: Random) -> None:
    seen = learner.run(made_of_none, words(rng, 1)[0])
    assert seen == {"it gives": [None, None], "log": ["new", "new"]}


def test_traced_subclasses_have_their_own_objects(learner: Learner, rng: Random) -> None:
    seen = learner.run(of_subclasses, words(rng, 1)[0])
    expected = ["Traced", "Special", "Special", "Traced"]
    assert seen == {"class": expected, "the same object as number": [1, 2, 2, 1]}
