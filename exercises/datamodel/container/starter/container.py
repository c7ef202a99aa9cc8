"""A sequence of songs that behaves like a built-in one. See the README for what each method must do."""


class Playlist:
    """Songs in order. Never changes."""

    def __init__(self, songs=()):
        """Take the songs from any iterable."""
        raise NotImplementedError

    def __len__(self):
        """The number of songs."""
        raise NotImplementedError

    def __getitem__(self, index):
        """The song at an index, or for a slice a new playlist."""
        raise NotImplementedError

    def __iter__(self):
        """A new iterator over the songs."""
        raise NotImplementedError

    def __contains__(self, song):
        """Whether this song is on the playlist."""
        raise NotImplementedError
