"""Judges packaging/console_entry: the project is built, installed, used and uninstalled once, and each check looks at a
part of what came of it.
"""

from random import Random
from typing import Any

import pytest
from grader import Learner, helper, once, probe

# The starter's codes.txt.
CODES = ".- -... -.-. -.. . ..-. --. .... .. .--- -.- .-.. -- -. --- .--. --.- .-. ... - ..- ...- .-- -..- -.-- --.."
TABLE = dict(zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", CODES.split(), strict=True))
CODES_TXT = "".join(f"{letter} {code}\n" for letter, code in TABLE.items())

# The distribution that holds a backend, by the backend's first name.
BACKENDS = {"setuptools": "setuptools", "hatchling": "hatchling", "flit_core": "flit-core"}


def encoded(text: str) -> str:
    return " / ".join(" ".join(TABLE[letter] for letter in word) for word in text.upper().split())


# --- one installation, used in every way -----------------------------------------------------------------------------


@helper
def codes_of(package):
    """The installed table; what is missing is put there, so that only one check is about it."""
    import pathlib

    codes = package / "codes.txt"
    found = codes.exists()
    if not found and package.exists():
        sources = [each for each in ("src/morse/codes.txt", "morse/codes.txt") if pathlib.Path(each).exists()]
        codes.write_text(pathlib.Path(sources[0]).read_text() if sources else CODES_TXT)
    return codes, found


@helper
def uses(home, words, unknown, changed):
    """What `morse` does in a copy of the project's folder, far from it, as a module, and with another table."""
    import shutil

    package = home.site_packages / "morse"
    codes, has_table = codes_of(package)
    source = home.top / "project"
    shutil.copytree(".", source)
    seen = {
        "in its folder": home.run("morse", *words, cwd=source),
        "--version": home.run("morse", "--version", cwd=source),
        "unknown": home.run("morse", words[0] + unknown, cwd=source),
        "-m unknown": home.run("python", "-m", "morse", words[0] + unknown, cwd=source),
    }
    shutil.rmtree(source)
    seen["elsewhere"] = home.run("morse", *words)
    seen["-m"] = home.run("python", "-m", "morse", *words)
    if package.exists():
        codes.write_text(codes.read_text().replace(f"{changed[0]} ", f"{changed[0]} {changed[1]}", 1))
    seen["changed"] = home.run("morse", changed[0])
    if not has_table and package.exists():
        codes.unlink()
    return {"runs": seen, "has_table": has_table}


@helper
def told_of(installed, system):
    """What the metadata and the build system say, as an installer understands it."""
    from packaging.requirements import Requirement
    from sandboxed.project import left_out, normalised

    return {
        **installed,
        "left out": left_out(installed["requires_python"], ["3.11.0", "3.12.4", "3.20.1"]),
        "build needs": [normalised(Requirement(each).name) for each in system.get("requires", [])],
    }


@probe
def installation(_, words, unknown, changed):
    """pip install . in a fresh virtual environment"""
    import tomllib

    from sandboxed.project import Failed, Installation, summary_of

    home = Installation()
    seen = {"failed": None, "told": []}
    try:
        with open("pyproject.toml", "rb") as file:
            seen["build-system"] = tomllib.load(file).get("build-system", {})
        wheel = home.build()
        home.install(wheel)
        seen["told"] = [told_of(each, seen["build-system"]) for each in home.distributions()]
        seen["added"] = home.left_over()
        seen["site-packages"] = str(home.site_packages.relative_to(home.venv))
        seen |= uses(home, words, unknown, changed)
        for each in seen["told"]:
            home.uninstall(each["name"])
        seen["left"] = home.left_over()
    except (Failed, tomllib.TOMLDecodeError) as error:
        told = summary_of(error) if isinstance(error, Failed) else f"pyproject.toml is not valid TOML: {error}"
        step = error.args[0] if isinstance(error, Failed) else "build"
        seen["failed"] = {"step": step, "told": told}
    home.close()
    return seen


@once
def journey(learner: Learner, rng: Random) -> dict[str, Any]:
    letters = [*TABLE]
    words = ["".join(rng.sample(letters, rng.randint(3, 6))).lower() for _ in range(2)]
    changed = [rng.choice(letters), "".join(rng.choices(".-", k=8))]
    given = {"words": words, "unknown": rng.choice("?!%&+=@"), "changed": changed}
    return given | learner.run(installation, **given)


def names(seen: dict[str, Any]) -> list[str]:
    return [each["name"] for each in seen["told"]]


def installed(learner: Learner) -> dict[str, Any]:
    """What was seen of a project that installs: where it doesn't, that is said by one check, and the others wait."""
    seen = journey(learner)
    if names(seen) != ["morse-tool"]:
        pytest.skip("not looked at yet: first the project has to install")
    return seen


def shown(run: dict[str, Any]) -> str:
    """What a user saw, in words."""
    said = run["stderr"].strip().splitlines()
    told = f"; the last line on stderr was: {said[-1]}" if said else ""
    if run["exit_code"] is None:
        return "did not come to an end"
    if run["exit_code"] == -1:
        return f"could not be run: {run['stderr']}"
    return f"printed {run['stdout']!r}, with exit code {run['exit_code']}{told}"


# --- checks ----------------------------------------------------------------------------------------------------------


def test_it_installs(learner):
    seen = journey(learner)
    failed = seen["failed"]
    works = failed is None or failed["step"] == "uninstall"
    assert works, "" if works else f"the step `{failed['step']}` did not work: {failed['told']}"
    expected = names(seen) == ["morse-tool"]
    assert expected, f"what was installed is called {' and '.join(names(seen)) or 'nothing'}, not morse-tool"


def test_the_build_system_is_named(learner):
    seen = installed(learner)
    system = seen["build-system"]
    backend = system.get("build-backend", "")
    assert backend, "pyproject.toml has no `build-backend` in a table [build-system]"
    needs = seen["told"][0]["build needs"]
    wanted = BACKENDS.get(backend.partition(".")[0].partition(":")[0])
    missing = "backend-path" not in system and wanted not in needs
    assert not missing, f"the backend is {backend}, and `requires` is {system.get('requires')}: {wanted} is not in it"


def test_the_metadata_is_complete(learner):
    told = installed(learner)["told"][0]
    described = told["summary"] not in ("", "UNKNOWN")
    assert described, "the package has no summary"
    pythons = told["requires_python"]
    assert pythons, "the package does not say for which versions of Python it is"
    left_out = told["left out"]
    assert not left_out, f"Requires-Python is {pythons}, which leaves out Python {' and '.join(left_out)}"
    assert told["dependencies"] == [], "the package depends on others"


def test_nothing_else_is_installed(learner):
    seen = installed(learner)
    site = f"{seen['site-packages']}/"
    own = ("bin/morse", f"{site}morse/", f"{site}morse_tool-")
    others = [each for each in seen["added"] if not each.startswith(own) or each.startswith("bin/morse-")]
    assert others == [], "besides the package and the command, these files were installed"


def test_the_command_translates(learner):
    seen = installed(learner)
    run, command = seen["runs"]["in its folder"], f"morse {' '.join(seen['words'])}"
    right = (run["exit_code"], run["stdout"]) == (0, encoded(" ".join(seen["words"])) + "\n")
    assert right, f"{command} {shown(run)}; expected {encoded(' '.join(seen['words']))!r} and exit code 0"


def test_bad_characters_are_refused(learner):
    seen = installed(learner)
    run, command = seen["runs"]["unknown"], f"morse {seen['words'][0]}{seen['unknown']}"
    right = (run["exit_code"], run["stdout"]) == (2, "")
    assert right, f"{command} {shown(run)}; expected nothing on stdout and exit code 2"
    said = run["stderr"]
    trace = "Traceback" in said
    assert not trace, f"{command} shows its users a traceback"
    named = seen["unknown"] in said
    assert named, f"{command} says on stderr {said!r}, in which the character {seen['unknown']} does not appear"


def test_python_m_is_the_same(learner):
    runs = installed(learner)["runs"]
    module, command = runs["-m"], runs["elsewhere"]
    same = ended(module) == ended(command)
    assert same, f"python -m morse {shown(module)}; the command {shown(command)}"
    module, command = runs["-m unknown"], runs["unknown"]
    same = (module["exit_code"], module["stdout"]) == (command["exit_code"], command["stdout"])
    assert same, f"for a character without a code, python -m morse {shown(module)}; the command {shown(command)}"


def ended(run: dict[str, Any]) -> tuple[Any, ...]:
    """What two runs have in common that do the same; also when the same goes wrong in both."""
    said = run["stderr"].strip().splitlines() or [""]
    return run["exit_code"], run["stdout"], said[-1] if run["exit_code"] else ""


def test_the_version_is_told_once(learner):
    seen = installed(learner)
    version = seen["told"][0]["version"]
    run = seen["runs"]["--version"]
    right = (run["exit_code"], run["stdout"].strip()) == (0, f"morse {version}")
    assert right, f"version {version} is installed, and morse --version {shown(run)}; expected 'morse {version}'"


def test_the_table_is_installed(learner):
    seen = installed(learner)
    found = seen["has_table"]
    assert found, "there is no codes.txt in the installed package"


def test_it_runs_far_from_its_source(learner):
    seen = installed(learner)
    run, text = seen["runs"]["elsewhere"], " ".join(seen["words"])
    right = (run["exit_code"], run["stdout"]) == seen_in_its_folder(seen) and run["exit_code"] == 0
    assert right, f"in another folder, with the project's own gone, morse {text} {shown(run)}"


def seen_in_its_folder(seen: dict[str, Any]) -> tuple[int, str]:
    run = seen["runs"]["in its folder"]
    return run["exit_code"], run["stdout"]


def test_the_installed_table_counts(learner):
    seen = installed(learner)
    letter, code = seen["changed"]
    run = seen["runs"]["changed"]
    follows = run["exit_code"] == 0 and code in run["stdout"]
    line = f"{letter} {code}{TABLE[letter]}"
    assert follows, f"the installed codes.txt has the line {line!r} now, and morse {letter} {shown(run)}"


def test_uninstalling_leaves_nothing(learner):
    seen = installed(learner)
    failed = seen["failed"]
    assert failed is None, failed and failed["told"]
    site = seen["site-packages"]
    assert [each.removeprefix(f"{site}/") for each in seen["left"]] == [], "pip uninstall has left these files behind"
