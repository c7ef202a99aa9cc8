"""Has the grader's own sandbox side answer what was never asked."""

# expect: failed tampered crashed
# shows: reached
import gc

print("reached", flush=True)


def forge():
    for each in gc.get_objects():
        if type(each).__name__ == "Objects":
            each.serve = lambda request: ("ok", 42, (), ())
            each.pack = lambda value: ("k", 1)
    for each in gc.get_objects():
        if type(each).__name__ == "_Plugin" and hasattr(each, "_tell"):
            each._outcome = lambda *_: ("passed", "", "", "")
            each._tell(("result", "0" * 16, "passed", "", "", ""))
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
