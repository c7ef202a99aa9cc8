"""Runs the example of a note, and finds out what each line printed that claims something by a comment `# -> text`.

What a statement printed is found by looking from where the output is written up the stack, to the nearest statement of
the example that claims something.
"""

from __future__ import annotations
import __future__

import ast
import builtins
import io
import sys
import tokenize
from collections.abc import Iterator
from types import FrameType, ModuleType, TracebackType
from typing import Any

__builtins__ = vars(builtins).copy()

_SHOWN = "__shown__"
_ARROW = "->"
_FUTURE = 0
for _name in __future__.all_feature_names:
    _FUTURE |= getattr(__future__, _name).compiler_flag


class _Claim:
    """What the lines of one statement say that it prints, and what it did."""

    def __init__(self, line: int) -> None:
        self.line = line
        self.said: list[str] = []
        self.printed: list[str] = []
        self.values: list[str] = []
        self.raised: str | None = None

    def plain(self) -> dict[str, Any]:
        return {
            "line": self.line,
            "said": "\n".join(self.said),
            "printed": "".join(self.printed),
            "values": self.values,
            "raised": self.raised,
        }


def run(source: str, path: str) -> list[dict[str, Any]]:
    """`line`, `said`, `printed`, `values` (reprs), `raised` (or None) for each statement that claims something.

    What is raised where nothing is claimed goes up. `source` begins at line 1 of the file at `path`.
    """
    tree = ast.parse(source, path)
    example = _Example(tree, source, path)
    module = ModuleType("__main__")
    module.__file__ = path
    # Not ours, which `exec` would take.
    module.__dict__["__builtins__"] = builtins
    module.__dict__[_SHOWN] = example.show
    before = sys.modules.get("__main__")
    sys.modules["__main__"] = module
    output, sys.stdout = sys.stdout, _Listener(sys.stdout, example)
    try:
        example.execute(tree, module.__dict__)
    finally:
        sys.stdout = output
        if before is not None:
            sys.modules["__main__"] = before
    return [claim.plain() for claim in example.claims]


class _Example:
    """The statements of an example, and which of them claim what."""

    def __init__(self, tree: ast.Module, source: str, path: str) -> None:
        self.path = path
        self.statements = [node for node in ast.walk(tree) if isinstance(node, ast.stmt)]
        self.claims: list[_Claim] = []
        self.by_statement: dict[ast.stmt, _Claim] = {}
        self._read_claims(source)
        _Shown(self.by_statement, self.claims).visit(tree)
        ast.fix_missing_locations(tree)

    def _read_claims(self, source: str) -> None:
        last: tuple[int, ast.stmt | None] = (0, None)
        for line, column, is_alone, said in _claims_in(source):
            if is_alone and last[0] == line - 1 and last[0]:
                statement = last[1]
            else:
                statement = self._above(line, column) if is_alone else self._at(line)
            last = (line, statement)
            self._claim(statement, line).said.append(said)

    def _claim(self, statement: ast.stmt | None, line: int) -> _Claim:
        if statement is not None and statement in self.by_statement:
            return self.by_statement[statement]
        claim = _Claim(line)
        self.claims.append(claim)
        if statement is not None:
            self.by_statement[statement] = claim
        return claim

    def _around(self, line: int) -> list[ast.stmt]:
        """The statements that hold a line, the innermost first."""
        found = [each for each in self.statements if each.lineno <= line <= (each.end_lineno or each.lineno)]
        return sorted(found, key=lambda each: (each.lineno, each.col_offset), reverse=True)

    def _at(self, line: int) -> ast.stmt | None:
        return next(iter(self._around(line)), None)

    def _above(self, line: int, column: int) -> ast.stmt | None:
        """The statement that a comment of its own line is about: the last above it that is not further to the right."""
        ended = [each for each in self.statements if (each.end_lineno or 0) < line and each.col_offset <= column]
        return max(ended, key=lambda each: (each.end_lineno or 0, each.col_offset), default=None)

    def claim_of(self, frame: FrameType | None) -> _Claim | None:
        """The claim of the nearest statement on the stack that has one."""
        while frame is not None:
            if frame.f_code.co_filename == self.path:
                for statement in self._around(frame.f_lineno):
                    if statement in self.by_statement:
                        return self.by_statement[statement]
            frame = frame.f_back
        return None

    def show(self, index: int, value: object) -> None:
        if value is not None:
            self.claims[index].values.append(repr(value))

    def execute(self, tree: ast.Module, scope: dict[str, Any]) -> None:
        flags = 0
        for statement in tree.body:
            code = compile(ast.Module([statement], []), self.path, "exec", flags=flags, dont_inherit=True)
            flags |= code.co_flags & _FUTURE
            try:
                exec(code, scope)
            except Exception as error:
                claim = self._claim_on(error.__traceback__)
                if claim is None:
                    raise
                claim.raised = f"{type(error).__name__}: {error}"

    def _claim_on(self, step: TracebackType | None) -> _Claim | None:
        """The claim of the innermost statement that an exception went through."""
        found = None
        while step is not None:
            if step.tb_frame.f_code.co_filename == self.path:
                claims = (self.by_statement.get(each) for each in self._around(step.tb_lineno))
                found = next((each for each in claims if each is not None), found)
            step = step.tb_next
        return found


class _Shown(ast.NodeTransformer):
    """Has the value of a claiming statement shown, as an interactive interpreter would; that of an assignment too."""

    def __init__(self, by_statement: dict[ast.stmt, _Claim], claims: list[_Claim]) -> None:
        self.by_statement, self.claims = by_statement, claims

    def generic_visit(self, node: ast.AST) -> Any:
        super().generic_visit(node)
        claim = self.by_statement.get(node) if isinstance(node, ast.stmt) else None
        if claim is None:
            return node
        if isinstance(node, ast.Expr):
            node.value = self._shown(claim, node.value)
        elif isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign) and node.value is not None:
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            if isinstance(target, ast.Name):
                value = ast.copy_location(ast.Name(target.id, ast.Load()), target)
                return [node, ast.copy_location(ast.Expr(self._shown(claim, value)), node)]
        return node

    def _shown(self, claim: _Claim, value: ast.expr) -> ast.expr:
        call = ast.Call(ast.Name(_SHOWN, ast.Load()), [ast.Constant(self.claims.index(claim)), value], [])
        return ast.copy_location(call, value)


class _Listener:
    """Standard output that also notes who writes."""

    def __init__(self, stream: Any, example: _Example) -> None:
        self._stream, self._example = stream, example

    def write(self, text: str) -> int:
        claim = self._example.claim_of(sys._getframe(1))
        if claim is not None:
            claim.printed.append(text)
        return int(self._stream.write(text))

    def writelines(self, lines: Iterator[str]) -> None:
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def _claims_in(source: str) -> Iterator[tuple[int, int, bool, str]]:
    """(line, column, whether nothing else is in that line, text) of each comment `# -> text`."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        said = token.string[1:].strip()
        if token.type == tokenize.COMMENT and said.startswith(_ARROW):
            line, column = token.start
            yield line, column, not token.line[:column].strip(), said[len(_ARROW) :].strip()
