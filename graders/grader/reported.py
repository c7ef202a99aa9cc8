"""What pytest reported of the learner's own tests (`sandboxed.own_tests`), believed no further than its shape."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sandboxed.codec import CodecError
from sandboxed.own_tests import FAILED, NOT_RUN, PASSED, SKIPPED

_USAGE = 4


@dataclass(frozen=True, slots=True)
class Trouble:
    """A test that failed, or a file whose tests can't be collected: `line` is one of the learner's tests, 0 for
    none.
    """

    name: str
    line: int
    said: str

    @property
    def file(self) -> str:
        return self.name.partition("::")[0]

    @property
    def words(self) -> str:
        """One line, with the name as the learner wrote it."""
        name = self.name.partition("::")[2].replace("::", ".") or self.name
        return f"{name} (line {self.line}): {self.said}" if self.line else f"{name}: {self.said}"


@dataclass(frozen=True, slots=True)
class Coverage:
    """Of one file: how many statements it has, and the lines of those that no test ran."""

    statements: int
    missed: tuple[int, ...]

    @property
    def ranges(self) -> str:
        """The missed lines as people write them: `3-5, 9`."""
        spans: list[list[int]] = []
        for line in sorted(self.missed):
            if spans and line == spans[-1][1] + 1:
                spans[-1][1] = line
            else:
                spans.append([line, line])
        return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in spans)


@dataclass(frozen=True, slots=True)
class Report:
    """One run of the tests.

    `outcomes` by test; `troubles` of what is red; `fixtures` of the learner's own with the number of test functions
    that use them; `cases` of parametrized functions; `marks` with the number of tests that carry them; `coverage`
    by file; `usage` what pytest objected to before it began.
    """

    outcomes: dict[str, str]
    troubles: tuple[Trouble, ...]
    fixtures: dict[str, int]
    cases: dict[str, int]
    marks: dict[str, int]
    coverage: dict[str, Coverage]
    usage: str = ""

    @classmethod
    def of(cls, told: Any, *, until_red: bool = False) -> Report:
        """From what the sandbox told; a `CodecError` where it is nothing of the kind. With `until_red` the first test
        that failed was to be the last, so others that were not run are no trouble.
        """
        try:
            tests = {str(name): (str(outcome), int(line), str(said)) for name, outcome, line, said in told["tests"]}
            if any(outcome not in (PASSED, FAILED, SKIPPED, NOT_RUN) for outcome, _, _ in tests.values()):
                raise ValueError("an outcome that is none")
            troubles = [Trouble(str(file), int(line), str(said)) for file, line, said in told["problems"]]
            # Where a file can't be collected, pytest runs nothing at all.
            was_to_stop = until_red and any(outcome == FAILED for outcome, _, _ in tests.values())
            red = (FAILED,) if troubles or was_to_stop else (FAILED, NOT_RUN)
            for name, (outcome, line, said) in tests.items():
                if outcome in red:
                    troubles.append(Trouble(name, line, said or "pytest was stopped before this test was done"))
            return cls(
                {name: outcome for name, (outcome, _, _) in tests.items()},
                tuple(troubles),
                {str(name): int(users) for name, users in told["fixtures"].items()},
                {str(name): int(cases) for name, cases in told["cases"].items()},
                {str(name): int(tests) for name, tests in told["marks"].items()},
                {
                    str(name): Coverage(int(statements), tuple(map(int, missed)))
                    for name, (statements, missed) in told["coverage"].items()
                },
                str(told["usage"]) if told["exit_code"] == _USAGE else "",
            )
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise CodecError(f"not a report of tests: {error!r}") from None

    @property
    def passed(self) -> frozenset[str]:
        return frozenset(name for name, outcome in self.outcomes.items() if outcome == PASSED)

    @property
    def is_green(self) -> bool:
        """As pytest says it, and at least one test has passed."""
        return bool(self.passed) and not self.troubles

    def is_red_for(self, tests: frozenset[str]) -> bool:
        """Whether something could not be collected, or one of these tests failed."""
        return any(each.name in tests or each.name not in self.outcomes for each in self.troubles)
