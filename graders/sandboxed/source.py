"""Facts about a source file, as plain data. It is parsed in the sandbox: the judge never reads what a learner wrote."""

from __future__ import annotations

import ast
from typing import Any

MAX_TEXT = 500
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_SCOPES = (*_FUNCTIONS, ast.Lambda, ast.ClassDef)


def facts(source: bytes, filename: str) -> dict[str, Any]:
    """`error` is None or `[line, message]`; else `docstring`, `functions`, `classes`, `imports`, `calls`, `nodes`,
    `names`, `lines`.
    """
    try:
        tree = ast.parse(source, filename)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = getattr(error, "lineno", None) or 0
        return {"error": [line, str(getattr(error, "msg", error))[:MAX_TEXT]]}
    found = _Facts()
    found.visit_body(tree.body, "", None)
    return {
        "error": None,
        "docstring": (ast.get_docstring(tree) or "")[:MAX_TEXT],
        "functions": found.functions,
        "classes": found.classes,
        "imports": found.imports,
        "calls": found.calls,
        "nodes": found.nodes,
        "names": _global_names(tree),
        "lines": source.count(b"\n") + (not source.endswith(b"\n") and bool(source)),
    }


class _Facts:
    """One walk over a module."""

    def __init__(self) -> None:
        self.functions: list[dict[str, Any]] = []
        self.classes: list[dict[str, Any]] = []
        self.imports: list[dict[str, Any]] = []
        self.calls: list[dict[str, Any]] = []
        self.nodes: dict[str, int] = {}

    def visit_body(self, nodes: list[Any], scope: str, owner: str | None) -> None:
        for node in nodes:
            self.visit(node, scope, owner)

    def visit(self, node: ast.AST, scope: str, owner: str | None) -> None:
        """`scope` is the qualified name of what the node is in, `owner` that of the class it is directly in."""
        kind = type(node).__name__
        self.nodes[kind] = self.nodes.get(kind, 0) + 1
        if isinstance(node, _FUNCTIONS):
            name = f"{scope}.{node.name}" if scope else node.name
            self.functions.append(_function(node, name, scope, owner))
            self.visit_children(node, name, None)
        elif isinstance(node, ast.ClassDef):
            name = f"{scope}.{node.name}" if scope else node.name
            self.classes.append(_class(node, name))
            self.visit_children(node, name, name)
        else:
            if isinstance(node, ast.Call):
                self.calls.append(_call(node, scope))
            elif isinstance(node, ast.Import | ast.ImportFrom):
                self.imports.extend(_imports(node, scope))
            self.visit_children(node, scope, owner)

    def visit_children(self, node: ast.AST, scope: str, owner: str | None) -> None:
        for child in ast.iter_child_nodes(node):
            self.visit(child, scope, owner)


def _function(node: ast.FunctionDef | ast.AsyncFunctionDef, name: str, scope: str, owner: str | None) -> dict[str, Any]:
    own = list(_own_nodes(node))
    return {
        "name": name,
        "line": node.lineno,
        "end_line": node.end_lineno,
        "is_async": isinstance(node, ast.AsyncFunctionDef),
        "args": _arguments(node.args),
        "returns": _text(node.returns),
        "decorators": [_text(each) for each in node.decorator_list],
        "docstring": (ast.get_docstring(node) or "")[:MAX_TEXT],
        "is_generator": any(isinstance(each, ast.Yield | ast.YieldFrom) for each in own),
        "yields_from": any(isinstance(each, ast.YieldFrom) for each in own),
        "in_class": owner,
        "in_scope": scope,
        "nodes": _counts(own),
    }


def _arguments(args: ast.arguments) -> list[dict[str, Any]]:
    """Each argument with its `kind`: positional_only, positional, var_positional, keyword_only, var_keyword."""
    positional = [(each, "positional_only") for each in args.posonlyargs] + [(each, "positional") for each in args.args]
    bare = len(positional) - len(args.defaults)
    found = [_argument(each, kind, at >= bare) for at, (each, kind) in enumerate(positional)]
    if args.vararg is not None:
        found.append(_argument(args.vararg, "var_positional", False))
    for each, default in zip(args.kwonlyargs, args.kw_defaults, strict=True):
        found.append(_argument(each, "keyword_only", default is not None))
    if args.kwarg is not None:
        found.append(_argument(args.kwarg, "var_keyword", False))
    return found


def _argument(arg: ast.arg, kind: str, has_default: bool) -> dict[str, Any]:
    return {"name": arg.arg, "kind": kind, "annotation": _text(arg.annotation), "has_default": has_default}


def _class(node: ast.ClassDef, name: str) -> dict[str, Any]:
    return {
        "name": name,
        "line": node.lineno,
        "bases": [_text(each) for each in node.bases],
        "decorators": [_text(each) for each in node.decorator_list],
        "keywords": {each.arg: _text(each.value) for each in node.keywords if each.arg},
        "docstring": (ast.get_docstring(node) or "")[:MAX_TEXT],
        "methods": [each.name for each in node.body if isinstance(each, _FUNCTIONS)],
        "fields": [
            each.target.id
            for each in node.body
            if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name)
        ],
    }


def _imports(node: ast.Import | ast.ImportFrom, scope: str) -> list[dict[str, Any]]:
    """`import a.b as c` has no `names`; `from .a import b` has level 1."""
    if isinstance(node, ast.ImportFrom):
        names = [each.name for each in node.names]
        return [
            {"module": node.module or "", "names": names, "level": node.level, "line": node.lineno, "in_scope": scope}
        ]
    return [
        {"module": each.name, "names": [], "level": 0, "line": node.lineno, "in_scope": scope} for each in node.names
    ]


def _call(node: ast.Call, scope: str) -> dict[str, Any]:
    """`keywords` maps a name to its constant value, or to the text of its expression in a tuple `("expression",
    text)`.
    """
    return {
        "name": _text(node.func),
        "line": node.lineno,
        "positional": sum(not isinstance(each, ast.Starred) for each in node.args),
        "starred": any(isinstance(each, ast.Starred) for each in node.args)
        or any(not each.arg for each in node.keywords),
        "keywords": {each.arg: _constant(each.value) for each in node.keywords if each.arg},
        "in_scope": scope,
    }


def _constant(node: ast.expr) -> Any:
    try:
        value = ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return ("expression", _text(node))
    return ("expression", _text(node)) if value is ... else value


def _own_nodes(function: ast.AST) -> Any:
    """The nodes of a function's body without those of functions and classes inside it."""
    waiting = list(getattr(function, "body", []))
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, _SCOPES):
            waiting.extend(ast.iter_child_nodes(node))


def _counts(nodes: list[ast.AST]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for node in nodes:
        kind = type(node).__name__
        counts[kind] = counts.get(kind, 0) + 1
    return counts


def _global_names(tree: ast.Module) -> list[str]:
    """Names that the statements of the module itself bind, sorted."""
    names: dict[str, None] = {}
    for node in _own_nodes(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names[node.id] = None
        elif isinstance(node, (*_FUNCTIONS, ast.ClassDef)):
            names[node.name] = None
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names.update((each.asname or each.name.partition(".")[0], None) for each in node.names)
    return sorted(names)


def _text(node: ast.expr | None) -> str | None:
    """An expression as source text, cut; None stays None."""
    if node is None:
        return None
    try:
        return ast.unparse(node)[:MAX_TEXT]
    except (RecursionError, ValueError):
        return "?"
