"""Count the functions in a program without running it: a function and a command line. See the README."""


def count_functions(source):
    """A dict with the numbers of defs, async_defs, lambdas, top_level, methods and nested in the source code."""
    raise NotImplementedError


def main():
    """Count what is in the file that the command line names, and print it."""
    raise NotImplementedError


if __name__ == "__main__":
    main()
