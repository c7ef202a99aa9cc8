"""Judges datamodel/descriptor: classes with validated attributes, and what becomes of their values."""

from random import Random
from typing import Any

from grader import Learner, helper, probe

NAMES = ["depth", "speed", "volume", "salary", "age", "rating", "length", "pressure", "voltage", "height", "score"]
NO_NUMBERS: list[Any] = ["5", None, True, False, [5], 3 + 4j, b"7"]


def numbers(rng: Random, count: int) -> list[int]:
    """`count` different positive numbers."""
    return rng.sample(range(2, 10**6), count)


# --- classes to try it in --------------------------------------------------------------------------------------------


@helper
def a_class(name, attributes, *bases):
    """A class with these attributes; an error of `__set_name__` as it was raised."""
    try:
        return type(name, bases, attributes)
    except RuntimeError as error:  # how Python 3.11 wraps it
        if error.__cause__ is None:
            raise
        raise error.__cause__ from None


@helper
def box(descriptor):
    """An instance of a class with two positive attributes."""
    return a_class("Box", {"width": descriptor.Positive(), "height": descriptor.Positive()})()


@helper
def outcome(action, *arguments):
    """What an action gives, or its error: type and message. Errors that say nothing about a value go up."""
    kinds = (AttributeError, TypeError, ValueError, KeyError)
    try:
        return {"value": action(*arguments)}
    except kinds as error:
        name = next(kind.__name__ for kind in kinds if isinstance(error, kind))
        return {"error": name, "message": str(error)}


def kind_of(seen: dict[str, Any]) -> str:
    """An outcome without the words of its message."""
    return seen.get("error", "no error")


# --- values ----------------------------------------------------------------------------------------------------------


@probe
def assigned(descriptor, value):
    """class Box: width = Positive(); box = Box(); box.width = {value}; box.width"""
    thing = box(descriptor)
    thing.width = value
    return thing.width


@probe
def assigned_twice(descriptor, first, second):
    """class Box: width = Positive(); box = Box(); box.width = {first}; box.width = {second}; box.width"""
    thing = box(descriptor)
    thing.width = first
    thing.width = second
    return thing.width


@probe
def assigned_anything(descriptor, value):
    """class Box: content = Validated(); box = Box(); box.content = {value}; box.content"""
    thing = a_class("Box", {"content": descriptor.Validated()})()
    thing.content = value
    return thing.content


@probe
def two_instances(descriptor, first, second):
    """one.width = {first}; other.width = {second}, where one and other are instances of the same class"""
    one = box(descriptor)
    other = type(one)()
    one.width = first
    other.width = second
    return {"one.width": one.width, "other.width": other.width}


@probe
def two_attributes(descriptor, first, second):
    """class Box: width = Positive(); height = Positive(); box.width = {first}; box.height = {second}"""
    thing = box(descriptor)
    thing.width = first
    thing.height = second
    return {"box.width": thing.width, "box.height": thing.height}


@probe
def in_a_subclass(descriptor, first, second):
    """class Crate(Box): depth = Positive(); crate = Crate(); crate.width = {first}; crate.depth = {second}"""
    crate = a_class("Crate", {"depth": descriptor.Positive()}, type(box(descriptor)))()
    crate.width = first
    crate.depth = second
    return {"crate.width": crate.width, "crate.depth": crate.depth}


@probe
def in_two_classes(descriptor, first, second):
    """box.width = {first}; river.width = {second}, where both classes have: width = Positive()"""
    thing = box(descriptor)
    river = a_class("River", {"width": descriptor.Positive()})()
    thing.width = first
    river.width = second
    return {"box.width": thing.width, "river.width": river.width}


@probe
def equal_instances(descriptor, first, second):
    """one.width = {first}; other.width = {second}, where one == other and both have the same hash"""
    attributes = {"__eq__": lambda self, other: True, "__hash__": lambda self: 1}
    cls = a_class("Box", {"width": descriptor.Positive(), **attributes})
    one, other = cls(), cls()
    one.width = first
    other.width = second
    return {"one.width": one.width, "other.width": other.width}


@probe
def unhashable_instance(descriptor, value):
    """box.width = {value}; box.width, where box can't be hashed (its class has __hash__ = None)"""
    thing = a_class("Box", {"width": descriptor.Positive(), "__hash__": None})()
    thing.width = value
    return thing.width


@probe
def instance_with_slots(descriptor, value):
    """class Box: __slots__ = ("_width",); width = Positive(); box = Box(); box.width = {value}; box.width"""
    thing = a_class("Box", {"__slots__": ("_width",), "width": descriptor.Positive()})()
    thing.width = value
    return thing.width


@probe
def after_the_instance(descriptor):
    """box.content = value; del box, value"""
    import gc
    import weakref

    class Value:
        pass

    cls = a_class("Box", {"content": descriptor.Validated()})
    thing, value = cls(), Value()
    thing.content = value
    references = {"box": weakref.ref(thing), "value": weakref.ref(value)}
    del thing, value
    gc.collect()
    return [name for name, reference in references.items() if reference() is not None]


def test_a_value_comes_back(learner: Learner, rng: Random) -> None:
    for value in (*numbers(rng, 2), rng.randint(1, 10**6) / 8, 1, 0.001, 10**20):
        seen = learner.run(assigned, value)
        assert [type(seen).__name__, seen] == [type(value).__name__, value]
    first, second = numbers(rng, 2)
    assert learner.run(assigned_twice, first, second) == second


def test_any_object_can_be_a_value(learner: Learner, rng: Random) -> None:
    values = [None, 0, "", [], False, -rng.randint(1, 99), "text"]
    for value in values:
        seen = learner.run(assigned_anything, value)
        assert [type(seen).__name__, seen] == [type(value).__name__, value]


def test_instances_have_their_own_values(learner: Learner, rng: Random) -> None:
    first, second = numbers(rng, 2)
    assert learner.run(two_instances, first, second) == {"one.width": first, "other.width": second}


def test_attributes_have_their_own_values(learner: Learner, rng: Random) -> None:
    first, second = numbers(rng, 2)
    assert learner.run(two_attributes, first, second) == {"box.width": first, "box.height": second}


def test_other_classes_and_subclasses_work(learner: Learner, rng: Random) -> None:
    first, second = numbers(rng, 2)
    assert learner.run(in_a_subclass, first, second) == {"crate.width": first, "crate.depth": second}
    assert learner.run(in_two_classes, first, second) == {"box.width": first, "river.width": second}


def test_equal_and_unhashable_instances_work(learner: Learner, rng: Random) -> None:
    first, second = numbers(rng, 2)
    assert learner.run(unhashable_instance, first) == first
    assert learner.run(equal_instances, first, second) == {"one.width": first, "other.width": second}


def test_classes_with_slots_work(learner: Learner, rng: Random) -> None:
    value = numbers(rng, 1)[0]
    assert learner.run(instance_with_slots, value) == value


def test_nothing_is_kept_of_a_dead_instance(learner: Learner) -> None:
    assert {"still alive": learner.run(after_the_instance)} == {"still alive": []}


# --- the class, no value, delete -------------------------------------------------------------------------------------


@probe
def asked_through_the_class(descriptor):
    """class Box: width = Positive(); Box.width"""
    cls = a_class("Box", {"width": descriptor.Positive()})
    found = cls.width
    return "the descriptor" if found is vars(cls)["width"] else found


@probe
def never_set(descriptor, name):
    """class Thing: {name:text} = Positive(); thing = Thing(); thing.{name:text}"""
    thing = a_class("Thing", {name: descriptor.Positive()})()
    return outcome(getattr, thing, name)


@helper
def before_and_after(thing, value):
    """What reading thing.width gives before the first assignment, and after `del`."""
    seen = {"before": outcome(getattr, thing, "width")}
    thing.width = value
    del thing.width
    seen["after"] = outcome(getattr, thing, "width")
    return {when: each.get("error", each) for when, each in seen.items()}


@probe
def deleted(descriptor, value):
    """box.width = {value}; del box.width; box.width"""
    return before_and_after(box(descriptor), value)


@probe
def deleted_with_slots(descriptor, value):
    """class Box: __slots__ = ("_width",); width = Positive(); box.width = {value}; del box.width; box.width"""
    cls = a_class("Box", {"__slots__": ("_width",), "width": descriptor.Positive()})
    if "error" in outcome(setattr, cls(), "width", value):  # which is another check's matter
        return {"before": None, "after": None}
    return before_and_after(cls(), value)


@probe
def deleted_and_set_again(descriptor, first, second):
    """box.width = {first}; del box.width; box.width = {second}; box.width"""
    thing = box(descriptor)
    thing.width = first
    del thing.width
    thing.width = second
    return thing.width


@probe
def deleted_without_a_value(descriptor):
    """class Box: width = Positive(); box = Box(); del box.width"""
    thing = box(descriptor)
    return outcome(delattr, thing, "width")


def test_the_class_gives_the_descriptor(learner: Learner) -> None:
    assert learner.run(asked_through_the_class) == "the descriptor"


def test_no_value_is_an_attribute_error(learner: Learner, rng: Random) -> None:
    name = rng.choice(NAMES)
    seen = learner.run(never_set, name)
    assert kind_of(seen) == "AttributeError"
    named = name in seen["message"]
    assert named, f"the message should have the name `{name}` in it, but it is {seen['message']!r}"


def test_delete_forgets_the_value(learner: Learner, rng: Random) -> None:
    first, second = numbers(rng, 2)
    for delete in (deleted, deleted_with_slots):
        seen = learner.run(delete, first)
        if seen["after"] != "AttributeError":  # if a missing value is something else, another check tells
            assert {"after del": seen["after"]} == {"after del": seen["before"]}
    assert learner.run(deleted_and_set_again, first, second) == second
    assert kind_of(learner.run(deleted_without_a_value)) == "AttributeError"


# --- validate --------------------------------------------------------------------------------------------------------


@probe
def validated(descriptor, value, *, convert):
    """class Box: content = Converted(); box.content = {value}; box.content, where validate of Converted returns
    another value
    """
    attributes = {"validate": lambda self, given: convert(given)}
    thing = a_class("Box", {"content": a_class("Converted", attributes, descriptor.Validated)()})()
    thing.content = value
    return thing.content


@probe
def refused(descriptor, first, second):
    """box.content = {first}; box.content = {second}, where validate raises a LookupError for {second}"""

    def validate(self, value):
        if value == second:
            raise LookupError("we don't take that")
        return value

    thing = a_class("Box", {"content": a_class("Picky", {"validate": validate}, descriptor.Validated)()})()
    thing.content = first
    try:
        thing.content = second
    except LookupError as error:
        raised = str(error)
    else:
        raised = "nothing"
    return {"raised": raised, "box.content": thing.content}


@probe
def with_own_init(descriptor, limit, value):
    """class Box: content = AtMost({limit}); box.content = {value}; box.content, where AtMost is a subclass of Validated
    whose __init__ only notes the limit
    """

    class AtMost(descriptor.Validated):
        def __init__(self, limit):
            self.limit = limit

        def validate(self, value):
            return min(value, self.limit)

    thing = a_class("Box", {"content": AtMost(limit)})()
    thing.content = value
    return thing.content


def test_validate_decides_what_is_stored(learner: Learner, rng: Random) -> None:
    value, result = numbers(rng, 2)
    asked: list[Any] = []

    def convert(given: Any) -> Any:
        asked.append(given)
        return result

    seen = {"box.content": learner.run(validated, value, oracles_={"convert": convert}), "validate got": asked}
    assert seen == {"box.content": result, "validate got": [value]}


def test_a_refused_value_changes_nothing(learner: Learner, rng: Random) -> None:
    first, second = numbers(rng, 2)
    assert learner.run(refused, first, second) == {"raised": "we don't take that", "box.content": first}


def test_subclasses_may_have_their_own_init(learner: Learner, rng: Random) -> None:
    low, high = sorted(numbers(rng, 2))
    assert learner.run(with_own_init, low, high) == low


# --- Positive --------------------------------------------------------------------------------------------------------


@probe
def refusal(descriptor, value):
    """class Box: width = Positive(); box = Box(); box.width = {value}"""
    thing = box(descriptor)
    return outcome(setattr, thing, "width", value)


@probe
def refusal_by_name(descriptor, name, other, value):
    """class Thing: {name:text} = Positive(); {other:text} = Positive(); thing = Thing(); thing.{name:text} = {value}"""
    thing = a_class("Thing", {name: descriptor.Positive(), other: descriptor.Positive()})()
    return outcome(setattr, thing, name, value)


def test_positive_refuses_zero_and_below(learner: Learner, rng: Random) -> None:
    for bad in (0, -1, -numbers(rng, 1)[0]):
        assert kind_of(learner.run(refusal, bad)) == "ValueError"


def test_positive_refuses_what_is_no_number(learner: Learner, rng: Random) -> None:
    for bad in rng.sample(NO_NUMBERS, len(NO_NUMBERS)):
        assert kind_of(learner.run(refusal, bad)) == "TypeError"


def test_messages_name_the_attribute(learner: Learner, rng: Random) -> None:
    refusals = 0
    for bad in (-rng.randint(1, 99), "five", True):
        name, other = rng.sample(NAMES, 2)
        seen = learner.run(refusal_by_name, name, other, bad)
        message = seen.get("message", "")
        refusals += "error" in seen
        named = name in message or "error" not in seen
        assert named, f"the message should have the name `{name}` in it, but it is {message!r}"
    # What is refused, and how, are other checks' matters.
    assert refusals, "nothing was refused, so there is no message"
