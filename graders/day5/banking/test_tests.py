"""Judges the tests of day5/banking: green with right banks, red with faulty ones. Finer faults come on day 7."""

from grader import Learner
from grader.own_tests import OwnTests, changed, sample

RIGHT = sample(__file__, "right_plain", "banking.py")
BOOKED = "        self._balance += sign * amount\n        self._history.append((kind, amount, self._balance))"

TESTS = OwnTests(
    ["test_banking.py"],
    modules={"banking": "banking.py"},
    right=[RIGHT, sample(__file__, "right_in_cents", "banking.py")],
    faults={
        "a_lost_deposit": {
            "a deposit after the opening changes nothing": changed(
                RIGHT, (BOOKED, f'        if kind == "deposit" and self._history:\n            return\n{BOOKED}')
            )
        },
        "withdrawals_without_limit": {
            "any sum can be withdrawn": changed(RIGHT, ("if amount > self.available:", "if False:"))
        },
        "negative_amounts": {
            "a negative amount is accepted": changed(RIGHT, ("    if amount <= 0:", "    if amount == 0:"))
        },
        "an_empty_history": {
            "the history is always empty": changed(RIGHT, ("return list(self._history)", "return []"))
        },
        "interest_that_is_not_rounded": {
            "interest has fractions of a cent": changed(RIGHT, (".quantize(CENT, ROUND_HALF_UP)", ""))
        },
        "equality_by_owner": {
            "accounts of one owner are equal": changed(
                RIGHT, ("return self.number == other.number", "return self.owner == other.owner")
            )
        },
        "a_transfer_that_does_not_arrive": {
            "the receiver gets nothing": changed(RIGHT, ('        taker.book("transfer in", amount, 1)\n', ""))
        },
        "a_closed_account_that_stays": {
            "a closed account is still there": changed(RIGHT, ("self._accounts.pop(number)", "self._accounts[number]"))
        },
        "a_total_of_one": {
            "the total is that of the first account": changed(
                RIGHT, ("for account in self), Decimal(0))", "for account in list(self)[:1]), Decimal(0))")
            )
        },
    },
)


def test_tests_pass_on_your_code(learner: Learner) -> None:
    TESTS.pass_on_own_code(learner)


def test_tests_pass_on_other_right_code(learner: Learner) -> None:
    TESTS.pass_on_right_code(learner)


def test_tests_notice_a_lost_deposit(learner: Learner) -> None:
    TESTS.notice(learner, "a_lost_deposit")


def test_tests_notice_withdrawals_without_limit(learner: Learner) -> None:
    TESTS.notice(learner, "withdrawals_without_limit")


def test_tests_notice_negative_amounts(learner: Learner) -> None:
    TESTS.notice(learner, "negative_amounts")


def test_tests_notice_an_empty_history(learner: Learner) -> None:
    TESTS.notice(learner, "an_empty_history")


def test_tests_notice_interest_that_is_not_rounded(learner: Learner) -> None:
    TESTS.notice(learner, "interest_that_is_not_rounded")


def test_tests_notice_equality_by_owner(learner: Learner) -> None:
    TESTS.notice(learner, "equality_by_owner")


def test_tests_notice_a_transfer_that_does_not_arrive(learner: Learner) -> None:
    TESTS.notice(learner, "a_transfer_that_does_not_arrive")


def test_tests_notice_a_closed_account_that_stays(learner: Learner) -> None:
    TESTS.notice(learner, "a_closed_account_that_stays")


def test_tests_notice_a_total_of_one(learner: Learner) -> None:
    TESTS.notice(learner, "a_total_of_one")
