"""Random operations on an object of the learner's, held against a model, and shrunk to the shortest ones that differ.

    sequences.check(
        learner,
        rng,
        make="Stack()",
        model=Model,
        operations=[operation("it.push({})", integers(0, 9)), operation("it.pop()"), operation("len(it)")],
    )

Every operation is a line of Python about `it`, evaluated inside on the learner's object and here on the model: the
model is a class of the grader's own that does what the README says. What a line gives, or which exception it raises,
has to be the same. What is shown is the shortest sequence that was found, as lines that can be pasted into a REPL.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from pathlib import PurePosixPath
from random import Random
from types import CodeType
from typing import Any

from sandboxed.codec import Opaque

from grader.errors import AuthorError, Ended, Mismatch
from grader.learner import Learner
from grader.probe import probe
from grader.shown import author_place, shown

# Calls into the sandbox for shrinking, and sequences tried by each: what bounds it must not depend on the machine.
_MOST_CALLS = 40
_AT_ONCE = 60


@dataclass(frozen=True, slots=True)
class Draw:
    """How an argument is drawn, and which simpler ones may stand for it when a sequence is shrunk."""

    draw: Callable[[Random], Any]
    simpler: Callable[[Any], Sequence[Any]]


def integers(low: int, high: int) -> Draw:
    """Whole numbers from `low` to `high`, both included."""

    def simpler(value: int) -> list[int]:
        nearest = min(max(0, low), high)
        tried = (nearest, nearest + (value - nearest) // 2, value - 1 if value > nearest else value + 1)
        return [each for each in dict.fromkeys(tried) if abs(each - nearest) < abs(value - nearest)]

    return Draw(lambda rng: rng.randint(low, high), simpler)


def among(*values: Any) -> Draw:
    """One of these; the earlier ones are the simpler ones."""
    return Draw(lambda rng: rng.choice(values), lambda value: values[: values.index(value)])


@dataclass(frozen=True, slots=True)
class Operation:
    """A line with a place `{}` for each argument; done only where `when` holds of the model."""

    text: str
    draws: tuple[Draw, ...]
    when: Callable[[Any], bool] | None


def operation(text: str, *draws: Draw, when: Callable[[Any], bool] | None = None) -> Operation:
    """`it.push({})`, `it[{}] = {}`, `len(it)`: an expression or a statement about the object."""
    return Operation(text, draws, when)


@dataclass(frozen=True, slots=True)
class _Step:
    """An operation with its arguments."""

    operation: Operation
    args: tuple[Any, ...]

    @property
    def line(self) -> str:
        return self.operation.text.format(*map(repr, self.args))

    def simpler(self) -> Iterator[_Step]:
        for at, draw in enumerate(self.operation.draws):
            for value in draw.simpler(self.args[at]):
                yield _Step(self.operation, (*self.args[:at], value, *self.args[at + 1 :]))


# The first step makes the object.
_Steps = tuple[_Step, ...]
# ("gives", value) or ("raises", name of a builtin exception): what a step comes to on the model.
_Result = tuple[str, Any]


@probe
def play(module, name, sequences):
    """random operations on {name:text}, one after another"""
    from copy import deepcopy

    played = []
    for lines in sequences:
        scope = dict(vars(module))
        results = []
        for number, line in enumerate(lines):
            try:
                code = compile(line, "<line>", "eval")
            except SyntaxError:
                code = compile(line, "<line>", "exec")
            try:
                value = eval(code, scope)
                if number == 0:
                    scope[name], value = value, None
                # A list that is changed later would be told as it is then.
                results.append(("gives", deepcopy(value) if type(value) in (list, dict, set, tuple) else value))
            except NotImplementedError:
                # Not written yet, which is told as it always is.
                raise
            except Exception as error:
                results.append(("raises", [each.__name__ for each in type(error).__mro__], str(error)))
                if number == 0:
                    break
        played.append(results)
    return played


def check(
    learner: Learner,
    rng: Random,
    *,
    make: str | Operation,
    model: Callable[..., Any],
    operations: Sequence[Operation],
    name: str = "it",
    count: int = 20,
    length: int = 30,
) -> None:
    """Plays `count` sequences of up to `length` operations; the check fails with the shortest that differs.

    `make` is the expression that makes the learner's object; its arguments, if any, are also what `model` is made of.
    """
    game = _Game(learner, model, name)
    maker = make if isinstance(make, Operation) else operation(make)
    played = [game.drawn(rng, maker, operations, rng.randint(1, length)) for _ in range(count)]
    failing = game.first_failing(played)
    if failing is not None:
        game.fail(failing)


class _Game:
    """The learner's object against the model."""

    def __init__(self, learner: Learner, model: Callable[..., Any], name: str) -> None:
        self.learner, self.model, self.name = learner, model, name
        self.codes: dict[str, CodeType] = {}

    def drawn(self, rng: Random, maker: Operation, operations: Sequence[Operation], length: int) -> _Steps:
        """A random sequence, each of its operations allowed where it stands."""
        steps = [self._step(rng, maker)]
        (word, model) = self._made(steps[0])
        for _ in range(length if word == "gives" else 0):
            allowed = [each for each in operations if each.when is None or each.when(model)]
            if not allowed:
                break
            steps.append(self._step(rng, rng.choice(allowed)))
            self._expected(steps[-1], model)
        return tuple(steps)

    def _step(self, rng: Random, operation: Operation) -> _Step:
        return _Step(operation, tuple(draw.draw(rng) for draw in operation.draws))

    def _made(self, first: _Step) -> _Result:
        """The model, or what is raised instead of making it."""
        return _outcome(lambda: self.model(*first.args), first)

    def _expected(self, step: _Step, model: Any) -> _Result:
        if step.line not in self.codes:
            self.codes[step.line] = _compiled(step.line)
        return _outcome(lambda: deepcopy(eval(self.codes[step.line], {self.name: model})), step)

    def expectations(self, steps: _Steps) -> list[_Result] | None:
        """What each step comes to on the model; None where one is not allowed."""
        word, model = self._made(steps[0])
        if word == "raises":
            return [(word, model)] if len(steps) == 1 else None
        results: list[_Result] = [("gives", None)]
        for step in steps[1:]:
            if step.operation.when is not None and not step.operation.when(model):
                return None
            results.append(self._expected(step, model))
        return results

    def first_failing(self, candidates: Sequence[_Steps], *, fresh: bool = False) -> _Failing | None:
        """The first of the candidates that differs, cut behind the step that does."""
        expected = [(steps, wanted) for steps in candidates if (wanted := self.expectations(steps)) is not None]
        if not expected:
            return None
        lines = [[step.line for step in steps] for steps, _ in expected]
        played = self.learner.run(play, self.name, lines, fresh_=fresh)
        if type(played) is not list or len(played) != len(expected):
            raise AssertionError("what the operations came to was not told")
        for (steps, wanted), results in zip(expected, played, strict=True):
            for at, want in enumerate(wanted):
                got = results[at] if type(results) is list and at < len(results) else None
                if not _same(got, want):
                    return _Failing(steps[: at + 1], want, got)
        return None

    def fail(self, failing: _Failing) -> None:
        """Shrinks, makes sure that what is left fails by itself, and tells it."""
        shortest = self.shrunk(failing)
        alone = self._alone(shortest) or self._alone(failing)
        words = alone.words(self) if alone else failing.words(self, among_others=True)
        raise Mismatch(words, **(alone or failing).sides())

    def _alone(self, failing: _Failing) -> _Failing | None:
        try:
            return self.first_failing([failing.steps], fresh=True)
        except Ended:
            return None

    def shrunk(self, failing: _Failing) -> _Failing:
        """The shortest sequence that is found within the calls that may be made."""
        for _ in range(_MOST_CALLS):
            try:
                smaller = self.first_failing(list(_smaller(failing.steps))[:_AT_ONCE])
            except Ended:
                # A shorter one that never ends is another mistake, and not the one to tell.
                break
            if smaller is None:
                break
            failing = smaller
        return failing


def _outcome(work: Callable[[], Any], step: _Step) -> _Result:
    """What some work on the model comes to; anything but a builtin exception is the author's mistake."""
    try:
        return "gives", work()
    except Exception as error:
        if getattr(builtins, type(error).__name__, None) is not type(error):
            raise
        if isinstance(error, AttributeError | NameError | SyntaxError):
            raise AuthorError(f"the model can't do `{step.line}`: {error}", *author_place()) from None
        return "raises", type(error).__name__


def _compiled(line: str) -> CodeType:
    try:
        return compile(line, "<line>", "eval")
    except SyntaxError:
        return compile(line, "<line>", "exec")


def _smaller(steps: _Steps) -> Iterator[_Steps]:
    """Sequences that are shorter, by as much as possible first; then those with simpler arguments."""
    first, rest = steps[:1], steps[1:]
    size = len(rest) // 2
    while size:
        for at in range(0, len(rest), size):
            yield first + rest[:at] + rest[at + size :]
        size //= 2
    for at, step in enumerate(steps):
        for simpler in step.simpler():
            yield (*steps[:at], simpler, *steps[at + 1 :])


def _raised(got: Any) -> tuple[list[Any], str] | None:
    """Names of the type and its bases, and the message; None for anything but ("raises", names, message)."""
    if type(got) is tuple and len(got) == 3 and got[0] == "raises" and type(got[1]) is list and got[1]:
        return got[1], str(got[2])
    return None


def _same(got: Any, want: _Result) -> bool:
    if want[0] == "raises":
        raised = _raised(got)
        return raised is not None and want[1] in raised[0]
    if type(got) is not tuple or len(got) != 2 or got[0] != "gives":
        return False
    return bool(type(got[1]) is type(want[1]) and got[1] == want[1])


@dataclass(frozen=True, slots=True)
class _Failing:
    """A sequence whose last step does not come to what it should."""

    steps: _Steps
    want: _Result
    got: Any

    def words(self, game: _Game, *, among_others: bool = False) -> str:
        lines = [f"{game.name} = {self.steps[0].line}", *(step.line for step in self.steps[1:])]
        module = PurePosixPath(game.learner.files[0]).with_suffix("").as_posix().replace("/", ".")
        names = sorted({node.id for node in ast.walk(ast.parse(self.steps[0].line)) if isinstance(node, ast.Name)})
        lines.insert(0, f"from {module} import {', '.join(names)}")
        told = "\n".join(f"    {line}" for line in lines)
        hint = "\nIt only goes wrong after other objects were made: do they share something?" if among_others else ""
        return f"the last of these lines should {_said(self.want)}, but {_done(self.got)}:\n{told}{hint}"

    def sides(self) -> dict[str, Any]:
        """Both values, where two values differ."""
        if self.want[0] == "gives" and type(self.got) is tuple and len(self.got) == 2:
            return {"expected": self.want[1], "actual": self.got[1]}
        return {}


def _said(want: _Result) -> str:
    return f"raise {want[1]}" if want[0] == "raises" else f"give {shown(want[1])}"


def _done(got: Any) -> str:
    if (raised := _raised(got)) is not None:
        return f"raises {raised[0][0]}" + (f": {raised[1]}" if raised[1] else "")
    if type(got) is not tuple or len(got) != 2:
        return "tells nothing"
    value = got[1]
    return f"gives an object of type {value.type}" if isinstance(value, Opaque) else f"gives {shown(value)}"
