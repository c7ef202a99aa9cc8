"""Tests of banking.py: each class for itself."""
