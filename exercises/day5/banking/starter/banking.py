"""A small bank: accounts, their history, and a manager. See the README for what each part must do."""

from decimal import Decimal


class InsufficientFunds(Exception):
    """There is not enough on the account."""


class Account:
    """What all accounts have in common. Make it abstract."""

    def __init__(self, number: str, owner: str, opening: Decimal | int = 0) -> None:
        raise NotImplementedError

    @property
    def balance(self) -> Decimal:
        """What is on the account."""
        raise NotImplementedError

    @property
    def available(self) -> Decimal:
        """How much can be withdrawn right now. Make it abstract."""
        raise NotImplementedError

    @property
    def history(self) -> list[tuple[str, Decimal, Decimal]]:
        """(kind, amount, balance afterwards) of all that happened, oldest first."""
        raise NotImplementedError

    def deposit(self, amount: Decimal | int) -> None:
        """Add an amount."""
        raise NotImplementedError

    def withdraw(self, amount: Decimal | int) -> None:
        """Take an amount, if it is available."""
        raise NotImplementedError


class SavingsAccount(Account):
    """Earns interest."""


class CheckingAccount(Account):
    """May be overdrawn."""


class AccountManager:
    """Keeps accounts by number."""
