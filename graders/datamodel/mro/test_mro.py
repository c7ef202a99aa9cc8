"""Judges datamodel/mro: who runs in a diamond and in families that grow below it, and the order computed by hand."""

from random import Random
from typing import Any

from grader import Learner, helper, note, probe

# What the classes take, the learner's and those that are added below.
KEYWORDS = {
    "Base": ["base"],
    "Left": ["base", "left"],
    "Right": ["base", "right"],
    "Bottom": ["base", "left", "right", "bottom"],
    "Swapped": ["base", "left", "right"],
    "Lowest": ["base", "left", "right", "bottom", "extra"],
    "Labelled": ["base", "left", "right", "bottom", "tag"],
}
ATTEMPTS = 50  # to find a random family that is tangled: one in five is
DIAMOND = ("Base", "Left", "Right", "Bottom")


def values_for(rng: Random, *names: str) -> dict[str, int]:
    """A different value for each keyword, the keywords in any order."""
    values = rng.sample(range(100, 1000), len(names))
    return dict(zip(rng.sample(names, len(names)), values, strict=True))


# --- the diamond -----------------------------------------------------------------------------------------------------


@helper
def extra_class(mro):
    """A class beside Left and Right, written as the README asks."""

    class Extra(mro.Base):
        def __init__(self, *, extra, **rest):
            super().__init__(**rest)
            self.extra = extra

        def visit(self, log):
            log.append("Extra")
            super().visit(log)

    return Extra


@helper
def lowest_class(mro):
    """class Lowest(Bottom, Extra)"""

    class Lowest(mro.Bottom, extra_class(mro)):
        def visit(self, log):
            log.append("Lowest")
            super().visit(log)

    return Lowest


@helper
def swapped_class(mro):
    """class Swapped(Right, Left)"""

    class Swapped(mro.Right, mro.Left):
        pass

    return Swapped


@helper
def labelled_class(mro):
    """class Labelled(Bottom, Tagged)"""

    class Tagged:
        def __init__(self, *, tag, **rest):
            super().__init__(**rest)
            self.tag = tag

    class Labelled(mro.Bottom, Tagged):
        pass

    return Labelled


@helper
def class_called(mro, name):
    """One of the learner's classes, or of those above."""
    added = {"Lowest": lowest_class, "Swapped": swapped_class, "Labelled": labelled_class}
    return added[name](mro) if name in added else getattr(mro, name)


@helper
def made(cls, keywords):
    """An object of the class; when its __init__ fails, which is another check's matter, one made without it."""
    try:
        return cls(**keywords)
    except Exception:
        return cls.__new__(cls)


@probe
def shape(mro, keywords):
    """Base, Left, Right and Bottom; Bottom(**{keywords}).visit([])"""
    mro.Bottom(**keywords).visit([])
    classes = {name: getattr(mro, name) for name in ("Base", "Left", "Right", "Bottom")}
    return {
        "parents": {name: [base.__name__ for base in cls.__bases__] for name, cls in classes.items()},
        "missing methods": [
            f"{name}.{method}"
            for name, cls in classes.items()
            for method in ("visit", "__init__")
            if method not in vars(cls)
        ],
    }


@probe
def visit(mro, name, keywords):
    """log = []; {name:text}(**{keywords}).visit(log)"""
    log = []
    made(class_called(mro, name), keywords).visit(log)
    return log


@probe
def attributes(mro, name, keywords):
    """vars({name:text}(**{keywords}))"""
    thing = class_called(mro, name)(**keywords)
    return {keyword: getattr(thing, keyword, "not set") for keyword in keywords}


@probe
def assignments(mro, keywords):
    """how often each attribute is set by Bottom(**{keywords})"""
    log = []

    class Watched(mro.Bottom):
        def __setattr__(self, name, value):
            log.append(name)
            super().__setattr__(name, value)

    Watched(**keywords)
    return {keyword: log.count(keyword) for keyword in keywords}


@probe
def refusal(mro, name, keywords):
    """{name:text}(**{keywords})"""
    try:
        getattr(mro, name)(**keywords)
    except TypeError:
        return "a TypeError"
    return "no error"


def test_the_diamond_has_its_shape(learner: Learner, rng: Random) -> None:
    seen = learner.run(shape, values_for(rng, *KEYWORDS["Bottom"]))
    parents = {"Base": ["object"], "Left": ["Base"], "Right": ["Base"], "Bottom": ["Left", "Right"]}
    assert {"parents": seen["parents"]} == {"parents": parents}
    assert {"missing methods": seen["missing methods"]} == {"missing methods": []}


def visit_of(learner: Learner, rng: Random, name: str) -> Any:
    return learner.run(visit, name, values_for(rng, *KEYWORDS[name]))


def test_visit_goes_up_each_side(learner: Learner, rng: Random) -> None:
    for name, expected in (("Base", ["Base"]), ("Left", ["Left", "Base"]), ("Right", ["Right", "Base"])):
        assert visit_of(learner, rng, name) == expected


def test_visit_runs_every_class_once(learner: Learner, rng: Random) -> None:
    assert visit_of(learner, rng, "Bottom") == ["Bottom", "Left", "Right", "Base"]


def test_visit_works_for_classes_below(learner: Learner, rng: Random) -> None:
    assert visit_of(learner, rng, "Swapped") == ["Right", "Left", "Base"]
    assert visit_of(learner, rng, "Lowest") == ["Lowest", "Bottom", "Left", "Right", "Extra", "Base"]


def test_every_keyword_arrives(learner: Learner, rng: Random) -> None:
    for name in DIAMOND:
        keywords = values_for(rng, *KEYWORDS[name])
        assert learner.run(attributes, name, keywords) == keywords


def test_every_init_runs_once(learner: Learner, rng: Random) -> None:
    keywords = values_for(rng, *KEYWORDS["Bottom"])
    assert learner.run(assignments, keywords) == dict.fromkeys(keywords, 1)


def test_init_works_for_classes_below(learner: Learner, rng: Random) -> None:
    for name in ("Swapped", "Lowest", "Labelled"):
        keywords = values_for(rng, *KEYWORDS[name])
        assert learner.run(attributes, name, keywords) == keywords


def test_wrong_keywords_are_a_type_error(learner: Learner, rng: Random) -> None:
    for name in DIAMOND:
        keywords = values_for(rng, *KEYWORDS[name])
        learner.run(attributes, name, keywords)
        wrong = [{**keywords, "colour": 1}]
        wrong += [{each: value for each, value in keywords.items() if each != missing} for missing in keywords]
        for given in wrong:
            assert learner.run(refusal, name, given) == "a TypeError"


# --- linearize: families ---------------------------------------------------------------------------------------------

Family = dict[str, list[str]]  # the parents of each, by name; parents come before their children


def c3(name: str, family: Family) -> list[str] | None:
    """The line of a class; None when there is none."""
    lines = [c3(base, family) for base in family[name]]
    if None in lines:
        return None
    waiting = [line for line in (*lines, list(family[name])) if line]
    result = [name]
    while waiting:
        for heads in waiting:
            if all(heads[0] not in line[1:] for line in waiting):
                break
        else:
            return None
        taken = heads[0]
        result.append(taken)
        waiting = [rest for line in waiting if (rest := [each for each in line if each != taken])]
    return result


def depth_first(name: str, family: Family) -> list[str]:
    """Everything on the way up, with repetitions."""
    return [name, *(each for base in family[name] for each in depth_first(base, family))]


def by_levels(name: str, family: Family) -> list[str]:
    """Everything on the way up, level by level, with repetitions."""
    level, result = [name], []
    while level:
        result += level
        level = [base for each in level for base in family[each]]
    return result


def without_repetition(line: list[str], *, last: bool) -> list[str]:
    """The line, where of each name only the first or the last is kept."""
    return [*dict.fromkeys(reversed(line))][::-1] if last else [*dict.fromkeys(line)]


def easy_ways(name: str, family: Family) -> list[list[str]]:
    """What those get who walk up in one way or another and drop repetitions."""
    walks = (depth_first(name, family), by_levels(name, family))
    return [without_repetition(walk, last=last) for walk in walks for last in (False, True)]


def names_for(rng: Random, count: int) -> list[str]:
    return rng.sample("ABCDEFGHIJKLMNPQRSTUVWXYZ", count)


def random_family(rng: Random) -> Family:
    """Four classes without parents, three below them, and one below these; it may have no line."""
    names = names_for(rng, 8)
    tops, middle, last = names[:4], names[4:7], names[7]
    below_them = {name: rng.sample(tops, rng.choice([2, 3])) for name in middle}
    return {**{name: [] for name in tops}, **below_them, last: middle}


def plain_families(rng: Random) -> list[Family]:
    """A chain, a diamond, a diamond upon a diamond: what Python programs are made of."""
    a, b, c, d, e, f, g = names_for(rng, 7)
    diamond: Family = {a: [], b: [a], c: [a], d: [b, c]}
    return [
        {a: []},
        {a: [], b: [a], c: [b]},
        diamond,
        {**diamond, e: [d], f: [d], g: [e, f]},
        {a: [], b: [], c: [b, a]},
    ]


def tangled_families(rng: Random) -> list[Family]:
    """One in which the list of the bases decides, and two in which no easy way gives the line."""
    a, b, c, d, e, *rest = names_for(rng, 9)
    families: list[Family] = [
        {a: [], b: [], c: [a], d: [c, b, a]},
        {a: [], b: [], c: [], d: [], e: [], rest[0]: [a, b, c], rest[1]: [d, b, e], rest[2]: [d, a], rest[3]: rest[:3]},
    ]
    for _ in range(ATTEMPTS):
        family = random_family(rng)
        last = [*family][-1]
        line = c3(last, family)
        if line and line not in easy_ways(last, family):
            families.append(family)
            break
    return families


def impossible_families(rng: Random) -> list[Family]:
    """Families in which the last class has no line, although each of its parents has one."""
    a, b, c, d, e, f, g = names_for(rng, 7)
    return [
        {a: [], b: [], c: [a, b], d: [b, a], e: [c, d]},
        {a: [], b: [a], c: [a, b]},
        {a: [], b: [], c: [], d: [a, b], e: [b, c], f: [c, a], g: [d, e, f]},
    ]


def written(family: Family) -> str:
    """The family as class statements."""
    return "; ".join(
        f"class {name}({', '.join(bases)})" if bases else f"class {name}" for name, bases in family.items()
    )


# --- linearize: what is asked ----------------------------------------------------------------------------------------


@helper
def named(line, names):
    """A line as names; for what is no list, or not of this family, what it is."""
    if type(line) is not list:
        return f"no list, but an object of type {type(line).__name__}"
    return [names.get(id(each), f"<{type(each).__name__}>") for each in line]


@probe
def line_of_class(mro, last, declared, family):
    """linearize({last:text}), where {declared:text}"""
    classes = {}
    for name, bases in family.items():
        classes[name] = type(name, tuple(classes[base] for base in bases), {})
    names = {id(cls): name for name, cls in classes.items()} | {id(object): "object"}
    return {"yours": named(mro.linearize(classes[last]), names), "python's": named(list(classes[last].__mro__), names)}


@probe
def line_of_builtin(mro, name):
    """linearize({name:text})"""
    import builtins
    import collections
    import io

    cls = next(vars(module)[name] for module in (builtins, collections, io) if name in vars(module))
    names = {id(each): each.__name__ for each in cls.__mro__}
    return {"yours": named(mro.linearize(cls), names), "python's": named(list(cls.__mro__), names)}


@probe
def line_of_stand_in(mro, last, declared, family):
    """linearize({last:text}) with stand-ins for classes, where {declared:text}"""

    class StandIn:
        def __init__(self, bases):
            self.__bases__ = bases

    made = {}
    for name, bases in family.items():
        made[name] = StandIn(tuple(made[base] for base in bases))
    try:
        return named(mro.linearize(made[last]), {id(each): name for name, each in made.items()})
    except TypeError:
        return "a TypeError"


def expect_lines_of_classes(learner: Learner, families: list[Family]) -> None:
    for family in families:
        seen = learner.run(line_of_class, [*family][-1], written(family), family)
        assert seen["yours"] == seen["python's"]


def line_of(learner: Learner, family: Family) -> Any:
    return learner.run(line_of_stand_in, [*family][-1], written(family), family)


def test_linearize_agrees_with_python(learner: Learner, rng: Random) -> None:
    expect_lines_of_classes(learner, plain_families(rng))
    for name in ("object", "bool", "FileNotFoundError", "OrderedDict", "StringIO"):
        seen = learner.run(line_of_builtin, name)
        assert seen["yours"] == seen["python's"]


def test_linearize_looks_at_bases_only(learner: Learner, rng: Random) -> None:
    for family in plain_families(rng):
        assert line_of(learner, family) == c3([*family][-1], family)


def test_linearize_merges(learner: Learner, rng: Random) -> None:
    expect_lines_of_classes(learner, tangled_families(rng))


def test_linearize_refuses_what_has_no_line(learner: Learner, rng: Random) -> None:
    plain = plain_families(rng)[0]
    learner.run(line_of_stand_in, [*plain][-1], written(plain), plain)
    for family in impossible_families(rng):
        assert line_of(learner, family) == "a TypeError"


# --- the note --------------------------------------------------------------------------------------------------------


def test_note_is_filled_in(learner: Learner) -> None:
    note.sections(learner)


def test_note_example_runs(learner: Learner) -> None:
    note.example(learner)


def test_note_explains(learner: Learner) -> None:
    note.review(learner)
