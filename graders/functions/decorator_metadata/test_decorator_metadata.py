"""Judges functions/decorator_metadata: what is logged, and what can still be found out about the function."""

from random import Random

from grader import helper, probe


def word(rng: Random) -> str:
    return "".join(rng.choices("abcdefghijklmnopqrstuvwxyz", k=6))


@helper
def entries(log):
    """The log as plain data; a named tuple counts as a tuple."""
    if type(log) is not list:
        return log
    return [tuple(each) if isinstance(each, tuple) else each for each in log]


@helper
def defined(source, module="shop"):
    """The function that is defined by a source text, in a module of this name."""
    names = {"__name__": module}
    exec(source, names)
    return names[source.partition("(")[0].split()[-1]]


# --- the log ---------------------------------------------------------------------------------------------------------


@probe
def logged(decorator_metadata, first, second, calls):
    """{first} and {second} are traced, then called: {calls}"""
    log = decorator_metadata.log
    functions = {}
    for name in (first, second):
        functions[name] = decorator_metadata.traced(defined(f"def {name}(*args, **kwargs): pass"))
    before = entries(log)
    for name, args, kwargs in calls:
        functions[name](*args, **kwargs)
    return {"log before the calls": before, "log": entries(log)}


@probe
def logged_while_running(decorator_metadata, outer, inner):
    """{outer} and {inner} are traced; {outer} is called, and calls {inner}, which raises a LookupError"""
    import contextlib

    seen = []

    def inside():
        seen.extend(entry[0] for entry in decorator_metadata.log)
        raise LookupError

    inside.__name__ = inside.__qualname__ = inner
    inside = decorator_metadata.traced(inside)

    def outside():
        inside()

    outside.__name__ = outside.__qualname__ = outer
    with contextlib.suppress(LookupError):
        decorator_metadata.traced(outside)()
    return {"names in the log": seen}


@probe
def passed_on(decorator_metadata, args, kwargs, result):
    """a function is traced and called with *{args}, **{kwargs}; it returns {result}"""
    taken = []

    def function(*args, **kwargs):
        taken.append([list(args), kwargs])
        return result

    given = decorator_metadata.traced(function)(*args, **kwargs)
    return {"arguments": taken, "result": given, "the very object": given is result}


@probe
def raised(decorator_metadata, error, message):
    """a function is traced and called; it raises {error}({message})"""
    import builtins

    problem = getattr(builtins, error)(message)

    def function():
        raise problem

    try:
        decorator_metadata.traced(function)()
    except BaseException as caught:
        return {"raised": type(caught).__name__, "the very object": caught is problem}
    return {"raised": None}


def test_calls_are_logged(learner, rng):
    first, second = word(rng), word(rng)
    calls = [
        (first, (word(rng), rng.randrange(100)), {}),
        (second, (), {word(rng): rng.randrange(100)}),
        (first, (None,), {word(rng): [word(rng)], "func": word(rng), "name": None}),
        (second, (), {}),
    ]
    seen = learner.run(logged, first, second, calls)
    assert seen == {"log before the calls": [], "log": calls}


def test_calls_are_logged_before_they_run(learner, rng):
    outer, inner = word(rng), word(rng)
    seen = learner.run(logged_while_running, outer, inner)
    assert seen == {"names in the log": [outer, inner]}, f"the names that were in the log while {inner} was running"


def test_results_and_errors_pass(learner, rng):
    number = rng.randrange(100)
    for args, kwargs, result in (
        ((word(rng),), {word(rng): number}, [number]),
        ((), {"func": number, "args": word(rng)}, None),
        (([number], number), {}, word(rng)),
    ):
        seen = learner.run(passed_on, args, kwargs, result)
        assert seen == {"arguments": [[list(args), kwargs]], "result": result, "the very object": True}
    for error in (rng.choice(("LookupError", "ValueError", "TypeError")), "StopIteration", "SystemExit"):
        seen = learner.run(raised, error, word(rng))
        assert seen == {"raised": error, "the very object": True}


# --- what stays ------------------------------------------------------------------------------------------------------


@helper
def facts(function, names):
    """These attributes of a function."""
    return {name: getattr(function, name, "(missing)") for name in names}


@probe
def names_of(decorator_metadata, source, module):
    """the names of traced(function), where function is made by {source} in a module named {module}"""
    names = ("__name__", "__qualname__", "__doc__", "__module__")
    function = defined(source, module)
    function.__qualname__ = f"Kitchen.{function.__name__}"
    expected = facts(function, names)
    return {"seen": facts(decorator_metadata.traced(function), names), "expected": expected}


@probe
def signature_of(decorator_metadata, source):
    """the signature and the annotations of traced(function), where function is made by {source}"""
    import inspect

    def described(function):
        annotations = getattr(function, "__annotations__", "(missing)")
        return {"signature": str(inspect.signature(function)), "annotations": repr(annotations)}

    function = defined(source)
    expected = described(function)
    return {"seen": described(decorator_metadata.traced(function)), "expected": expected}


@probe
def attributes_of(decorator_metadata, source, attributes):
    """the attributes of traced(function), where function is made by {source} and given the attributes {attributes}"""
    function = defined(source)
    vars(function).update(attributes)
    return facts(decorator_metadata.traced(function), attributes)


@probe
def wrapped_of(decorator_metadata, source):
    """traced(function).__wrapped__, where function is made by {source}"""
    function = defined(source)
    return {"__wrapped__ is function": getattr(decorator_metadata.traced(function), "__wrapped__", None) is function}


@probe
def original_of(decorator_metadata, source):
    """decorated = traced(function); decorated(); function(), where function is made by {source}"""
    names = ("__name__", "__qualname__", "__doc__", "__module__", "__annotations__")
    function = defined(source)
    before = {**facts(function, names), "attributes": dict(vars(function))}
    decorated = decorator_metadata.traced(function)
    decorated()
    so_far = len(decorator_metadata.log)
    function()
    after = {**facts(function, names), "attributes": dict(vars(function))}
    logged = len(decorator_metadata.log) - so_far
    changed = [name for name in before if after[name] != before[name]]
    return {"changed": changed, "calls of function itself in the log": logged}


def definitions(rng: Random) -> list[str]:
    """A plain function, an async one and a generator, each with a docstring and parameters of all kinds."""
    made = []
    for keyword, body in (("def", "pass"), ("async def", "pass"), ("def", "yield")):
        parameters = f"{word(rng)}: int, /, {word(rng)}: str = None, *{word(rng)}, {word(rng)}: bool = True"
        doc = f'"""{word(rng)} {word(rng)}."""'
        made.append(f"{keyword} {word(rng)}({parameters}, **{word(rng)}: float) -> list[str]: {doc}; {body}")
    return made


def test_names_and_docstring_stay(learner, rng):
    for source in definitions(rng):
        seen = learner.run(names_of, source, word(rng))
        assert seen["seen"] == seen["expected"]


def test_signature_stays(learner, rng):
    for source in definitions(rng):
        seen = learner.run(signature_of, source)
        assert seen["seen"] == seen["expected"]


def test_own_attributes_stay(learner, rng):
    attributes = {word(rng): rng.randrange(100), word(rng): [word(rng)]}
    for source in definitions(rng):
        assert learner.run(attributes_of, source, attributes) == attributes


def test_wrapped_is_the_original(learner, rng):
    for source in definitions(rng):
        assert learner.run(wrapped_of, source) == {"__wrapped__ is function": True}


def test_the_original_is_untouched(learner, rng):
    seen = learner.run(original_of, f'def {word(rng)}() -> None: """{word(rng)}."""')
    assert seen == {"changed": [], "calls of function itself in the log": 0}


# --- methods, coroutines, generators ---------------------------------------------------------------------------------


@probe
def methods(decorator_metadata, first, second, number):
    """a class Bell with traced methods: Bell({first}).ring({number}), Bell({second}).ring({number}), and so on"""
    traced = decorator_metadata.traced

    class Bell:
        def __init__(self, name):
            self.name = name

        @traced
        def ring(self, number):
            return [self.name, number]

        @classmethod
        @traced
        def kind(cls, number):
            return [cls.__name__, number]

        @staticmethod
        @traced
        def tune(*, number):
            return [number]

    bells = Bell(first), Bell(second)
    returned = [
        bells[0].ring(number),
        Bell.ring(bells[1], number=number),
        bells[0].kind(number),
        Bell.tune(number=number),
    ]
    log = []
    for name, args, kwargs in decorator_metadata.log:
        said = [each.name if type(each) is Bell else "Bell" if each is Bell else each for each in args]
        log.append((name.removeprefix("methods.<locals>."), said, kwargs))
    return {"returned": returned, "log": log}


@probe
def kind_of(decorator_metadata, source):
    """what inspect says about traced(function), where function is made by {source}"""
    import inspect

    def described(function):
        kinds = (inspect.iscoroutinefunction, inspect.isgeneratorfunction)
        return {f"inspect.{ask.__name__}": ask(function) for ask in kinds}

    function = defined(source)
    expected = described(function)
    return {"seen": described(decorator_metadata.traced(function)), "expected": expected}


@probe
async def awaited(decorator_metadata, number, result):
    """an async def function is traced; its calls are awaited: one returns {result}, one raises a LookupError"""
    import asyncio

    async def function(wanted, *, good=True):
        await asyncio.sleep(0)
        if not good:
            raise LookupError(wanted)
        return wanted

    function.__qualname__ = "fetch"
    decorated = decorator_metadata.traced(function)
    given = await decorated(result)
    try:
        await decorated(number, good=False)
    except LookupError as caught:
        problem = list(caught.args)
    else:
        problem = None
    return {"result": given, "error": problem, "log": entries(decorator_metadata.log)}


@probe
def generated(decorator_metadata, start, sent, end):
    """a generator function is traced; items = function({start}, end={end}), then next, send, throw, next"""

    def function(start, *, end):
        events.append("begun")
        got = yield start
        try:
            yield [got]
        except LookupError:
            yield "caught"
        return end

    events = []
    function.__qualname__ = "items"
    items = decorator_metadata.traced(function)(start, end=end)
    seen = {"begun before next()": len(events)}
    seen["next"] = next(items)
    seen["send"] = items.send(sent)
    seen["throw"] = items.throw(LookupError())
    try:
        next(items)
    except StopIteration as stop:
        seen["return value"] = stop.value
    seen["log"] = entries(decorator_metadata.log)
    return seen


@probe
def closed(decorator_metadata, take):
    """a generator function is traced; {take} items are taken of an endless generator, then close()"""

    def function():
        try:
            while True:
                events.append("item")
                yield len(events)
        finally:
            events.append("closed")

    events = []
    items = decorator_metadata.traced(function)()
    for _ in range(take):
        next(items)
    items.close()
    return events


def test_methods_work(learner, rng):
    first, second, number = word(rng), word(rng), rng.randrange(100)
    seen = learner.run(methods, first, second, number)
    assert seen["returned"] == [[first, number], [second, number], ["Bell", number], [number]]
    assert seen["log"] == [
        ("Bell.ring", [first, number], {}),
        ("Bell.ring", [second], {"number": number}),
        ("Bell.kind", ["Bell", number], {}),
        ("Bell.tune", [], {"number": number}),
    ], "the log, where Bell(name) is shown by its name"


def test_coroutine_functions_stay(learner, rng):
    seen = learner.run(kind_of, f"async def {word(rng)}(): pass")
    assert seen["seen"] == seen["expected"]
    seen = learner.run(kind_of, f"def {word(rng)}(): pass")
    assert seen["seen"] == seen["expected"]


def test_coroutines_work(learner, rng):
    number, result = rng.randrange(100), [word(rng)]
    seen = learner.run(awaited, number, result)
    calls = [("fetch", (result,), {}), ("fetch", (number,), {"good": False})]
    assert seen == {"result": result, "error": [number], "log": calls}


def test_generator_functions_stay(learner, rng):
    seen = learner.run(kind_of, f"def {word(rng)}(): yield")
    assert seen["seen"] == seen["expected"]
    seen = learner.run(kind_of, f"def {word(rng)}(): return iter(())")
    assert seen["seen"] == seen["expected"]


def test_generators_work(learner, rng):
    start, sent, end = word(rng), rng.randrange(100), word(rng)
    seen = learner.run(generated, start, sent, end)
    assert seen == {
        "begun before next()": 0,
        "next": start,
        "send": [sent],
        "throw": "caught",
        "return value": end,
        "log": [("items", (start,), {"end": end})],
    }
    take = rng.randrange(1, 4)
    assert learner.run(closed, take) == ["item"] * take + ["closed"], "what the generator did, in order"
