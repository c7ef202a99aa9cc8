"""Profile, fix, measure: find out why `slow` is slow, and write a `fast` that isn't. See the README."""

import random


def distinct(values):
    """The values without repetitions, in the order in which they are first seen."""
    found = []
    for value in values:
        if value not in found:
            found.append(value)
    return found


def visitors_of(page, visits):
    """The visitor of each visit to the page."""
    found = []
    for visitor, visited in visits:
        if visited == page:
            found.append(visitor)
    return found


def line(page, visits):
    """What is to be said about one page."""
    visitors = visitors_of(page, visits)
    return page, len(visitors), len(distinct(visitors))


def slow(visits):
    """(page, number of visits, number of different visitors) for each page, in the order of their first visits."""
    pages = distinct([page for _, page in visits])
    return [line(page, visits) for page in pages]


def fast(visits):
    """What slow(visits) gives, with work that grows in step with the number of visits."""
    raise NotImplementedError


def hot_function(func, *args):
    """The name of the function in which func(*args) spends most time."""
    raise NotImplementedError


def measure(func, make, sizes, repeat=3):
    """{size: seconds of the shortest of `repeat` runs of func(make(size))}"""
    raise NotImplementedError


def sample(size):
    """So many visits, for trying things out."""
    return [(f"visitor {random.randrange(size)}", f"/page/{random.randrange(size)}") for _ in range(size)]


if __name__ == "__main__":
    print("hot:", hot_function(slow, sample(1000)))
    for function in (slow, fast):
        print(function.__name__, measure(function, sample, [500, 1000, 2000]))
