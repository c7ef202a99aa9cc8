"""Raises KeyboardInterrupt as if somebody had pressed a key."""

# expect: failed
# shows: reached
def leave():
    raise KeyboardInterrupt


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
