"""The side of `grade` that runs in the sandbox: the standard library only, nothing secret in it."""
