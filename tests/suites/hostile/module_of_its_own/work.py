"""Puts an object in place of its module that has every name."""

# expect: failed
# shows: reached
class Evil:
    def __eq__(self, other):
        return True

    def __ne__(self, other):
        return False

    def __hash__(self):
        return 0

    def _same(self, *_):
        return self

    __add__ = __radd__ = __sub__ = __rsub__ = __abs__ = _same

    def __round__(self, *_):
        return 0

    def __lt__(self, other):
        return True

    __le__ = __gt__ = __ge__ = __lt__

    def __float__(self):
        return 42.0

    def __iter__(self):
        return iter([1, 2, 3])

    def __len__(self):
        return 3


import sys


class Everything:
    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        print("reached", flush=True)
        return lambda *_: Evil()


sys.modules[__name__] = Everything()
