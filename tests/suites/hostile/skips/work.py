"""Raises what test frameworks take for a wish to skip."""

# expect: failed
# shows: reached
import unittest


def leave():
    raise unittest.SkipTest("not today")


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
