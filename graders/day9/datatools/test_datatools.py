"""Judges day9/datatools: the functions where they are, and the library as it is when it is installed elsewhere."""

import csv
import io
import json
import re
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


@helper
def plain(result):
    """Kinds of dicts and tuples as the plain ones: the README asks for a dict and for tuples, of whatever class."""
    if isinstance(result, dict):
        return dict(result)
    if isinstance(result, list):
        return [tuple(each) if isinstance(each, tuple) else each for each in result]
    return result


@probe
def called(datatools, code, module, name, arguments, classes):
    """{code:text}"""
    import builtins
    import copy
    import importlib

    if classes:  # they travel by their names
        arguments = [*arguments, {column: getattr(builtins, each) for column, each in classes.items()}]
    before = copy.deepcopy(arguments)
    result = getattr(importlib.import_module(f"datatools.{module}"), name)(*arguments)
    return {"result": plain(result), "changed": arguments != before}


def call_of(
    module: str, name: str, *arguments: Any, classes: dict[str, str] | None = None
) -> tuple[str, str, str, list[Any], dict[str, str] | None]:
    """What `called` gets for a call; `classes` is the last argument, with the names of builtin classes."""
    shown = [repr(each) for each in arguments]
    if classes:
        shown.append("{" + ", ".join(f"{column!r}: {each}" for column, each in classes.items()) + "}")
    return f"datatools.{module}.{name}({', '.join(shown)})", module, name, list(arguments), classes


def gives(learner: Learner, module: str, name: str, *arguments: Any, classes: dict[str, str] | None = None) -> Any:
    seen = learner.run(called, *call_of(module, name, *arguments, classes=classes))
    unchanged = not seen["changed"]
    assert unchanged, f"{name} changed what it was given"
    return seen["result"]


def table(rng: Random, count: int) -> list[dict[str, Any]]:
    return [
        {"city": rng.choice(CITIES), "temp": rng.randint(-20, 40), "note": rng.choice(["wet", "dry"])}
        for _ in range(count)
    ]


def test_processing_values(learner, rng):
    rows = table(rng, 8)
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault(row["city"], []).append(row)
    seen = gives(learner, "processing", "group_by", rows, "city")
    assert seen == groups
    in_order = list(seen) == list(groups)
    assert in_order, f"group_by: the groups are in the order {list(seen)}, expected {list(groups)}"
    assert gives(learner, "processing", "group_by", [], "city") == {}
    lacking = learner.attempt(called, *call_of("processing", "group_by", [*rows, {"temp": 3}], "city"))
    refused = getattr(lacking, "type", None) == "KeyError"
    assert refused, "group_by: a row without the column should be a KeyError"
    gaps = [*rows[:4], {"city": "Rome"}, {"city": "Oslo", "temp": None}, {"city": "Lima", "temp": 0}]
    numbers = [row["temp"] for row in gaps if row.get("temp") is not None]
    mean = pytest.approx(sum(numbers) / len(numbers))
    expected = {"count": len(numbers), "min": min(numbers), "max": max(numbers), "mean": mean}
    assert gives(learner, "processing", "summarize", gaps, "temp") == expected
    nothing = {"count": 0, "min": None, "max": None, "mean": None}
    assert gives(learner, "processing", "summarize", [{"temp": None}], "temp") == nothing


def test_validation_values(learner, rng):
    rows = table(rng, 5)
    first, second = sorted(rng.sample(range(5), 2))
    rows[first] |= {"city": "", "temp": 0}
    del rows[second]["note"]
    rows[second]["temp"] = None
    expected = [(first, "city"), (second, "note"), (second, "temp")]
    assert gives(learner, "validation", "missing", rows, ["note", "temp", "city"]) == expected
    assert gives(learner, "validation", "missing", rows, []) == []
    rows = table(rng, 5)
    rows[first] |= {"temp": "12", "city": ["Rome"]}
    rows[second] |= {"note": 3.5, "temp": None}
    del rows[second]["city"]
    columns = {"temp": "int", "city": "str", "note": "str", "other": "list"}
    expected = [(first, "temp"), (first, "city"), (second, "note")]
    assert gives(learner, "validation", "wrong_types", rows, classes=columns) == expected


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
        assert gives(learner, "export", "to_csv", some) == text
    rows[0]["city"] = "Zürich"
    seen = gives(learner, "export", "to_json", rows)
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
def runs_of_usage(home, blocks):
    """What blocks of code do, up to the first that runs and prints something."""
    runs = []
    for block in blocks:
        runs.append(home.run("python", "-c", block))
        if runs[-1]["exit_code"] == 0 and runs[-1]["stdout"].strip():
            break
    return runs


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
        "usage": runs_of_usage(home, blocks_of(readme)),
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
    """your library, installed into a fresh virtual environment by pip install ."""
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


def trouble(run: dict[str, Any]) -> str | None:
    """What a user would complain about, in words; None where something was printed and nothing went wrong."""
    if run["exit_code"] == 0:
        return None if run["stdout"].strip() else "prints nothing"
    said = run["stderr"].strip().splitlines()
    # Where the environment is that it was tried in tells nobody anything.
    reason = re.sub(r" \(/.*\)$", "", said[-1]) if said else f"exit code {run['exit_code']}"
    return f"fails with the library installed: {reason}"


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
        wrong = trouble(run) or f"prints {run['stdout']!r}, and not True"
        assert works, f'python -c "{way}" {wrong}'


def test_the_public_names_are_clean(learner):
    seen = installed(learner)
    assert seen["public"] == PUBLIC, "what star imports bring"


def test_the_examples_run(learner):
    seen = installed(learner)
    there = bool(seen["examples"])
    assert there, "there is no program in the folder examples"
    for name, run in seen["examples"].items():
        wrong = trouble(run)
        works = wrong is None
        assert works, f"examples/{name}, run in another folder, {wrong}"
        bare = seen["without"][name]
        needs_it = bare["exit_code"] != 0
        assert needs_it, f"examples/{name} also runs where the library is not installed, so it does not use that"


def test_the_readme_shows_how(learner):
    seen = installed(learner)
    installs = seen["pip install"]
    assert installs, "README.md shows no command with `pip install`"
    shows = bool(seen["usage"])
    assert shows, "README.md has no block of Python code (between ```python and ```)"
    wrong = [trouble(run) for run in seen["usage"]]
    works = None in wrong
    several = f"none of the {len(wrong)} blocks of Python code in README.md will do: the first"
    assert works, f"{several if len(wrong) > 1 else 'a block of Python code in README.md'} {wrong[0]}"
