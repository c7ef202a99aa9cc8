"""Judges packaging/import_resolution: small modules are laid out in folders of their own, and `explain` is asked."""

from random import Random
from typing import Any

from grader import Raised, helper, note, probe

FOUND = ("name", "kind", "origin", "loader", "locations")
NOTHING = {"kind": "not found", "origin": None, "loader": None, "locations": [], "path_entry": None, "hides": []}
# Part of every interpreter, never a file.
BUILT_IN = ("sys", "builtins", "marshal", "_thread", "_imp")


def fresh(rng: Random, count: int) -> list[str]:
    """Names that no module has."""
    return [f"{''.join(rng.choices('abcdefghijklmnoprstuvw', k=6))}_{number}" for number in range(count)]


# --- what a probe needs ----------------------------------------------------------------------------------------------


@helper
def laid_out(files):
    """A new folder with these files: a text each, or for a zip file a dict of its files."""
    import pathlib
    import tempfile
    import zipfile

    top = pathlib.Path(tempfile.mkdtemp()).resolve()
    for name, text in files.items():
        place = top / name
        place.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(text, str):
            place.write_text(text)
        else:
            with zipfile.ZipFile(place, "w") as archive:
                for inner, content in text.items():
                    archive.writestr(inner, content)
    return str(top)


@helper
def tidied(value, top):
    """The value with paths as seen from `top`."""
    if isinstance(value, str):
        return value.replace(f"{top}/", "")
    if type(value) in (list, tuple):
        return type(value)(tidied(each, top) for each in value)
    if type(value) is dict:
        return {key: tidied(each, top) for key, each in value.items()}
    return value


@helper
def on_path(top, entries):
    """Puts entries before those that are there: folders of `top`, or "" for the current one."""
    import importlib
    import sys

    sys.path[:0] = [f"{top}/{entry}" if entry else "" for entry in entries]
    importlib.invalidate_caches()


@helper
def asked(module, name, top):
    """What `explain` answers, or what it is that it answers with."""
    answer = module.explain(name)
    return tidied(answer, top) if isinstance(answer, dict) else {"not a dict": type(answer).__name__}


@probe
def explained(import_resolution, name, files, entries):
    """explain({name}), where {entries} stand first on sys.path and hold {files}"""
    import os
    import sys

    top = laid_out(dict.fromkeys(files, "") if isinstance(files, list) else files)
    before, known = sys.path[:], set(sys.modules)
    os.chdir(top)
    on_path(top, entries)
    try:
        return asked(import_resolution, name, top)
    finally:
        sys.path[:] = before
        # Whoever imports what is asked for is told so by one check; the next question must not meet what is left of it.
        for loaded in set(sys.modules) - known:
            del sys.modules[loaded]


@probe
def explained_here(import_resolution, name):
    """explain({name})"""
    return import_resolution.explain(name)


def expect(answer: Any, keys: tuple[str, ...], **expected: Any) -> None:
    """Compares the keys that a check is about; the others are the business of others."""
    seen = {key: answer.get(key, "no such key") for key in keys} if isinstance(answer, dict) else answer
    assert seen == {key: expected[key] for key in keys}


# --- kinds -----------------------------------------------------------------------------------------------------------


@probe
def compiled(import_resolution):
    """explain(name), where name is that of a compiled module of the standard library"""
    from importlib.machinery import ExtensionFileLoader, PathFinder

    for name in ("_json", "_csv", "_heapq", "_bisect", "_random", "_ctypes", "_elementtree", "_decimal"):
        spec = PathFinder.find_spec(name)
        if spec is not None and isinstance(spec.loader, ExtensionFileLoader):
            answer = import_resolution.explain(name)
            return {"answer": answer if isinstance(answer, dict) else {}, "name": name, "origin": spec.origin}
    return None


def test_modules_and_packages(learner, rng):
    module, package = fresh(rng, 2)
    files = [f"lib/{module}.py", f"lib/{package}/__init__.py", f"lib/{package}/inner.py", "lib/more/x.py"]
    answer = learner.run(explained, module, files, ["lib"])
    found = {"name": module, "kind": "module", "origin": files[0], "loader": "SourceFileLoader", "locations": []}
    expect(answer, FOUND, **found)
    answer = learner.run(explained, package, files, ["lib"])
    found = {"name": package, "kind": "package", "origin": files[1], "locations": [f"lib/{package}"]}
    expect(answer, FOUND, **found, loader="SourceFileLoader")
    seen = learner.run(compiled)
    if seen is not None:
        found = {"name": seen["name"], "kind": "module", "origin": seen["origin"], "locations": []}
        expect(seen["answer"], FOUND, **found, loader="ExtensionFileLoader")


@probe
def frozen_names(_):
    """the frozen modules of this interpreter"""
    from importlib.machinery import FrozenImporter

    names = ("zipimport", "abc", "codecs", "io", "os", "site", "stat", "posixpath", "genericpath")
    return [name for name in names if FrozenImporter.find_spec(name) is not None]


def test_built_in_and_frozen(learner, rng):
    frozen = rng.choice(learner.run(frozen_names))
    for name, kind, loader in (
        (rng.choice(BUILT_IN), "built-in", "BuiltinImporter"),
        (frozen, "frozen", "FrozenImporter"),
    ):
        found = {"name": name, "kind": kind, "origin": None, "loader": loader, "locations": [], "path_entry": None}
        expect(learner.run(explained_here, name), (*FOUND, "path_entry"), **found)


def test_namespace_packages(learner, rng):
    spread, regular = fresh(rng, 2)
    files = [f"one/{spread}/a.py", f"two/{spread}/b.py", f"one/{regular}/a.py", f"two/{regular}.py"]
    answer = learner.run(explained, spread, files, ["none", "one", "two"])
    locations = [f"one/{spread}", f"two/{spread}"]
    found = {"name": spread, "kind": "namespace package", "origin": None, "loader": None, "locations": locations}
    expect(answer, (*FOUND, "path_entry"), **found, path_entry="one")
    answer = learner.run(explained, f"{spread}.b", files, ["none", "one", "two"])
    expect(answer, ("kind", "origin", "path_entry"), kind="module", origin=files[1], path_entry="one")
    answer = learner.run(explained, regular, files, ["one", "two"])
    expect(answer, ("kind", "origin", "path_entry"), kind="module", origin=files[3], path_entry="two")


def test_submodules(learner, rng):
    top, middle, leaf = fresh(rng, 3)
    inside = [f"lib/{top}/__init__.py", f"lib/{top}/{middle}/__init__.py", f"lib/{top}/{middle}/{leaf}.py"]
    files = [*inside, f"lib/{middle}/__init__.py", f"lib/{leaf}.py", f"lib/{middle}/{leaf}.py"]
    answer = learner.run(explained, f"{top}.{middle}.{leaf}", files, ["lib"])
    found = {"name": f"{top}.{middle}.{leaf}", "kind": "module", "origin": inside[2], "locations": []}
    expect(answer, FOUND, **found, loader="SourceFileLoader")
    answer = learner.run(explained, f"{top}.{middle}", files, ["lib"])
    found = {"name": f"{top}.{middle}", "kind": "package", "origin": inside[1], "locations": [f"lib/{top}/{middle}"]}
    expect(answer, FOUND, **found, loader="SourceFileLoader")


# --- places ----------------------------------------------------------------------------------------------------------


def test_the_entry_of_the_path(learner, rng):
    module, package, zipped = fresh(rng, 3)
    files = {f"one/{package}/__init__.py": "", f"one/{package}/sub.py": "", f"two/{module}.py": "", "three/x.py": ""}
    files["four.zip"] = {f"{zipped}.py": "", f"{package}2/__init__.py": ""}
    entries = ["three", "one", "two/", "four.zip"]
    places = {module: "two/", package: "one", f"{package}.sub": "one", zipped: "four.zip", f"{package}2": "four.zip"}
    for name, entry in places.items():
        answer = learner.run(explained, name, files, entries)
        expect(answer, ("path_entry",), path_entry=entry)
    answer = learner.run(explained, module, [f"{module}.py", "lib/x.py"], ["lib", ""])
    expect(answer, ("path_entry",), path_entry="")


def test_shadowing_is_noticed(learner, rng):
    module, alone = fresh(rng, 2)
    built_in = rng.choice(BUILT_IN)
    files = [f"one/{module}.py", f"two/{module}/__init__.py", f"two/{module}/sub.py", f"three/{module}.py"]
    files += [f"four/{module}/x.py", f"three/{alone}.py", f"one/{alone}/x.py"]
    files += [f"one/{built_in}.py", f"two/{built_in}.py"]
    entries = ["one", "two", "one", "four", "three", "four"]
    hidden = {
        module: [files[1], files[3]],
        alone: [],
        built_in: [f"one/{built_in}.py", f"two/{built_in}.py"],
        f"{module}x": [],
    }
    for name, hides in hidden.items():
        expect(learner.run(explained, name, files, entries), ("hides",), hides=hides)
    answer = learner.run(explained, f"{module}.sub", [*files, "three/sub.py"], ["two", "one", "three"])
    expect(answer, ("kind", "hides"), kind="module", hides=[])


def test_not_found_is_an_answer(learner, rng):
    module, package, missing = fresh(rng, 3)
    files = [f"lib/{module}.py", f"lib/{package}/__init__.py", f"lib/{missing}2.py"]
    names = [missing, f"{missing}.sub", f"{module}.{missing}2", f"{package}.{missing}2", f"sys.{missing}2"]
    names += [f"{package}.{missing}.sub"]
    for name in names:
        answer = learner.run(explained, name, files, ["lib"])
        expect(answer, ("name", *NOTHING), name=name, **NOTHING)


def test_bad_names_are_refused(learner, rng):
    wanted = dict.fromkeys(
        ["", ".", "json..decoder", ".json", "json.", "json-decoder", "1st", "json. decoder"], "ValueError"
    )
    for name in [*rng.sample(list(wanted), 8), None, 3, b"json", ["json"]]:
        error = "ValueError" if isinstance(name, str) else "TypeError"
        answer = learner.attempt(explained_here, name)
        refused = isinstance(answer, Raised) and answer.is_a(error)
        happened = f"a {answer.type} was raised" if isinstance(answer, Raised) else "an answer came back"
        assert refused, f"explain({name!r}): expected a {error}, but {happened}"


# --- side effects ----------------------------------------------------------------------------------------------------


@probe
def watched(import_resolution, package):
    """explain({package}) and its submodule, both of which leave a trace when they are executed"""
    import os
    import sys

    trace = "open(__file__ + '.ran', 'w').close()\n"
    top = laid_out({f"lib/{package}/__init__.py": trace, f"lib/{package}/sub.py": trace})
    before, known = sys.path[:], set(sys.modules)
    on_path(top, ["lib"])
    try:
        kinds = [import_resolution.explain(name)["kind"] for name in (package, f"{package}.sub")]
    finally:
        sys.path[:] = before
    loaded = sorted(name for name in set(sys.modules) - known if name.partition(".")[0] == package)
    ran = [name for name in ("__init__.py", "sub.py") if os.path.exists(f"{top}/lib/{package}/{name}.ran")]
    return {"kinds": kinds, "executed": ran, "added to sys.modules": loaded}


def test_nothing_is_imported(learner, rng):
    seen = learner.run(watched, fresh(rng, 1)[0])
    assert seen == {"kinds": ["package", "module"], "executed": [], "added to sys.modules": []}


@probe
def explained_after_import(import_resolution, name, then):
    """import {name} from one folder; then, with {then} on sys.path instead, explain({name})"""
    import importlib
    import sys

    top = laid_out({f"one/{name}.py": "", f"two/{name}/__init__.py": "", "three/x.py": ""})
    before = sys.path[:]
    on_path(top, ["one"])
    importlib.import_module(name)
    sys.path[:] = before
    on_path(top, [then])
    try:
        return asked(import_resolution, name, top)
    finally:
        sys.path[:] = before
        del sys.modules[name]


def test_what_is_loaded_does_not_count(learner, rng):
    (name,) = fresh(rng, 1)
    answer = learner.run(explained_after_import, name, "two")
    expect(answer, ("kind", "origin"), kind="package", origin=f"two/{name}/__init__.py")
    answer = learner.run(explained_after_import, name, "three")
    expect(answer, ("kind", "origin"), kind="not found", origin=None)


# --- as a program ----------------------------------------------------------------------------------------------------


@helper
def python(top, path, *arguments):
    """Runs Python in a folder that is not the package's own: exit code and what was printed."""
    import os
    import subprocess
    import sys

    env = {"PATH": os.environ["PATH"], "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1"}
    done = subprocess.run(
        [sys.executable, *arguments], cwd=f"{top}/here", env=env, capture_output=True, text=True, check=False
    )
    stdout, stderr = tidied([done.stdout, done.stderr], top)
    return {"exit code": done.returncode, "stdout": stdout, "stderr": stderr}


@probe
def program(import_resolution, files, names):
    """python -m import_resolution {names}, in a folder that holds {files}"""
    import os

    top = laid_out(dict.fromkeys(files, ""))
    home = os.path.dirname(os.path.dirname(os.path.abspath(import_resolution.__file__)))
    seen = python(top, home, "-m", "import_resolution", *names)
    return seen if seen["stderr"] else {"exit code": seen["exit code"], "lines": seen["stdout"].splitlines()}


def test_it_runs_from_any_folder(learner, rng):
    module, package, missing = fresh(rng, 3)
    files = [f"here/{module}.py", f"here/{package}/__init__.py", f"here/{package}/sub/__init__.py"]
    lines = {
        module: f"{module}: module, here/{module}.py",
        "sys": "sys: built-in",
        f"{package}.sub": f"{package}.sub: package, here/{package}/sub/__init__.py",
    }
    names = rng.sample(list(lines), 3)
    seen = learner.run(program, files, names)
    assert seen == {"exit code": 0, "lines": [lines[name] for name in names]}
    seen = learner.run(program, files, [missing, names[0]])
    assert seen == {"exit code": 1, "lines": [f"{missing}: not found", lines[names[0]]]}


@probe
def renamed(import_resolution, name):
    """import {name}, a copy of the package; {name}.explain("sys")"""
    import os
    import shutil

    top = laid_out({"here/x.py": ""})
    shutil.copytree(os.path.dirname(os.path.abspath(import_resolution.__file__)), f"{top}/lib/{name}")
    asks = python(top, f"{top}/lib", "-c", f"import {name}; print({name}.explain('sys')['kind'])")
    runs = python(top, f"{top}/lib", "-m", name, "sys")
    said = (asks["stderr"] or runs["stderr"]).strip().splitlines()
    return {"kind of sys": asks["stdout"].strip(), "last line on stderr": said[-1] if said else ""}


def test_it_works_under_another_name(learner, rng):
    seen = learner.run(renamed, fresh(rng, 1)[0])
    assert seen == {"kind of sys": "built-in", "last line on stderr": ""}


# --- the note --------------------------------------------------------------------------------------------------------


def test_note_is_filled_in(learner):
    note.sections(learner)


def test_note_example_runs(learner):
    note.example(learner)


def test_note_explains(learner):
    note.review(learner)
