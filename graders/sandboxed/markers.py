"""What stands for a value that is not plain data, after decoding. None of these is ever equal to plain data."""

from __future__ import annotations

from typing import Any


class CodecError(ValueError):
    """A text that is not encoded plain data, or (`plain=True`) a value that is not plain."""


class Cut:
    """Stands where a value was left out: `reason` is "depth" or "size"."""

    __slots__ = ("reason",)

    def __init__(self, reason: str) -> None:
        self.reason = reason

    def __repr__(self) -> str:
        return "<cut: too deep>" if self.reason == "depth" else "<cut: too large>"


class Cycle:
    """Stands where a container contains itself: `levels` up to the one that is meant, 1 = the parent."""

    __slots__ = ("levels",)

    def __init__(self, levels: int) -> None:
        self.levels = levels

    def __repr__(self) -> str:
        return f"<the same container again, {self.levels} up>"


class _Typed:
    """What is known of a class inside the sandbox: `type` (qualified name), `module`, `bases` (dotted names, nearest
    first).
    """

    __slots__ = ("bases", "module", "type")

    def __init__(self, module: str, name: str, bases: tuple[str, ...]) -> None:
        self.module = module
        self.type = name
        self.bases = bases

    def is_a(self, name: str) -> bool:
        """Whether the class is called `name`, or one of its bases is; with or without its module."""
        own = self.type if self.module == "builtins" else f"{self.module}.{self.type}"
        wanted = name.removeprefix("builtins.")
        known = (own, *(base.removeprefix("builtins.") for base in self.bases))
        return any(wanted == each or wanted == each.rpartition(".")[2] for each in known)

    def _dotted(self) -> str:
        return self.type if self.module == "builtins" else f"{self.module}.{self.type}"


class ClassRef(_Typed):
    """A class of the sandbox."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<class {self._dotted()}>"


class Opaque(_Typed):
    """An object that is not plain data; `base_value` is the plain part of a subclass of a plain type, else None."""

    __slots__ = ("base_value",)

    def __init__(self, module: str, name: str, bases: tuple[str, ...], base_value: Any = None) -> None:
        super().__init__(module, name, bases)
        self.base_value = base_value

    def __repr__(self) -> str:
        if self.base_value is None:
            return f"<{self._dotted()} object>"
        return f"<{self._dotted()} {self.base_value!r}>"


class Raised(_Typed):
    """An exception of the sandbox: `args`, `message`, `cause`, `context`, `frames` ((file, line, function), outermost
    first).
    """

    __slots__ = ("args", "cause", "context", "filename", "frames")

    def __init__(
        self,
        module: str,
        name: str,
        bases: tuple[str, ...],
        args: tuple[Any, ...] = (),
        cause: Any = None,
        context: Any = None,
        frames: tuple[tuple[str, int, str], ...] = (),
        filename: str | None = None,
    ) -> None:
        super().__init__(module, name, bases)
        self.args = args
        self.cause = cause
        self.context = context
        self.frames = frames
        self.filename = filename

    @property
    def message(self) -> str:
        """The text of the exception as Python would show it, from its arguments; a `__str__` of the learner's is not
        known.
        """
        try:
            return self._message(self.args)
        except ValueError:
            # Python refuses to write an integer of thousands of digits in decimal.
            return "(too long to show)"

    def _message(self, args: tuple[Any, ...]) -> str:
        if self.is_a("OSError") and len(args) >= 2:
            return f"[Errno {args[0]}] {args[1]}" + ("" if self.filename is None else f": {self.filename!r}")
        if self.is_a("SyntaxError") and len(args) == 2 and isinstance(args[1], tuple) and len(args[1]) >= 2:
            return f"{args[0]} (line {args[1][1]})"
        if len(args) == 1:
            return repr(args[0]) if self.is_a("KeyError") else str(args[0])
        return str(args) if args else ""

    def __repr__(self) -> str:
        return f"<raised {self.type}: {self.message}>" if self.message else f"<raised {self.type}>"
