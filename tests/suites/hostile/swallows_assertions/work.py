"""Swallows the assertions of functions that it calls."""

# expect: failed
# shows: reached
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
    try:
        ask(2)
    except BaseException:
        pass
    ask(1)
    return 2


def spend(account):
    account.balance = 3
