"""Tests of notices.py: `post` replaced by a mock, accounts and manager real."""
