"""Judges day6/plugins: lines of Python as a person would type them, and folders made for the occasion."""

from random import Random
from typing import Any

from grader import Learner, helper, probe

WORDS = ["alpha", "beacon", "cedar", "delta", "ember", "fjord", "grove", "harbor", "inlet", "jasper", "kelp", "lumen"]
# What a file of a folder says; `{name}` is the plugin's.
FILE = """\
import types
def make_plugin(): return types.SimpleNamespace(name={name!r}, version="2.0", execute=str.title)"""


def words(rng: Random, count: int) -> list[str]:
    return rng.sample(WORDS, count)


def in_no_order(rng: Random, count: int) -> list[str]:
    """Names in an order that sorting, in either direction, doesn't give."""
    first, *rest = sorted(words(rng, count))
    return [*rest, first]


def notifier(name: str, requires: tuple[str, ...] = ()) -> str:
    """A line that registers a plugin."""
    return f"manager.register(NotificationPlugin(PluginConfig({name!r}, requires={requires!r})))"


def managed(*plugins: str) -> str:
    return "\n".join(["manager = PluginManager()", *plugins])


# --- running lines ---------------------------------------------------------------------------------------------------


@helper
def names_of(plugins):
    """The learner's names, looked up in the package when they are used."""
    import builtins

    class Names(dict):
        def __missing__(self, name):
            if hasattr(builtins, name):
                raise KeyError(name)
            return getattr(plugins, name)

    return Names()


@probe
def result(plugins, code):
    """{code:text}"""
    *lines, last = code.rstrip().split("\n")
    names = names_of(plugins)
    exec("\n".join(lines), names)
    return eval(last, names)


@probe
def refusal(plugins, code, also=()):
    """{code:text}"""
    *lines, last = code.rstrip().split("\n")
    names = names_of(plugins)
    exec("\n".join(lines), names)
    kinds = {name: getattr(plugins, name) for name in ("MissingDependency", "DependencyCycle", "PluginError")}
    kinds |= {kind.__name__: kind for kind in (TypeError, ValueError, KeyError, AttributeError)}
    seen = {"raised": "no error", "message": "", "cause": None}
    try:
        exec(last, names)
    except NotImplementedError:
        raise
    except Exception as error:
        seen["raised"] = next((name for name, kind in kinds.items() if isinstance(error, kind)), type(error).__name__)
        seen["message"] = str(error)
        seen["cause"] = error.__cause__ and type(error.__cause__).__name__
    return {**seen, "then": [eval(each, names) for each in also]}


def gives(learner: Learner, code: str, files: dict[str, str] | None = None) -> Any:
    return learner.run(result, code, files_=files or {}, fresh_=True)


def refused(learner: Learner, code: str, *also: str, files: dict[str, str] | None = None) -> dict[str, Any]:
    return learner.run(refusal, code, also, files_=files or {}, fresh_=True)


def expect_in_message(seen: dict[str, Any], *names: str) -> None:
    lacking = [name for name in names if name not in seen["message"]]
    complete = not lacking
    assert complete, f"the message should have {' and '.join(lacking)} in it, but it is {seen['message']!r}"


# --- plugins ---------------------------------------------------------------------------------------------------------


def test_plugin_is_abstract(learner: Learner, rng: Random) -> None:
    name = words(rng, 1)[0]
    assert refused(learner, f"Plugin(PluginConfig({name!r}))")["raised"] == "TypeError"
    unfinished = "class Unfinished(Plugin):\n    pass\n"
    assert refused(learner, f"{unfinished}Unfinished(PluginConfig({name!r}))")["raised"] == "TypeError"
    for kind in ("TextProcessorPlugin", "DataValidatorPlugin", "NotificationPlugin"):
        assert gives(learner, f"isinstance({kind}(PluginConfig({name!r})), Plugin)") is True


def test_config_is_a_dataclass(learner: Learner, rng: Random) -> None:
    first, second = words(rng, 2)
    made = f"import dataclasses\nconfig = PluginConfig({first!r})\nother = PluginConfig({first!r})"
    shown = "(config.name, config.version, config.requires, config.options)"
    assert gives(learner, f"{made}\n{shown}") == (first, "1.0", (), {})
    assert gives(learner, f"{made}\n[field.name for field in dataclasses.fields(config)]") == [
        "name",
        "version",
        "requires",
        "options",
    ]
    assert gives(learner, f"{made}\nconfig == other") is True
    assert gives(learner, f"{made}\nconfig.options['case'] = 'upper'\nother.options") == {}
    given = f"config = PluginConfig({first!r}, '3.1', ({second!r},), {{'case': 'lower'}})"
    assert gives(learner, f"{given}\n{shown}") == (first, "3.1", (second,), {"case": "lower"})


def test_plugins_tell_what_is_in_their_config(learner: Learner, rng: Random) -> None:
    name, needed = words(rng, 2)
    version = f"{rng.randint(1, 9)}.{rng.randint(0, 9)}"
    config = f"PluginConfig({name!r}, {version!r}, ({needed!r},))"
    made = f"plugin = NotificationPlugin({config})"
    assert gives(learner, f"{made}\n(plugin.name, plugin.version, plugin.requires)") == (name, version, (needed,))
    assert gives(learner, f"config = {config}\nplugin = NotificationPlugin(config)\nplugin.config == config") is True
    for attribute in ("name", "version", "requires"):
        assert refused(learner, f"{made}\nplugin.{attribute} = 'x'")["raised"] == "AttributeError"


def test_text_processor_tidies_up(learner: Learner, rng: Random) -> None:
    first, second = (word.capitalize() for word in words(rng, 2))
    given = f"  {first} \t\n {second}   {first}\n"
    tidy = f"{first} {second} {first}"
    for options, expected in (({}, tidy), ({"case": "upper"}, tidy.upper()), ({"case": "lower"}, tidy.lower())):
        made = f"plugin = TextProcessorPlugin(PluginConfig('tidy', options={options!r}))"
        assert gives(learner, f"{made}\nplugin.execute({given!r})") == expected


def test_data_validator_finds_missing_keys(learner: Learner, rng: Random) -> None:
    required = words(rng, 5)
    data = {required[1]: None, required[3]: 0, "other": 1}
    made = f"plugin = DataValidatorPlugin(PluginConfig('check', options={{'required': {required!r}}}))"
    assert gives(learner, f"{made}\nplugin.execute({data!r})") == [required[0], required[2], required[4]]
    assert gives(learner, f"{made}\nplugin.execute({dict.fromkeys(required, 1)!r})") == []
    assert gives(learner, f"DataValidatorPlugin(PluginConfig('check')).execute({data!r})") == []


def test_notification_keeps_its_messages(learner: Learner, rng: Random) -> None:
    name, first, second = words(rng, 3)
    made = f"one = NotificationPlugin(PluginConfig({name!r}))\nother = NotificationPlugin(PluginConfig('other'))"
    code = f"{made}\nreturned = one.execute({first!r})\none.execute({second!r})\n(returned, one.sent, other.sent)"
    assert gives(learner, code) == (f"{name}: {first}", [f"{name}: {first}", f"{name}: {second}"], [])


# --- the manager -----------------------------------------------------------------------------------------------------

LOOKALIKE = """\
class Duck:
    name = {name!r}
    version = "1"
    def execute(self, data):
        return data + '!'"""


def test_manager_keeps_plugins(learner: Learner, rng: Random) -> None:
    names = in_no_order(rng, 3)
    made = managed(*map(notifier, names))
    assert gives(learner, f"{made}\nmanager.names()") == names
    assert gives(learner, f"{made}\nmanager.get({names[1]!r}).name") == names[1]
    assert refused(learner, f"{made}\nmanager.get('nobody')")["raised"] == "KeyError"
    assert gives(learner, f"{made}\nPluginManager().names()") == []


def test_anything_like_a_plugin_will_do(learner: Learner, rng: Random) -> None:
    first, second = words(rng, 2)
    made = f"{LOOKALIKE.format(name=first)}\nduck = Duck()\n{managed(notifier(second), 'manager.register(duck)')}"
    assert gives(learner, f"{made}\nmanager.get({first!r}) is duck") is True
    assert gives(learner, f"{made}\nsorted(manager.names())") == sorted([first, second])


def test_register_refuses_what_is_wrong(learner: Learner, rng: Random) -> None:
    name = words(rng, 1)[0]
    for lacking in (
        {"name": name, "version": "1"},
        {"name": name, "version": "1", "execute": "later"},
        {"name": name, "execute": print},
        {"version": "1", "execute": print},
    ):
        attributes = ", ".join(
            f"{key!r}: {'print' if value is print else repr(value)}" for key, value in lacking.items()
        )
        code = f"Thing = type('Thing', (), {{{attributes}}})\n{managed()}\nmanager.register(Thing())"
        seen = refused(learner, code, "manager.names()")
        assert [seen["raised"], seen["then"]] == ["TypeError", [[]]]
    code = f"{managed(notifier(name))}\nfirst = manager.get({name!r})\n{notifier(name)}"
    seen = refused(learner, code, f"manager.get({name!r}) is first", "manager.names()")
    assert [seen["raised"], seen["then"]] == ["ValueError", [True, [name]]]


# --- discovery -------------------------------------------------------------------------------------------------------


def new_folder(rng: Random) -> str:
    """The name of a folder that isn't there yet: all calls of a submission share a working folder."""
    return f"plugins_{rng.randrange(10**9)}"


def files_in(folder: str, texts: dict[str, str]) -> dict[str, str]:
    """Python files in a folder, by their names without `.py`."""
    return {f"{folder}/{name}.py": text for name, text in texts.items()}


def listing(files: dict[str, str]) -> str:
    """The files as comments above the lines that are run, so that a learner sees what there was to discover."""
    return "".join(f"# {path}: {'; '.join(text.splitlines())}\n" for path, text in sorted(files.items()))


def test_discover_loads_the_files(learner: Learner, rng: Random) -> None:
    files, plugins = sorted(words(rng, 4)), in_no_order(rng, 4)
    texts = {file: FILE.format(name=plugin) for file, plugin in zip(files, plugins, strict=True)}
    folder = new_folder(rng)
    given_files = files_in(folder, {file: texts[file] for file in rng.sample(files, 4)})
    for given in (repr(folder), f"__import__('pathlib').Path({folder!r})"):
        code = f"{listing(given_files)}{managed()}\nfound = manager.discover({given})"
        seen = gives(learner, f"{code}\n(found, manager.names())", given_files)
        assert seen == (plugins, plugins)
        assert gives(learner, f"{code}\nmanager.get({plugins[0]!r}).version") == "2.0"


def test_discover_passes_over_other_files(learner: Learner, rng: Random) -> None:
    name, *others = words(rng, 5)
    broken = "raise RuntimeError('this file is none of your business')"
    folder = new_folder(rng)
    files = files_in(folder, {name: FILE.format(name=name), f"_{others[0]}": broken, f".{others[1]}": broken})
    files |= {f"{folder}/{others[2]}.txt": broken, f"{folder}/{others[3]}.py.bak": broken}
    assert gives(learner, f"{listing(files)}{managed()}\nmanager.discover({folder!r})", files) == [name]


BROKEN = {
    "RuntimeError": "raise RuntimeError('no luck today')",
    "SyntaxError": "def make_plugin(:",
    "LookupError": "def make_plugin(): raise LookupError('not found')",
    "TypeError": "def make_plugin(): return 'no plugin'",
}


def discovered(learner: Learner, rng: Random, texts: dict[str, str]) -> dict[str, Any]:
    """What comes of a folder with these files, where a plugin `mine` was registered before."""
    folder = new_folder(rng)
    files = files_in(folder, texts)
    code = f"{listing(files)}{managed(notifier('mine'))}\nmanager.discover({folder!r})"
    return refused(learner, code, "manager.names()", files=files)


def with_broken(rng: Random, text: str) -> tuple[dict[str, str], str]:
    """A good file, a broken one that comes after it, and another good one; and the name of the broken one."""
    first, second, third = sorted(words(rng, 3))
    return {first: FILE.format(name=first), second: text, third: FILE.format(name=third)}, second


def folders_with_taken_names(rng: Random) -> list[tuple[dict[str, str], list[str]]]:
    """Folders with a name that is taken, and the file to be told; of two files with one name, it may be either."""
    folders = []
    for taken in ("twice", "mine"):
        first, second, third = sorted(words(rng, 3))
        plugins = {first: "twice", second: taken, third: "another"}
        told = [second] if taken == "mine" else []
        folders.append(({file: FILE.format(name=plugin) for file, plugin in plugins.items()}, told))
    return folders


def test_discover_tells_which_file_is_broken(learner: Learner, rng: Random) -> None:
    for cause, text in [*BROKEN.items(), (None, "def make_a_plugin(): return None")]:
        texts, name = with_broken(rng, text)
        seen = discovered(learner, rng, texts)
        assert seen["raised"] == "PluginError"
        expect_in_message(seen, name)
        if cause is not None:  # where make_plugin is missing, there may be a cause or none
            assert {"cause": seen["cause"]} == {"cause": cause}
    for texts, names in folders_with_taken_names(rng):
        seen = discovered(learner, rng, texts)
        if seen["raised"] != "no error":  # that nothing is refused is told by the next check
            assert seen["raised"] == "PluginError"
            expect_in_message(seen, *names)


def test_discover_takes_all_or_nothing(learner: Learner, rng: Random) -> None:
    texts, _ = with_broken(rng, rng.choice([*BROKEN.values()]))
    for files in (texts, *(folder for folder, _ in folders_with_taken_names(rng))):
        seen = discovered(learner, rng, files)
        assert {"raised": seen["raised"] != "no error", "names": seen["then"][0]} == {"raised": True, "names": ["mine"]}


def test_discover_leaves_imports_alone(learner: Learner, rng: Random) -> None:
    name, other = words(rng, 2)
    folder = new_folder(rng)
    files = files_in(folder, {"json": FILE.format(name=name), "colorsys": FILE.format(name=other)})
    discover = f"before = list(sys.path)\n{managed()}\nfound = manager.discover({folder!r})"
    code = f"{listing(files)}import sys\n{discover}\nimport json, colorsys"
    assert gives(learner, f"{code}\n(len(found), sys.path == before)", files) == (2, True)
    assert gives(learner, f"{code}\n(json.dumps([1]), hasattr(colorsys, 'make_plugin'))") == ("[1]", False)


# --- order and run ---------------------------------------------------------------------------------------------------


def test_order_puts_requirements_first(learner: Learner, rng: Random) -> None:
    # What all others need comes first neither in the alphabet nor in the registration.
    first, d, *others = sorted(words(rng, 4))
    a, b, c = rng.sample([first, *others], 3)
    needs = {a: (b, c), b: (d,), c: (d,), d: ()}
    names = rng.sample([a, b, c, d], 4)
    if names[0] == d:
        names.reverse()
    order = gives(learner, f"{managed(*(notifier(name, needs[name]) for name in names))}\nmanager.order()")
    assert {"names": sorted(order) if type(order) is list else order} == {"names": sorted(names)}
    late = [(name, each) for name in names for each in needs[name] if order.index(each) > order.index(name)]
    complete = not late
    assert complete, f"in the order {order}, these come too early: " + ", ".join(f"{x} (needs {y})" for x, y in late)
    # Without `requires`, nothing is required.
    made = f"{LOOKALIKE.format(name=a)}\n{managed(notifier(b, (a,)), 'manager.register(Duck())')}"
    assert gives(learner, f"{made}\nmanager.order()") == [a, b]


def test_order_keeps_to_the_registration(learner: Learner, rng: Random) -> None:
    a, b, c, d, e = words(rng, 5)
    made = managed(notifier(a, (c,)), notifier(b), notifier(c), notifier(d), notifier(e, (b,)))
    # As soon as c has been placed, a can come, and was registered before d.
    assert gives(learner, f"{made}\nmanager.order()") == [b, c, a, d, e]
    names = in_no_order(rng, 5)
    assert gives(learner, f"{managed(*map(notifier, names))}\nmanager.order()") == names


def test_missing_requirements_are_told(learner: Learner, rng: Random) -> None:
    first, second, missing = words(rng, 3)
    made = managed(notifier(first), notifier(second, (first, missing)))
    seen = refused(learner, f"{made}\nmanager.order()")
    assert seen["raised"] == "MissingDependency"
    expect_in_message(seen, second, missing)
    assert gives(learner, "issubclass(MissingDependency, PluginError)") is True


def test_circles_are_told(learner: Learner, rng: Random) -> None:
    a, b, c, outside = words(rng, 4)
    circles = (
        ([notifier(a, (b,)), notifier(b, (a,))], (a, b)),
        ([notifier(outside, (a,)), notifier(a, (b,)), notifier(b, (c,)), notifier(c, (a,))], (a, b, c)),
        ([notifier(outside), notifier(a, (a,))], (a,)),
        ([notifier(outside), notifier(a, (outside, b)), notifier(b, (a,))], (a, b)),
    )
    for plugins, names in circles:
        seen = refused(learner, f"{managed(*plugins)}\nmanager.order()")
        assert seen["raised"] == "DependencyCycle"
        expect_in_message(seen, *names)
    assert gives(learner, "issubclass(DependencyCycle, PluginError)") is True


def test_run_hands_results_on(learner: Learner, rng: Random) -> None:
    first, second, text = words(rng, 3)
    made = managed(notifier(first, (second,)), notifier(second))
    assert gives(learner, f"{made}\nmanager.run({text!r})") == f"{first}: {second}: {text}"
    assert gives(learner, f"PluginManager().run({text!r})") == text
