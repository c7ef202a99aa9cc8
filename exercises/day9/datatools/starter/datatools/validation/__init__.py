"""Finding what is wrong in a table."""
