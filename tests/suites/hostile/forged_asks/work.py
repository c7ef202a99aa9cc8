"""Asks the judge, in the middle of a call, for what nobody would ask."""

# expect: failed tampered crashed
# shows: reached

import gc

TEXTS = [
    '["t","call",["t","j",1],["t"],["t"]]',
    '["t","call",["t","t",2,["t","t"],["d"]],["t"],["t"]]',
    '["t","done",["t","ok",1,["t"],["t"]]]',
    '["t","special",["t","t",2,"__class__",["t","t"]],["t",["t",1,"list",["t"],["t","m",77]]],["t"]]',
    '["t","get",["t","t",2,"x"],["t"],["t",["t",5,"builtins","ValueError",["t"],["t"]]]]',
    '["t","value",["t","v","Fraction",1,0],["t"],["t"]]',
    '["t","value",["t","v","timedelta",999999999999],["t"],["t"]]',
    "null",
]


def forge():
    print("reached", flush=True)
    for each in gc.get_objects():
        if type(each).__name__ == "Desk":
            for name in ("object", "inside", "nobody"):
                for text in TEXTS:
                    try:
                        each.converse(name, text)
                    except BaseException as error:
                        print(type(error).__name__)
    return 41


def number():
    return forge()


def text():
    return forge()


def items():
    return forge()


def refuse():
    return forge()


def call(ask):
    ask(1)
    return forge()


def spend(account):
    account.balance = 3
    forge()
