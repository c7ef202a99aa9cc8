"""No attack: only wrong."""

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
    return None


def spend(account):
    return None
