"""Uses what it was lent to get at the judge's own process."""

# expect: failed tampered
# shows: reached
import gc




def dig(lent):
    found = []
    for path in ("__globals__", "__code__", "__closure__", "__self__", "__class__", "__dict__", "__init__", "_pay", "gi_frame"):
        try:
            found.append(getattr(lent, path))
        except Exception as error:
            found.append(error)
    for each in gc.get_objects():
        if type(each).__name__ == "Objects":
            for number in range(60):
                for verb, args in (("get", ("__globals__",)), ("get", ("__class__",)), ("call", ((), {})), ("special", ("__init__", ())),
                                   ("special", ("__getattribute__", ("__globals__",))), ("set", ("__code__", None)), ("evil", ())):
                    try:
                        each.ask(verb, number, *args)
                    except BaseException as error:
                        print(type(error).__name__)
    return 2


def number():
    return 41


def text():
    return "wrong"


def items():
    return []


def refuse():
    return None


def call(ask):
    print("reached", flush=True)
    return dig(ask)


def spend(account):
    print("reached", flush=True)
    dig(account)
