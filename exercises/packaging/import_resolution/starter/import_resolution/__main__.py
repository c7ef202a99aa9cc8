"""`python -m import_resolution NAME...`: one line for each name."""

raise NotImplementedError
