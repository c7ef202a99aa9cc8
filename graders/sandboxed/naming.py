"""Classes and frames as text, without calling anything of theirs (docs/protocol.md, "Plain data")."""

from __future__ import annotations

import builtins
from _json import encode_basestring_ascii as _json_text
from typing import Any

# As in encoding.py: the builtins as they were when this file was imported.
globals()["__builtins__"] = vars(builtins).copy()

MAX_FRAMES = 32
MAX_BASES = 32
NO_CLASS = '["?","?",[]]'

_mro = type.__dict__["__mro__"].__get__
_module_of = type.__dict__["__module__"].__get__
_qualname_of = type.__dict__["__qualname__"].__get__
_traceback_of = BaseException.__dict__["__traceback__"].__get__
_exact_str, _utf8, _starts, _join = str.__str__, str.encode, str.startswith, str.join


def class_text(cls: type) -> str:
    """`["module", "qualname", [bases…]]`; the class itself and `object` are not among its bases."""
    bases = [_dotted(each) for each in _mro(cls)[1 : MAX_BASES + 1] if each is not object]
    names = _join(",", [name_text(name) for name in bases])
    return f"[{name_text(_module(cls))},{name_text(qualname(cls))},[{names}]]"


def frames_text(error: Any, root: str | None) -> str:
    """The learner's frames of a traceback, outermost first: the innermost MAX_FRAMES of those below `root`."""
    found, step = [], _traceback_of(error)
    while step is not None and root is not None:
        code = step.tb_frame.f_code
        file = code.co_filename
        if type(file) is str and _starts(file, root):
            found.append((file, step.tb_lineno or 0, code.co_qualname))
        step = step.tb_next
    texts = []
    for file, line, function in found[-MAX_FRAMES:]:
        texts.append(f"[{name_text(file[len(root or '') :])},{line},{name_text(function)}]")
    return "[" + _join(",", texts) + "]"


def _module(cls: type) -> str:
    name = _module_of(cls)
    return name if type(name) is str else "?"


def qualname(cls: type) -> str:
    return _exact_str(_qualname_of(cls))


def _dotted(cls: type) -> str:
    return f"{_module(cls)}.{qualname(cls)}"


def name_text(text: str) -> str:
    """A name as JSON text; a name that is too long or holds lone surrogates is replaced."""
    if type(text) is not str or len(text) > 1000:
        return '"?"'
    try:
        _utf8(text)
    except UnicodeEncodeError:
        return '"?"'
    result: str = _json_text(text)
    return result
