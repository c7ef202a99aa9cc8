"""Text to values, strictly: anything that `encode` would not have written raises `CodecError` (docs/protocol.md,
"Plain data").
"""

from __future__ import annotations

import builtins
from _json import make_scanner as _make_scanner
from binascii import a2b_base64 as _from_base64
from binascii import b2a_base64 as _to_base64
from typing import Any, NoReturn

from sandboxed.encoding import SAFE_INT
from sandboxed.markers import ClassRef, CodecError, Cut, Cycle, Opaque, Raised
from sandboxed.naming import MAX_BASES, MAX_FRAMES

# As in encoding.py: the builtins as they were when this file was imported.
globals()["__builtins__"] = vars(builtins).copy()

MAX_NESTING = 200


def _no_object(_pairs: Any) -> NoReturn:
    raise CodecError("objects are not used")


def _no_constant(name: str) -> NoReturn:
    raise CodecError(f"{name} is not used")


class _Rules:
    """How the C scanner of the `json` module shall read: the attributes it looks for."""

    strict = True
    object_hook = None
    object_pairs_hook = staticmethod(_no_object)
    parse_float = float
    parse_int = int
    parse_constant = staticmethod(_no_constant)


_scan: Any = _make_scanner(_Rules())  # type: ignore[arg-type]


def decode(text: str | bytes) -> Any:
    """The value of an encoded text; anything that `encode` would not have written raises `CodecError`."""
    if isinstance(text, bytes):
        try:
            text = text.decode("ascii")
        except UnicodeDecodeError:
            raise CodecError("not ASCII") from None
    try:
        tree, end = _scan(text, 0)
    except CodecError:
        raise
    except (StopIteration, ValueError, RecursionError) as error:
        raise CodecError(f"not JSON: {type(error).__name__}") from None
    if end != len(text):
        raise CodecError("more text after the value")
    return _value(tree, 0, 0)


def _value(tree: Any, up: int, nesting: int) -> Any:
    """A value inside `up` containers, `nesting` arrays deep."""
    kind = type(tree)
    if kind is str:
        return _checked_text(tree)
    if kind is int:
        if not -SAFE_INT < tree < SAFE_INT:
            raise CodecError("a large integer is written in hex")
        return tree
    if kind is float:
        return _checked_float(tree)
    if kind is not list:
        return tree
    if not tree or type(tree[0]) is not str:
        raise CodecError("an array begins with its tag")
    if nesting >= MAX_NESTING:
        raise CodecError("nested too deeply")
    reader = _READERS.get(tree[0])
    if reader is None:
        raise CodecError(f"unknown tag {tree[0][:20]!r}")
    return reader(tree, up, nesting + 1)


def _checked_text(text: str) -> str:
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            raise CodecError("lone surrogates are written as base64") from None
    return text


def _checked_float(number: float) -> float:
    if number - number != 0.0 or repr(number) == "-0.0":
        raise CodecError("a special float is written with its tag")
    return number


def _count(tree: list[Any], *allowed: int) -> None:
    if len(tree) - 1 not in allowed:
        raise CodecError(f"tag {tree[0]!r} has {len(tree) - 1} parts")


def _only_text(tree: list[Any]) -> str:
    _count(tree, 1)
    if type(tree[1]) is not str:
        raise CodecError(f"tag {tree[0]!r} holds a text")
    return tree[1]


def _read_int(tree: list[Any], up: int, nesting: int) -> int:
    text = _only_text(tree)
    try:
        number = int(text, 16)
    except ValueError:
        raise CodecError("not a hex integer") from None
    if hex(number) != text or -SAFE_INT < number < SAFE_INT:
        raise CodecError("not a large hex integer")
    return number


_SPECIAL_FLOATS = {"nan": float("nan"), "inf": float("inf"), "-inf": float("-inf"), "-0.0": -0.0}


def _read_float(tree: list[Any], up: int, nesting: int) -> float:
    text = _only_text(tree)
    if text not in _SPECIAL_FLOATS:
        raise CodecError("not a special float")
    return _SPECIAL_FLOATS[text]


def _read_complex(tree: list[Any], up: int, nesting: int) -> complex:
    _count(tree, 2)
    real, imag = (_value(part, up, nesting) for part in tree[1:])
    if type(real) is not float or type(imag) is not float:
        raise CodecError("a complex number has two floats")
    return complex(real, imag)


def _base64(tree: list[Any]) -> bytes:
    text = _only_text(tree)
    try:
        data = _from_base64(text, strict_mode=True)
    except ValueError:
        raise CodecError("not base64") from None
    if _to_base64(data, newline=False) != text.encode("utf-8", "replace"):
        raise CodecError("not base64 as we write it")
    return data


def _read_bytes(tree: list[Any], up: int, nesting: int) -> bytes:
    return _base64(tree)


def _read_bytearray(tree: list[Any], up: int, nesting: int) -> bytearray:
    return bytearray(_base64(tree))


def _read_surrogates(tree: list[Any], up: int, nesting: int) -> str:
    try:
        text = _base64(tree).decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        raise CodecError("not UTF-8") from None
    try:
        text.encode()
    except UnicodeEncodeError:
        return text
    raise CodecError("a text without lone surrogates is written plainly")


def _read_list(tree: list[Any], up: int, nesting: int) -> list[Any]:
    up += 1
    parts = tree[1:]
    # Most parts are short texts: what `_value` would say of them, without asking it.
    return [part if type(part) is str and part.isascii() else _value(part, up, nesting) for part in parts]


def _read_tuple(tree: list[Any], up: int, nesting: int) -> tuple[Any, ...]:
    return tuple(_read_list(tree, up, nesting))


def _hashed(kind: type, items: list[Any]) -> Any:
    try:
        result = kind(items)
    except TypeError:
        raise CodecError("not hashable") from None
    if len(result) != len(items):
        raise CodecError("an item or key comes twice")
    return result


def _read_set(tree: list[Any], up: int, nesting: int) -> Any:
    return _hashed(set, _read_list(tree, up, nesting))


def _read_frozenset(tree: list[Any], up: int, nesting: int) -> Any:
    return _hashed(frozenset, _read_list(tree, up, nesting))


def _read_dict(tree: list[Any], up: int, nesting: int) -> Any:
    if len(tree) % 2 == 0:
        raise CodecError("a dict has pairs")
    parts = _read_list(tree, up, nesting)
    return _hashed(dict, list(zip(parts[::2], parts[1::2], strict=True)))


def _type_parts(tree: Any) -> tuple[str, str, tuple[str, ...]]:
    if type(tree) is not list or len(tree) != 3:
        raise CodecError("a class has three parts")
    module, name, bases = tree
    if (
        type(bases) is not list
        or len(bases) > MAX_BASES
        or any(type(each) is not str for each in (module, name, *bases))
    ):
        raise CodecError("a class is told by texts")
    return _checked_text(module), _checked_text(name), tuple(map(_checked_text, bases))


def _read_class(tree: list[Any], up: int, nesting: int) -> ClassRef:
    _count(tree, 1)
    return ClassRef(*_type_parts(tree[1]))


_BASES_OF_OPAQUE = (int, float, complex, str, bytes, bytearray, list, tuple, set, frozenset, dict, Cut, Cycle)


def _read_opaque(tree: list[Any], up: int, nesting: int) -> Opaque:
    _count(tree, 1, 2)
    parts = _type_parts(tree[1])
    if len(tree) == 2:
        return Opaque(*parts)
    base = _value(tree[2], up, nesting)
    if type(base) not in _BASES_OF_OPAQUE:
        raise CodecError("the base part is of a plain type")
    return Opaque(*parts, base)


def _frame(tree: Any) -> tuple[str, int, str]:
    if type(tree) is not list or [type(part) for part in tree] != [str, int, str] or not -SAFE_INT < tree[1] < SAFE_INT:
        raise CodecError("a frame is a file, a line and a function")
    return _checked_text(tree[0]), tree[1], _checked_text(tree[2])


def _linked(tree: Any, up: int, nesting: int) -> Any:
    found = _value(tree, up, nesting)
    if found is not None and type(found) not in (Raised, Cut, Cycle):
        raise CodecError("a cause is an exception")
    return found


def _read_exception(tree: list[Any], up: int, nesting: int) -> Raised:
    _count(tree, 5, 6)
    args = _value(tree[2], up + 1, nesting)
    if type(args) not in (tuple, Cut, Cycle):
        raise CodecError("the arguments are a tuple")
    if type(tree[5]) is not list or len(tree[5]) > MAX_FRAMES:
        raise CodecError("frames are an array")
    filename = _value(tree[6], up + 1, nesting) if len(tree) == 7 else None
    return Raised(
        *_type_parts(tree[1]),
        args if type(args) is tuple else (args,),
        _linked(tree[3], up + 1, nesting),
        _linked(tree[4], up + 1, nesting),
        tuple(map(_frame, tree[5])),
        filename if type(filename) is str else None,
    )


def _read_cycle(tree: list[Any], up: int, nesting: int) -> Cycle:
    _count(tree, 1)
    if type(tree[1]) is not int or not 1 <= tree[1] <= up:
        raise CodecError("a cycle points at an open container")
    return Cycle(tree[1])


def _read_cut(tree: list[Any], up: int, nesting: int) -> Cut:
    reason = _only_text(tree)
    if reason not in ("depth", "size"):
        raise CodecError("not a reason for a cut")
    return Cut(reason)


_READERS = {
    "l": _read_list, "t": _read_tuple, "s": _read_set, "f": _read_frozenset, "d": _read_dict,
    "i": _read_int, "n": _read_float, "c": _read_complex, "b": _read_bytes, "y": _read_bytearray, "u": _read_surrogates,
    "T": _read_class, "o": _read_opaque, "e": _read_exception, "cycle": _read_cycle, "cut": _read_cut,
}  # fmt: skip
