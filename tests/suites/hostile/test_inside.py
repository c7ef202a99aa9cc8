"""The same by tests that have to run inside."""

import unittest
from unittest.mock import patch

import pytest
import work


def test_number(tmp_path):
    assert work.number() == 42


def test_text(monkeypatch):
    assert work.text() == "right"


def test_raises(tmp_path):
    with pytest.raises(ValueError, match="bad"):
        work.refuse()


class WorkTest(unittest.TestCase):
    @patch("time.sleep")
    def test_number(self, _):
        self.assertEqual(work.number(), 42)

    @patch("time.sleep")
    def test_text(self, _):
        self.assertEqual("right", work.text())
