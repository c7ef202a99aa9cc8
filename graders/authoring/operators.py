"""The mistakes that mutants make: one function for each kind of node, giving the edits that can be made there.

Left alone are annotations, docstrings, imports, `__all__`, type variables, what stands in f-strings (their places are
unknown before 3.12) and the words of messages: an exercise that looks at these says so by a check of its own.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Edit:
    """A piece of the source, from `start` to `end` (line from 1, column in bytes), and what takes its place."""

    operator: str
    start: Place
    end: Place
    text: str


_BINARY = {
    ast.Add: "-", ast.Sub: "+", ast.Mult: "//", ast.Div: "*", ast.FloorDiv: "*", ast.Mod: "//", ast.Pow: "*",
    ast.BitAnd: "|", ast.BitOr: "&", ast.BitXor: "&", ast.LShift: ">>", ast.RShift: "<<",
}  # fmt: skip
_COMPARE = {
    ast.Lt: "<=", ast.LtE: "<", ast.Gt: ">=", ast.GtE: ">", ast.Eq: "!=", ast.NotEq: "==",
    ast.Is: "is not", ast.IsNot: "is", ast.In: "not in", ast.NotIn: "in",
}  # fmt: skip
# Calls whose only argument is nearly what they give: leaving them out is a mistake that people make.
_THROUGH = frozenset(
    (
        *("list", "dict", "set", "tuple", "frozenset", "sorted", "iter", "reversed"),
        *("int", "float", "str", "abs", "copy", "deepcopy"),
    )
)  # fmt: skip
_SIMPLE = (ast.Constant, ast.Name, ast.Attribute, ast.Call, ast.Subscript, ast.List, ast.Tuple, ast.Dict, ast.Set)


def edits_of(tree: ast.Module, source: str) -> Iterator[Edit]:
    """Every edit that can be made to a file."""
    yield from _Walk(source).edits(tree)


def _start(node: Any) -> Place:
    return node.lineno, node.col_offset


def _end(node: Any) -> Place:
    return node.end_lineno, node.end_col_offset


class _Walk:
    """One walk over a file."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.lines = [line.encode() for line in source.splitlines(keepends=True)]
        self.by_type: dict[type[ast.AST], Callable[[Any], Iterator[Edit]]] = {
            ast.BinOp: self.binary,
            ast.AugAssign: self.augmented,
            ast.Compare: self.compare,
            ast.BoolOp: self.boolean,
            ast.UnaryOp: self.unary,
            ast.Constant: self.constant,
            ast.If: self.condition,
            ast.While: self.condition,
            ast.IfExp: self.condition,
            ast.comprehension: self.filters,
            ast.Call: self.call,
            ast.Return: self.returned,
            ast.Raise: self.raised,
            ast.ExceptHandler: self.handler,
            ast.FunctionDef: self.decorators,
            ast.AsyncFunctionDef: self.decorators,
            ast.ClassDef: self.decorators,
            ast.Break: self.jump,
            ast.Continue: self.jump,
            ast.Await: self.awaited,
            ast.YieldFrom: self.delegated,
            ast.With: self.managed,
        }

    def text(self, node: Any) -> str:
        return ast.get_source_segment(self.source, node) or ""

    def edits(self, node: ast.AST) -> Iterator[Edit]:
        """The edits at a node and at all below it."""
        if isinstance(node, _LEFT_ALONE) or _means_nothing(node):
            return
        if type(node) in self.by_type:
            yield from self.by_type[type(node)](node)
        if isinstance(node, ast.stmt):
            yield from self.removed(node)
        for child in self.children(node):
            yield from self.edits(child)

    def children(self, node: ast.AST) -> Iterator[ast.AST]:
        for name, value in ast.iter_fields(node):
            if name in ("annotation", "returns", "type_params", "decorator_list", "ops", "op", "ctx"):
                continue
            if name == "msg" or (name == "type" and isinstance(node, ast.ExceptHandler)):
                continue
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.AST) and not self.is_words(node, child):
                    yield child

    def is_words(self, parent: ast.AST, child: ast.AST) -> bool:
        """Docstrings, and the arguments of what is raised: texts for people."""
        if isinstance(parent, ast.Raise):
            return True
        return isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant)

    def replaced(self, operator: str, node: Any, text: str) -> Edit:
        return Edit(operator, _start(node), _end(node), text)

    # --- expressions ---------------------------------------------------------------------------------------------

    def binary(self, node: ast.BinOp) -> Iterator[Edit]:
        other = _BINARY.get(type(node.op))
        is_text = any(isinstance(each, ast.JoinedStr) or _is_text(each) for each in (node.left, node.right))
        if other is not None and not is_text:
            yield Edit(
                "operator", _end(node.left), _start(node.right), self.between(node.left, node.right, node.op, other)
            )

    def between(self, left: ast.expr, right: ast.expr, operator: ast.AST, other: str) -> str:
        """What stands between two operands (brackets, line ends), with another operator."""
        known = _SYMBOLS[type(operator)]
        between = self.slice(_end(left), _start(right))
        at = _outside_comments(between, known)
        return between[:at] + other + between[at + len(known) :]

    def slice(self, start: Place, end: Place) -> str:
        if start[0] == end[0]:
            return self.lines[start[0] - 1][start[1] : end[1]].decode()
        first, last = self.lines[start[0] - 1][start[1] :], self.lines[end[0] - 1][: end[1]]
        return b"".join([first, *self.lines[start[0] : end[0] - 1], last]).decode()

    def compare(self, node: ast.Compare) -> Iterator[Edit]:
        left = node.left
        for operator, right in zip(node.ops, node.comparators, strict=True):
            text = self.between(left, right, operator, _COMPARE[type(operator)])
            yield Edit("comparison", _end(left), _start(right), text)
            left = right

    def boolean(self, node: ast.BoolOp) -> Iterator[Edit]:
        other = "or" if isinstance(node.op, ast.And) else "and"
        text = f" {other} ".join(f"({self.text(value)})" for value in node.values)
        yield self.replaced("boolean", node, self.padded(f"({text}", node) + ")")

    def unary(self, node: ast.UnaryOp) -> Iterator[Edit]:
        yield self.replaced("unary", node, f"({self.text(node.operand)})")

    def constant(self, node: ast.Constant) -> Iterator[Edit]:
        value = node.value
        if isinstance(value, bool):
            yield self.replaced("constant", node, str(not value))
        elif isinstance(value, int | float):
            yield self.replaced("constant", node, repr(value + 1))
        elif isinstance(value, str | bytes):
            kind = "b" if isinstance(value, bytes) else ""
            yield self.replaced("constant", node, f'{kind}""' if value else f'{kind}"mutant"')

    def condition(self, node: ast.If | ast.While | ast.IfExp) -> Iterator[Edit]:
        yield from self.negated(node.test)

    def filters(self, node: ast.comprehension) -> Iterator[Edit]:
        for test in node.ifs:
            yield from self.negated(test)
            yield self.replaced("condition", test, "True")

    def negated(self, test: ast.expr) -> Iterator[Edit]:
        if isinstance(test, ast.Compare) and len(test.ops) == 1 and not isinstance(test.ops[0], _ORDER):
            # The other comparison is the same.
            return
        if isinstance(test, ast.NamedExpr) or (isinstance(test, ast.Constant) and test.value is True):
            return
        yield self.replaced("condition", test, f"(not ({self.text(test)}))")

    def call(self, node: ast.Call) -> Iterator[Edit]:
        arguments = node.args
        if len(arguments) >= 2 and not any(isinstance(each, ast.Starred) for each in arguments[:2]):
            first, second = arguments[:2]
            between = self.slice(_end(first), _start(second))
            swapped = f"{self.text(second)}{between}{self.text(first)}"
            yield Edit("arguments", _start(first), _end(second), swapped)
        for keyword in node.keywords:
            others = [self.text(each) for each in [*arguments, *node.keywords] if each is not keyword]
            text = f"{self.text(node.func)}({', '.join(others)}"
            yield self.replaced("keyword", node, self.padded(text, node) + ")")
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name in _THROUGH and len(arguments) == 1 and not node.keywords and not isinstance(arguments[0], ast.Starred):
            inner = self.text(arguments[0])
            yield self.replaced("call", node, inner if isinstance(arguments[0], _SIMPLE) else f"({inner})")

    def awaited(self, node: ast.Await) -> Iterator[Edit]:
        yield self.replaced("await", node, self.text(node.value))

    def delegated(self, node: ast.YieldFrom) -> Iterator[Edit]:
        yield self.replaced("yield", node, f"yield {self.text(node.value)}")

    # --- statements ----------------------------------------------------------------------------------------------

    def augmented(self, node: ast.AugAssign) -> Iterator[Edit]:
        target, value = self.text(node.target), self.text(node.value)
        other = _BINARY.get(type(node.op))
        if other is not None and not _is_text(node.value):
            yield self.replaced("operator", node, f"{target} {other}= {value}")
        yield self.replaced("assignment", node, f"{target} = {value}")

    def returned(self, node: ast.Return) -> Iterator[Edit]:
        if node.value is not None and not (isinstance(node.value, ast.Constant) and node.value.value is None):
            yield self.replaced("return", node, "return None" + self.lines_of(node))

    def raised(self, node: ast.Raise) -> Iterator[Edit]:
        error = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
        if isinstance(error, ast.Name) and error.id[:1].isupper():
            yield self.replaced("exception", error, "LookupError" if error.id == "RuntimeError" else "RuntimeError")
        if node.cause is not None and node.exc is not None:
            yield Edit("cause", _end(node.exc), _end(node), "")

    def handler(self, node: ast.ExceptHandler) -> Iterator[Edit]:
        if node.type is None:
            return
        wider = "BaseException" if self.text(node.type) == "Exception" else "Exception"
        yield self.replaced("except", node.type, wider)
        yield self.replaced("except", node.type, "()")

    def decorators(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> Iterator[Edit]:
        for decorator in node.decorator_list:
            line, column = _start(decorator)
            at = self.lines[line - 1].rindex(b"@", 0, column)
            yield Edit("decorator", (line, at), _end(decorator), self.lines_of(decorator))

    def jump(self, node: ast.Break | ast.Continue) -> Iterator[Edit]:
        yield self.replaced("jump", node, "continue" if isinstance(node, ast.Break) else "break")

    def managed(self, node: ast.With) -> Iterator[Edit]:
        if all(item.optional_vars is None for item in node.items):
            yield Edit("with", _start(node), _end(node.items[-1].context_expr), "if True")

    def removed(self, node: ast.stmt) -> Iterator[Edit]:
        """Statements that do something, left out."""
        is_effect = isinstance(node, ast.Expr) and not isinstance(node.value, ast.Constant)
        is_stored = isinstance(node, ast.Assign) and all(
            isinstance(each, ast.Attribute | ast.Subscript) for each in node.targets
        )
        if is_effect or is_stored or isinstance(node, ast.AugAssign | ast.Raise | ast.Assert | ast.Delete):
            yield self.replaced("statement", node, "pass" + self.lines_of(node))

    def lines_of(self, node: Any) -> str:
        """As many line ends as a node has, so that what follows keeps its number."""
        return "\n" * (node.end_lineno - node.lineno)

    def padded(self, text: str, node: Any) -> str:
        """A text within brackets, with as many line ends as the node that it is put in place of."""
        return text + "\n" * (node.end_lineno - node.lineno - text.count("\n"))


_LEFT_ALONE = (ast.Import, ast.ImportFrom, ast.JoinedStr, ast.Global, ast.Nonlocal)
_TYPE_VARIABLES = frozenset(("TypeVar", "ParamSpec", "TypeVarTuple", "NewType"))
_ORDER = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)
_SYMBOLS = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%", ast.Pow: "**",
    ast.BitAnd: "&", ast.BitOr: "|", ast.BitXor: "^", ast.LShift: "<<", ast.RShift: ">>",
    ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!=",
    ast.Is: "is", ast.IsNot: "is not", ast.In: "in", ast.NotIn: "not in",
}  # fmt: skip


def _means_nothing(node: ast.AST) -> bool:
    """Lists of public names, and type variables: nothing that runs."""
    if not isinstance(node, ast.Assign):
        return False
    if any(isinstance(target, ast.Name) and target.id == "__all__" for target in node.targets):
        return True
    call = node.value.func if isinstance(node.value, ast.Call) else None
    return getattr(call, "id", getattr(call, "attr", None)) in _TYPE_VARIABLES


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str | bytes)


def _outside_comments(text: str, symbol: str) -> int:
    """Where the operator stands between two operands: not in a comment that may stand there too."""
    at = 0
    for line in text.splitlines(keepends=True):
        found = line.partition("#")[0].find(symbol)
        if found >= 0:
            return at + found
        at += len(line)
    return 0
