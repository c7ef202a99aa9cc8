#!/usr/bin/env python3
"""Legitimate code is not hurt: well-known packages pass the same of their tests in the sandbox as outside.

    python3 benches/packages.py --grade target/release/grade [NAME==VERSION...]

Fetches source archives with pip, runs each package's own tests with plain pytest, then the same files as a program
of the sandbox (an exercise made for it), and compares test by test. Nothing fetched is kept. Ends with 1 when a result differs.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

# Version, and what its tests need besides pytest.
PACKAGES = {
    "more-itertools": ("11.2.1", []),
    "attrs": ("26.1.0", ["hypothesis"]),
    "toolz": ("1.2.0", []),
    "click": ("8.5.1", []),
    "jinja2": ("3.1.6", ["markupsafe", "trio"]),
}
# The program that runs inside and outside: the package's tests, and what became of each.
RUN = """
import json, os, sys

outcomes = {}


class Recorder:
    def pytest_runtest_logreport(self, report):
        worst = ["passed", "skipped", "failed"]
        known = outcomes.get(report.nodeid, "passed")
        outcomes[report.nodeid] = max(known, report.outcome, key=worst.index)

    def pytest_collectreport(self, report):
        if report.failed:
            outcomes[report.nodeid] = "not collected"


if __name__ == "__main__":
    here = os.path.dirname(os.path.abspath(__file__))
    os.chdir(here)
    sys.path[:0] = [os.path.join(here, "src"), here]
    os.environ["PYTHONPATH"] = os.pathsep.join(sys.path[:2])
    import pytest

    pytest.main(["-q", "-p", "no:cacheprovider", "--tb=short", *sys.argv[1:]], plugins=[Recorder()])
    with open(os.environ.get("RESULTS", "results.json"), "w") as stream:
        json.dump(outcomes, stream)
"""
GRADER = """
import json
from pathlib import Path

from grader import *

OUTSIDE = json.loads((Path(__file__).parent / "outside.json").read_text())


def test_same(learner):
    done = learner.script({tests!r}, collect=["results.json"], wall_ms_=1_800_000, cpu_ms_=1_800_000)
    inside = json.loads(done.files.get("results.json", b"{{}}"))
    both = OUTSIDE.keys() | inside.keys()
    pairs = {{name: [OUTSIDE.get(name), inside.get(name)] for name in both}}
    assert {{name: pair for name, pair in pairs.items() if pair[0] != pair[1]}} == {{}}
"""
MANIFEST = """title = "The tests of {name}"
summary = "the same inside as outside"
track = "drill"
folder = "package"
files = {files}
requirements = "requirements.txt"

[limits]
wall_ms = 1800000
cpu_ms = 1800000
total_wall_ms = 3600000
memory_mb = 4096
processes = 256
open_files = 1024
file_mb = 256
output_kb = 16384
observation_kb = 32768

[sandbox]
tools = ["sh", "cat", "less", "true", "sed", "head"]

[[check]]
id = "same"
title = "the same inside as outside"
"""
LEFT_OUT = (".git", ".github", "docs", "examples", "PKG-INFO", "doc", "benchmarks", "bench", "changelog.d")


def run(command: list[str], **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, check=False, text=True, capture_output=True, **options)  # type: ignore[call-overload, no-any-return]


def fetch(name: str, version: str, folder: Path) -> Path:
    """The unpacked source archive."""
    pip = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--no-binary", name]
    done = run([*pip, "-d", str(folder), f"{name}=={version}"])
    archives = list(folder.glob("*.tar.gz"))
    if not archives:
        sys.exit(f"can't fetch {name}: {done.stderr}")
    with tarfile.open(archives[0]) as archive:
        archive.extractall(folder, filter="data")
    return next(each for each in folder.iterdir() if each.is_dir())


def lock(needs: list[str]) -> str:
    """Everything that is needed, with versions and hashes, as pip resolves it."""
    pip = [sys.executable, "-m", "pip", "install", "-q", "--dry-run", "--ignore-installed", "--only-binary", ":all:"]
    done = run([*pip, "--report", "-", *needs])
    if done.returncode:
        sys.exit(f"can't resolve {needs}: {done.stderr}")
    lines = []
    for each in json.loads(done.stdout)["install"]:
        digest = each["download_info"]["archive_info"]["hashes"]["sha256"]
        lines.append(f"{each['metadata']['name']}=={each['metadata']['version']} --hash=sha256:{digest}")
    return "\n".join(sorted(lines)) + "\n"


def outside(package: Path, requirements: Path, folder: Path, tests: list[str]) -> dict[str, str]:
    """What becomes of each test under plain pytest, in an environment of the same packages."""
    environment = folder / "environment"
    run([sys.executable, "-m", "venv", str(environment)])
    python = str(environment / "bin/python")
    run([python, "-m", "pip", "install", "-q", "--require-hashes", "-r", str(requirements)])
    results = folder / "outside.json"
    bare = {"PATH": f"{environment}/bin:/usr/bin:/bin", "HOME": str(folder), "LANG": "C.UTF-8", "TZ": "UTC", "PYTHONUTF8": "1",
            "PYTHONDONTWRITEBYTECODE": "1", "RESULTS": str(results)}  # fmt: skip
    run([python, "run_tests.py", *tests], cwd=package, env=bare, stdin=subprocess.DEVNULL)
    found: dict[str, str] = json.loads(results.read_text())
    return found


def compare(name: str, version: str, grade: str) -> bool:
    """Whether all tests of a package end the same way."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        (folder / "archive").mkdir()
        source = fetch(name, version, folder / "archive")
        package = folder / "repo/package"
        shutil.copytree(source, package, ignore=shutil.ignore_patterns(*LEFT_OUT))
        (folder / "repo/.git").mkdir()
        (package / "run_tests.py").write_text(RUN)
        top = package / "src" if (package / "src").is_dir() else package
        metadata = top / f"{name.replace('-', '_')}-{version}.dist-info"
        metadata.mkdir()
        # What an installation would leave: some tests ask for the version of their package.
        (metadata / "METADATA").write_bytes((source / "PKG-INFO").read_bytes())
        tests = [next(each for each in ("tests", f"{name}/tests", "toolz/tests") if (package / each).is_dir())]
        exercise, grader = (folder / "catalog" / each / "probe/package" for each in ("exercises", "graders"))
        for place in (exercise / "starter", grader):
            place.mkdir(parents=True)
        (exercise / "requirements.txt").write_text(lock(["pytest", *PACKAGES[name][1]]))
        found = sorted(each.relative_to(package).as_posix() for each in package.rglob("*") if each.is_file())
        files = list(dict.fromkeys(["run_tests.py", *found]))
        (exercise / "exercise.toml").write_text(MANIFEST.format(name=name, files=json.dumps(files)))
        (exercise / "README.md").write_text(f"# {name}\n")
        (exercise / "hints.md").write_text("# Hints\n\n## None\n\nNone.\n")
        for each in files:
            target = exercise / "starter" / each
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text("")
        (grader / "test_package.py").write_text(GRADER.format(tests=tests))
        expected = outside(package, exercise / "requirements.txt", folder, tests)
        (grader / "outside.json").write_text(json.dumps(expected))
        places = ["--repo", str(folder / "repo"), "--catalog", str(folder / "catalog")]
        command = [grade, *places, "--format", "json", "probe/package"]
        return told(name, version, expected, run(command))


def told(name: str, version: str, expected: dict[str, str], done: subprocess.CompletedProcess[str]) -> bool:
    passed = sum(each == "passed" for each in expected.values())
    line = f"{name} {version}: {len(expected)} tests outside, {passed} pass"
    try:
        (verdict,) = json.loads(done.stdout)["verdicts"]
    except ValueError:
        print(f"{line}; grade says nothing: {done.stderr}")
        return False
    check = verdict["checks"][0]
    same = check["outcome"] == "passed"
    print(f"{line}; {'the same' if same else 'NOT the same'} inside ({verdict['isolation']['level']})")
    if not same:
        problem = (verdict["problem"] or {}).get("message", "")
        for text in (
            check["message"],
            check["actual"] or "",
            problem,
            check["stdout"][-3000:],
            check["stderr"][-2000:],
        ):
            print(text[:6000])
    return bool(same)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", default=list(PACKAGES), help="packages; all when none is named")
    parser.add_argument("--grade", default="target/release/grade", help="the binary")
    arguments = parser.parse_args()
    grade = str(Path(arguments.grade).resolve())
    same = [compare(name, PACKAGES[name][0], grade) for name in arguments.names]
    return 0 if all(same) else 1


if __name__ == "__main__":
    sys.exit(main())
