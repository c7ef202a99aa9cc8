"""Writing tables as text."""
