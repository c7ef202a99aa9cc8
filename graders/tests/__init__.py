"""Tests of `grader` and `sandboxed`, and `tests.inprocess` for authors."""
