"""Answers with containers that change with every look."""

# expect: failed
# shows: reached
class Evil(dict):
    pass


class Turning(list):
    turn = 0

    def __len__(self):
        return 3

    def __getitem__(self, index):
        Turning.turn += 1
        return Turning.turn


def number():
    print("reached", flush=True)
    return Turning()


def text():
    print("reached", flush=True)
    return Turning()


def items():
    print("reached", flush=True)
    return Turning()


def refuse():
    print("reached", flush=True)
    return Turning()


def call(ask):
    print("reached", flush=True)
    return Turning()


def spend(account):
    print("reached", flush=True)
    return Turning()
