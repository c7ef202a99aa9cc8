"""Suites: existing pytest and unittest files that import the learner's module, judged from outside (docs/suites.md)."""
