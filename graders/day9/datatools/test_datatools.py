"""Judges day9/datatools: the functions where they are, and the library as it is when it is installed elsewhere."""

import csv
import io
import json
from random import Random
from typing import Any

import pytest
from grader import Learner, helper, once, probe

PUBLIC = {
    "datatools": ["export", "processing", "validation"],
    "datatools.processing": ["group_by", "summarize"],
    "datatools.validation": ["missing", "wrong_types"],
    "datatools.export": ["to_csv", "to_json"],
}
# Ways of importing, each in an interpreter of its own; what is printed must be True.
WAYS = [
    "import datatools as d; print(all(map(callable, [d.processing.group_by, d.validation.missing, d.export.to_json])))",
    "from datatools import export; print(callable(export.to_csv))",
    "import datatools.validation as v; print(callable(v.wrong_types))",
    "from datatools.processing import summarize; print(callable(summarize))",
]
CITIES = ["Rome", "Oslo", "Zürich", "Lima", "Kraków", "Quito"]


# --- the functions ---------------------------------------------------------------------------------------------------


@probe
def called(datatools, module, name, rows, *arguments):
    """datatools.{module}.{name}({rows}, *{arguments})"""
    import copy
    import importlib

    before = copy.deepcopy(rows)
    result = getattr(importlib.import_module(f"datatools.{module}"), name)(rows, *arguments)
    return {"result": result, "changed what it was given": rows != before}


@probe
def typed(datatools, rows, columns):
    """datatools.validation.wrong_types({rows}, types), where types is {columns} with classes for their names"""
    from datatools.validation import wrong_types

    classes = {"str": str, "int": int, "float": float, "list": list}
    result = wrong_types(rows, {column: classes[name] for column, name in columns.items()})
    return {"result": result, "changed what it was given": False}


def table(rng: Random, count: int) -> list[dict[str, Any]]:
    return [
        {"city": rng.choice(CITIES), "temp": rng.randint(-20, 40), "note": rng.choice(["wet", "dry"])}
        for _ in range(count)
    ]


def returned(value: Any) -> dict[str, Any]:
    return {"result": value, "changed what it was given": False}


def test_processing_values(learner, rng):
    rows = table(rng, 8)
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault(row["city"], []).append(row)
    seen = learner.run(called, "processing", "group_by", rows, "city")
    assert seen == returned(groups)
    in_order = list(seen["result"]) == list(groups)
    assert in_order, f"group_by: the groups are in the order {list(seen['result'])}, expected {list(groups)}"
    assert learner.run(called, "processing", "group_by", [], "city") == returned({})
    lacking = learner.attempt(called, "processing", "group_by", [*rows, {"temp": 3}], "city")
    refused = getattr(lacking, "type", None) == "KeyError"
    assert refused, "group_by: a row without the column should be a KeyError"
    gaps = [*rows[:4], {"city": "Rome"}, {"city": "Oslo", "temp": None}, {"city": "Lima", "temp": 0}]
    numbers = [row["temp"] for row in gaps if row.get("temp") is not None]
    mean = pytest.approx(sum(numbers) / len(numbers))
    expected = {"count": len(numbers), "min": min(numbers), "max": max(numbers), "mean": mean}
    assert learner.run(called, "processing", "summarize", gaps, "temp") == returned(expected)
    nothing = {"count": 0, "min": None, "max": None, "mean": None}
    assert learner.run(called, "processing", "summarize", [{"temp": None}], "temp") == returned(nothing)


def test_validation_values(learner, rng):
    rows = table(rng, 5)
    first, second = sorted(rng.sample(range(5), 2))
    rows[first] |= {"city": "", "temp": 0}
    del rows[second]["note"]
    rows[second]["temp"] = None
    expected = [(first, "city"), (second, "note"), (second, "temp")]
    assert learner.run(called, "validation", "missing", rows, ["note", "temp", "city"]) == returned(expected)
    assert learner.run(called, "validation", "missing", rows, []) == returned([])
    rows = table(rng, 5)
    rows[first] |= {"temp": "12", "city": ["Rome"]}
    rows[second] |= {"note": 3.5, "temp": None}
    del rows[second]["city"]
    columns = {"temp": "int", "city": "str", "note": "str", "other": "list"}
    expected = [(first, "temp"), (first, "city"), (second, "note")]
    assert learner.run(typed, rows, columns) == returned(expected)


def csv_of(rows: list[dict[str, Any]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def test_export_values(learner, rng):
    rows = table(rng, 4)
    rows[1] |= {"note": rng.choice(['say "hi"', "a, b", "two\nlines"]), "temp": None}
    for some, text in ((rows, csv_of(rows)), (rows[:1], csv_of(rows[:1])), ([], "")):
        assert learner.run(called, "export", "to_csv", some) == returned(text)
    rows[0]["city"] = "Zürich"
    seen = learner.run(called, "export", "to_json", rows)["result"]
    try:
        parsed = json.loads(seen)
    except (TypeError, ValueError) as error:
        pytest.fail(f"to_json gave {seen!r}, which is no JSON: {error}")
    assert parsed == rows, "to_json: what is read back from the text should be the table"
    readable = "Zürich" in seen
    assert readable, f"to_json: the ü of Zürich is not readable in {seen!r}"


# --- the project -----------------------------------------------------------------------------------------------------


@helper
def examples_of(home, source):
    """What each example does with the library, and without it."""
    return {each.name: home.run("python", str(each)) for each in sorted(source.glob("[!_]*.py"))}


@helper
def blocks_of(text):
    """The Python code in Markdown."""
    import re

    return re.findall(r"^```python\s*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


@helper
def names_brought(home, module):
    """What a star import brings; in one interpreter for all modules, each into a dict of its own."""
    import json

    code = "import json, sys\n" + (
        "def brought(module):\n"
        "    space = {}\n"
        "    exec(f'from {module} import *', space)\n"
        "    return sorted(set(space) - {'__builtins__'})\n"
        "print(json.dumps({name: brought(name) for name in sys.argv[1:]}))\n"
    )
    run = home.run("python", "-c", code, *module)
    return json.loads(run["stdout"]) if run["exit_code"] == 0 else run["stderr"].strip().splitlines()[-1]


@helper
def complete(package):
    """Puts in place what was not installed, so that only one check is about it."""
    import pathlib
    import shutil

    for name in ("export", "processing", "validation"):
        if not (package / name).exists():
            shutil.copytree(pathlib.Path("datatools") / name, package / name)


@helper
def used(home, ways, public):
    """What the installed library is good for, far from its source."""
    import pathlib
    import shutil

    examples = home.top / "examples"
    if pathlib.Path("examples").is_dir():
        shutil.copytree("examples", examples)
    readme = pathlib.Path("README.md").read_text(encoding="utf-8", errors="replace")
    return {
        "ways": {way: home.run("python", "-c", way) for way in ways},
        "public": names_brought(home, public),
        "examples": examples_of(home, examples),
        "pip install": "pip install" in readme,
        "usage": [home.run("python", "-c", block) for block in blocks_of(readme)[:2]],
    }


@helper
def problem_of(path):
    """Why nobody can build what this pyproject.toml describes, or None."""
    import tomllib

    with open(path, "rb") as file:
        try:
            system = tomllib.load(file).get("build-system", {})
        except tomllib.TOMLDecodeError as error:
            return f"pyproject.toml is not valid TOML: {error}"
    named = system.get("build-backend") and system.get("requires")
    return None if named else "pyproject.toml has no table [build-system] with `requires` and `build-backend`"


@probe
def installation(_, ways, public):
    """pip install . in a fresh virtual environment"""
    import shutil

    from sandboxed.project import Failed, Installation, left_out, summary_of

    problem = problem_of("pyproject.toml")
    if problem:
        return {"failed": {"step": "build", "told": problem}, "told": []}
    home = Installation()
    seen = {"failed": None, "told": []}
    try:
        home.install(home.build())
        seen["told"] = home.distributions()
        seen["added"] = home.left_over()
        seen["site-packages"] = str(home.site_packages.relative_to(home.venv))
        seen["left out"] = left_out(seen["told"][0]["requires_python"], ["3.11.0", "3.12.4", "3.20.1"])
        complete(home.site_packages / "datatools")
        seen |= used(home, ways, public)
        home.uninstall(seen["told"][0]["name"])
        shutil.rmtree(home.site_packages / "datatools", ignore_errors=True)
        seen["without"] = examples_of(home, home.top / "examples")
    except Failed as failed:
        seen["failed"] = {"step": failed.args[0], "told": summary_of(failed)}
    home.close()
    return seen


@once
def journey(learner: Learner, rng: Random) -> dict[str, Any]:
    ways = [WAYS[0], *rng.sample(WAYS[1:], 2)]
    return learner.run(installation, ways, list(PUBLIC))


def names(seen: dict[str, Any]) -> list[str]:
    return [each["name"] for each in seen["told"]]


def installed(learner: Learner) -> dict[str, Any]:
    """What was seen of a project that installs: where it doesn't, that is said by one check, and the others wait."""
    seen = journey(learner)
    if names(seen) != ["datatools"]:
        pytest.skip("not looked at yet: first the project has to install")
    return seen


def shown(run: dict[str, Any]) -> str:
    """What a user saw, in words."""
    said = run["stderr"].strip().splitlines()
    told = f"; the last line on stderr was: {said[-1]}" if said else ""
    return f"printed {run['stdout']!r}, with exit code {run['exit_code']}{told}"


def test_it_installs(learner):
    seen = journey(learner)
    failed = seen["failed"]
    works = failed is None
    assert works, "" if works else f"the step `{failed['step']}` did not work: {failed['told']}"
    expected = names(seen) == ["datatools"]
    assert expected, f"what was installed is called {' and '.join(names(seen)) or 'nothing'}, not datatools"


def test_the_metadata_is_complete(learner):
    seen = installed(learner)
    told = seen["told"][0]
    described = told["summary"] not in ("", "UNKNOWN")
    assert described, "the library has no summary"
    pythons = told["requires_python"]
    assert pythons, "the library does not say for which versions of Python it is"
    left_out = seen["left out"]
    assert not left_out, f"Requires-Python is {pythons}, which leaves out Python {' and '.join(left_out)}"
    assert told["dependencies"] == [], "the library depends on others"


def test_the_subpackages_are_installed(learner):
    seen = installed(learner)
    wanted = [f"datatools/{name}/__init__.py" for name in PUBLIC["datatools"]]
    lacking = [name for name in wanted if f"{seen['site-packages']}/{name}" not in seen["added"]]
    assert lacking == [], "these files of your project are not in the installed library"


def test_nothing_else_is_installed(learner):
    seen = installed(learner)
    site = f"{seen['site-packages']}/"
    others = [each for each in seen["added"] if not each.startswith((f"{site}datatools/", f"{site}datatools-"))]
    assert others == [], "besides the package datatools, these files were installed"


def test_it_is_imported_in_every_way(learner):
    seen = installed(learner)
    for way, run in seen["ways"].items():
        works = (run["exit_code"], run["stdout"]) == (0, "True\n")
        assert works, f'python -c "{way}" {shown(run)}; expected True'


def test_the_public_names_are_clean(learner):
    seen = installed(learner)
    assert seen["public"] == PUBLIC, "what star imports bring"


def test_the_examples_run(learner):
    seen = installed(learner)
    there = bool(seen["examples"])
    assert there, "there is no program in the folder examples"
    for name, run in seen["examples"].items():
        works = run["exit_code"] == 0 and run["stdout"].strip() != ""
        assert works, f"examples/{name}, run in another folder with the library installed, {shown(run)}"
        bare = seen["without"][name]
        needs_it = bare["exit_code"] != 0
        assert needs_it, f"examples/{name} also runs where the library is not installed, so it does not use that"


def test_the_readme_shows_how(learner):
    seen = installed(learner)
    installs = seen["pip install"]
    assert installs, "README.md shows no command with `pip install`"
    shows = bool(seen["usage"])
    assert shows, "README.md has no block of Python code (between ```python and ```)"
    for run in seen["usage"]:
        works = run["exit_code"] == 0 and run["stdout"].strip() != ""
        assert works, f"a block of Python code in README.md, run with the library installed, {shown(run)}"
