"""Judges internals/safe_subprocess: what a small shell script, run by `run_tool`, gets to see and leaves behind.

A right answer passes on a machine that is busy with other things: a program that was not up and running in time gets
more time, what comes late is measured again, and what never comes back is stopped long after it should have.
"""

import signal
from random import Random

from grader import Raised, helper, probe

# The program that `run_tool` runs, as `sh tool.sh WHAT ...`. Its usual arguments would survive a shell, so that a
# mistake with arguments shows in the checks about arguments alone; for that reason what it prints is written into it.
TOOL = r"""
what=$1
shift
case $what in
args)   out=$1; shift; printf '%s\036' "$@" > "$out" ;;
exit)   exit "$1" ;;
signal) kill -s "$1" $$ ;;
say)    printf 'STDOUT'; printf 'STDERR' >&2 ;;
flood)  for size in "$@"; do printf "%0${size}d" 7; printf "%0${size}d" 7 >&2; done ;;
read)   if read -r line; then echo "read $line" > seen; else echo "the end" > seen; fi ;;
where)  eval "printf '%s\036%s' \"\$$1\" \"$(pwd -P)\"" ;;
stay)   printf 'STDOUT'; printf 'STDERR' >&2; : > seen; exec sleep 30 ;;
tree)   sleep 30 & echo "$$ $!" > pids; wait ;;
stubborn) trap '' TERM; sleep 30 & echo "$$ $!" > pids; wait ;;
esac
"""
FILES = {"tool.sh": TOOL.encode()}
# Seconds. The longer ones are for a machine so busy that the tool wasn't up and running in the shorter ones.
TIMEOUTS = (0.15, 1.0, 4.0)
FLOOD_TIMEOUTS = (1.5, 6.0)
# What `run_tool` may take after its timeout, and what a busy machine may take for everything around it.
GRACE = 1.0
AROUND = 3.0
# How often a time is measured that comes out too long: a busy machine makes one longer, but not each of them.
CHANCES = 8


def wall_ms(timeout: float) -> int:
    return round((timeout + GRACE + AROUND) * 1000)


def printing(stdout: str, stderr: str) -> dict[str, bytes]:
    """The tool; `say` and `stay` print these two, which are formats of printf."""
    return {"tool.sh": TOOL.replace("STDOUT", stdout).replace("STDERR", stderr).encode()}


def words(rng: Random, count: int) -> list[str]:
    return ["".join(rng.choices("abcdefghijklmnopqrstuvwxyz", k=6)) for _ in range(count)]


@helper
def told(result):
    """The four attributes; members of enumerations count as the values that they are."""
    outcome = getattr(result, "outcome", "no attribute")
    code = getattr(result, "code", "no attribute")
    return {
        "outcome": str.__str__(outcome) if isinstance(outcome, str) else outcome,
        "code": int(code) if isinstance(code, int) else code,
        "stdout": getattr(result, "stdout", "no attribute"),
        "stderr": getattr(result, "stderr", "no attribute"),
    }


@helper
def forget(name):
    """Removes what an earlier call may have left in the working folder."""
    import os

    if os.path.exists(name):
        os.remove(name)


@probe
def run(safe_subprocess, args, timeout):
    """run_tool({args}, {timeout})"""
    return told(safe_subprocess.run_tool(args, timeout))


# --- arguments -------------------------------------------------------------------------------------------------------


@probe
def run_args(safe_subprocess, args):
    """run_tool({args}, 10)"""
    import os

    forget("seen")
    before = set(os.listdir())
    outcome = told(safe_subprocess.run_tool(args, 10))["outcome"]
    made = sorted(set(os.listdir()) - before - {"seen"})
    try:
        with open("seen", encoding="utf-8", newline="") as seen:
            arrived = seen.read().split("\x1e")[:-1]
    except (OSError, ValueError):
        arrived = None
    return {"outcome": outcome, "arrived": arrived, "made": made}


@probe
def run_watched(safe_subprocess, args):
    """run_tool({args}, 10), watching which processes are started"""
    import os
    import sys

    forget("seen")
    started, watching = [], [True]

    def watch(event, details):
        if watching and event in ("subprocess.Popen", "os.posix_spawn"):
            started.append([os.fsdecode(each) for each in details[1]])
        elif watching and event == "os.system":
            started.append(["os.system", str(details[0])])

    sys.addaudithook(watch)
    try:
        safe_subprocess.run_tool(args, 10)
    finally:
        watching.clear()
    others = [argv for argv in started if [os.path.basename(argv[0]), *argv[1:]] != args]
    return {"the program ran": os.path.exists("seen"), "other processes that were started": others}


def arguments_that_arrive(learner, args):
    """What the tool is given, and the names of files that only a shell can have made."""
    seen = learner.run(run_args, ["sh", "tool.sh", "args", "seen", *args], files_=FILES)
    arrived = seen["arrived"] is not None
    assert arrived, f"the program did not run with these arguments; the outcome was {seen['outcome']!r}"
    return seen["arrived"], seen["made"]


def test_arguments_arrive_unchanged(learner, rng):
    one, two, three = words(rng, 3)
    args = [f"{one} {two}", "", f"  {three}", f"-{one}", "--help", "--", "", " ", f"naïve ☃ 日本 {two}", "%s", "{}"]
    args += [f'"{one}"', f"it's {three}", "'", '"', rf"back\slash\n{one}", f"tab\tand\nnewline {two}"]
    rng.shuffle(args)
    arrived, _ = arguments_that_arrive(learner, args)
    assert arrived == args, "these arguments did not arrive as they are"


def test_injection_strings_stay_text(learner, rng):
    word = words(rng, 1)[0]
    tricks = [";>{}1", "$(>{}2)", "`>{}3`", "|>{}4", "&&>{}5", "&>{}6"]  # `>file` alone makes a file
    args = [*(trick.format(word) for trick in tricks), "*", "$PATH", "${HOME}", "~", "!!", "#"]
    rng.shuffle(args)
    arrived, made = arguments_that_arrive(learner, args)
    executed = bool(made)
    assert not executed, f"a shell has executed what stands in the arguments: it made the files {', '.join(made)}"
    assert arrived == args, "these arguments did not arrive as they are"


def test_no_shell_in_between(learner, rng):
    args = ["sh", "tool.sh", "args", "seen", *words(rng, 2)]
    seen = learner.run(run_watched, args, files_=FILES)
    assert seen == {"the program ran": True, "other processes that were started": []}


def expect_refusal(learner, args, error):
    answer = learner.attempt(run, args, 10, files_=FILES)
    if isinstance(answer, Raised):
        refused, happened = answer.is_a(error), f"{answer.type} was raised"
    else:
        refused, happened = False, f"a result came back, with the outcome {answer['outcome']!r}"
    assert refused, f"expected a {error}, but {happened}"


def test_bad_args_are_refused(learner, rng):
    expect_refusal(learner, f"sh tool.sh exit {words(rng, 1)[0]}", "TypeError")
    expect_refusal(learner, [], "ValueError")


# --- how it ended ----------------------------------------------------------------------------------------------------


@probe
def ending(safe_subprocess, args):
    """run_tool({args}, 10)"""
    seen = told(safe_subprocess.run_tool(args, 10))
    return {"outcome": seen["outcome"], "code": seen["code"]}


@probe
def run_text_file(safe_subprocess, path, mode, text):
    """run_tool([{path}], 10), where that file has the mode {mode} and holds {text}"""
    import os

    with open(path, "w") as file:
        file.write(text)
    os.chmod(path, int(mode, 8))
    return told(safe_subprocess.run_tool([path], 10))


def test_exit_codes_are_told(learner, rng):
    for code in (0, 1, rng.randint(2, 125), 127, rng.randint(129, 159)):
        seen = learner.run(ending, ["sh", "tool.sh", "exit", str(code)], files_=FILES)
        assert seen == {"outcome": "failed" if code else "ok", "code": code}


def test_signals_are_told(learner, rng):
    for name in rng.sample(["TERM", "KILL", "USR1", "USR2", "ALRM"], 2):
        seen = learner.run(ending, ["sh", "tool.sh", "signal", name], files_=FILES)
        assert seen == {"outcome": "killed", "code": int(getattr(signal, f"SIG{name}"))}


def test_what_cannot_start_is_told(learner, rng):
    word = words(rng, 1)[0]
    expected = {"outcome": "not_started", "code": None, "stdout": "", "stderr": ""}
    for program in (f"no-such-tool-{word}", f"./{word}/tool", f"./tool.sh/{word}"):
        assert learner.run(run, [program, "--version"], 10, files_=FILES) == expected
    script = "#!/bin/sh\necho this should not run\n"
    assert learner.run(run_text_file, f"./{word}.sh", "644", script) == expected
    assert learner.run(run_text_file, f"./{word}.txt", "755", f"Only text: {word}\n") == expected


# --- input and output ------------------------------------------------------------------------------------------------


@probe
def outputs(safe_subprocess, args, timeout):
    """run_tool({args}, {timeout}): stdout and stderr"""
    import os

    forget("seen")
    seen = told(safe_subprocess.run_tool(args, timeout))
    return {"stdout": seen["stdout"], "stderr": seen["stderr"]}, os.path.exists("seen")


@probe
def run_flood(safe_subprocess, args, timeout):
    """run_tool({args}, {timeout}), which prints that many characters, in turns to stdout and stderr"""
    seen = told(safe_subprocess.run_tool(args, timeout))
    lengths = {name: len(seen[name]) if isinstance(seen[name], str) else seen[name] for name in ("stdout", "stderr")}
    return {"outcome": seen["outcome"], "characters in": lengths}


@probe
def run_elsewhere(safe_subprocess, folder, name, value):
    """os.chdir({folder}); os.environ[{name}] = {value};
    run_tool(["sh", "../tool.sh", "where", {name}], 10)
    """
    import os

    home = os.getcwd()
    os.makedirs(folder, exist_ok=True)
    os.chdir(folder)
    os.environ[name] = value
    try:
        seen = told(safe_subprocess.run_tool(["sh", "../tool.sh", "where", name], 10))
    finally:
        os.environ.pop(name, None)
        os.chdir(home)
    if seen["outcome"] != "ok":
        return {"outcome": seen["outcome"], "stderr": seen["stderr"]}
    found, _, place = seen["stdout"].partition("\x1e")
    return {name: found, "folder": os.path.relpath(place, os.path.realpath(home))}


@probe
def run_reader(safe_subprocess, secret):
    """run_tool(["sh", "tool.sh", "read"], 10), while {secret} waits in your own standard input"""
    import os

    forget("seen")
    reading, writing = os.pipe()
    os.write(writing, f"{secret}\n".encode())
    os.close(writing)
    own = os.dup(0)
    os.dup2(reading, 0)
    try:
        safe_subprocess.run_tool(["sh", "tool.sh", "read"], 10)
    finally:
        os.dup2(own, 0)
        os.close(own)
        os.close(reading)
    with open("seen", encoding="utf-8") as seen:
        return {"the program found": seen.read().strip()}


def test_outputs_are_kept_apart(learner, rng):
    out, err = words(rng, 2)
    tool = printing(rf" {out}\r\n{out} \n\n", rf"{err}\n{out}\r{err}\n ")
    seen, _ = learner.run(outputs, ["sh", "tool.sh", "say"], 10, files_=tool)
    assert seen == {"stdout": f" {out}\r\n{out} \n\n", "stderr": f"{err}\n{out}\r{err}\n "}
    seen, _ = learner.run(outputs, ["sh", "tool.sh", "exit", "0"], 10, files_=tool)
    assert seen == {"stdout": "", "stderr": ""}


def test_output_is_decoded_as_utf8(learner, rng):
    out, err = words(rng, 2)
    tool = printing(rf"{out}\303\251\377{out}", rf"\342\230\203{err}\200")
    seen, _ = learner.run(outputs, ["sh", "tool.sh", "say"], 10, files_=tool)
    assert seen == {"stdout": f"{out}é\ufffd{out}", "stderr": f"☃{err}\ufffd"}


def test_large_output_does_not_block(learner, rng):
    sizes = [rng.randint(150_000, 200_000) for _ in range(2)]
    args = ["sh", "tool.sh", "flood", *map(str, sizes)]
    for timeout in FLOOD_TIMEOUTS:
        seen = learner.run(run_flood, args, timeout, files_=FILES, wall_ms_=wall_ms(timeout))
        if seen["outcome"] != "timeout":
            break
    assert seen == {"outcome": "ok", "characters in": {"stdout": sum(sizes), "stderr": sum(sizes)}}


def test_it_runs_where_you_are(learner, rng):
    folder, name, value = words(rng, 3)
    seen = learner.run(run_elsewhere, folder, name.upper(), value, files_=FILES)
    assert seen == {name.upper(): value, "folder": folder}


def test_stdin_is_empty(learner, rng):
    seen = learner.run(run_reader, words(rng, 1)[0], files_=FILES)
    assert seen == {"the program found": "the end"}


# --- time ------------------------------------------------------------------------------------------------------------


@probe
def run_timed(safe_subprocess, args, timeout):
    """run_tool({args}, {timeout})"""
    import time

    start = time.monotonic()
    seen = told(safe_subprocess.run_tool(args, timeout))
    return {"outcome": seen["outcome"], "code": seen["code"]}, time.monotonic() - start


@helper
def running(pids, patience):
    """Those of the processes that still run after so many seconds; a zombie no longer runs."""
    import os
    import time

    def runs(pid):
        try:
            os.kill(pid, 0)
            with open(f"/proc/{pid}/stat") as stat:
                return stat.read().rpartition(")")[2].split()[0] not in ("Z", "X")
        except (ProcessLookupError, FileNotFoundError):
            return False

    end = time.monotonic() + patience
    while any(map(runs, pids)) and time.monotonic() < end:
        time.sleep(0.005)
    return [pid for pid in pids if runs(pid)]


@probe
def run_tree(safe_subprocess, args, timeout):
    """run_tool({args}, {timeout}), where the program starts `sleep 30` and waits for it"""
    import contextlib
    import os
    import signal
    import subprocess
    import time

    pids = []
    forget("pids")
    start = time.monotonic()
    with contextlib.suppress(subprocess.TimeoutExpired):  # another check's business
        safe_subprocess.run_tool(args, timeout)
    seconds = time.monotonic() - start
    if os.path.exists("pids"):
        with open("pids") as file:
            pids = [int(pid) for pid in file.read().split()]
    left = running(pids, 1.5)
    for pid in left:
        os.kill(pid, signal.SIGKILL)
    names = ["the program", "the child that it has started"]
    return {"started": len(pids), "left": [names[pids.index(pid)] for pid in left], "seconds": seconds}


def test_it_returns_when_the_program_ends(learner, rng):
    args, timeout = ["sh", "tool.sh", "exit", "0"], rng.randint(3, 4)
    for _ in range(CHANCES):
        _, seconds = learner.run(run_timed, args, timeout, files_=FILES)
        at_once, sat_out = seconds <= 0.4, seconds >= timeout
        if at_once or sat_out:
            break
    assert at_once, f"run_tool came back after {seconds:.2f} seconds; the program needs a hundredth of that"


def test_a_timeout_is_told(learner, rng):
    timeout = rng.choice([0.1, 0.15, 0.2])
    args, expected = ["sh", "tool.sh", "stay"], {"outcome": "timeout", "code": None}
    for _ in range(CHANCES):
        seen, seconds = learner.run(run_timed, args, timeout, files_=FILES, wall_ms_=wall_ms(timeout))
        too_early, too_late = seconds < timeout - 0.01, seconds > timeout + GRACE
        if seen != expected or not too_late:
            break
    assert seen == expected
    assert not too_early, f"the timeout is {timeout} seconds, but run_tool came back after {seconds:.2f}"
    assert not too_late, f"the timeout is {timeout} seconds, but run_tool came back only after {seconds:.2f}"
    # Where the timeout is cut down to nothing, a busy machine may hide it above; here nothing does.
    timeout = rng.choice([0.7, 0.8, 0.9])
    for _ in range(CHANCES):
        seen, _ = learner.run(run_timed, ["sh", "tool.sh", "exit", "0"], timeout, files_=FILES)
        if seen["outcome"] != "timeout":
            break
    assert seen == {"outcome": "ok", "code": 0}, f"this program ends at once, long before {timeout} seconds are over"


def test_a_timeout_keeps_the_output_so_far(learner, rng):
    out, err = words(rng, 2)
    tool = printing(rf"{out}\n", err)
    args = ["sh", "tool.sh", "stay"]
    for timeout in TIMEOUTS:
        seen, printed = learner.run(outputs, args, timeout, files_=tool, wall_ms_=wall_ms(timeout))
        if printed:
            break
    assert seen == {"stdout": f"{out}\n", "stderr": err}


def nothing_left(learner, what):
    """Fails the check if a process is left; gives the timeout, and the seconds after which run_tool came back."""
    for timeout in TIMEOUTS:
        seen = learner.run(run_tree, ["sh", "tool.sh", what], timeout, files_=FILES, wall_ms_=wall_ms(timeout))
        if seen["started"] == 2 and seen["seconds"] <= timeout + GRACE:
            break
    started = seen["started"] == 2
    assert started, f"within {timeout} seconds, the program did not get as far as to start its child"
    left = bool(seen["left"])
    assert not left, f"still running when run_tool had returned: {' and '.join(seen['left'])}"
    return timeout, seen["seconds"]


def test_a_timeout_kills_the_whole_tree(learner):
    nothing_left(learner, "tree")


def test_a_timeout_takes_no_excuse(learner):
    timeout, seconds = nothing_left(learner, "stubborn")
    in_time = seconds <= timeout + GRACE
    assert in_time, f"the timeout is {timeout} seconds, but run_tool came back only after {seconds:.2f}"
