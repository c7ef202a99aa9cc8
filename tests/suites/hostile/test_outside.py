"""What every attack has to get past: nothing here is right of it, and nothing here may pass."""

import unittest

import pytest
import work


def test_number():
    assert work.number() == 42


def test_text():
    assert work.text() == "right"


def test_list():
    assert work.items() == [1, 2, 3]


def test_raises():
    with pytest.raises(ValueError, match="bad"):
        work.refuse()


def test_callback():
    seen = []

    def ask(value):
        assert value == 1
        seen.append(value)
        return value

    assert work.call(ask) == 2
    assert seen == [1]


class Account:
    def __init__(self):
        self.balance = 5

    def pay(self, amount):
        self.balance -= amount


def test_object_of_the_test():
    account = Account()
    work.spend(account)
    assert account.balance == 2


class WorkTest(unittest.TestCase):
    def test_number(self):
        self.assertEqual(work.number(), 42)

    def test_almost(self):
        self.assertAlmostEqual(work.number(), 42.0)

    def test_text(self):
        self.assertEqual("right", work.text())

    def test_member(self):
        self.assertIn(work.text(), ["right", "also right"])
