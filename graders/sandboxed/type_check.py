"""Checks type hints with mypy: reads the learner's files, and runs nothing of them.

What mypy has found out about the standard library is kept beside its own packages when the environment is built
(`main`), because finding it out anew would take seconds. One set of options serves everybody: mypy takes nothing that
was found out under others.
"""

from __future__ import annotations

import io
import json
import os
import re
import sys
import tempfile
import tokenize
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mypy import build
from mypy.errors import CompileError
from mypy.options import Options

# Beside the packages, so that whoever sees these sees it too.
_FOUND_OUT = "standard_library_types"
_MOST_PROBLEMS = 100
_LONGEST_MESSAGE = 1000
# Comments that tell a type checker to look away, or how to look.
_SWITCH = re.compile(r"#\s*(?:type:\s*ignore|mypy:)")
# How the described use of a module is called; no file of a learner's.
_USES = "_described_use.py"

# What learners import; of the rest mypy reads the stubs when they are asked for.
_STANDARD_LIBRARY = """
abc argparse array ast asyncio base64 bisect builtins calendar cmath codecs collections collections.abc
concurrent.futures configparser contextlib contextvars copy csv dataclasses datetime decimal difflib dis doctest
email enum errno fnmatch fractions functools gc getpass glob graphlib gzip hashlib heapq hmac html http
http.client http.server importlib importlib.metadata importlib.resources importlib.util inspect io ipaddress
itertools json keyword linecache locale logging logging.handlers math mimetypes multiprocessing numbers operator
os os.path pathlib pickle pkgutil platform pprint profile pstats queue random re reprlib resource runpy sched
secrets select shelve shlex shutil signal site socket sqlite3 ssl stat statistics string struct subprocess
symtable sys sysconfig tarfile tempfile textwrap threading time timeit token tokenize tomllib traceback
tracemalloc types typing typing_extensions unicodedata unittest unittest.mock urllib urllib.error urllib.parse
urllib.request uuid venv warnings weakref xml.etree.ElementTree zipfile zlib zoneinfo
"""


def check(root: str, files: list[str], uses: str) -> dict[str, Any]:
    """What mypy says about the learner's `files` (paths below `root`), and about `uses`, a module that uses them.

    Gives `problems`, each `(file, line, column, code, message)`, `uses` the same of lines of `uses`, as `(line, code,
    message)`, and `switches`: `(file, line)` of comments that would have told mypy to look away. These it does not see.
    """
    with tempfile.TemporaryDirectory() as folder:
        copies = Path(folder, "files")
        switches = [(file, line) for file in _python_files(root) for line in _copy(root, file, copies) if file in files]
        wanted = list(files)
        if uses:
            copies.joinpath(_USES).write_text(uses, encoding="utf-8")
            wanted.append(_USES)
        here = os.getcwd()
        os.chdir(copies)
        try:
            said = _said_about(wanted, _writable(folder))
        finally:
            os.chdir(here)
    about_uses = [(line, code, message) for file, line, _, code, message in said if file == _USES]
    return {
        "problems": [each for each in said if each[0] in files][:_MOST_PROBLEMS],
        "uses": about_uses[:_MOST_PROBLEMS],
        "switches": switches[:_MOST_PROBLEMS],
    }


def _said_about(files: list[str], cache: str) -> list[tuple[str, int, int, str, str]]:
    """mypy's errors in these files of the working folder, in the order of their lines."""
    lines: list[str] = []
    sources = [build.BuildSource(file, _module(file), None) for file in files]
    try:
        build.build(sources, _options(cache), flush_errors=lambda _, new, __: lines.extend(new))
    except CompileError as error:
        # A file that can't be parsed, say; what was told before it has been told.
        lines.extend(error.messages)
    told = [json.loads(line) for line in lines if line.startswith("{")]
    return sorted(
        (each["file"], each["line"], each["column"] + 1, each["code"] or "", _message(each))
        for each in told
        if each["severity"] == "error"
    )


def _message(told: dict[str, Any]) -> str:
    text = told["message"] if not told["hint"] else f"{told['message']} ({told['hint']})"
    return str(text)[:_LONGEST_MESSAGE]


def _options(cache: str) -> Options:
    options = Options()
    # Learners' hints are to be there and to hold; what mypy calls strict is a matter of taste.
    options.check_untyped_defs = True
    options.disallow_untyped_defs = True
    options.disallow_incomplete_defs = True
    # Only the standard library is known here.
    options.python_executable = None
    options.no_site_packages = True
    options.ignore_missing_imports = True
    options.cache_dir = cache
    options.sqlite_cache = False
    options.output = "json"
    return options


def _module(file: str) -> str:
    return file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _python_files(root: str) -> list[str]:
    found = []
    for folder, _, names in os.walk(root):
        found += [os.path.relpath(os.path.join(folder, name), root) for name in names if name.endswith(".py")]
    return sorted(found)


def _copy(root: str, file: str, copies: Path) -> list[int]:
    """Copies one file without its switches; the lines on which they were."""
    data = Path(root, file).read_bytes()
    target = copies / file
    target.parent.mkdir(parents=True, exist_ok=True)
    found = list(_switches(data))
    lines = data.splitlines(keepends=True)
    for line, column in found:
        text = lines[line - 1].decode("utf-8", "surrogateescape")
        lines[line - 1] = text[:column].rstrip().encode("utf-8", "surrogateescape") + b"\n"
    target.write_bytes(b"".join(lines))
    return [line for line, _ in found]


def _switches(data: bytes) -> Iterator[tuple[int, int]]:
    """Line and column of comments that steer the type checker."""
    try:
        for token in tokenize.tokenize(io.BytesIO(data).readline):
            if token.type == tokenize.COMMENT and _SWITCH.search(token.string):
                yield token.start
    except (tokenize.TokenError, SyntaxError):
        # It does not parse; mypy says so itself.
        return


def _writable(folder: str) -> str:
    """A cache that mypy may write to, with all that is known already; gone with `folder`."""
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    known = Path(build.__file__).parents[1] / _FOUND_OUT / version
    cache = Path(folder, "cache")
    cache.joinpath(version).mkdir(parents=True)
    for entry in os.scandir(known) if known.is_dir() else ():
        os.symlink(entry.path, cache / version / entry.name)
    return str(cache)


def main(packages: str) -> None:
    """Finds out about the standard library and keeps that below `packages`."""
    sources = [build.BuildSource(None, name, None) for name in _STANDARD_LIBRARY.split()]
    build.build(sources, _options(os.path.join(packages, _FOUND_OUT)))


if __name__ == "__main__":
    main(sys.argv[1])
