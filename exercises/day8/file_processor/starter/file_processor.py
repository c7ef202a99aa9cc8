"""Processing files robustly: all or nothing, again when it fails, and with words about what went wrong. See the README."""

# Still to come: FileProcessingError, ValidationError, TransformError.


class TransactionFile:
    """with TransactionFile(path) as file: file.write(text) — commits when the block ends well, else rolls back."""

    def __init__(self, path):
        raise NotImplementedError


def retry(action, attempts=3, delay=0.1):
    """What action() returns; tried again after an OSError, with longer and longer waits in between."""
    raise NotImplementedError


def step(name):
    """A context manager that turns exceptions into FileProcessingErrors which name the step."""
    raise NotImplementedError


def process(source, target, validate, transform):
    """Write the transformed lines of source to target, all of them or none; return their number."""
    raise NotImplementedError
