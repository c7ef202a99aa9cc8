"""Judges what stands around the program: .gitignore and pyproject.toml."""

import re
from random import Random
from typing import Any

from grader import helper, probe

TOOLS = ("black", "mypy", "pytest", "ruff")


@helper
def text_of(hello, name):
    """A file in the repository's top folder; None when it isn't there."""
    import pathlib

    path = pathlib.Path(hello.__file__).parent.parent / name
    return path.read_text() if path.exists() else None


def there(seen: Any, name: str) -> Any:
    """What a probe found; fails the check when there was no file."""
    is_there = seen is not None
    assert is_there, f"there is no {name} yet"
    return seen


# --- .gitignore ------------------------------------------------------------------------------------------------------


@probe
def ignored(hello, paths):
    """git check-ignore, for {paths}"""
    import pathspec

    text = text_of(hello, ".gitignore")
    if text is None:
        return None
    patterns = pathspec.GitIgnoreSpec.from_lines(text.splitlines())
    return [path for path in paths if patterns.match_file(path)]


def word(rng: Random) -> str:
    return "".join(rng.choices("abcdefghijklmnopqrstuvwxyz", k=6))


def test_gitignore_leaves_out_what_is_made(learner, rng):
    folder = f"week{rng.randrange(1, 4)}/{word(rng)}"
    paths = [
        "venv/pyvenv.cfg",
        f"venv/lib/python3.12/site-packages/{word(rng)}/__init__.py",
        "day0/__pycache__/hello.cpython-312.pyc",
        f"{folder}/__pycache__/{word(rng)}.cpython-313.pyc",
        ".pytest_cache/README.md",
        f"{folder}/.pytest_cache/v/cache/lastfailed",
    ]
    assert {"ignored": there(learner.run(ignored, paths), ".gitignore")} == {"ignored": paths}


def test_gitignore_keeps_your_work(learner, rng):
    folder = f"week{rng.randrange(1, 4)}/day{rng.randrange(1, 23)}"
    paths = [
        "day0/hello.py",
        "day0/test_hello.py",
        f"{folder}/{word(rng)}.py",
        f"{folder}/test_{word(rng)}.py",
        f"{folder}/{word(rng)}/__init__.py",
        "README.md",
        "pyproject.toml",
        ".gitignore",
    ]
    assert {"ignored": there(learner.run(ignored, paths), ".gitignore")} == {"ignored": []}


# --- pyproject.toml --------------------------------------------------------------------------------------------------


@helper
def project_file(hello):
    """The tables of pyproject.toml; None when there is no such file."""
    import tomllib

    text = text_of(hello, "pyproject.toml")
    return None if text is None else tomllib.loads(text)


@probe
def project(hello):
    """reading [project] in pyproject.toml"""
    from packaging.version import InvalidVersion, Version

    tables = project_file(hello)
    if tables is None:
        return None
    found = tables.get("project", {})
    try:
        version = str(Version(found["version"])) if "version" in found else None
    except (InvalidVersion, TypeError):
        version = None
    return {"name": found.get("name"), "version": found.get("version"), "is a version": version is not None}


@probe
def pythons(hello, versions):
    """reading requires-python in pyproject.toml: which of {versions} does it allow?"""
    from packaging.specifiers import SpecifierSet

    tables = project_file(hello)
    if tables is None:
        return None
    wanted = tables.get("project", {}).get("requires-python")
    if type(wanted) is not str:
        return {"requires-python": wanted}
    return {"requires-python": wanted, "allowed": [each for each in versions if each in SpecifierSet(wanted)]}


@probe
def tools(hello):
    """reading the group dev in pyproject.toml"""
    from packaging.requirements import Requirement

    tables = project_file(hello)
    if tables is None:
        return None
    groups = tables.get("dependency-groups", {})

    def named(group):
        for each in group:
            if isinstance(each, dict):
                yield from named(groups.get(each.get("include-group"), []))
            else:
                yield Requirement(each).name.lower()

    extras = tables.get("project", {}).get("optional-dependencies", {})
    return sorted({*named(groups.get("dev", [])), *named(extras.get("dev", []))})


def test_pyproject_names_the_project(learner):
    seen = there(learner.run(project), "pyproject.toml")
    named = type(seen["name"]) is str and re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?", seen["name"])
    assert named, f"the name of the project is {seen['name']!r}; letters, digits, -, _ and . are allowed"
    assert seen["is a version"], (
        f"the version of the project is {seen['version']!r}; something like '0.1.0' is expected"
    )


def test_pyproject_asks_for_python(learner):
    newer, older = ["3.11.0", "3.11.9", "3.12.4", "3.13.0", "3.14.1"], ["3.6.15", "3.9.18", "3.10.14"]
    seen = there(learner.run(pythons, older + newer), "pyproject.toml")
    assert "allowed" in seen, f"requires-python is {seen['requires-python']!r}, and should be a text"
    assert {"allowed": seen["allowed"]} == {"allowed": newer}, f"requires-python is {seen['requires-python']!r}"


def test_pyproject_lists_the_tools(learner):
    seen = there(learner.run(tools), "pyproject.toml")
    missing = [tool for tool in TOOLS if tool not in seen]
    assert {"not listed": missing} == {"not listed": []}
