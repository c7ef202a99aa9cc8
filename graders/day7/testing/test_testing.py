"""Judges day7/testing: the learner's tests of the bank, on their own code, on right code, and on faulty code."""

import configparser

from grader import Learner
from grader.own_tests import OwnTests, changed, sample

BANKING = sample(__file__, "right_plain", "banking.py")
NOTICES = sample(__file__, "right_plain", "notices.py")
# The same by other means.
OTHERWISE = """
SENT = "{} has sent you {:.2f}"


def post(recipient, text):
    raise ConnectionRefusedError("there is no server")


def send_money(manager, source, target, amount):
    sender, receiver = (manager.get(number).owner for number in (source, target))
    manager.transfer(source, target, amount)
    try:
        post(receiver, SENT.format(sender, amount))
    except OSError:
        delivered = False
    else:
        delivered = True
    return delivered
"""


def bank(*changes: tuple[str, str]) -> dict[str, str]:
    """The right code, with one fault in the bank."""
    return {"banking": changed(BANKING, *changes)}


def notice(*changes: tuple[str, str]) -> dict[str, str]:
    """The right code, with one fault in `notices.py`."""
    return {"notices": changed(NOTICES, *changes)}


ADDED, ENTERED = "self._balance += sign * amount", "self._history.append((kind, amount, self._balance))"
HISTORY = "    @property\n    def history"
SAVINGS_AVAILABLE = "        return self.balance\n\n    def add_interest"
POSTED = 'post(receiver.owner, f"{sender.owner} has sent you {amount:.2f}")'
TRANSFERRED = "    manager.transfer(source, target, amount)\n"

TESTS = OwnTests(
    ["test_banking.py", "test_notices.py"],
    modules={"banking": "banking.py", "notices": "notices.py"},
    right=[
        {"banking": BANKING, "notices": NOTICES},
        {"banking": sample(__file__, "right_in_cents", "banking.py"), "notices": OTHERWISE},
    ],
    faults={
        "a_refused_last_cent": {
            "all that is available can't be withdrawn": bank(("amount > self.available", "amount >= self.available"))
        },
        "overdrawn_savings": {
            "a savings account can be overdrawn": bank(
                (SAVINGS_AVAILABLE, "        return self.balance + 1000\n\n    def add_interest")
            )
        },
        "an_ignored_overdraft": {
            "a checking account has no overdraft": bank(("return self.balance + self.overdraft", "return self.balance"))
        },
        "withdrawals_that_add": {
            "a withdrawal adds its amount": bank(
                (
                    'self.book("withdrawal", self.coverable(amount), -1)',
                    'self.book("withdrawal", self.coverable(amount), 1)',
                )
            )
        },
        "amounts_of_nothing": {
            "an amount of 0 is accepted": bank(("    if amount <= 0:", "    if amount < 0:")),
            "a negative amount is accepted": bank(("    if amount <= 0:", "    if amount == 0:")),
        },
        "split_cents": {"a fraction of a cent is accepted": bank(("    if amount % CENT != 0:", "    if False:"))},
        "floats_as_amounts": {
            "a float is accepted": bank(
                ("isinstance(amount, (int, Decimal))", "isinstance(amount, (int, float, Decimal))")
            )
        },
        "traces_of_refusals": {
            "a refused withdrawal is in the history": bank(
                (
                    "        if amount > self.available:\n",
                    "        if amount > self.available:\n"
                    '            self._history.append(("withdrawal", amount, self._balance))\n',
                )
            )
        },
        "a_history_given_away": {
            "whoever changes the list that `history` gives changes the account": bank(
                ("return list(self._history)", "return self._history")
            )
        },
        "balances_from_before": {
            "the history has balances from before": bank(
                (
                    f"        {ADDED}\n        {ENTERED}",
                    f"        {ENTERED}\n        {ADDED}",
                )
            )
        },
        "a_forgotten_opening": {
            "the opening balance is not in the history": bank(
                ("            self.deposit(opening)", "            self._balance = opening")
            )
        },
        "a_writable_balance": {
            "`balance` can be assigned": bank(
                (
                    HISTORY,
                    f"    @balance.setter\n    def balance(self, to):\n        self._balance = to\n\n{HISTORY}",
                )
            )
        },
        "interest_rounded_down": {
            "half a cent of interest is rounded down": bank(
                (
                    "from decimal import ROUND_HALF_UP, Decimal",
                    "from decimal import ROUND_DOWN as ROUND_HALF_UP, Decimal",
                )
            )
        },
        "equality_of_balances": {
            "accounts with the same number and other balances are not equal": bank(
                (
                    "return self.number == other.number",
                    "return (self.number, self.balance) == (other.number, other.balance)",
                )
            )
        },
        "money_lost_in_transfer": {
            "the money is gone when the receiving account isn't there": bank(
                (
                    "        giver, taker = self.get(source), self.get(target)\n        if giver is taker:",
                    "        giver = self.get(source)\n        if source not in self or target not in self:\n"
                    '            giver.book("transfer out", giver.coverable(amount), -1)\n'
                    "        taker = self.get(target)\n        if giver is taker:",
                )
            )
        },
        "transfers_to_oneself": {
            "an account can send money to itself": bank(
                ('        if giver is taker:\n            raise ValueError("both accounts are the same")\n', "")
            )
        },
        "closing_with_money": {
            "an account that isn't empty can be closed": bank(
                ("        if self._accounts[number].balance != 0:", "        if False:")
            )
        },
        "numbers_given_twice": {
            "a number can be added twice": bank(("        if account.number in self._accounts:", "        if False:"))
        },
        "a_total_without_debts": {
            "`total` leaves out accounts below zero": bank(
                (
                    "sum((account.balance for account in self), Decimal(0))",
                    "sum((account.balance for account in self if account.balance > 0), Decimal(0))",
                )
            )
        },
        "no_notice": {"no notice is posted": notice((POSTED, "pass"))},
        "notices_of_refusals": {
            "a notice is posted although the transfer is refused": notice(
                (
                    TRANSFERRED,
                    f"    try:\n    {TRANSFERRED}    except Exception:\n"
                    "        post(manager.get(target).owner, str(amount))\n        raise\n",
                )
            )
        },
        "a_notice_to_the_sender": {
            "the notice goes to who has sent the money": notice(("post(receiver.owner", "post(sender.owner"))
        },
        "a_wrong_sum_in_the_notice": {"the notice has no cents": notice(("{amount:.2f}", "{amount:.0f}"))},
        "a_failing_post": {
            "an OSError of `post` comes out": notice(("except OSError:", "except ValueError:")),
            "a notice counts as delivered although `post` failed": notice(
                ("        return False\n", "        return True\n")
            ),
        },
    },
)


def test_tests_pass_on_your_code(learner: Learner) -> None:
    TESTS.pass_on_own_code(learner)


def test_tests_pass_on_other_right_code(learner: Learner) -> None:
    TESTS.pass_on_right_code(learner)


def test_tests_notice_a_refused_last_cent(learner: Learner) -> None:
    TESTS.notice(learner, "a_refused_last_cent")


def test_tests_notice_overdrawn_savings(learner: Learner) -> None:
    TESTS.notice(learner, "overdrawn_savings")


def test_tests_notice_an_ignored_overdraft(learner: Learner) -> None:
    TESTS.notice(learner, "an_ignored_overdraft")


def test_tests_notice_withdrawals_that_add(learner: Learner) -> None:
    TESTS.notice(learner, "withdrawals_that_add")


def test_tests_notice_amounts_of_nothing(learner: Learner) -> None:
    TESTS.notice(learner, "amounts_of_nothing")


def test_tests_notice_split_cents(learner: Learner) -> None:
    TESTS.notice(learner, "split_cents")


def test_tests_notice_floats_as_amounts(learner: Learner) -> None:
    TESTS.notice(learner, "floats_as_amounts")


def test_tests_notice_traces_of_refusals(learner: Learner) -> None:
    TESTS.notice(learner, "traces_of_refusals")


def test_tests_notice_a_history_given_away(learner: Learner) -> None:
    TESTS.notice(learner, "a_history_given_away")


def test_tests_notice_balances_from_before(learner: Learner) -> None:
    TESTS.notice(learner, "balances_from_before")


def test_tests_notice_a_forgotten_opening(learner: Learner) -> None:
    TESTS.notice(learner, "a_forgotten_opening")


def test_tests_notice_a_writable_balance(learner: Learner) -> None:
    TESTS.notice(learner, "a_writable_balance")


def test_tests_notice_interest_rounded_down(learner: Learner) -> None:
    TESTS.notice(learner, "interest_rounded_down")


def test_tests_notice_equality_of_balances(learner: Learner) -> None:
    TESTS.notice(learner, "equality_of_balances")


def test_tests_notice_money_lost_in_transfer(learner: Learner) -> None:
    TESTS.notice(learner, "money_lost_in_transfer")


def test_tests_notice_transfers_to_oneself(learner: Learner) -> None:
    TESTS.notice(learner, "transfers_to_oneself")


def test_tests_notice_closing_with_money(learner: Learner) -> None:
    TESTS.notice(learner, "closing_with_money")


def test_tests_notice_numbers_given_twice(learner: Learner) -> None:
    TESTS.notice(learner, "numbers_given_twice")


def test_tests_notice_a_total_without_debts(learner: Learner) -> None:
    TESTS.notice(learner, "a_total_without_debts")


def test_tests_notice_no_notice(learner: Learner) -> None:
    TESTS.notice(learner, "no_notice")


def test_tests_notice_notices_of_refusals(learner: Learner) -> None:
    TESTS.notice(learner, "notices_of_refusals")


def test_tests_notice_a_notice_to_the_sender(learner: Learner) -> None:
    TESTS.notice(learner, "a_notice_to_the_sender")


def test_tests_notice_a_wrong_sum_in_the_notice(learner: Learner) -> None:
    TESTS.notice(learner, "a_wrong_sum_in_the_notice")


def test_tests_notice_a_failing_post(learner: Learner) -> None:
    TESTS.notice(learner, "a_failing_post")


def test_a_fixture_is_shared(learner: Learner) -> None:
    fixtures = TESTS.report(learner).fixtures
    assert fixtures, "none of your tests uses a fixture of your own"
    shared = [name for name, users in fixtures.items() if users >= 2]
    assert shared, "each of your fixtures is used by a single test"


def test_a_table_is_parametrized(learner: Learner) -> None:
    cases = TESTS.report(learner).cases
    assert cases, "none of your tests is parametrized"
    assert max(cases.values()) >= 3, "none of your parametrized tests has three cases or more"


def test_post_is_mocked(learner: Learner) -> None:
    sources = [learner.source(file) for file in ("test_notices.py", "conftest.py") if file in learner.files]
    uses_mock = any(
        source.imported("unittest.mock") or any("mock" in each.names for each in source.imports) for source in sources
    )
    assert uses_mock, "neither test_notices.py nor conftest.py imports unittest.mock"


def test_an_integration_test_is_marked(learner: Learner) -> None:
    marked = TESTS.report(learner).marks.get("integration", 0)
    assert marked, "none of your tests has the mark `integration`"


def test_pytest_ini_is_strict(learner: Learner) -> None:
    settings = configparser.ConfigParser(interpolation=None)
    text = learner.text("pytest.ini")
    is_there = text is not None
    assert is_there, "there is no pytest.ini yet"
    try:
        settings.read_string(text)
    except configparser.Error as error:
        raise AssertionError(f"pytest.ini can't be read: {error.message.splitlines()[0]}") from None
    names = [line.partition(":")[0].strip() for line in settings.get("pytest", "markers", fallback="").splitlines()]
    assert "integration" in names, "pytest.ini doesn't register `integration` under `markers` of its section [pytest]"
    options = settings.get("pytest", "addopts", fallback="").split()
    assert "--strict-markers" in options, "`addopts` in pytest.ini has no --strict-markers"


def test_tests_pass_by_your_settings(learner: Learner) -> None:
    is_there = learner.text("pytest.ini") is not None
    assert is_there, "there is no pytest.ini yet"
    TESTS.pass_by_settings(learner, "pytest.ini")


def test_most_lines_are_run(learner: Learner) -> None:
    TESTS.cover(learner, "banking.py", "notices.py", at_least=85)
