"""A project as its users have it: built, installed into a virtual environment of its own without a network, and run
from somewhere else.

For probes: `from sandboxed.project import Installation`. pip and the build backends come from the exercise's locked
requirements.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sysconfig
import tempfile
import venv
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

_LONGEST_TEXT = 4000
_SECONDS = 60.0


class Failed(Exception):
    """A step of the installer that did not work: `args` are the step, what went wrong, and what was printed."""


class Installation:
    """A fresh virtual environment and the folders around it; below `TMPDIR`, so gone with the sandbox."""

    def __init__(self) -> None:
        self.top = Path(tempfile.mkdtemp(prefix="user-")).resolve()
        # Where its commands are run unless told otherwise: an empty folder, far from the project's source.
        self.elsewhere = self.top / "elsewhere"
        self.home = self.top / "home"
        self.venv = self.top / "venv"
        self.elsewhere.mkdir()
        self.home.mkdir()
        venv.EnvBuilder(symlinks=True).create(self.venv)
        self.python = self.venv / "bin" / "python"
        places = sysconfig.get_paths("venv", {"base": str(self.venv), "platbase": str(self.venv)})
        self.site_packages = Path(places["purelib"])
        self._untouched = self.files()
        self._installer: subprocess.Popen[str] | None = None

    def build(self, source: str | os.PathLike[str] = ".") -> Path:
        """Builds a wheel of the project in `source` by the backend that its `pyproject.toml` names.

        It is built from a copy that is gone afterwards: what is installed has to do without it.
        """
        copy, wheels = self.top / "source", self.top / "wheels"
        shutil.copytree(source, copy, ignore=shutil.ignore_patterns("__pycache__"))
        try:
            return Path(self._ask("build", source=str(copy), into=str(wheels)))
        finally:
            shutil.rmtree(copy)

    def install(self, wheel: Path) -> None:
        """`pip install --no-index WHEEL`."""
        self._ask(
            "pip",
            arguments=["install", "--no-index", "--no-compile", "--no-warn-conflicts", "--no-cache-dir", str(wheel)],
        )

    def uninstall(self, name: str) -> None:
        """`pip uninstall --yes NAME`."""
        self._ask("pip", arguments=["uninstall", "--yes", name])

    def run(
        self, program: str, *arguments: str, stdin: str = "", cwd: Path | None = None, seconds: float = 30.0
    ) -> dict[str, Any]:
        """Runs one of the environment's programs as a user who has activated it would: `exit_code`, `stdout`, `stderr`.

        `exit_code` is None when it took too long, and -1 when there is no such program.
        """
        path = self.venv / "bin" / program
        if not path.exists():
            return {"exit_code": -1, "stdout": "", "stderr": f"{program}: command not found"}
        try:
            done = subprocess.run(
                [path, *arguments],
                input=stdin.encode(),
                capture_output=True,
                cwd=cwd or self.elsewhere,
                env=self.environment(),
                timeout=seconds,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return {"exit_code": None, "stdout": "", "stderr": f"still running after {seconds:g} seconds"}
        except OSError as error:
            return {"exit_code": -1, "stdout": "", "stderr": f"{program}: {error.strerror}"}
        return {"exit_code": done.returncode, "stdout": _text(done.stdout), "stderr": _text(done.stderr)}

    def environment(self) -> dict[str, str]:
        """The variables of a user who has activated it."""
        mine = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        mine |= {
            "PYTHONUTF8": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
            "VIRTUAL_ENV": str(self.venv),
            "HOME": str(self.home),
        }
        return mine | {"PATH": f"{self.venv / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"}

    def programs(self) -> list[str]:
        """Names of the programs that were installed."""
        return sorted(name.removeprefix("bin/") for name in self.files() - self._untouched if name.startswith("bin/"))

    def files(self) -> set[str]:
        """Names of all files, and of empty folders, below the environment."""
        found = set()
        for folder, folders, files in os.walk(self.venv):
            below = os.path.relpath(folder, self.venv)
            found |= {os.path.normpath(os.path.join(below, name)) for name in files}
            if not folders and not files:
                found.add(below)
        return found

    def left_over(self) -> list[str]:
        """What a fresh environment does not have."""
        return sorted(self.files() - self._untouched)

    def distributions(self) -> list[dict[str, Any]]:
        """What is installed: `name` (normalised), `version`, `summary`, `requires_python`, `dependencies` (extras left
        out).
        """
        found = []
        for each in importlib.metadata.distributions(path=[str(self.site_packages)]):
            told = {name.lower(): values for name in each.metadata if (values := each.metadata.get_all(name))}
            found.append(
                {
                    "name": normalised(told["name"][0]),
                    "version": told["version"][0],
                    "summary": told.get("summary", [""])[0].strip(),
                    "requires_python": told.get("requires-python", [""])[0],
                    "dependencies": [need for need in told.get("requires-dist", []) if "extra ==" not in need],
                }
            )
        return found

    def close(self) -> None:
        """Ends the installer."""
        if self._installer is not None:
            _stream(self._installer.stdin).close()
            self._installer.wait(_SECONDS)
            self._installer = None

    def _ask(self, step: str, **details: Any) -> str:
        installer = self._installer or self._start()
        asked = _stream(installer.stdin)
        asked.write(json.dumps({"step": step, **details}) + "\n")
        asked.flush()
        answer = json.loads(_stream(installer.stdout).readline() or '{"error": "the installer has ended"}')
        if answer.get("error"):
            raise Failed(step, answer["error"], answer.get("printed", "")[-_LONGEST_TEXT:])
        return str(answer.get("result"))

    def _start(self) -> subprocess.Popen[str]:
        pip = importlib.util.find_spec("pip")
        if pip is None or not pip.submodule_search_locations:
            raise LookupError("the exercise's requirements hold no pip")
        packages = os.path.dirname(pip.submodule_search_locations[0])
        program = os.path.join(os.path.dirname(__file__), "installer.py")
        self._installer = subprocess.Popen(
            [self.python, "-P", program, packages],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=self.elsewhere,
            env=self.environment(),
        )
        return self._installer


def normalised(name: str) -> str:
    """The name of a distribution as all tools compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def left_out(requires_python: str, versions: Sequence[str]) -> list[str]:
    """Those of the versions that a `Requires-Python` does not include."""
    from packaging.specifiers import SpecifierSet

    wanted = SpecifierSet(requires_python)
    return [version for version in versions if not wanted.contains(version)]


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")[-_LONGEST_TEXT:]


def _stream(stream: IO[str] | None) -> IO[str]:
    assert stream is not None
    return stream


def summary_of(failed: Failed, lines: Sequence[str] = ("error", "Error")) -> str:
    """The one line of a failure that says most: the last that names an error."""
    _, what, printed = failed.args
    telling = [line.strip() for line in printed.splitlines() if any(word in line for word in lines)]
    return telling[-1] if telling and what.startswith("exit code") else what
