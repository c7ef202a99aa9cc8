"""Writes answers of its own on the channel."""

# expect: failed tampered crashed
# shows: reached
import os
import struct

print("reached", flush=True)


def forge():
    body = b"A" + bytes(8) + b'["t","ok",["t","ok",42,["t"],["t"]]]'
    os.write(3, struct.pack(">I", len(body)) + body)
    return 41


def number():
    print("reached", flush=True)
    return forge()


def text():
    print("reached", flush=True)
    return forge()


def items():
    print("reached", flush=True)
    return forge()


def refuse():
    print("reached", flush=True)
    return forge()


def call(ask):
    print("reached", flush=True)
    return forge()


def spend(account):
    print("reached", flush=True)
    return forge()
