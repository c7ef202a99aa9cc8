"""Judges day3/config_validator: which files `load_config` reads, and what it raises for the others."""

import json
from random import Random
from typing import Any

from grader import helper, probe


def words(rng: Random, count: int) -> list[str]:
    chosen: set[str] = set()
    while len(chosen) < count:
        chosen.add("".join(rng.choices("abcdefghijklmnopqrstuvwxyz", k=6)))
    return sorted(chosen, key=lambda _: rng.random())


# The schema of all files here.
@helper
def schema():
    database, server = {"url": str, "pool": int}, {"host": str, "port": int}
    return {"name": str, "port": int, "debug": bool, "tags": [str], "database": database, "servers": [server]}


@helper
def kind_of(config_validator, error):
    """The name of the promised class that the exception is of: learners may have kinds of their own."""
    names = ("ConfigSyntaxError", "ValidationFailed", "MissingFieldError", "UnknownFieldError", "WrongTypeError")
    promised = {getattr(config_validator, name, None): name for name in (*names, "ConfigError")}
    return next((promised[kind] for kind in type(error).__mro__ if kind in promised), type(error).__name__)


@helper
def outcome_of(config_validator, path):
    """What came back, or what was raised, as plain data."""
    try:
        return {"returned": config_validator.load_config(path, schema())}
    except NotImplementedError:
        raise
    except config_validator.ValidationFailed as error:
        found = sorted((each.path, kind_of(config_validator, each), each.line) for each in error.errors)
        untold = [str(each) for each in error.errors if str(each) not in str(error)]
        return {"raised": "ValidationFailed", "errors": found, "untold": untold}
    except config_validator.ConfigError as error:
        cause = error.__cause__
        return {
            "raised": kind_of(config_validator, error),
            "line": getattr(error, "line", None),
            "message": str(error),
            "an OSError is the cause": isinstance(cause, OSError),
        }


@probe
def load(config_validator, name, as_path):
    """load_config({name}, schema)"""
    from pathlib import Path

    return outcome_of(config_validator, Path(name) if as_path else name)


@probe
def load_beside_validate(config_validator, name, data):
    """load_config({name}, schema), where the file holds {data}"""
    found = config_validator.validate(data, schema())
    outcome = outcome_of(config_validator, name)
    return {"as from validate": sorted((each.path, kind_of(config_validator, each)) for each in found), **outcome}


@probe
def load_and_look(config_validator, name, trace):
    """load_config({name}, schema), where the file has a tag in it that would run code"""
    import os

    outcome = outcome_of(config_validator, name)
    return {"raised": outcome.get("raised", "nothing"), "code was run": os.path.exists(trace)}


class Config:
    """A YAML file with some comments and blank lines in it; the line of each field is known."""

    def __init__(self, rng: Random, **changes: str) -> None:
        self.lines: list[str] = []
        self.at: dict[str, int] = {}
        name, tag, other, url, one, two = words(rng, 6)
        fields = {
            "name": name,
            "port": str(rng.randrange(1, 9999)),
            "debug": rng.choice(["true", "false"]),
            "tags[0]": tag,
            "tags[1]": other,
            "database.url": f"https://{url}/ä",
            "database.pool": str(rng.randrange(1, 99)),
            "servers[0].host": one,
            "servers[0].port": str(rng.randrange(1, 9999)),
            "servers[1].host": two,
            "servers[1].port": str(rng.randrange(1, 9999)),
        }
        for path, value in {**fields, **changes}.items():
            head, _, last = path.rpartition(".")
            if path in ("tags[0]", "database.url", "servers[0].host"):
                self.add(path.split(".")[0].split("[")[0], "{}:", rng)
            if path.startswith("tags["):
                self.add(path, f"  - {value}", rng)
            elif path.startswith("servers["):
                self.add(path, f"  {'-' if last == 'host' else ' '} {last}: {value}", rng)
            else:
                self.add(path, f"{'  ' if head else ''}{last}: {value}", rng)

    def add(self, path: str, line: str, rng: Random) -> None:
        self.lines += rng.choices(["", "# a comment"], k=rng.randrange(3))
        self.lines.append(line.format(path))
        self.at[path] = len(self.lines)

    @property
    def text(self) -> str:
        return "\n".join(self.lines) + "\n"


def data_of(rng: Random) -> dict[str, Any]:
    name, tag, url = words(rng, 3)
    database = {"url": url, "pool": rng.randrange(2, 99)}
    servers = [{"host": tag, "port": rng.randrange(2, 9999)}]
    top = {"name": f"{name} ä", "port": rng.randrange(2, 9999), "debug": True, "tags": [tag]}
    return {**top, "database": database, "servers": servers}


def loaded(learner: Any, name: str, text: str | bytes, as_path: bool = False) -> dict[str, Any]:
    return learner.run(load, name, as_path, files_={name: text}, fresh_=True)


def test_json_and_yaml_are_read(learner: Any, rng: Random) -> None:
    data = data_of(rng)
    block = f"name: {data['name']}\nport: {data['port']}\ndebug: true\ntags:\n  - {data['tags'][0]}\n"
    block += f"database:\n  url: {data['database']['url']}\n  pool: {data['database']['pool']}\n"
    block += f"servers:\n  - host: {data['servers'][0]['host']}\n    port: {data['servers'][0]['port']}\n"
    files = {".json": json.dumps(data, indent=2, ensure_ascii=False), ".yaml": block, ".yml": block}
    for suffix, text in files.items():
        name = words(rng, 1)[0] + suffix
        for as_path in (False, True):
            assert loaded(learner, name, text, as_path) == {"returned": data}


def test_all_errors_come_at_once(learner: Any, rng: Random) -> None:
    extra = words(rng, 1)[0]
    data = {"port": "80", "tags": ["a", 5, None], "database": {extra: 1}}
    for suffix in (".json", ".yaml"):
        name = words(rng, 1)[0] + suffix
        seen = learner.run(load_beside_validate, name, data, files_={name: json.dumps(data, indent=1)}, fresh_=True)
        assert {"raised": seen.get("raised", "nothing")} == {"raised": "ValidationFailed"}
        # Whether they are the right ones is for other checks.
        assert [(path, kind) for path, kind, _ in seen["errors"]] == seen["as from validate"]
        untold = seen["untold"]
        assert not untold, f"the message of the exception does not contain that of an error, {untold[0]!r}"


def test_yaml_errors_have_lines(learner: Any, rng: Random) -> None:
    judged = 0
    tag, server = f"tags[{rng.randrange(2)}]", f"servers[{rng.randrange(2)}].port"
    cases = ({"port": "many"}, {tag: "17"}, {"database.pool": "[]"}, {server: "many"}, {"colour": "red", "debug": "1"})
    for changes in cases:
        config = Config(rng, **changes)
        seen = loaded(learner, words(rng, 1)[0] + ".yaml", config.text)
        # Whether the right errors are found is for other checks.
        errors = [each for each in seen.get("errors", []) if each[0] in config.at and each[1] != "MissingFieldError"]
        judged += len(errors)
        numbered = "".join(f"{number:3} {line}\n" for number, line in enumerate(config.lines, start=1))
        lines = {path: line for path, _, line in errors}
        expected = {path: config.at[path] for path in lines}
        assert lines == expected, f"the lines of the errors in this file:\n{numbered}"
    assert judged, "load_config has found no errors in files in which there are some"
    expect_no_wrong_lines_in_json(learner, rng)


def expect_no_wrong_lines_in_json(learner: Any, rng: Random) -> None:
    extra, name = words(rng, 2)
    above = ["{", *[""] * rng.randrange(4)]
    below = ['"port": "80",', '"tags": [', '"a",', "5", "],", '"database": {', f'"{extra}": 1', "}", "}"]
    first = len(above) + 1
    expected = {"port": first, "tags[1]": first + 3, f"database.{extra}": first + 6}
    text = "\n".join(above + below)
    for path, kind, line in loaded(learner, f"{name}.json", text).get("errors", []):
        right = kind == "MissingFieldError" or path not in expected or line in (None, expected[path])
        assert right, f"the line of {path} is {expected[path]}, or None in JSON, but not {line}:\n{text}"


def test_bad_syntax_has_a_line(learner: Any, rng: Random) -> None:
    above = rng.randint(1, 9)
    one, two = words(rng, 2)
    yaml_text = f"{one}: 1\n" + "# a comment\n" * above
    json_text = "{\n" + "".join(f'"{one}{number}": 1,\n' for number in range(above))
    for suffix, text in (
        (".yaml", f"{yaml_text}{two}: 1: 2\n{one}: 3\n"),
        (".yml", f"{yaml_text}\t{two}: 1\n"),
        (".json", f'{json_text}"{two}": : 1\n}}\n'),
        (".json", f"{json_text}{two}: 1\n}}\n"),
    ):
        name = words(rng, 1)[0] + suffix
        seen = loaded(learner, name, text)
        raised = {"raised": seen.get("raised", "nothing"), "line": seen.get("line")}
        assert raised == {"raised": "ConfigSyntaxError", "line": above + 2}
        assert name in seen["message"], f"the message says nothing about the file {name}: {seen['message']!r}"


def test_files_that_cannot_be_read_are_told(learner: Any, rng: Random) -> None:
    one, two, three = words(rng, 3)
    missing, folder, odd = f"{one}.json", f"{two}.yaml", f"{three}.ini"
    for name, made in ((missing, "other"), (folder, f"{folder}/other"), (odd, odd)):
        seen = learner.run(load, name, False, files_={made: "{}"}, fresh_=True)
        assert {"raised": seen.get("raised", "nothing")} == {"raised": "ConfigError"}
        assert name in seen["message"], f"the message says nothing about the file {name}: {seen['message']!r}"
        if name != odd:
            cause = {"an OSError is the cause": seen["an OSError is the cause"]}
            assert cause == {"an OSError is the cause": True}


def test_yaml_files_run_no_code(learner: Any, rng: Random) -> None:
    name, trace = words(rng, 2)
    text = f"name: !!python/object/apply:os.mkdir [{trace}]\n"
    seen = learner.run(load_and_look, f"{name}.yaml", trace, files_={f"{name}.yaml": text})
    assert seen == {"raised": "ConfigSyntaxError", "code was run": False}
