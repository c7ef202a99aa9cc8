"""Test files as they go inside: under other names, each test with a twin that must fail, each `==` looked at twice.

Who patches the tests in the learner's process can't tell a test from its twin by name or place, only by what is in it.
"""

from __future__ import annotations

import ast
import copy
import random
import secrets
from typing import Any

_Function = ast.FunctionDef | ast.AsyncFunctionDef
# A test that is expected to fail has no twin that must.
_EXPECTED = ("expectedFailure", "xfail")


class Rewritten:
    """One test file. `source` is what goes inside; a file that Python can't read goes as it is."""

    def __init__(self, path: str) -> None:
        with open(path, "rb") as stream:
            self.source = stream.read()
        self._names: dict[str, tuple[str, str]] = {}
        try:
            tree = ast.parse(self.source, path)
        except SyntaxError:
            return
        tree = _Guard().visit(tree)
        self._body(tree.body, "")
        _import_guard(tree)
        self.source = ast.unparse(ast.fix_missing_locations(tree)).encode()

    def names(self, name: str) -> tuple[str, str]:
        """What pytest calls a test and its twin in the rewritten file; no twin is "". `name`:
        `file.py::Class::test_x[1]`.
        """
        file, _, inner = name.partition("::")
        plain, bracket, parameters = inner.partition("[")
        renamed, twin = self._names.get(plain, (plain, ""))
        rest = bracket + parameters
        return f"{file}::{renamed}{rest}", f"{file}::{twin}{rest}" if twin else ""

    def _body(self, body: list[ast.stmt], prefix: str) -> None:
        for index in reversed(range(len(body))):
            statement = body[index]
            if isinstance(statement, ast.ClassDef):
                self._body(statement.body, f"{prefix}{statement.name}::")
            elif isinstance(statement, _Function) and statement.name.startswith("test"):
                body[index : index + 1] = self._pair(statement, prefix)

    def _pair(self, function: _Function, prefix: str) -> list[ast.stmt]:
        """The test and its twin, in any order."""
        was = prefix + function.name
        function.name = f"test_{secrets.token_hex(5)}"
        pair: list[ast.stmt] = [function]
        twin_name = ""
        if not any(each in ast.dump(decorator) for decorator in function.decorator_list for each in _EXPECTED):
            twin = copy.deepcopy(function)
            twin.name = f"test_{secrets.token_hex(5)}"
            twin_name = prefix + twin.name
            failing = ast.parse("raise AssertionError").body
            twin.body = [ast.Try(body=twin.body, handlers=[], orelse=[], finalbody=failing)]
            pair.append(twin)
        self._names[was] = (prefix + function.name, twin_name)
        random.SystemRandom().shuffle(pair)
        return pair


def _import_guard(tree: ast.Module) -> None:
    texts = sum(isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant) for each in tree.body[:1])
    futures = [
        n for n, each in enumerate(tree.body) if isinstance(each, ast.ImportFrom) and each.module == "__future__"
    ]
    at = max([texts, *[number + 1 for number in futures]])
    tree.body.insert(at, ast.parse("from sandboxed.guard import told_apart as _told_apart").body[0])


class _Guard(ast.NodeTransformer):
    """After `assert x == y` it is looked whether the two can be told from what they are not."""

    def visit_Assert(self, node: ast.Assert) -> Any:
        test = node.test
        if not (isinstance(test, ast.Compare) and len(test.ops) == 1 and isinstance(test.ops[0], ast.Eq)):
            return node
        keep = ast.parse("_left, _right = 0, 0").body[0]
        assert isinstance(keep, ast.Assign)
        keep.value = ast.Tuple([test.left, test.comparators[0]], ast.Load())
        node.test = ast.parse("_left == _right", mode="eval").body
        return [keep, node, ast.parse("_told_apart(_left, _right)").body[0]]
