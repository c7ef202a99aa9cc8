"""Compiles what `dataclasses` generates once for each text: a learner's module is executed for every check, and would
have the same methods compiled every time.
"""

from __future__ import annotations

import builtins
import sys
from types import CodeType
from typing import Any

__builtins__ = vars(builtins).copy()

# Texts of one submission; more than that many are not worth keeping.
_MOST = 256
_known: dict[str, CodeType] = {}
_compile, _exec = compile, exec


def remember() -> None:
    """Makes `dataclasses`, if it is there, take the code of a text that it has compiled before."""
    dataclasses = sys.modules.get("dataclasses")
    if dataclasses is not None:
        dataclasses.exec = _execute  # type: ignore[attr-defined]


def _execute(text: Any, space: dict[str, Any], names: dict[str, Any] | None = None) -> None:
    # `exec` in its own module would name the file like this.
    code = _known.get(text)
    if code is None:
        code = _compile(text, "<string>", "exec", dont_inherit=True)
        if len(_known) < _MOST:
            _known[text] = code
    _exec(code, space, names)
