"""The learner's own tests, judged: green on right code, and red on code with a fault.

    TESTS = OwnTests(
        ["test_stack.py"],
        modules={"stack": "stack.py"},
        right=[sample(__file__, "right_list", "stack.py"), sample(__file__, "right_linked", "stack.py")],
        faults={"an_empty_pop": {"an empty pop gives None": changed(RIGHT, ("raise IndexError", "return None"))}},
    )


    def test_tests_notice_an_empty_pop(learner):
        TESTS.notice(learner, "an_empty_pop")

All variants are run once for all checks of a submission, each in a sandbox of its own, in an order and a disguise
that the run's seed gives. A fault is noticed when tests that pass on every right variant fail on the faulty one.
Tests and code share a process, so tests can claim whatever they like about a variant; but which one it is, is known
here only, and what fails on right code earns nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import PurePosixPath
from random import Random
from typing import NoReturn

from _pytest.outcomes import skip

from grader.answer import Answer
from grader.errors import AtLine, AuthorError, Ended, Mismatch
from grader.learner import Learner
from grader.reported import Report, Trouble
from grader.shown import author_place
from grader.variants import changed, disguised, sample

__all__ = ["OwnTests", "Variant", "changed", "sample"]

# Sources by module; a plain text where there is one module. Modules that are left out are as in the first right
# variant; a package may have more modules than the exercise names.
Variant = str | Mapping[str, str]
# A program that ends so on a faulty variant, and not on right ones, has met the fault. Running out of time is no
# such thing: it says as much about the machine.
_NOTICED = ("exited", "signalled", "out_of_cpu", "out_of_memory")
_MOST_SHOWN = 5


@dataclass(slots=True)
class _Ran:
    """One run: a report, or how the process ended instead."""

    report: Report | None = None
    ending: Answer | None = None

    @property
    def is_green(self) -> bool:
        return self.report is not None and self.report.is_green

    def has_noticed(self, tests: frozenset[str]) -> bool:
        """Whether something is red that is green on right code."""
        if self.report is not None:
            return self.report.is_red_for(tests)
        return self.ending is not None and self.ending.ending in _NOTICED

    def is_in_doubt(self, tests: frozenset[str]) -> bool:
        """Whether it stopped at a failure that says nothing: the tests that were left might have noticed."""
        return self.report is not None and bool(self.report.troubles) and not self.report.is_red_for(tests)


@dataclass(slots=True)
class _Seen:
    """All runs of a submission's tests; variants are run only if the tests come to an end on the learner's own
    code, and only until a right one is not green.
    """

    own: _Ran
    right: list[_Ran] = field(default_factory=list)
    faulty: dict[tuple[str, str], _Ran] = field(default_factory=dict)

    @property
    def wrongly_red(self) -> _Ran | None:
        return next((ran for ran in self.right if not ran.is_green), None)

    @property
    def reliable(self) -> frozenset[str]:
        """The tests that pass on all right code: only these can notice anything."""
        return frozenset.intersection(*(ran.report.passed for ran in self.right if ran.report is not None))


class OwnTests:
    """The test files of an exercise, what they are about, and the code that they are tried on.

    `files` are the learner's test files, `modules` maps the names that they import to the learner's files; `right`
    are two variants or more; `faults` maps the name of a check to its variants, each under words that tell the
    learner what is wrong with it.
    """

    def __init__(
        self,
        files: Sequence[str],
        *,
        modules: Mapping[str, str],
        right: Sequence[Variant],
        faults: Mapping[str, Mapping[str, Variant]],
    ) -> None:
        self.files = tuple(files)
        self._modules = dict(modules)
        self._path = tuple(dict.fromkeys(_folder(name, file) for name, file in modules.items()))
        if len(right) < 2:
            raise AuthorError("tests are tried on two right variants or more", *author_place())
        self._first = self._sources(right[0], {})
        self._right = [self._sources(each, self._first) for each in right]
        self._faulty = {
            (name, words): self._sources(variant, self._first)
            for name, variants in faults.items()
            for words, variant in variants.items()
        }

    def pass_on_own_code(self, learner: Learner) -> None:
        """Asserts that there are tests, and that they are green on the learner's own code."""
        for file in self._missing(learner):
            raise Mismatch(f"there is no {file} yet{self._beside(file)}")
        self._hold_green(self._tried(learner).own, f"with your own {' and '.join(self._names)}")

    def pass_on_right_code(self, learner: Learner) -> None:
        """Asserts that they are green on each right variant."""
        red = self._finished(learner).wrongly_red
        if red is not None:
            do = "does" if len(self._names) == 1 else "do"
            self._hold_green(red, f"with another {' and another '.join(self._names)} that {do} what the README says")

    def notice(self, learner: Learner, fault: str) -> None:
        """Asserts that they are red on each variant with this fault, by tests that are green on all right code."""
        seen = self._finished(learner)
        if seen.wrongly_red is not None:
            # What they say about a fault means nothing yet.
            _wait("your tests have to pass with all code that is right")
        variants = {words: ran for (name, words), ran in seen.faulty.items() if name == fault}
        if not variants:
            raise AuthorError(f"there is no fault `{fault}`", *author_place())
        for words, ran in variants.items():
            if not ran.has_noticed(seen.reliable):
                if ran.ending is not None:
                    raise Ended(ran.ending, self._called)
                raise Mismatch(f"none of your tests fails with code that has this fault: {words}")

    def pass_by_settings(self, learner: Learner, config: str) -> None:
        """Asserts that they are green on the learner's own code when pytest reads the learner's own settings."""
        self._finished(learner)
        ran = _ran(partial(learner.own_tests, self.files, path=self._path, config=config))
        if ran.report is not None and ran.report.usage:
            raise Mismatch(f"pytest does not take your {config}: {ran.report.usage}")
        self._hold_green(ran, f"with your {config}")

    def cover(self, learner: Learner, *files: str, at_least: int) -> None:
        """Asserts that the tests run so many percent of the statements of the learner's files. This tells what was
        run, and not whether anybody has looked at what came of it.
        """
        self._finished(learner)
        report = learner.own_tests(self.files, path=self._path, cover=files)
        statements = sum(each.statements for each in report.coverage.values())
        missed = sum(len(each.missed) for each in report.coverage.values())
        percent = 100 * (statements - missed) / max(statements, 1)
        if percent < at_least or not statements:
            lines = [f"\n    {name}: {each.ranges}" for name, each in report.coverage.items() if each.missed]
            words = f"your tests run {percent:.0f} % of your {' and '.join(self._names)}; lines that they don't run:"
            raise Mismatch(words + "".join(lines), actual=round(percent), expected=at_least)

    def report(self, learner: Learner) -> Report:
        """Of the run on the learner's own code, whether it is green or not: for what else it tells."""
        report = self._finished(learner).own.report
        assert report is not None
        return report

    @property
    def _names(self) -> list[str]:
        """What the learner calls the modules."""
        paths = [PurePosixPath(file) for file in self._modules.values()]
        return [f"{path.parent.name} package" if path.name == "__init__.py" else path.name for path in paths]

    @property
    def _called(self) -> str:
        return " ".join(["pytest", *self.files])

    def _beside(self, file: str) -> str:
        for name, module in zip(self._names, self._modules.values(), strict=True):
            path = PurePosixPath(module)
            path = path.parent if path.name == "__init__.py" else path
            if path.parent == PurePosixPath(file).parent:
                return f"; it belongs beside {'the ' if path.suffix != '.py' else ''}{name}"
        return ""

    def _missing(self, learner: Learner) -> list[str]:
        return [file for file in self.files if learner.text(file) is None]

    def _tried(self, learner: Learner) -> _Seen:
        seen: _Seen = learner.observe_once(self._try, f"own tests {self.files[0]}")
        return seen

    def _finished(self, learner: Learner) -> _Seen:
        """What came of all variants. Where there is nothing yet, a check waits: `pass_on_own_code` says why."""
        for file in self._missing(learner):
            _wait(f"there has to be a {PurePosixPath(file).name}")
        seen = self._tried(learner)
        if not seen.right:
            _wait(f"your tests have to come to an end with your own {' and '.join(self._names)}")
        return seen

    def _try(self, learner: Learner, rng: Random) -> _Seen:
        seen = _Seen(_ran(partial(learner.own_tests, self.files, path=self._path)))
        if seen.own.ending is not None or not (seen.own.report and seen.own.report.outcomes):
            return seen
        waiting: list[tuple[tuple[str, str] | None, Mapping[str, str]]] = [(None, each) for each in self._right]
        waiting += self._faulty.items()
        rng.shuffle(waiting)
        whole_runs: dict[tuple[str, str], Callable[[], Report]] = {}
        for fault, sources in waiting:
            modules = {name: (self._file(name), disguised(source, rng)) for name, source in sources.items()}
            run = partial(learner.own_tests, self.files, modules=modules, path=self._path)
            # Right or not, all are run alike: until a test fails.
            ran = _ran(partial(run, explain=False))
            if fault is not None:
                seen.faulty[fault], whole_runs[fault] = ran, run
            elif ran.is_green:
                seen.right.append(ran)
            else:
                # Nothing can be earned any more: once more, for what the learner is told.
                again = _ran(run)
                seen.right.append(ran if again.is_green else again)
                return seen
        for fault, ran in seen.faulty.items():
            if ran.is_in_doubt(seen.reliable):
                seen.faulty[fault] = _ran(whole_runs[fault])
        return seen

    def _hold_collected(self, ran: _Ran) -> None:
        if ran.report is not None and not ran.report.outcomes and not ran.report.troubles:
            raise Mismatch(f"pytest finds no test in {' or '.join(self.files)}; names of tests begin with `test_`")

    def _hold_green(self, ran: _Ran, where: str) -> None:
        if ran.ending is not None:
            raise Ended(ran.ending, f"{self._called}, {where}")
        self._hold_collected(ran)
        report = ran.report
        if report is None or report.is_green:
            return
        troubles = report.troubles
        if not troubles:
            raise Mismatch(f"{where}, all your tests are skipped")
        lines = [f"\n    {each.words}" for each in troubles[:_MOST_SHOWN]]
        more = f"\n    and {len(troubles) - _MOST_SHOWN} more" if len(troubles) > _MOST_SHOWN else ""
        failing = "one of your tests fails" if len(troubles) == 1 else f"{len(troubles)} of your tests fail"
        fail = failing if report.outcomes else "pytest can't load your tests"
        raise _at(troubles[0], f"{where}, {fail}:{''.join(lines)}{more}")

    def _sources(self, variant: Variant, others: Mapping[str, str]) -> dict[str, str]:
        if isinstance(variant, str):
            (name,) = self._modules
            variant = {name: variant}
        sources = {**others, **variant}
        if not sources.keys() >= self._modules.keys():
            raise AuthorError(f"a variant has the modules {', '.join(self._modules)}", *author_place())
        return sources

    def _file(self, module: str) -> str:
        """Where a module of a variant pretends to be."""
        if module in self._modules:
            return self._modules[module]
        package, _, name = module.rpartition(".")
        return f"{PurePosixPath(self._modules[package]).parent}/{name}.py"


def _folder(module: str, file: str) -> str:
    """The folder that `module` is imported from, when it is in `file`; with a slash at its end, or empty."""
    path = PurePosixPath(file)
    parts = path.parent.parts if path.name == "__init__.py" else path.with_suffix("").parts
    above = parts[: len(parts) - len(module.split("."))]
    return "".join(f"{part}/" for part in above)


def _wait(words: str) -> NoReturn:
    """Ends a check that can't tell anything yet; the words follow after "not run:"."""
    skip(f"first {words}")


def _ran(run: Callable[[], Report]) -> _Ran:
    try:
        return _Ran(report=run())
    except Ended as ended:
        return _Ran(ending=ended.answer)


def _at(trouble: Trouble, words: str) -> Mismatch:
    """With the learner's own line, where there is one."""
    return AtLine(words, trouble.file, trouble.line) if trouble.line else Mismatch(words)
