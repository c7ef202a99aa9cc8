"""How datatools is used; prints something."""

raise NotImplementedError
