"""Judges datamodel/container: a playlist against what a list does with the same songs."""

from itertools import product
from random import Random
from typing import Any

from grader import Learner, helper, probe

LETTERS = "abcdefghijklmnopqrstuvwxyz"


def titles(rng: Random, count: int) -> list[str]:
    """`count` different titles that no learner could have guessed."""
    chosen: set[str] = set()
    while len(chosen) < count:
        chosen.add("".join(rng.choices(LETTERS, k=6)))
    return sorted(chosen, key=lambda title: rng.random())


# --- what is in a playlist -------------------------------------------------------------------------------------------


@helper
def views(playlist):
    """The songs as a loop shows them and as indexes do; a way that raises is left out, unless both do."""
    from itertools import islice

    def by_second_loop():  # the first would also work on an iterator that was stored as it came
        list(islice(iter(playlist), 100))
        return list(islice(iter(playlist), 100))

    def by_index():
        return [playlist[at] for at in range(len(playlist))]

    seen, errors = [], []
    for look in (by_second_loop, by_index):
        try:
            seen.append(look())
        except Exception as error:
            errors.append(error)
    if not seen:
        raise errors[0]
    return seen


def songs_in(seen: list[Any], expected: list[Any]) -> Any:
    """The songs by the view that is as expected: a mistake in loops or in indexes has a check of its own."""
    return expected if expected in seen else seen[0]


@probe
def made_of_nothing(container):
    """Playlist()"""
    return views(container.Playlist())


@probe
def made_of_a_list(container, songs):
    """Playlist({songs})"""
    return views(container.Playlist(songs))


@probe
def made_by_keyword(container, songs):
    """Playlist(songs={songs})"""
    return views(container.Playlist(songs=songs))


@probe
def made_of_a_generator(container, songs):
    """Playlist(song for song in {songs})"""
    return views(container.Playlist(song for song in songs))


@probe
def made_of_keys(container, songs):
    """Playlist(dict.fromkeys({songs}))"""
    return views(container.Playlist(dict.fromkeys(songs)))


@probe
def made_before_a_change(container, songs, extra):
    """songs = {songs}; p = Playlist(songs); songs[0] = {extra}; songs.append({extra})"""
    playlist = container.Playlist(songs)
    songs[0] = extra
    songs.append(extra)
    return views(playlist)


@probe
def methods_of(container, songs):
    """the class Playlist, and len(Playlist({songs}))"""
    playlist = container.Playlist(songs)
    len(playlist)
    classes = type(playlist).__mro__
    methods = ("__len__", "__getitem__", "__iter__", "__contains__")
    owners = {name: next((each for each in classes if name in vars(each)), object) for name in methods}
    return {
        "methods that you have not written": [
            name for name, owner in owners.items() if owner.__module__ != container.__name__
        ],
        "ready-made containers it inherits from": [
            each.__name__ for each in classes if each is not object and each.__module__ in ("builtins", "collections")
        ],
    }


def test_the_protocol_is_written_by_hand(learner: Learner, rng: Random) -> None:
    seen = learner.run(methods_of, titles(rng, 3))
    for what in ("ready-made containers it inherits from", "methods that you have not written"):
        assert {what: seen[what]} == {what: []}


def test_takes_any_iterable(learner: Learner, rng: Random) -> None:
    assert songs_in(learner.run(made_of_nothing), []) == []
    for make in (made_of_a_list, made_by_keyword, made_of_a_generator, made_of_keys):
        songs = titles(rng, rng.randint(2, 4))
        assert songs_in(learner.run(make, songs), songs) == songs


def test_keeps_its_own_record(learner: Learner, rng: Random) -> None:
    extra, *songs = titles(rng, 4)
    assert songs_in(learner.run(made_before_a_change, songs, extra), songs) == songs


# --- length and truth ------------------------------------------------------------------------------------------------


@probe
def length(container, songs):
    """len(Playlist({songs}))"""
    return len(container.Playlist(songs))


@probe
def truth(container, songs):
    """bool(Playlist({songs}))"""
    return bool(container.Playlist(songs))


def test_len_counts_the_songs(learner: Learner, rng: Random) -> None:
    songs = titles(rng, rng.randint(3, 6))
    for given in (songs, [*songs, *songs[:2]], [songs, songs], [], ["", None, 0]):
        assert learner.run(length, given) == len(given)


def test_truth_follows_the_length(learner: Learner, rng: Random) -> None:
    for given in (titles(rng, rng.randint(1, 4)), [""], [None, 0, []], []):
        assert learner.run(truth, given) == bool(given)


# --- indexes ---------------------------------------------------------------------------------------------------------


@probe
def at(container, songs, index):
    """Playlist({songs})[{index}]"""
    return container.Playlist(songs)[index]


@probe
def refusal(container, songs, index):
    """Playlist({songs})[{index}]"""
    playlist = container.Playlist(songs)
    try:
        song = playlist[index]
    except IndexError:
        return "an IndexError"
    except TypeError:
        return "a TypeError"
    return f"no error, but {song!r}"


@probe
def at_number(container, songs, number):
    """Playlist({songs})[number], where number.__index__() gives {number}"""

    class Number:
        def __index__(self):
            return number

    return container.Playlist(songs)[Number()]


@probe
def between_numbers(container, songs, start, stop):
    """Playlist({songs})[start:stop], where start.__index__() gives {start} and stop.__index__() gives {stop}"""

    class Number:
        def __init__(self, number):
            self.number = number

        def __index__(self):
            return self.number

    return views(container.Playlist(songs)[Number(start) : Number(stop)])


def test_an_index_gives_the_song(learner: Learner, rng: Random) -> None:
    songs = titles(rng, rng.randint(3, 5))
    for index in range(-len(songs), len(songs)):
        assert learner.run(at, songs, index) == songs[index]


def test_out_of_range_is_an_index_error(learner: Learner, rng: Random) -> None:
    songs = titles(rng, rng.randint(3, 5))
    count = len(songs)
    far = count + rng.randint(2, 50)
    for given, index in ((songs, count), (songs, far), (songs, -count - 1), (songs, -far), ([], 0), ([], -1)):
        assert learner.run(refusal, given, index) == "an IndexError"


def test_no_index_is_a_type_error(learner: Learner, rng: Random) -> None:
    songs = titles(rng, rng.randint(3, 5))
    for index in ("0", 1.0, None, songs[0], (0, 1), 0.5):
        assert learner.run(refusal, songs, index) == "a TypeError"


def test_objects_with_index_are_indexes(learner: Learner, rng: Random) -> None:
    songs = titles(rng, rng.randint(4, 6))
    for number in (rng.randint(1, 3), -1):
        assert learner.run(at_number, songs, number) == songs[number]
    start, stop = 1, rng.randint(2, 4)
    part = songs[start:stop]
    assert songs_in(learner.run(between_numbers, songs, start, stop), part) == part


# --- slices ----------------------------------------------------------------------------------------------------------


@probe
def part(container, songs, start, stop, step):
    """Playlist({songs})[{start}:{stop}:{step}]"""
    result = container.Playlist(songs)[start:stop:step]
    kind = container.Playlist if isinstance(result, container.Playlist) else type(result)
    return {"type": kind.__name__, "views": views(result)}


@probe
def part_of_a_subclass(container, songs, start, stop):
    """class Mixtape(Playlist): pass; type(Mixtape({songs})[{start}:{stop}])"""

    class Mixtape(container.Playlist):
        pass

    return type(Mixtape(songs)[start:stop]).__name__


def slices(rng: Random, count: int) -> list[tuple[int | None, int | None, int | None]]:
    """Slices of `count` songs: the usual ones, some that reach outside, and some that nobody has thought of."""
    usual = [(1, 3, None), (None, 2, None), (-2, None, None), (None, None, None), (None, None, 2), (None, None, -1)]
    outside = [(1, count + 9, None), (count + 1, None, None), (-count - 3, 2, None), (3, 1, None), (-1, None, -2)]
    bounds = [None, *range(-count - 1, count + 2)]
    others = [(rng.choice(bounds), rng.choice(bounds), rng.choice([None, 1, 2, 3, -1, -2, -3])) for _ in range(6)]
    return [*usual, *outside, *others]


def test_a_slice_is_a_playlist(learner: Learner, rng: Random) -> None:
    songs = titles(rng, rng.randint(5, 7))
    for start, stop, step in slices(rng, len(songs)):
        expected = songs[start:stop:step]
        seen = learner.run(part, songs, start, stop, step)
        told = {"type": seen["type"], "songs": songs_in(seen["views"], expected)}
        assert told == {"type": "Playlist", "songs": expected}


def test_a_slice_keeps_the_subclass(learner: Learner, rng: Random) -> None:
    songs = titles(rng, rng.randint(4, 6))
    for start, stop in ((1, 3), (None, 2), (3, 3)):
        assert learner.run(part_of_a_subclass, songs, start, stop) == "Mixtape"


# --- loops -----------------------------------------------------------------------------------------------------------


@probe
def two_loops(container, songs):
    """p = Playlist({songs}); first = list(p); second = list(p)"""
    from itertools import islice

    playlist = container.Playlist(songs)
    return {name: list(islice(iter(playlist), 100)) for name in ("first", "second")}


@probe
def nested_loops(container, songs):
    """p = Playlist({songs}); pairs = [(a, b) for a in p for b in p]"""
    from itertools import islice

    playlist = container.Playlist(songs)
    pairs = ((a, b) for a in playlist for b in playlist)
    return {"pairs": list(islice(pairs, 100)), "songs": list(islice(iter(playlist), 100))}


@probe
def loops_side_by_side(container, songs):
    """p = Playlist({songs}); pairs = list(zip(p, p))"""
    from itertools import islice

    playlist = container.Playlist(songs)
    pairs = zip(playlist, playlist, strict=False)
    return {"pairs": list(islice(pairs, 100)), "songs": list(islice(iter(playlist), 100))}


@probe
def backwards_twice(container, songs):
    """p = Playlist({songs}); first = reversed(p); second = reversed(p)"""
    from itertools import islice

    playlist = container.Playlist(songs)
    seen = {}
    for name in ("first", "second"):
        result = reversed(playlist)
        iterator = hasattr(result, "__next__")
        seen[name] = list(islice(result, 100)) if iterator else f"no iterator, but an object of {type(result)}"
    return seen


def test_iteration_gives_the_songs_in_order(learner: Learner, rng: Random) -> None:
    songs = titles(rng, rng.randint(3, 5))
    for given in (songs, [*songs, songs[0]], []):
        assert learner.run(two_loops, given) == {"first": given, "second": given}


def test_loops_do_not_disturb_each_other(learner: Learner, rng: Random) -> None:
    songs = titles(rng, rng.randint(2, 3))
    nested = learner.run(nested_loops, songs)
    # A wrong order of a single loop is another check's matter.
    order = nested["songs"] if sorted(nested["songs"], key=str) == sorted(songs) else songs
    assert {"pairs": nested["pairs"]} == {"pairs": list(product(order, repeat=2))}
    side_by_side = learner.run(loops_side_by_side, songs)
    assert {"pairs": side_by_side["pairs"]} == {"pairs": [(song, song) for song in order]}


def test_reversed_goes_from_last_to_first(learner: Learner, rng: Random) -> None:
    songs = titles(rng, rng.randint(3, 5))
    for given in (songs, []):
        assert learner.run(backwards_twice, given) == {"first": given[::-1], "second": given[::-1]}


# --- in --------------------------------------------------------------------------------------------------------------


@probe
def contains(container, songs, song):
    """{song} in Playlist({songs})"""
    return song in container.Playlist(songs)


def test_in_finds_equal_songs(learner: Learner, rng: Random) -> None:
    other, *songs = titles(rng, 5)
    for song in (*songs, other, songs[0][:-1], songs[0] + "s", "", None, 7):
        assert learner.run(contains, songs, song) == (song in songs)
    odd: list[Any] = [[songs[0], 215], None, "", 4]
    for song in ([songs[0], 215], [songs[0], 216], None, "", 4, 4.0, "4", songs[0]):
        assert learner.run(contains, odd, song) == (song in odd)
