#!/usr/bin/env python3
"""Exercism's Python track under `grade suite` and under plain pytest: the same result for every test? How many judged
outside? At what cost?

    git clone --depth 1 <the track's repository> /tmp/track
    python3 benches/exercism.py /tmp/track --grade target/release/grade

The interpreter that runs this needs pytest. Nothing of the track is kept. Ends with 1 when a result differs.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

# Written beside the laid out exercises and loaded by plain pytest: what became of each test, subtests counted apart.
RECORDER = """
import json, os
outcomes, subtests = {}, [0]
def pytest_runtest_logreport(report):
    if hasattr(report, "context"):
        subtests[0] += 1
    name = report.nodeid.partition("::")[2]
    worst = ["passed", "skipped", "failed"]
    outcomes[name] = max(outcomes.get(name, "passed"), report.outcome, key=worst.index)
def pytest_sessionfinish(session):
    with open(os.environ["RECORD"], "w") as stream:
        json.dump({"outcomes": outcomes, "subtests": subtests[0]}, stream)
"""


@dataclass
class Seen:
    """What one way of running came to. `outcomes`: exercise → test → `passed`, `failed` or `skipped`."""

    outcomes: dict[str, dict[str, str]] = field(default_factory=dict)
    subtests: int = 0
    inside: dict[str, str] = field(default_factory=dict)
    cpu: float = 0.0
    wall: float = 0.0


def lay_out(track: Path, folder: Path) -> list[Path]:
    """One folder for each exercise: its tests, its helpers, and the exemplar under the name that the tests import."""
    places = []
    for kind in ("practice", "concept"):
        for exercise in sorted((track / "exercises" / kind).iterdir()):
            files = json.loads((exercise / ".meta/config.json").read_text())["files"]
            place = folder / exercise.name
            place.mkdir()
            for path in exercise.iterdir():
                if path.suffix == ".py":
                    shutil.copy(path, place)
            exemplars = files.get("example") or files["exemplar"]
            for solution, exemplar in zip(files["solution"], exemplars, strict=True):
                shutil.copy(exercise / exemplar, place / solution)
            places.append(place)
    return places


def cpu_seconds() -> float:
    """Of everything that this process has started and that has ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class Group:
    """A control group around a run: counts processes that nobody waits for too. Without the right to make one,
    `getrusage` has to do.
    """

    def __init__(self) -> None:
        root = Path("/sys/fs/cgroup")
        self.second = (root / "cgroup.controllers").exists()
        self.root = root if self.second else root / "cpuacct"
        self.path = self.root / f"grade-bench-{os.getpid()}"
        self.usable = False
        if (self.root / "cgroup.procs").exists():
            with suppress(OSError):
                self.path.mkdir()
                (self.path / "cgroup.procs").write_text(str(os.getpid()))
                self.usable = True

    def cpu(self) -> float:
        """Seconds so far."""
        if not self.usable:
            return cpu_seconds()
        if not self.second:
            return int((self.path / "cpuacct.usage").read_text()) / 1e9
        lines = dict(line.split() for line in (self.path / "cpu.stat").read_text().splitlines())
        return int(lines["usage_usec"]) / 1e6

    def leave(self) -> None:
        with suppress(OSError):
            if self.usable:
                (self.root / "cgroup.procs").write_text(str(os.getpid()))
                self.path.rmdir()


@contextmanager
def measured(group: Group, seen: Seen) -> Iterator[None]:
    cpu, wall = group.cpu(), time.monotonic()
    yield
    seen.cpu += group.cpu() - cpu
    seen.wall += time.monotonic() - wall


def under_pytest(places: list[Path], group: Group, folder: Path) -> Seen:
    """One plain pytest process for each exercise."""
    (folder / "recorder.py").write_text(RECORDER)
    seen = Seen()
    record = folder / "record.json"
    for place in places:
        record.unlink(missing_ok=True)
        environment = {**os.environ, "PYTHONPATH": str(folder), "RECORD": str(record), "PYTHONDONTWRITEBYTECODE": "1"}
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "-p",
            "recorder",
            "-c",
            os.devnull,
            f"--rootdir={place}",
            ".",
        ]
        with measured(group, seen):
            subprocess.run(
                command, cwd=place, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False
            )
        told = json.loads(record.read_text()) if record.exists() else {"outcomes": {}, "subtests": 0}
        seen.outcomes[place.name] = told["outcomes"]
        seen.subtests += told["subtests"]
    return seen


def under_grade(grade: str, places: list[Path], group: Group, options: list[str]) -> Seen:
    """All exercises in one invocation, on one warm judge."""
    seen = Seen()
    command = [grade, "suite", "--format", "json", "--repo", str(places[0].parent), *options, *map(str, places)]
    with measured(group, seen):
        done = subprocess.run(command, capture_output=True, check=False, text=True)
    if done.returncode not in (0, 1, 4):
        sys.exit(f"`grade suite` ended with {done.returncode}:\n{done.stderr}")
    if done.stderr:
        print(done.stderr, file=sys.stderr)
    for verdict in json.loads(done.stdout)["verdicts"]:
        name = Path(verdict["exercise"]).name
        outcomes = seen.outcomes[name] = {}
        for check in verdict["checks"]:
            test = check["id"].partition(".py::")[2] or check["id"]
            outcomes[test] = check["outcome"] if check["outcome"] in ("passed", "skipped") else "failed"
            if check["evidence"] == "inside":
                seen.inside[f"{name}: {test}"] = check["inside_because"]
        if verdict["problem"]:
            print(f"{name}: {verdict['problem']['message']}", file=sys.stderr)
    return seen


def differences(plain: Seen, graded: Seen) -> list[str]:
    found = []
    for name, outcomes in plain.outcomes.items():
        ours = graded.outcomes.get(name, {})
        for test in outcomes.keys() | ours.keys():
            if outcomes.get(test) != ours.get(test):
                found.append(f"{name}: {test}: pytest says {outcomes.get(test)}, grade {ours.get(test)}")
    return sorted(found)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("track", type=Path, help="a checkout of the track")
    parser.add_argument("--grade", default="target/release/grade", help="the binary")
    parser.add_argument("--only", nargs="*", help="names of exercises")
    parser.add_argument("--rounds", type=int, default=1, help="each way this often, in turn; the least of each counts")
    arguments = parser.parse_args()
    grade = str(Path(arguments.grade).resolve())
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary, "track")
        folder.mkdir()
        places = [
            each for each in lay_out(arguments.track, folder) if not arguments.only or each.name in arguments.only
        ]
        group = Group()
        try:
            # Builds environments and bytecode, which happens once on a machine.
            under_grade(grade, places[:1], group, [])
            rounds = [
                (under_pytest(places, group, Path(temporary)), under_grade(grade, places, group, []))
                for _ in range(arguments.rounds)
            ]
        finally:
            group.leave()
    return report(rounds)


def report(rounds: list[tuple[Seen, Seen]]) -> int:
    plain, graded = rounds[-1]
    tests = sum(map(len, plain.outcomes.values()))
    passing = sum(bool(each) and set(each.values()) <= {"passed", "skipped"} for each in graded.outcomes.values())
    print(f"{len(plain.outcomes)} exercises, {tests} tests, {plain.subtests} subtests; {passing} exemplars pass")
    share = 100 * (tests - len(graded.inside)) / max(tests, 1)
    print(f"judged outside: {tests - len(graded.inside)} of {tests} ({share:.1f} %)")
    for reason in sorted(set(graded.inside.values())):
        print(f"  inside: {sum(each == reason for each in graded.inside.values())} tests: it {reason}")
    for what, unit in (("cpu", "s of CPU"), ("wall", "s of wall time")):
        ours, theirs = (min(getattr(each[index], what) for each in rounds) for index in (1, 0))
        print(f"grade {ours:.1f}, pytest {theirs:.1f} {unit}: {ours / theirs:.2f}")
    wrong = differences(plain, graded)
    print(f"{len(wrong)} results differ")
    for line in wrong:
        print(f"  {line}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
