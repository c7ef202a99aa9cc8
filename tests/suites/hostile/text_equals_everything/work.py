"""Every answer is a text with an `==` of its own."""

# expect: failed
# shows: reached
class Evil(str):
    def __eq__(self, other):
        return True

    def __ne__(self, other):
        return False

    def __hash__(self):
        return hash("right")


def number():
    print("reached", flush=True)
    return Evil("wrong")


def text():
    print("reached", flush=True)
    return Evil("wrong")


def items():
    print("reached", flush=True)
    return Evil("wrong")


def refuse():
    print("reached", flush=True)
    return Evil("wrong")


def call(ask):
    print("reached", flush=True)
    return Evil("wrong")


def spend(account):
    print("reached", flush=True)
    return Evil("wrong")
