"""Asks pytest to stop with success."""

# expect: failed crashed tampered
# shows: reached
import sys


def leave():
    pytest = sys.modules.get("pytest")
    if pytest is None:
        raise RuntimeError("no pytest here")
    pytest.exit("enough", returncode=0)


def number():
    print("reached", flush=True)
    return leave()


def text():
    print("reached", flush=True)
    return leave()


def items():
    print("reached", flush=True)
    return leave()


def refuse():
    print("reached", flush=True)
    return leave()


def call(ask):
    print("reached", flush=True)
    return leave()


def spend(account):
    print("reached", flush=True)
    return leave()
