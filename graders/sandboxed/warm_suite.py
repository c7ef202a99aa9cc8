"""A suite for `warm_pytest` to run: a little of all that learners' tests do. One of them fails, as learners' do."""

from __future__ import annotations

import pytest


@pytest.fixture
def two() -> int:
    return 2


@pytest.mark.parametrize("n", [1, 2, 3])
def test_table(n: int, two: int) -> None:
    assert n * two % two == 0


def test_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ZeroDivisionError):
        monkeypatch.setattr("math.tau", 1 / 0)


def test_fails(two: int) -> None:
    assert two == 3
