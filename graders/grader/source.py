"""Facts about a file of the learner (gathered by `sandboxed.source` in the sandbox), with names to ask for them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

from sandboxed.codec import CodecError

from grader.errors import SourceProblem


@dataclass(frozen=True, slots=True)
class Argument:
    """`kind`: positional_only, positional, var_positional, keyword_only, var_keyword; `annotation` as text or None."""

    name: str
    kind: str
    annotation: str | None
    has_default: bool


@dataclass(frozen=True, slots=True)
class Function:
    """A function or method, wherever it is; `name` is qualified: `Account.deposit`, `timer.wrapper`. Its body's own
    nodes are counted in `nodes`.
    """

    name: str
    line: int
    end_line: int
    is_async: bool
    args: tuple[Argument, ...]
    returns: str | None
    decorators: tuple[str, ...]
    docstring: str
    is_generator: bool
    yields_from: bool
    in_class: str | None
    in_scope: str
    nodes: dict[str, int]

    @property
    def is_annotated(self) -> bool:
        """Whether every argument but `self` and `cls`, and what is returned, is annotated."""
        own = [
            each
            for at, each in enumerate(self.args)
            if not (at == 0 and self.in_class and each.name in ("self", "cls"))
        ]
        return self.returns is not None and all(each.annotation is not None for each in own)

    def arg(self, name: str) -> Argument | None:
        """The argument of that name."""
        return next((each for each in self.args if each.name == name), None)


@dataclass(frozen=True, slots=True)
class Class:
    """A class; `methods` by plain name, `fields` are annotated names of its body."""

    name: str
    line: int
    bases: tuple[str, ...]
    decorators: tuple[str, ...]
    keywords: dict[str, str]
    docstring: str
    methods: tuple[str, ...]
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Import:
    """`import module`, or `from module import names` (`level` counts leading dots); `in_scope` is "" at the top of the
    file.
    """

    module: str
    names: tuple[str, ...]
    level: int
    line: int
    in_scope: str


@dataclass(frozen=True, slots=True)
class Call:
    """A call as written; `keywords` maps to constant values, or to ("expression", text)."""

    name: str
    line: int
    positional: int
    starred: bool
    keywords: dict[str, Any]
    in_scope: str


@dataclass(frozen=True, slots=True)
class Source:
    """A whole file; `nodes` counts AST node types by class name, `names` are those bound by the module itself."""

    file: str
    docstring: str
    functions: tuple[Function, ...]
    classes: tuple[Class, ...]
    imports: tuple[Import, ...]
    calls: tuple[Call, ...]
    nodes: dict[str, int]
    names: tuple[str, ...]
    lines: int

    @classmethod
    def of(cls, file: str, facts: Any) -> Source:
        """From what `sandboxed.source.facts` gave; believed no further than its shape."""
        try:
            if facts["error"] is not None:
                line, message = facts["error"]
                raise SourceProblem(file, int(line), str(message))
            return cls(
                file,
                facts["docstring"],
                tuple(
                    _made(Function, {**each, "args": [_made(Argument, arg) for arg in each["args"]]})
                    for each in facts["functions"]
                ),
                tuple(_made(Class, each) for each in facts["classes"]),
                tuple(_made(Import, each) for each in facts["imports"]),
                tuple(_made(Call, each) for each in facts["calls"]),
                facts["nodes"],
                tuple(facts["names"]),
                facts["lines"],
            )
        except (KeyError, TypeError, ValueError) as error:
            raise CodecError(f"not facts about a source file: {error!r}") from None

    def function(self, name: str) -> Function | None:
        """The function of that qualified name."""
        return next((each for each in self.functions if each.name == name), None)

    def class_(self, name: str) -> Class | None:
        """The class of that qualified name."""
        return next((each for each in self.classes if each.name == name), None)

    def calls_to(self, *names: str) -> list[Call]:
        """Calls written as one of the dotted names, or as a method of that last name when it begins with a dot."""
        return [each for each in self.calls if _named(each.name, names)]

    def imported(self, module: str) -> bool:
        """Whether `module`, or something in it, is imported anywhere in the file."""
        wanted = (module, f"{module}.")
        return any(
            each.level == 0 and (each.module == wanted[0] or each.module.startswith(wanted[1])) for each in self.imports
        )

    def count(self, *node_types: str) -> int:
        """How many nodes of these AST types there are, such as `count("For", "While")`."""
        return sum(self.nodes.get(each, 0) for each in node_types)


def _named(name: str, wanted: Iterable[str]) -> bool:
    return any(name.endswith(each) if each.startswith(".") else name == each for each in wanted)


def _made(kind: type, facts: dict[str, Any]) -> Any:
    values = {each.name: facts[each.name] for each in fields(kind)}
    return kind(**{name: tuple(value) if type(value) is list else value for name, value in values.items()})
