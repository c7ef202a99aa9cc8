"""Values to text (docs/protocol.md, "Plain data").

Values are looked at through the slots of the built-in types only, bound when this file is imported, so that no method
of a user's class runs.
"""

from __future__ import annotations

import builtins
from _json import encode_basestring_ascii as _json_text
from binascii import b2a_base64 as _to_base64
from typing import Any

from sandboxed.markers import ClassRef, CodecError, Cut, Cycle, Opaque, Raised
from sandboxed.naming import NO_CLASS, class_text, frames_text, qualname

# Functions look builtins up in the `__builtins__` of their own module: with a copy, what learner code does to `len` or
# `type` later is not seen here.
globals()["__builtins__"] = vars(builtins).copy()

MAX_DEPTH = 50
MAX_ITEMS = 100_000
MAX_CHAIN = 8
SAFE_INT = 2**53
NO_LIMIT = 1 << 62

_mro = type.__dict__["__mro__"].__get__
_args_of = BaseException.__dict__["args"].__get__
_cause_of = BaseException.__dict__["__cause__"].__get__
_context_of = BaseException.__dict__["__context__"].__get__
_suppressed = BaseException.__dict__["__suppress_context__"].__get__
_filename_of = OSError.__dict__["filename"].__get__
_iterate = {id(t): t.__iter__ for t in (list, tuple, set, frozenset)}
_items = dict.items
_exact_int, _exact_float, _exact_complex, _exact_str = int.__pos__, float.__pos__, complex.__pos__, str.__str__
_real, _imag = complex.__dict__["real"].__get__, complex.__dict__["imag"].__get__
_float_text, _is_ascii, _utf8 = float.__repr__, str.isascii, str.encode
_bits, _join = int.bit_length, str.join
_TAG = {id(list): '["l"', id(tuple): '["t"', id(set): '["s"', id(frozenset): '["f"'}
_SCALARS = {id(t) for t in (int, float, complex, str, bytes, bytearray)}
_PLAIN = {id(t) for t in (int, float, complex, str, bytes, bytearray, list, tuple, set, frozenset, dict)}
_CUT_DEPTH, _CUT_SIZE = '["cut","depth"]', '["cut","size"]'


class _Encoder:
    """One encoding: what is left of the budget, the containers that are open, the classes already described."""

    __slots__ = ("chain", "items", "markers", "max_depth", "open", "plain", "room", "root", "types")

    def __init__(self, root: str | None, *, max_depth: int, items: int, room: int, plain: bool, markers: bool) -> None:
        self.root, self.max_depth, self.items, self.room = root, max_depth, items, room
        self.plain, self.markers = plain, markers
        self.open: list[int] = []
        self.types: dict[int, str] = {}
        self.chain = 0

    def value(self, x: Any) -> str:
        """The text of any value, by its exact type."""
        t = type(x)
        if t is str:
            return self.text(x)
        if t is int:
            text = f"{x}" if -SAFE_INT < x < SAFE_INT else self.big_int(x)
        elif x is None:
            text = "null"
        elif t is bool:
            text = "true" if x else "false"
        elif t is list or t is tuple or t is dict or t is set or t is frozenset:
            return self.container(x, t)
        elif t is float:
            text = self.float(x)
        else:
            return self.rare(x, t)
        self.room -= len(text) + 1
        return text if self.room >= 0 else self.cut(_CUT_SIZE)

    def text(self, x: str) -> str:
        if len(x) > self.room:
            return self.cut(_CUT_SIZE)
        if not _is_ascii(x):
            try:
                _utf8(x)
            except UnicodeEncodeError:
                return self.base64('["u","', _utf8(x, "utf-8", "surrogatepass"))
        text: str = _json_text(x)
        self.room -= len(text) + 1
        return text if self.room >= 0 else self.cut(_CUT_SIZE)

    def big_int(self, x: int) -> str:
        return f'["i","{hex(x)}"]' if _bits(x) // 4 < self.room else self.cut(_CUT_SIZE)

    def float(self, x: float) -> str:
        text = _float_text(x)
        # Only inf, -inf and nan end in a letter; `text` is an exact str of ours.
        if text[-1] > "9" or text == "-0.0":
            return f'["n","{text}"]'
        return text

    def base64(self, start: str, data: bytes | bytearray) -> str:
        if len(data) > self.room:
            return self.cut(_CUT_SIZE)
        text = f'{start}{_to_base64(data, newline=False).decode("ascii")}"]'
        self.room -= len(text) + 1
        return text if self.room >= 0 else self.cut(_CUT_SIZE)

    def cut(self, text: str) -> str:
        if self.plain:
            raise CodecError("too deep or too large")
        return text

    def container(self, x: Any, kind: type) -> str:
        """A list, tuple, set, frozenset or dict, or an instance of a subclass of `kind` looked at as one."""
        known = self.enter(x)
        if known is not None:
            return known
        try:
            if kind is dict:
                return self.mapping(x)
            parts = []
            value = self.value
            for item in _iterate[id(kind)](x):
                if self.items <= 0 or self.room < 0:
                    parts.append(self.cut(_CUT_SIZE))
                    break
                self.items -= 1
                parts.append(value(item))
            if kind is set or kind is frozenset:
                parts = sorted(parts)
            start = _TAG[id(kind)]
            return f"{start},{_join(',', parts)}]" if parts else f"{start}]"
        except RuntimeError as error:
            if type(error) is not RuntimeError:
                raise
            raise CodecError("a container changed while it was read") from None
        finally:
            self.open.pop()

    def mapping(self, x: Any) -> str:
        parts = ['["d"']
        for key, item in _items(x):
            if self.items <= 0 or self.room < 0:
                parts += (self.cut(_CUT_SIZE), self.cut(_CUT_SIZE))
                break
            self.items -= 1
            parts += (self.value(key), self.value(item))
        return _join(",", parts) + "]"

    def enter(self, x: Any) -> str | None:
        """Opens a container; the text to use instead when it is open already or too deep."""
        key, open_now = id(x), self.open
        self.room -= 6
        if key in open_now:
            if self.plain:
                raise CodecError("a container that contains itself")
            self.room -= 10
            # Innermost occurrence: an object is open once only, so any index is the one.
            return f'["cycle",{len(open_now) - open_now.index(key)}]'
        if len(open_now) >= self.max_depth:
            self.room -= 10
            return self.cut(_CUT_DEPTH)
        open_now.append(key)
        return None

    def rare(self, x: Any, t: type) -> str:
        """Everything but the common plain types."""
        if t is bytes:
            return self.base64('["b","', x)
        if t is bytearray:
            return self.base64('["y","', x)
        if t is complex:
            text = f'["c",{self.float(_real(x))},{self.float(_imag(x))}]'
            self.room -= len(text) + 1
            return text
        if self.markers and (t is Opaque or t is Raised or t is ClassRef or t is Cut or t is Cycle):
            return self.marker(x, t)
        if self.plain:
            raise CodecError(f"{qualname(t)} is not plain data")
        base = None
        for each in _mro(t):
            if each is BaseException:
                return self.exception(x, t)
            if each is type:
                self.room -= 7
                return f'["T",{self.describe(x)}]'
            if base is None and id(each) in _PLAIN:
                base = each
        return self.opaque(x, t, base)

    def opaque(self, x: Any, t: type, base: type | None) -> str:
        self.room -= 8
        if base is None:
            return f'["o",{self.describe(t)}]'
        if id(base) not in _SCALARS:
            return f'["o",{self.describe(t)},{self.container(x, base)}]'
        if base is int:
            part: Any = _exact_int(x)
        elif base is str:
            part = _exact_str(x)
        elif base is float:
            part = _exact_float(x)
        elif base is complex:
            part = _exact_complex(x)
        else:
            part = base.__getitem__(x, slice(None))  # type: ignore[index]
        return f'["o",{self.describe(t)},{self.value(part)}]'

    def describe(self, cls: type) -> str:
        """The text of a class, made once."""
        known = self.types.get(id(cls))
        if known is None:
            known = self.types[id(cls)] = class_text(cls)
        self.room -= len(known)
        return known if self.room >= 0 else NO_CLASS

    def exception(self, x: Any, t: type) -> str:
        known = self.enter(x)
        if known is not None:
            return known
        self.chain += 1
        # What is written around its parts.
        self.room -= 26
        try:
            args, cause, context = _args_of(x), _cause_of(x), _context_of(x)
            if _suppressed(x):
                context = None
            if self.chain >= MAX_CHAIN:
                cause = context = None
            parts = [
                '["e"', self.describe(t), self.value(args), self.linked(cause), self.linked(context), self.frames(x),
            ]  # fmt: skip
            for each in _mro(t):
                if each is OSError:
                    filename = _filename_of(x)
                    if type(filename) is str:
                        parts.append(self.value(filename))
            return _join(",", parts) + "]"
        finally:
            self.chain -= 1
            self.open.pop()

    def linked(self, x: Any) -> str:
        return "null" if x is None else self.exception(x, type(x))

    def frames(self, x: Any) -> str:
        text = frames_text(x, self.root)
        self.room -= len(text)
        return text if self.room >= 0 else "[]"

    def marker(self, x: Any, t: type) -> str:
        """What was decoded before, as it was: only ever in the judge, which made these objects itself."""
        if t is Cut:
            return f'["cut",{_json_text(x.reason)}]'
        if t is Cycle:
            return f'["cycle",{x.levels}]' if x.levels <= len(self.open) else self.cut(_CUT_DEPTH)
        known = self.enter(x)
        if known is not None:
            return known
        try:
            bases = ",".join(map(_json_text, x.bases))
            name = f"[{_json_text(x.module)},{_json_text(x.type)},[{bases}]]"
            if t is ClassRef:
                return f'["T",{name}]'
            if t is Opaque:
                return f'["o",{name}]' if x.base_value is None else f'["o",{name},{self.value(x.base_value)}]'
            frames = ",".join(f"[{_json_text(f)},{n},{_json_text(q)}]" for f, n, q in x.frames)
            end = "" if x.filename is None else f",{self.text(x.filename)}"
            inner = f"{self.value(x.args)},{self.value(x.cause)},{self.value(x.context)}"
            return f'["e",{name},{inner},[{frames}]{end}]'
        finally:
            self.open.pop()


def encode(
    value: Any,
    *,
    learner_root: str | None = None,
    max_depth: int = MAX_DEPTH,
    max_items: int = MAX_ITEMS,
    max_bytes: int | None = None,
    plain: bool = False,
    markers: bool = False,
) -> str:
    """The ASCII text of `value`.

    `learner_root` ends in a slash: frames below it are told, relative to it. What is beyond a limit becomes `["cut",
    …]`, so the text has at
    most `max_bytes` characters. `plain`: raise `CodecError` instead of describing what is not plain. `markers`:
    `Opaque`, `Raised`, … are
    written as what they stand for (for the judge only).
    """
    # The reserve covers what is written after the budget has run out: one cut and one bracket for each open container.
    room = NO_LIMIT if max_bytes is None else max_bytes - 40 * max_depth - 400
    encoder = _Encoder(learner_root, max_depth=max_depth, items=max_items, room=room, plain=plain, markers=markers)
    return encoder.value(value)
