"""Every answer is a list with an `==` of its own."""

# expect: failed
# shows: reached
class Evil(list):
    def __eq__(self, other):
        return True

    def __iter__(self):
        return iter([1, 2, 3])

    __hash__ = None


def number():
    print("reached", flush=True)
    return Evil()


def text():
    print("reached", flush=True)
    return Evil()


def items():
    print("reached", flush=True)
    return Evil()


def refuse():
    print("reached", flush=True)
    return Evil()


def call(ask):
    print("reached", flush=True)
    return Evil()


def spend(account):
    print("reached", flush=True)
    return Evil()
