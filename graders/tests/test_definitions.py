"""A module is as fresh for each check as if it had been executed for it, also where it was not."""

from __future__ import annotations

import dis
import inspect
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

import pytest
from sandboxed import definitions
from sandboxed.definitions import Definitions, Doubt
from sandboxed.modules import Submission

# Without a class, a module is always executed.
CLASS = "class Plain:\n    def method(self):\n        return 1\n"

FUTURE = "from __future__ import annotations\n"


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Callable[[str], Submission]]:
    """Makes a submission of one module, with a class in it."""
    known = set(sys.modules)

    def make(source: str) -> Submission:
        future = FUTURE if source.startswith(FUTURE) else ""
        (tmp_path / "work.py").write_text(future + CLASS + source.removeprefix(future))
        return Submission(f"{tmp_path}/", "work", "work.py")

    yield make
    for name in set(sys.modules) - known:
        del sys.modules[name]


def fresh(submission: Submission) -> ModuleType:
    module = submission.fresh()
    assert module is not None
    return module


DEFINITIONS = {
    "nothing else": "",
    "constants": "import math\nLIMITS = (1, 2.5, 'a', None, frozenset({3}), math.pi)\nNAMES = ['a']\nBY_NAME = {'a': 1}\nSEEN = {1}",
    "functions": "from functools import wraps\ndef f(a, b=1, *, c: int = 2) -> list[int]:\n    return [a, b, c]\ng = lambda: f(1)",
    "a dataclass": "from dataclasses import dataclass, field\n@dataclass(frozen=True)\nclass D:\n    x: int = 1\n    y: list[int] = field(default_factory=list)",
    "typing": "from typing import Any, Generic, TypeVar, NamedTuple\nT = TypeVar('T')\nclass G(Generic[T]):\n    x: T | None\nclass P(NamedTuple):\n    x: int = 0",
    "class members": (
        "class C(Plain):\n    __slots__ = ('a',)\n    limit: int = 3\n    @staticmethod\n    def s(): ...\n    @classmethod\n    def c(cls): ...\n"
        "    @property\n    def p(self): return 1\n    @p.setter\n    def p(self, value): ...\n    class Inner: ...\n    def method(self):\n        return super().method()"
    ),
    "a context manager": "import contextlib\n@contextlib.contextmanager\ndef managed():\n    yield 1",
    "imports": "import time, random\nfrom random import choice\nfrom time import perf_counter, sleep\nfrom collections.abc import Callable",
    "other text": FUTURE + "__all__ = ['Plain']\n'''Text.'''\nif __name__ == '__main__':\n    Plain()",
}


@pytest.mark.parametrize("source", DEFINITIONS.values(), ids=DEFINITIONS.keys())
def test_a_module_that_only_defines_things_is_executed_once(made: Any, source: str) -> None:
    submission = made(source)
    module = fresh(submission)
    assert fresh(submission) is module
    assert sys.modules["work"] is module


# What a module has, what a check does with it, and what must be as at the beginning for the next.
STATES = {
    "a counter": ("count = 0\ndef f():\n    global count\n    count += 1", "f()", "count"),
    "a flag": ("done = 0", "done = False", "done is False"),
    "a cache": ("cache = {}\ndef f(x):\n    cache[x] = x", "f(3)", "cache"),
    "a value of a cache": ("cache = {'a': 1}", "cache['a'] = 2", "cache"),
    "a nested container": ("cache = {'a': [[]]}", "cache['a'][0].append(1)", "cache"),
    "a registry": ("seen = []\ndef register(f):\n    seen.append(f)\n    return f", "register(len)", "seen"),
    "a set": ("seen = {1}", "seen.add(2)", "seen"),
    "a deque": ("from collections import deque\nseen = deque()", "seen.append(1)", "list(seen)"),
    "a default dict": ("from collections import defaultdict\nseen = defaultdict(list)", "seen[1].append(1)", "dict(seen)"),
    "an iterator": ("numbers = iter((1, 2, 3))", "next(numbers)", "next(numbers)"),
    "a count": ("from itertools import count\nnumbers = count()", "next(numbers)", "next(numbers)"),
    "a generator": ("def f():\n    yield 1\n    yield 2\nnumbers = f()", "next(numbers)", "next(numbers)"),
    "a context variable": ("from contextvars import ContextVar\nvalue = ContextVar('value', default=1)", "value.set(2)", "value.get()"),
    "an instance": ("thing = Plain()", "thing.x = 1", "vars(thing)"),
    "an instance in a tuple": ("things = (Plain(),)", "things[0].x = 1", "vars(things[0])"),
    "an instance as a default": ("def f(x=Plain()):\n    return x", "f().x = 1", "vars(f())"),
    "a weak reference": ("import weakref\nkept = weakref.WeakSet()", "kept.add(Plain)", "len(kept)"),
    "a random generator": ("from random import Random\nrng = Random(1)", "rng.random()", "rng.random()"),
    "a lock": ("import threading\nlock = threading.Lock()", "lock.acquire()", "lock.locked()"),
    "an attribute of a class": ("class C:\n    count = 0", "C.count += 1", "C.count"),
    "a container of a class": ("class C:\n    all = []", "C.all.append(1)", "C.all"),
    "a new attribute of a class": ("class C: ...", "C.x = 1", "hasattr(C, 'x')"),
    "a method": ("", "Plain.method = len", "Plain().method()"),
    "an attribute of a method": ("", "Plain.method.calls = 1", "vars(Plain.method)"),
    "an inner class": ("class C:\n    class D:\n        x = []", "C.D.x.append(1)", "C.D.x"),
    "subclasses": ("", "class Other(Plain): ...", "Plain.__subclasses__()"),
    "subclasses of an own class": ("class C:\n    all = []\n    def __init_subclass__(cls):\n        C.all.append(cls.__name__)\nclass D(C): ...", "class E(C): ...", "C.all"),
    "the name of a class": ("", "Plain.__name__ = 'Other'", "Plain.__name__"),
    "bases": ("class C: ...\nclass D(C): ...", "D.__bases__ = (Plain,)", "D.__bases__[0].__name__"),
    "an abstract class": ("from abc import ABC\nclass C(ABC): ...", "C.register(int)", "issubclass(int, C)"),
    "an enumeration": ("from enum import Enum\nclass C(Enum):\n    A = 1", "C.A.x = 1", "hasattr(C.A, 'x')"),
    "an attribute of a function": ("def f():\n    f.calls += 1\nf.calls = 0", "f()", "f.calls"),
    "a new attribute of a function": ("def f(): ...", "f.calls = 1", "vars(f)"),
    "a mutable default": ("def f(x=[]):\n    x.append(1)\n    return len(x)", "f()", "f()"),
    "a mutable default of a name": ("def f(*, x=[]):\n    x.append(1)\n    return len(x)", "f()", "f()"),
    "other defaults": ("def f(x=1):\n    return x", "f.__defaults__ = (2,)", "f()"),
    "other code": ("def f():\n    return 1", "f.__code__ = (lambda: 2).__code__", "f()"),
    "annotations": ("def f(x: int): ...", "f.__annotations__['x'] = str", "f.__annotations__"),
    "a closure": ("def make():\n    n = 0\n    def f():\n        nonlocal n\n        n += 1\n        return n\n    return f\nf = make()", "f()", "f()"),
    "an own decorator": ("def counted(g):\n    def f():\n        f.n += 1\n        return f.n\n    f.n = 0\n    return f\n@counted\ndef h(): ...", "h()", "h()"),
    "a remembering function": ("from functools import lru_cache\nran = 0\n@lru_cache\ndef f():\n    return object()", "a = f()", "f.cache_info().hits + f.cache_info().misses"),
    "a static method": ("class C:\n    @staticmethod\n    def f(): ...", "C.f.calls = 1", "vars(C.f)"),
    "a class method": ("class C:\n    @classmethod\n    def f(cls): ...", "C.f.__func__.calls = 1", "vars(C.f.__func__)"),
    "a property": ("class C:\n    @property\n    def p(self): return 1", "C.p.fget.calls = 1", "vars(C.p.fget)"),
    "a cached property": ("from functools import cached_property\nclass C:\n    @cached_property\n    def p(self): return 1\nc = C()", "c.p", "vars(c)"),
    "a descriptor": ("class D:\n    def __set__(self, i, v): self.v = v\nclass C:\n    d = D()", "C().d = 1", "vars(C.__dict__['d'])"),
    "a dataclass": ("from dataclasses import dataclass\n@dataclass\nclass C:\n    x: int = 1", "C.__init__.__defaults__ = (2,)", "C().x"),
    "a partial function": ("from functools import partial\nf = partial(dict)", "f.x = 1", "vars(f)"),
    "single dispatch": ("from functools import singledispatch\n@singledispatch\ndef f(x): return 1", "f.register(int, lambda x: 2)", "f(1)"),
    "what was imported": ("import time", "time = None", "time is None"),
    "what was deleted": ("limit = 1", "del limit", "limit"),
    "what was added": ("def f():\n    return 'extra' in globals()", "extra = 1", "f()"),
}  # fmt: skip


@pytest.mark.parametrize(("source", "use", "look"), STATES.values(), ids=STATES.keys())
def test_what_a_check_has_changed_is_as_at_the_beginning_for_the_next(
    made: Any, source: str, use: str, look: str
) -> None:
    submission = made(source)
    begun = sys.modules["work"] = ModuleType("work")
    exec(compile(CLASS + source, "work", "exec", dont_inherit=True), vars(begun))
    expected = repr(eval(look, vars(begun)))
    for _ in range(6):
        module = fresh(submission)
        exec(use, vars(module))
        module = fresh(submission)
        assert repr(eval(look, vars(module))) == expected


# Each of these does something whenever it is executed.
EFFECTS = {
    "prints": "print('here')",
    "prints in another way": "import sys\nsys.stdout.write('here')",
    "prints by a function of its own": "def f():\n    print('here')\nf()",
    "prints from C": "done = tuple(map(print, ['here']))",
    "prints in a class": "class C:\n    print('here')",
    "prints under another name": "from builtins import print as say\nsay('here')\nsay = 1",
    "prints by a decorator": "def loud(f):\n    print('here')\n    return f\n@loud\ndef g(): ...",
    "prints by a class of its own": "class Loud:\n    def __init__(self):\n        print('here')\nLoud()",
    "prints by a base class": "class Base:\n    def __init_subclass__(cls):\n        print('here')\nclass C(Base): ...",
    "prints by a metaclass": "class Meta(type):\n    def __new__(m, *a):\n        print('here')\n        return super().__new__(m, *a)\nclass C(metaclass=Meta): ...",
    "prints by a descriptor": "class D:\n    def __set_name__(self, *a):\n        print('here')\nclass C:\n    d = D()",
    "prints in a comprehension": "[print('here') for _ in range(1)]",
    "prints in a dataclass": "from dataclasses import dataclass\n@dataclass\nclass C:\n    x: int = print('here')",
    "evaluates": "eval(\"print('here')\")",
    "calls what was imported": "import os\nos.write(1, b'here\\n')",
    "calls what a star has brought": "from os import *\nwrite(1, b'here\\n')",
    "calls a default": "from collections import defaultdict\nd = defaultdict(lambda: print('here'))\nd[1]\ndel d",
}  # fmt: skip


@pytest.mark.parametrize("source", EFFECTS.values(), ids=EFFECTS.keys())
def test_a_module_that_does_something_does_it_each_time(
    made: Any, source: str, capfd: pytest.CaptureFixture[str]
) -> None:
    submission = made(source)
    for _ in range(3):
        fresh(submission)
        sys.stdout.flush()
        assert "here" in capfd.readouterr().out


CHANGING = {
    "the clock": "import time\nstarted = time.perf_counter()",
    "random numbers": "import random\nnumber = random.random()",
    "the environment": "import os\nos.environ['GRADE_TEST_OF_DEFINITIONS'] = '1'",
    "a patched function": "import json\njson.dumps = len",
    "a thread": "import threading\nt = threading.Thread(target=len, args=('',))\nt.start()",
    "a time of its own": "from datetime import datetime\nnow = datetime.now()",
    "itself": "import sys\nsys.modules[__name__] = Plain()",
}


@pytest.mark.parametrize("source", CHANGING.values(), ids=CHANGING.keys())
def test_what_depends_on_more_than_the_module_is_executed_again(
    made: Any, source: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import json

    monkeypatch.setenv("GRADE_TEST_OF_DEFINITIONS", "0")
    monkeypatch.setattr(json, "dumps", json.dumps)
    submission = made(source)
    assert fresh(submission) is not fresh(submission)


def test_other_modules_of_the_learner_are_executed_again(made: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    submission = made("import helper\nvalue = helper.value\n")
    Path(submission.root, "helper.py").write_text("value = []\n")
    monkeypatch.setattr(sys, "path", [submission.top, *sys.path])
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    fresh(submission).value.append(1)
    assert fresh(submission).value == []


def test_a_module_that_a_function_imports_is_forgotten(made: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    submission = made("def f():\n    import helper\n    return helper\n")
    Path(submission.root, "helper.py").write_text("")
    monkeypatch.setattr(sys, "path", [submission.top, *sys.path])
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    module = fresh(submission)
    first = module.f()
    assert fresh(submission) is module
    assert module.f() is not first


def test_a_module_that_once_failed_is_executed_each_time(made: Any) -> None:
    submission = made("import sys\nif sys.modules['work_fails'].pop():\n    raise ValueError('first')\n")
    sys.modules["work_fails"] = [None, False, True]  # type: ignore[assignment]
    with pytest.raises(ValueError, match="first"):
        fresh(submission)
    assert fresh(submission) is not fresh(submission)


def test_who_patches_the_types_that_are_compared_is_not_asked(made: Any) -> None:
    source = "class Same:\n    def __eq__(self, other):\n        raise SystemExit\n    __hash__ = None\nvalue = Same"
    submission = made(source)
    module = fresh(submission)
    vars(module)["value"] = module.Same()
    assert fresh(submission) is not module


def test_a_module_that_is_always_changed_is_no_longer_looked_at(made: Any) -> None:
    submission = made("count = 0\n")
    for _ in range(5):
        fresh(submission).count += 1
    assert submission._definitions is None
    assert fresh(submission).count == 0


def test_more_than_can_be_compared_in_good_time_is_not(made: Any) -> None:
    module = fresh(made("numbers = list(range(100_000))\n"))
    with pytest.raises(Doubt):
        Definitions(module, "work.py", "/")


@pytest.mark.parametrize(
    "module",
    [inspect, dis, pytest, sys.modules["dataclasses"], sys.modules["enum"]],
    ids=lambda module: module.__name__,
)
def test_names_are_found_as_the_interpreter_finds_them(module: ModuleType) -> None:
    def bodies(code: CodeType) -> Iterator[CodeType]:
        yield code
        for body in definitions.class_bodies(code):
            yield from bodies(body)

    assert module.__file__ is not None
    code = compile(Path(module.__file__).read_text(), "module", "exec")
    for body in bodies(code):
        try:
            used, attributes = definitions._names(body, is_module=False)
        except Doubt:
            continue
        found = [
            (each.opname, str(each.argval).rpartition(" + ")[2])
            for each in dis.get_instructions(body)
            if each.opcode in dis.hasname and each.opname not in ("IMPORT_NAME", "IMPORT_FROM", "STORE_NAME")
        ]
        assert attributes == {name for operation, name in found if operation in ("LOAD_ATTR", "LOAD_METHOD")}
        assert used == {name for operation, name in found if operation not in ("LOAD_ATTR", "LOAD_METHOD")}


def test_a_profile_function_of_the_learner_stays(made: Any) -> None:
    submission = made("import sys\ndef note(*_): ...\nsys.setprofile(note)\n")
    try:
        note = fresh(submission).note
        assert sys.getprofile() is note
    finally:
        sys.setprofile(None)


def test_types_that_lie_about_themselves_are_not_understood(made: Any) -> None:
    submission = made(
        "class Odd:\n    __module__ = []\n    @property\n    def __class__(self):\n        raise SystemExit\nodd = Odd()\n"
    )
    assert fresh(submission) is not fresh(submission)
