"""Every answer is a number with operators of its own."""

# expect: failed
# shows: reached
class Evil(int):
    def __eq__(self, other):
        return True

    __hash__ = int.__hash__

    def __sub__(self, other):
        return 0

    __rsub__ = __sub__


def number():
    print("reached", flush=True)
    return Evil(7)


def text():
    print("reached", flush=True)
    return Evil(7)


def items():
    print("reached", flush=True)
    return Evil(7)


def refuse():
    print("reached", flush=True)
    return Evil(7)


def call(ask):
    print("reached", flush=True)
    return Evil(7)


def spend(account):
    print("reached", flush=True)
    return Evil(7)
