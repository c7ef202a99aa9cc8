"""What a submission could try, tried. Each line printed is `name<TAB>held|open<TAB>what happened`."""

import os
import socket
import sys


def tried(name, attempt):
    """`attempt` returns what it got out of the sandbox, or raises."""
    try:
        got = attempt()
    except BaseException as error:
        print(f"{name}\theld\t{type(error).__name__}: {error}".replace("\n", " "))
    else:
        print(f"{name}\topen\t{got}".replace("\n", " "))


def write(path):
    with open(path, "a"):
        os.unlink(path)
    return f"{path} can be written"


def host_files():
    seen = [path for path in ("/home", "/root", "/etc/shadow", "/etc/ssh", "/var/log", "/var/lib/dpkg") if can_look(path)]
    if seen:
        return ", ".join(seen) + " can be read"
    raise PermissionError("no such folder of the host is readable")


def can_look(path):
    try:
        if os.path.isdir(path):
            # Above the interpreter's own folder there is a bare way to it and nothing else.
            return any(not sys.base_prefix.startswith(os.path.join(path, name)) for name in os.listdir(path))
        with open(path, "rb"):
            return True
    except OSError:
        return False


def connect(family, address):
    with socket.socket(family, socket.SOCK_STREAM) as link:
        link.settimeout(1)
        try:
            link.connect(address)
        except ConnectionRefusedError:
            return "the host answered"
    return "connected"


def udp():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as link:
        link.sendto(b"x", ("127.0.0.1", 9))
    return "a datagram was sent"


def other_processes():
    seen = [name for name in os.listdir("/proc") if name.isdigit() and int(name) not in (1, os.getpid())]
    if seen:
        return f"{len(seen)} other processes are visible"
    raise PermissionError("none is visible")


def signal_parent():
    parent = os.getppid()
    if parent == 0:
        raise ProcessLookupError("the parent is not visible")
    os.kill(parent, 0)
    return f"process {parent} can be signalled"


def new_namespace():
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(0x10000000) != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return "a new user namespace was made"


def memory():
    held = bytearray(8 << 30)
    return f"{len(held)} bytes"


def processes():
    children = []
    try:
        for _ in range(200):
            child = os.fork()
            if child == 0:
                os.pause() if hasattr(os, "pause") else __import__("signal").pause()
                os._exit(0)
            children.append(child)
        return f"{len(children)} processes were started"
    finally:
        for child in children:
            os.kill(child, 9)
        for child in children:
            os.waitpid(child, 0)


def disk():
    with open("big", "wb") as file:
        for _ in range(512):
            file.write(bytes(1 << 20))
    return "512 MiB were written"


def environment():
    secrets = [name for name in os.environ if "TOKEN" in name or "KEY" in name or "SECRET" in name or name.startswith(("GITHUB", "SSH"))]
    if secrets:
        return ", ".join(secrets)
    raise KeyError("nothing of the caller's environment")


tried("write to the system", lambda: write("/usr/lib/grade-was-here"))
tried("read the host's files", host_files)
tried("reach the network (TCP)", lambda: connect(socket.AF_INET, ("127.0.0.1", 22)))
tried("reach the network (UDP)", udp)
tried("open a vsock", lambda: socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM) and "it was opened")
tried("see other processes", other_processes)
tried("signal its parent", signal_parent)
tried("make namespaces", new_namespace)
tried("use 8 GiB of memory", memory)
tried("start 200 processes", processes)
tried("write 512 MiB", disk)
tried("read the caller's environment", environment)
