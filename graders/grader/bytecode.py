"""What a code object touches, and the same code under another file name."""

from __future__ import annotations

import opcode
from collections.abc import Iterator
from types import CodeType

_LOADS = {
    opcode.opmap[name] for name in ("LOAD_GLOBAL", "LOAD_NAME", "LOAD_FROM_DICT_OR_GLOBALS") if name in opcode.opmap
}
_STORES = {opcode.opmap[name] for name in ("STORE_GLOBAL", "DELETE_GLOBAL")}
_LOAD_GLOBAL, _STORE_NAME, _EXTENDED = (opcode.opmap[name] for name in ("LOAD_GLOBAL", "STORE_NAME", "EXTENDED_ARG"))


def nested(code: CodeType) -> Iterator[CodeType]:
    """The code object, and those of everything defined in it."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from nested(constant)


def with_file(code: CodeType, file: str) -> CodeType:
    """The same code under another file name: where graders lie is not told inside."""
    constants = tuple(with_file(each, file) if isinstance(each, CodeType) else each for each in code.co_consts)
    return code.replace(co_filename=file, co_consts=constants)


def global_names(code: CodeType) -> Iterator[tuple[str, int, bool]]:
    """(name, line, whether it is stored) of the globals that one code object touches, each once."""
    instructions = list(_instructions(code))
    # A name that a class body has set itself is read by LOAD_NAME too, and is no global.
    own = {code.co_names[argument] for operation, argument, _ in instructions if operation == _STORE_NAME}
    seen: set[str] = set()
    for operation, argument, at in instructions:
        if operation in _LOADS or operation in _STORES:
            # LOAD_GLOBAL keeps a flag in the lowest bit of its argument (3.11 and later).
            name = code.co_names[argument >> 1 if operation == _LOAD_GLOBAL else argument]
            if name not in seen and not (operation in _LOADS and operation != _LOAD_GLOBAL and name in own):
                seen.add(name)
                yield name, _line_at(code, at), operation in _STORES


def _instructions(code: CodeType) -> Iterator[tuple[int, int, int]]:
    """(operation, argument, offset), without the cost of `dis`."""
    raw, high = code.co_code, 0
    for at in range(0, len(raw), 2):
        argument = high | raw[at + 1]
        if raw[at] == _EXTENDED:
            high = argument << 8
        else:
            high = 0
            yield raw[at], argument, at


def _line_at(code: CodeType, offset: int) -> int:
    for start, end, line in code.co_lines():
        if start <= offset < end and line is not None:
            return line
    return code.co_firstlineno
