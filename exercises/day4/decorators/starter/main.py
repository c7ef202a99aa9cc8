"""Shows the five decorators at work."""


def main():
    # For each of the five: from decorators import it, decorate a function, call it, print what happens.
    raise NotImplementedError("main.py is not written yet")


if __name__ == "__main__":
    main()
