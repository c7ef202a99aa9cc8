"""Judges internals/safe_subprocess: what a small shell script, run by `run_tool`, gets to see and leaves behind."""

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
stay)   printf 'STDOUT'; printf 'STDERR' >&2; exec sleep 30 ;;
tree)   sleep 30 & echo "$$ $!" > pids; wait ;;
stubborn) trap '' TERM; sleep 30 & echo "$$ $!" > pids; wait ;;
esac
"""
FILES = {"tool.sh": TOOL.encode()}
# Seconds. The longer one is for a machine so busy that the tool wasn't up and running in the shorter one.
TIMEOUTS = (0.15, 1.5)
WALL_MS = 3500


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
    """run_tool(["sh", "tool.sh", "args", "seen", *{args}], 10)"""
    import os

    forget("seen")
    before = set(os.listdir())
    safe_subprocess.run_tool(["sh", "tool.sh", "args", "seen", *args], 10)
    made = sorted(set(os.listdir()) - before - {"seen"})
    try:
        with open("seen", encoding="utf-8", newline="") as seen:
            arrived = seen.read().split("\x1e")[:-1]
    except (OSError, ValueError):
        arrived = "the tool didn't get to write down its arguments"
    return {"arguments": arrived, "files made by the shell": made}


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


def test_arguments_arrive_unchanged(learner, rng):
    one, two, three = words(rng, 3)
    args = [f"{one} {two}", "", f"  {three}", f"-{one}", "--help", "--", "", " ", f"naïve ☃ 日本 {two}", "%s", "{}"]
    args += [f'"{one}"', f"it's {three}", "'", '"', rf"back\slash\n{one}", f"tab\tand\nnewline {two}"]
    rng.shuffle(args)
    seen = learner.run(run_args, args, files_=FILES)
    assert seen["arguments"] == args


def test_injection_strings_stay_text(learner, rng):
    word = words(rng, 1)[0]
    tricks = [";>{}1", "$(>{}2)", "`>{}3`", "|>{}4", "&&>{}5", "&>{}6"]  # `>file` alone makes a file
    args = [*(trick.format(word) for trick in tricks), "*", "$PATH", "${HOME}", "~", "!!", "#"]
    rng.shuffle(args)
    seen = learner.run(run_args, args, files_=FILES)
    assert seen == {"arguments": args, "files made by the shell": []}


def test_no_shell_in_between(learner, rng):
    args = ["sh", "tool.sh", "args", "seen", *words(rng, 2)]
    seen = learner.run(run_watched, args, files_=FILES)
    assert seen == {"the program ran": True, "other processes that were started": []}


def test_bad_args_are_refused(learner, rng):
    word = words(rng, 1)[0]
    for args, error in ((f"sh tool.sh exit {word}", "TypeError"), ([], "ValueError")):
        answer = learner.attempt(run, args, 10, files_=FILES)
        refused = error if isinstance(answer, Raised) and answer.is_a(error) else answer
        assert {f"run_tool({args!r}, 10)": refused} == {f"run_tool({args!r}, 10)": error}


# --- how it ended ----------------------------------------------------------------------------------------------------


@probe
def ending(safe_subprocess, args):
    """run_tool({args}, 10)"""
    seen = told(safe_subprocess.run_tool(args, 10))
    return {"outcome": seen["outcome"], "code": seen["code"]}


@probe
def run_not_executable(safe_subprocess, name):
    """run_tool(["./{name}"], 10), where {name} exists but is not executable"""
    import os

    with open(name, "w") as file:
        file.write("#!/bin/sh\necho this should not run\n")
    os.chmod(name, 0o644)
    return told(safe_subprocess.run_tool([f"./{name}"], 10))


def test_exit_codes_are_told(learner, rng):
    for code in (0, 1, rng.randint(2, 125), 126, 127, rng.randint(129, 159), 255):
        seen = learner.run(ending, ["sh", "tool.sh", "exit", str(code)], files_=FILES)
        assert seen == {"outcome": "failed" if code else "ok", "code": code}


def test_signals_are_told(learner, rng):
    for name in rng.sample(["TERM", "KILL", "USR1", "USR2", "ALRM"], 3):
        seen = learner.run(ending, ["sh", "tool.sh", "signal", name], files_=FILES)
        assert seen == {"outcome": "killed", "code": int(getattr(signal, f"SIG{name}"))}


def test_what_cannot_start_is_told(learner, rng):
    word = words(rng, 1)[0]
    expected = {"outcome": "not_started", "code": None, "stdout": "", "stderr": ""}
    assert learner.run(run, [f"no-such-tool-{word}", "--version"], 10) == expected
    assert learner.run(run, [f"./{word}/tool"], 10) == expected
    assert learner.run(run_not_executable, f"{word}.txt") == expected


# --- input and output ------------------------------------------------------------------------------------------------


@probe
def outputs(safe_subprocess, args, timeouts):
    """what run_tool({args}, {timeouts[0]}) has in stdout and stderr"""
    for timeout in timeouts:
        seen = told(safe_subprocess.run_tool(args, timeout))
        if seen["stdout"] and seen["stderr"]:
            break
    return {"stdout": seen["stdout"], "stderr": seen["stderr"]}


@probe
def run_flood(safe_subprocess, args):
    """run_tool({args}, 2.5), which prints that many characters, in turns to stdout and stderr"""
    seen = told(safe_subprocess.run_tool(args, 2.5))
    return {"outcome": seen["outcome"], "stdout": len(seen["stdout"]), "stderr": len(seen["stderr"])}


@probe
def run_reader(safe_subprocess, secret):
    """run_tool(["sh", "tool.sh", "read"], 10), while {secret} waits in our own standard input"""
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
    tool = printing(rf" {out}\n{out} \n\n", rf"{err}\n\n ")
    seen = learner.run(outputs, ["sh", "tool.sh", "say"], [10], files_=tool)
    assert seen == {"stdout": f" {out}\n{out} \n\n", "stderr": f"{err}\n\n "}
    seen = learner.run(outputs, ["sh", "tool.sh", "exit", "0"], [10], files_=tool)
    assert seen == {"stdout": "", "stderr": ""}


def test_output_is_decoded_as_utf8(learner, rng):
    out, err = words(rng, 2)
    tool = printing(rf"{out}\303\251\377{out}", rf"\342\230\203{err}\200")
    seen = learner.run(outputs, ["sh", "tool.sh", "say"], [10], files_=tool)
    assert seen == {"stdout": f"{out}é\ufffd{out}", "stderr": f"☃{err}\ufffd"}


def test_large_output_does_not_block(learner, rng):
    sizes = [rng.randint(150_000, 200_000) for _ in range(2)]
    args = ["sh", "tool.sh", "flood", *map(str, sizes)]
    seen = learner.run(run_flood, args, files_=FILES, wall_ms_=WALL_MS)
    assert seen == {"outcome": "ok", "stdout": sum(sizes), "stderr": sum(sizes)}


def test_stdin_is_empty(learner, rng):
    seen = learner.run(run_reader, words(rng, 1)[0], files_=FILES)
    assert seen == {"the program found": "the end"}


# --- time ------------------------------------------------------------------------------------------------------------


@probe
def run_timed(safe_subprocess, args, timeout, at_least, at_most):
    """run_tool({args}, {timeout})"""
    import time

    start = time.monotonic()
    seen = told(safe_subprocess.run_tool(args, timeout))
    seconds = time.monotonic() - start
    when = "in time" if at_least <= seconds <= at_most else f"after {seconds:.2f} seconds"
    return {"outcome": seen["outcome"], "code": seen["code"], "returned": when}


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
def run_tree(safe_subprocess, what, timeouts):
    """run_tool(["sh", "tool.sh", {what}], {timeouts[0]}), which starts `sleep 30` and waits for it"""
    import contextlib
    import os
    import signal
    import subprocess

    pids = []
    for timeout in timeouts:
        forget("pids")
        with contextlib.suppress(subprocess.TimeoutExpired):  # another check's business
            safe_subprocess.run_tool(["sh", "tool.sh", what], timeout)
        if os.path.exists("pids"):
            with open("pids") as file:
                pids = [int(pid) for pid in file.read().split()]
        if len(pids) == 2:
            break
    left = running(pids, 0.5)
    for pid in left:
        os.kill(pid, signal.SIGKILL)
    return {"started": len(pids), "still running": [["program", "child"][pids.index(pid)] for pid in left]}


def test_it_returns_when_the_program_ends(learner, rng):
    args, timeout = ["sh", "tool.sh", "exit", "0"], rng.randint(1, 9)
    for _ in range(3):  # a busy machine gets a second and a third chance
        seen = learner.run(run_timed, args, timeout, 0, 0.4, files_=FILES, wall_ms_=WALL_MS)
        if seen["returned"] == "in time":
            break
    assert seen["returned"] == "in time"


def test_a_timeout_is_told(learner, rng):
    timeout = rng.choice([0.1, 0.15, 0.2])
    args = ["sh", "tool.sh", "stay"]
    seen = learner.run(run_timed, args, timeout, timeout - 0.01, timeout + 1, files_=FILES, wall_ms_=WALL_MS)
    assert seen == {"outcome": "timeout", "code": None, "returned": "in time"}


def test_a_timeout_keeps_the_output_so_far(learner, rng):
    out, err = words(rng, 2)
    tool = printing(rf"{out}\n", err)
    seen = learner.run(outputs, ["sh", "tool.sh", "stay"], list(TIMEOUTS), files_=tool, wall_ms_=WALL_MS)
    assert seen == {"stdout": f"{out}\n", "stderr": err}


def test_a_timeout_kills_the_whole_tree(learner):
    seen = learner.run(run_tree, "tree", list(TIMEOUTS), files_=FILES, wall_ms_=WALL_MS)
    assert seen == {"started": 2, "still running": []}


def test_a_timeout_takes_no_excuse(learner):
    seen = learner.run(run_tree, "stubborn", list(TIMEOUTS), files_=FILES, wall_ms_=WALL_MS)
    assert seen == {"started": 2, "still running": []}
