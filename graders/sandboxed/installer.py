"""Builds and installs in a virtual environment: run by that environment's own interpreter (`project.py`), one order a
line, one answer a line.

One process serves all steps, each in a fork, because importing pip takes longer than what it then does.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import tempfile
import tomllib
from collections.abc import Callable
from typing import Any

# PEP 517: what a `pyproject.toml` without a build system stands for.
_LEGACY = {"requires": ["setuptools"], "build-backend": "setuptools.build_meta:__legacy__"}


# There is no network, so the certificates that pip would read for it (a fifth of a second) are of no use.
_PIP = {
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    "PIP_NO_COLOR": "1",
    "PIP_NO_INPUT": "1",
    "PIP_QUIET": "1",
    "PIP_USE_DEPRECATED": "legacy-certs",
}


def main(packages: str) -> None:
    """Serves until standard input ends."""
    sys.path.append(packages)
    # Imported here, once, for the forks.
    pip = importlib.import_module("pip._internal.cli.main").main
    for command in ("install", "uninstall"):
        importlib.import_module(f"pip._internal.commands.{command}")
    # What pip would tell an index about the machine: to find it out it starts programs and reads hidden files.
    session: Any = importlib.import_module("pip._internal.network.session")
    session.user_agent = lambda: "pip"
    os.environ.update(_PIP)
    for line in sys.stdin:
        order = json.loads(line)
        if order["step"] == "build":
            answer = _in_fork(_build, order["source"], order["into"])
        else:
            answer = _in_fork(_pip, pip, order["arguments"])
        print(json.dumps(answer), flush=True)


def _build(source: str, into: str) -> str:
    os.chdir(source)
    with open("pyproject.toml", "rb") as file:
        system = tomllib.load(file).get("build-system", _LEGACY)
    name, _, attribute = system.get("build-backend", _LEGACY["build-backend"]).partition(":")
    sys.path[:0] = [os.path.abspath(path) for path in system.get("backend-path", ())]
    sys.argv = [name]
    backend = importlib.import_module(name)
    for part in attribute.split(".") if attribute else ():
        backend = getattr(backend, part)
    os.makedirs(into, exist_ok=True)
    return os.path.join(into, backend.build_wheel(into))


def _pip(pip: Callable[[list[str]], int], arguments: list[str]) -> str:
    code = pip(arguments)
    if code:
        raise SystemExit(f"exit code {code}")
    return ""


def _in_fork(step: Callable[..., str], *arguments: Any) -> dict[str, str]:
    """Runs one step in a fork: `result` or `error`, and what it printed."""
    with tempfile.TemporaryFile() as printed, tempfile.TemporaryFile() as told:
        pid = os.fork()
        if pid == 0:
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            os.dup2(printed.fileno(), 1)
            os.dup2(printed.fileno(), 2)
            try:
                answer = {"result": step(*arguments)}
            except BaseException as error:
                text = str(error).strip()
                answer = {
                    "error": text if isinstance(error, SystemExit) and text else f"{type(error).__name__}: {text}"
                }
            for stream in (sys.stdout, sys.stderr):
                stream.flush()
            os.write(told.fileno(), json.dumps(answer).encode())
            os._exit(0)
        os.waitpid(pid, 0)
        told.seek(0)
        printed.seek(0)
        answer = json.loads(told.read() or b'{"error": "it ended without a word"}')
        return {**answer, "printed": printed.read().decode("utf-8", "replace")}


if __name__ == "__main__":
    main(sys.argv[1])
