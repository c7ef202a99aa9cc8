"""Raises what no `except Exception` catches."""

# expect: failed
# shows: reached
class Quit(BaseException):
    pass


def leave():
    raise Quit(0)


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
