"""Replaces the assertions of unittest and pytest, and builtins."""

# expect: failed tampered
# shows: reached
import builtins
import sys
import unittest

print("reached", flush=True)
for name in dir(unittest.TestCase):
    if name.startswith("assert"):
        setattr(unittest.TestCase, name, lambda self, *_, **__: None)
unittest.TestCase.fail = lambda *_: None
unittest.TestCase.run = lambda self, result=None: result
builtins.isinstance = lambda *_: True
builtins.AssertionError = type("Quiet", (Exception,), {})
builtins.all = builtins.any = lambda _: True
for module in list(sys.modules.values()):
    for name in ("raises", "fail", "call_runtest_hook", "check_interactive_exception"):
        if hasattr(module, name):
            setattr(module, name, lambda *_, **__: None)


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
