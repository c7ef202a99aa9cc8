"""Text as Morse code."""
