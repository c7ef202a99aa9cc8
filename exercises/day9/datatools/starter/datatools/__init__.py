"""Tools for small tables: see the README."""
