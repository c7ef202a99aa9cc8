def rotate(items, steps):
    """Return items moved steps places to the right."""
    raise NotImplementedError
