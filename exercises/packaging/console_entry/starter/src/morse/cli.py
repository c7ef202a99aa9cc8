"""The command `morse`: see the README."""


def encode(text, table):
    """The text as Morse code: a space between letters, ` / ` between words.

    `table` has the code of each character, capital letters only. A character that it lacks is a ValueError.
    """
    words = []
    for word in text.upper().split():
        unknown = [character for character in word if character not in table]
        if unknown:
            raise ValueError(f"there is no code for {unknown[0]!r}")
        words.append(" ".join(table[character] for character in word))
    return " / ".join(words)


def read_table():
    """The codes in codes.txt, as {character: code}."""
    raise NotImplementedError


def main():
    """What the command does; the arguments are in sys.argv."""
    raise NotImplementedError
