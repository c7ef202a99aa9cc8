"""Shows what Python knows about a value: type, identity, size, whether it can change, and its methods."""


def is_mutable(val):
    """Whether the value itself can be changed after it was made."""
    raise NotImplementedError


def public_methods(val):
    """The names of the value's methods that don't begin with an underscore, in the order of the alphabet."""
    raise NotImplementedError


def inspect_value(val):
    """Prints value, type, id, size, mutability and methods of the value, one on each line."""
    raise NotImplementedError
