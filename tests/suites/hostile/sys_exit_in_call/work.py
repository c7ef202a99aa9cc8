"""Raises SystemExit in every call."""

# expect: failed
# shows: reached
import sys


def number():
    print("reached", flush=True)
    return sys.exit(0)


def text():
    print("reached", flush=True)
    return sys.exit(0)


def items():
    print("reached", flush=True)
    return sys.exit(0)


def refuse():
    print("reached", flush=True)
    return sys.exit(0)


def call(ask):
    print("reached", flush=True)
    return sys.exit(0)


def spend(account):
    print("reached", flush=True)
    return sys.exit(0)
