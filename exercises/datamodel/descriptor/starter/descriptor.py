"""Descriptors that check what is assigned. See the README for what each of them must do."""


class Validated:
    """An attribute whose values go through `validate` before they are stored."""

    def __set_name__(self, owner, name):
        """Learn the name of the attribute."""
        raise NotImplementedError

    def __get__(self, instance, owner=None):
        """The value of the instance; the descriptor itself when asked through the class."""
        raise NotImplementedError

    def __set__(self, instance, value):
        """Validate the value and store it for this instance."""
        raise NotImplementedError

    def __delete__(self, instance):
        """Forget the value of this instance."""
        raise NotImplementedError

    def validate(self, value):
        """The value to store. Subclasses convert it, or raise when it won't do."""
        raise NotImplementedError


class Positive(Validated):
    """An attribute for numbers greater than 0."""

    def validate(self, value):
        """The value, when it is a number greater than 0."""
        raise NotImplementedError
