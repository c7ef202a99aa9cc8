"""Five decorators. The README says exactly what each of them does."""


def timer(func):
    """Print how long each call of the function takes."""
    raise NotImplementedError("timer is not written yet")


def retry(max_attempts=3, delay=1):
    """Call the function again when it raises, up to max_attempts times, delay seconds apart."""
    raise NotImplementedError("retry is not written yet")


def memoize(func):
    """Remember results, and hand them out again for the same arguments."""
    raise NotImplementedError("memoize is not written yet")


def validate_types(func):
    """Check arguments and result against the function's annotations."""
    raise NotImplementedError("validate_types is not written yet")


def rate_limit(calls=5, period=1):
    """Let at most `calls` calls start in any `period` seconds; the others wait."""
    raise NotImplementedError("rate_limit is not written yet")
