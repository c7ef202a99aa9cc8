"""Runs `grade` for a test and reports, as JSON on standard output, how it ended and what it left behind.

What loses its parent becomes a child of this process, so that nothing escapes the count.
"""

import ctypes
import glob
import json
import os
import signal
import subprocess
import sys
import time

PR_SET_CHILD_SUBREAPER = 36
LINGER_S = 2.0


def processes():
    """pid → (parent, state, command line) of everything below this process."""
    table = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open(f"/proc/{name}/stat") as stat, open(f"/proc/{name}/cmdline") as line:
                    fields = stat.read().rpartition(")")[2].split()
                    table[int(name)] = (int(fields[1]), fields[0], line.read().replace("\0", " ").strip())
            except OSError:
                continue

    def below(pid):
        while pid in table:
            pid = table[pid][0]
            if pid == os.getpid():
                return True
        return False

    return {pid: each for pid, each in table.items() if below(pid)}


def reap():
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def left_running():
    end = time.monotonic() + LINGER_S
    while True:
        reap()
        alive = [line or "?" for _, state, line in processes().values() if state != "Z"]
        if not alive or time.monotonic() > end:
            return alive
        time.sleep(0.01)


def cgroups(pid):
    found = []
    with open("/proc/self/cgroup") as table:
        for row in table:
            _, names, path = row.rstrip("\n").split(":", 2)
            found += glob.glob(f"/sys/fs/cgroup/{names}{path}/grade-{pid}-*")
    return found


def objects():
    """What can outlive a process outside of any file of ours."""
    found = set()
    for kind in ("shm", "msg", "sem"):
        with open(f"/proc/sysvipc/{kind}") as table:
            found.update(f"{kind} {row.split()[1]}" for row in list(table)[1:])
    for folder in ("/dev/shm", "/dev/mqueue", "/run/lock", "/var/tmp"):
        try:
            found.update(entry.path for entry in os.scandir(folder) if entry.stat(follow_symlinks=False).st_uid > 4000)
        except OSError:
            continue
    with open("/proc/self/mountinfo") as table:
        found.update("mount " + row.split()[4] for row in table)
    return found


def victim(who, pid):
    """The process that is to be killed, once learner code runs."""
    table = processes()
    zygotes = {each for each, (_, _, line) in table.items() if "zygote.py" in line}
    if not any(table[each][0] in zygotes for each in zygotes):
        return None
    if who == "grade":
        return pid
    marks = {"judge": "judge.py", "stage": "__stage"}
    return next((each for each, (_, _, line) in table.items() if marks[who] in line), None)


def main():
    order = json.loads(sys.argv[1])
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    before, started = objects(), time.monotonic()
    child = subprocess.Popen(
        order["command"],
        cwd=order["cwd"],
        env=order["env"],
        stdin=subprocess.DEVNULL,
        stdout=open(order["stdout"], "wb"),
        stderr=open(order["stderr"], "wb"),
    )
    hit = order["hit"]
    while child.poll() is None and time.monotonic() < started + order["limit_s"]:
        time.sleep(0.005)
        if hit and (pid := victim(hit[0], child.pid)):
            # Learner code is known to run; a moment more, so that it is in the middle of it.
            time.sleep(0.3)
            os.kill(pid, hit[1])
            hit = None
    hung = child.poll() is None
    took = time.monotonic() - started
    if hung:
        child.send_signal(signal.SIGKILL)
        child.wait()
    left = left_running()
    for pid in processes():
        os.kill(pid, signal.SIGKILL)
    print(
        json.dumps(
            {
                "code": None if hung else child.returncode,
                "took_ms": int(took * 1000),
                "not_hit": hit is not None and bool(hit),
                "left": [f"process {line}" for line in left]
                + [f"cgroup {path}" for path in cgroups(child.pid)]
                + [f"file {name}" for name in os.listdir(order["temporary"])]
                + sorted(objects() - before),
            }
        )
    )


main()
