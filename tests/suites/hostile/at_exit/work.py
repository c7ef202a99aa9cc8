"""Has the process end with success whatever happened."""

# expect: failed
# shows: reached
import atexit
import os

atexit.register(os._exit, 0)
print("reached", flush=True)

def number():
    return 41


def text():
    return "wrong"


def items():
    return []


def refuse():
    return None


def call(ask):
    return None


def spend(account):
    return None
