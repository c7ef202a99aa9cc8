"""Judges day5/banking: lines of Python as a person would type them, and what they give."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from random import Random
from typing import Any

from grader import Learner, helper, probe

CENT = Decimal("0.01")
FUNDS = "an InsufficientFunds"
# Subclasses that the README does not name.
PIGGY_BANK = """\
class PiggyBank(Account):
    @property
    def available(self):
        return Decimal({limit})"""


def euros(rng: Random, low: int = 1, high: int = 900) -> Decimal:
    """An amount with cents."""
    return Decimal(rng.randint(low * 100, high * 100)) / 100


def text(amount: Decimal | int) -> str:
    """An amount as a probe gives it back."""
    return f"Decimal('{amount:.2f}')"


def new(rng: Random, kind: str = "SavingsAccount", opening: Any = None, more: str = "") -> str:
    """A line that makes an account."""
    number, owner = rng.randint(1000, 9999), rng.choice(["Ada", "Bob", "Cleo", "Dan"])
    given = "" if opening is None else f", {opening!r}"
    return f"account = {kind}('{number}', '{owner}'{given}{more})"


# --- running lines ---------------------------------------------------------------------------------------------------


@helper
def plain(value):
    """What came back as plain data; a Decimal as text, to the cent: whether it is exact is a check of its own."""
    from decimal import Decimal

    if type(value) is Decimal:
        return f"Decimal('{value:.2f}')"
    if isinstance(value, (list, tuple)):
        # A named tuple is a tuple as well.
        return (list if isinstance(value, list) else tuple)(plain(each) for each in value)
    if value is None or type(value) in (str, int, bool):
        return value
    return f"an object of type {type(value).__name__}: {value!r}"


@helper
def names_of(banking):
    """The learner's names, looked up in the module when they are used."""
    import builtins
    from decimal import Decimal

    class Names(dict):
        def __missing__(self, name):
            if hasattr(builtins, name):
                raise KeyError(name)
            return getattr(banking, name)

    return Names(Decimal=Decimal)


@probe
def result(banking, code):
    """{code:text}"""
    *lines, last = code.rstrip().split("\n")
    names = names_of(banking)
    exec("\n".join(lines), names)
    return plain(eval(last, names))


@probe
def refusal(banking, code, also=()):
    """{code:text}"""
    *lines, last = code.rstrip().split("\n")
    names = names_of(banking)
    exec("\n".join(lines), names)
    kinds = {"an InsufficientFunds": banking.InsufficientFunds, "a TypeError": TypeError, "a ValueError": ValueError}
    kinds |= {"a KeyError": KeyError, "an AttributeError": AttributeError}
    raised = "no error"
    try:
        exec(last, names)
    except tuple(kinds.values()) as error:
        raised = next(name for name, kind in kinds.items() if isinstance(error, kind))
    return [raised, *(plain(eval(each, names)) for each in also)]


def gives(learner: Learner, code: str) -> Any:
    return learner.run(result, code)


def expect_error(learner: Learner, code: str, error: str, also: Sequence[str] = ()) -> list[Any]:
    """The last line raises that error; gives back what holds afterwards."""
    raised, *state = learner.run(refusal, code, also)
    is_right = raised == error
    assert is_right, f"the last line should be {error}, and was {raised}"
    return state


# --- accounts --------------------------------------------------------------------------------------------------------


def test_account_is_abstract(learner: Learner, rng: Random) -> None:
    assert gives(learner, f"{new(rng)}\nisinstance(account, Account)") is True
    assert gives(learner, f"{new(rng, 'CheckingAccount')}\nisinstance(account, Account)") is True
    expect_error(learner, new(rng, "Account"), "a TypeError")
    code = f"class PiggyBank(Account):\n    pass\n{new(rng, 'PiggyBank')}"
    expect_error(learner, code, "a TypeError")


def test_a_new_account_is_as_given(learner: Learner, rng: Random) -> None:
    opening = euros(rng)
    for kind in ("SavingsAccount", "CheckingAccount"):
        for given in (opening, rng.randint(1, 99), CENT, 0, None):
            number, owner = str(rng.randint(1000, 9999)), rng.choice(["Ada", "Bob", "Cleo"])
            made = f"account = {kind}({number!r}, {owner!r}{'' if given is None else f', {given!r}'})"
            seen = gives(learner, f"{made}\n(account.number, account.owner, account.balance)")
            assert seen == (number, owner, text(given or 0))


def test_deposit_adds_and_withdraw_takes(learner: Learner, rng: Random) -> None:
    opening, more, less = rng.randint(100, 500), rng.randint(10, 90), rng.randint(10, 90)
    for kind in ("SavingsAccount", "CheckingAccount"):
        made = new(rng, kind, opening)
        assert gives(learner, f"{made}\naccount.deposit({more})\naccount.balance") == text(opening + more)
        assert gives(learner, f"{made}\naccount.withdraw({less})\naccount.balance") == text(opening - less)


def test_money_is_exact(learner: Learner, rng: Random) -> None:
    times, large = rng.randint(20, 60), 10**18 + rng.randint(1, 99)
    loop = f"for _ in range({times}):\n    account.deposit(Decimal('0.10'))"
    cases = [
        (Decimal("0.10"), "account.deposit(Decimal('0.20'))", Decimal("0.30")),
        (Decimal("0.10"), loop, Decimal("0.10") * (times + 1)),
        (large, "account.deposit(Decimal('0.01'))", large + CENT),
    ]
    for opening, operations, expected in cases:
        seen = f"(type(account.balance) is Decimal, account.balance == {expected!r}, str(account.balance.normalize()))"
        code = f"{new(rng, opening=opening)}\n{operations}\n{seen}"
        assert gives(learner, code) == (True, True, str(expected.normalize()))


WAYS_IN = ("account.deposit({})", "account.withdraw({})", "CheckingAccount('1', 'Ada', {})")


def expect_refused(learner: Learner, rng: Random, amounts: list[str], error: str) -> None:
    for amount in amounts:
        for way in WAYS_IN:
            expect_error(learner, f"{new(rng, opening=1000)}\n{way.format(amount)}", error)


def test_amounts_are_more_than_nothing(learner: Learner, rng: Random) -> None:
    expect_refused(learner, rng, [f"-{rng.randint(1, 99)}", f"Decimal('-{euros(rng)}')"], "a ValueError")
    for zero in ("0", "Decimal('0.00')"):
        for way in WAYS_IN[:2]:
            expect_error(learner, f"{new(rng, opening=1000)}\n{way.format(zero)}", "a ValueError")


def test_cents_are_not_split(learner: Learner, rng: Random) -> None:
    amounts = [euros(rng) + Decimal("0.005"), Decimal("0.001"), euros(rng) + Decimal("0.0001")]
    expect_refused(learner, rng, [repr(amount) for amount in amounts], "a ValueError")
    # Zeros after the cents are no fraction of a cent.
    assert gives(learner, f"{new(rng)}\naccount.deposit(Decimal('2.5000'))\naccount.balance > 0") is True


def test_amounts_of_other_types_are_refused(learner: Learner, rng: Random) -> None:
    expect_refused(learner, rng, [f"{rng.randint(1, 99)}.5", "'12'", "None", "True"], "a TypeError")


def test_what_is_refused_leaves_no_trace(learner: Learner, rng: Random) -> None:
    opening = rng.randint(10, 99)
    for attempt in (f"withdraw({opening + 1})", "deposit(-1)", "withdraw(-1)", "deposit(0)"):
        code = f"{new(rng, opening=opening)}\naccount.{attempt}"
        balance, entries = learner.run(refusal, code, ["account.balance", "len(account.history)"])[1:]
        seen = {"balance": balance, "entries in the history": entries}
        assert seen == {"balance": text(opening), "entries in the history": 1}


def test_balance_is_read_only(learner: Learner, rng: Random) -> None:
    opening = rng.randint(10, 99)
    code = f"{new(rng, opening=opening)}\naccount.balance = Decimal({opening + 1})"
    (balance,) = expect_error(learner, code, "an AttributeError", ["account.balance"])
    assert balance == text(opening)


def test_history_tells_what_happened(learner: Learner, rng: Random) -> None:
    opening, more, less = euros(rng, 100, 200), euros(rng, 100), euros(rng, 1, 90)
    operations = f"account.deposit({more!r})\naccount.withdraw({less!r})\naccount.history"
    for given in (opening, None):
        start = given or Decimal(0)
        expected = [("deposit", text(start), text(start))] if given else []
        expected.append(("deposit", text(more), text(start + more)))
        expected.append(("withdrawal", text(less), text(start + more - less)))
        assert gives(learner, f"{new(rng, opening=given)}\n{operations}") == expected


def test_history_is_out_of_reach(learner: Learner, rng: Random) -> None:
    code = f"{new(rng, opening=euros(rng))}\naccount.history.clear()\nlen(account.history)"
    assert gives(learner, code) == 1


def test_accounts_share_nothing(learner: Learner, rng: Random) -> None:
    first, second = rng.randint(10, 50), rng.randint(51, 99)
    code = f"one = SavingsAccount('1', 'Ada', {first})\nother = CheckingAccount('2', 'Bob', {second})\none.deposit(1)\n"
    seen = gives(learner, f"{code}(one.balance, len(one.history), other.balance, len(other.history))")
    assert seen == (text(first + 1), 2, text(second), 1)


# --- kinds of accounts -----------------------------------------------------------------------------------------------


def expect_limit(learner: Learner, made: str, opening: Decimal, limit: Decimal) -> None:
    """All of `limit` can be withdrawn, and a cent more can't."""
    assert gives(learner, f"{made}\naccount.available") == text(limit)
    assert gives(learner, f"{made}\naccount.withdraw({limit!r})\naccount.balance") == text(opening - limit)
    expect_error(learner, f"{made}\naccount.withdraw({limit + CENT!r})", FUNDS)


def test_savings_stop_at_zero(learner: Learner, rng: Random) -> None:
    opening = euros(rng)
    expect_limit(learner, new(rng, opening=opening), opening, opening)
    expect_error(learner, f"{new(rng)}\naccount.withdraw(1)", FUNDS)


def test_checking_stops_at_the_overdraft(learner: Learner, rng: Random) -> None:
    opening, overdraft = euros(rng), euros(rng)
    made = new(rng, "CheckingAccount", opening, f", overdraft={overdraft!r}")
    expect_limit(learner, made, opening, opening + overdraft)
    expect_limit(learner, new(rng, "CheckingAccount", opening), opening, opening)
    code = f"{new(rng, 'CheckingAccount', more=', overdraft=100')}\naccount.withdraw(70)\naccount.withdraw(31)"
    expect_error(learner, code, FUNDS)


def test_new_kinds_of_account_work(learner: Learner, rng: Random) -> None:
    opening = euros(rng, 100, 200)
    for limit in (rng.randint(1, 50), rng.randint(300, 400)):
        made = f"{PIGGY_BANK.format(limit=limit)}\n{new(rng, 'PiggyBank', opening)}"
        expect_limit(learner, made, opening, Decimal(limit))
    assert gives(learner, f"{PIGGY_BANK.format(limit=0)}\n{new(rng, 'PiggyBank')}\naccount.balance == 0") is True


def test_interest_is_added(learner: Learner, rng: Random) -> None:
    for opening, rate in ((Decimal("0.50"), Decimal("0.05")), (Decimal("0.50"), Decimal("0.01")), (euros(rng), None)):
        used = rate or Decimal("0.01")
        interest = (opening * used).quantize(CENT, ROUND_HALF_UP)
        made = new(rng, opening=opening, more=f", rate={rate!r}" if rate else "")
        entry = ("interest", text(interest), text(opening + interest))
        seen = gives(learner, f"{made}\naccount.add_interest()\n(account.balance, account.history[-1])")
        assert seen == (text(opening + interest), entry)
    code = f"{new(rng, opening=Decimal('0.40'))}\naccount.add_interest()\n(account.balance, len(account.history))"
    assert gives(learner, code) == (text(Decimal("0.40")), 1)


def test_accounts_print_well(learner: Learner, rng: Random) -> None:
    number, owner = str(rng.randint(1000, 9999)), rng.choice(["Ada", "Bob", "Cleo"])
    for kind in ("SavingsAccount", "CheckingAccount"):
        for opening in (euros(rng), rng.randint(1, 99), Decimal("2.5")):
            made = f"account = {kind}({number!r}, {owner!r}, {opening!r})"
            assert gives(learner, f"{made}\nstr(account)") == f"{number} ({owner}): {opening:.2f}"
            expected = f"{kind}({number!r}, {owner!r}, balance=Decimal('{opening:.2f}'))"
            assert gives(learner, f"{made}\nrepr(account)") == expected


def test_equality_goes_by_number(learner: Learner, rng: Random) -> None:
    number, other = rng.sample(range(1000, 9999), 2)
    one = f"one = SavingsAccount('{number}', 'Ada', 5)"
    same = f"other = CheckingAccount('{number}', 'Bob')"
    different = f"other = SavingsAccount('{other}', 'Ada', 5)"
    assert gives(learner, f"{one}\n{same}\n(one == other, one != other)") == (True, False)
    assert gives(learner, f"{one}\n{different}\n(one == other, one != other)") == (False, True)
    assert gives(learner, f"{one}\n(one == '{number}', one == {number}, one == None)") == (False, False, False)
    assert gives(learner, f"{one}\n{same}\nlen({{one, other}})") == 1
    assert gives(learner, f"{one}\nbefore = hash(one)\none.deposit(1)\nhash(one) == before") is True


# --- the manager -----------------------------------------------------------------------------------------------------


def bank(*accounts: tuple[str, Any]) -> str:
    """Lines that make a manager with these checking accounts, each a number and an opening balance."""
    added = [f"manager.add(CheckingAccount({number!r}, 'Ada', {opening!r}))" for number, opening in accounts]
    return "\n".join(["manager = AccountManager()", *added])


def numbers(rng: Random, count: int) -> list[str]:
    return [str(number) for number in rng.sample(range(1000, 9999), count)]


def test_manager_keeps_accounts(learner: Learner, rng: Random) -> None:
    first, second, third = numbers(rng, 3)
    made = f"{bank((second, 5))}\naccount = SavingsAccount({first!r}, 'Bob', 7)\nmanager.add(account)"
    assert gives(learner, f"{made}\nmanager.get({first!r}) is account") is True
    assert gives(learner, f"{made}\n(len(manager), {first!r} in manager, {third!r} in manager)") == (2, True, False)
    assert gives(learner, f"{made}\n[each.number for each in manager]") == [second, first]
    assert gives(learner, f"{made}\nother = AccountManager()\n(len(other), len(manager))") == (0, 2)


def test_manager_refuses_what_is_wrong(learner: Learner, rng: Random) -> None:
    first, second = numbers(rng, 2)
    made = bank((first, 5))
    expect_error(learner, f"{made}\nmanager.get({second!r})", "a KeyError")
    expect_error(learner, f"{made}\nmanager.add({second!r})", "a TypeError")
    code = f"{made}\nmanager.add(SavingsAccount({first!r}, 'Bob', 70))"
    seen = expect_error(learner, code, "a ValueError", ["len(manager)", f"manager.get({first!r}).balance"])
    assert {"len(manager)": seen[0], "balance": seen[1]} == {"len(manager)": 1, "balance": text(5)}


def test_close_takes_empty_accounts_out(learner: Learner, rng: Random) -> None:
    first, second, third = numbers(rng, 3)
    made = bank((first, 0), (second, euros(rng)))
    seen = gives(
        learner, f"{made}\nclosed = manager.close({first!r})\n(closed.number, {first!r} in manager, len(manager))"
    )
    assert seen == (first, False, 1)
    code, still_there = f"{made}\nmanager.close({second!r})", f"{second!r} in manager"
    assert {still_there: expect_error(learner, code, "a ValueError", [still_there])[0]} == {still_there: True}
    expect_error(learner, f"{made}\nmanager.close({third!r})", "a KeyError")


def test_transfer_moves_money(learner: Learner, rng: Random) -> None:
    first, second = numbers(rng, 2)
    source, target, amount = euros(rng, 100, 200), euros(rng), euros(rng, 1, 90)
    made = f"{bank((first, source), (second, target))}\nmanager.transfer({first!r}, {second!r}, {amount!r})"
    for number, kind, balance in (
        (first, "transfer out", source - amount),
        (second, "transfer in", target + amount),
    ):
        seen = gives(learner, f"{made}\naccount = manager.get({number!r})\n(account.balance, account.history[1:])")
        assert seen == (text(balance), [(kind, text(amount), text(balance))])


def test_transfer_happens_completely_or_not_at_all(learner: Learner, rng: Random) -> None:
    first, second, third = numbers(rng, 3)
    source, target = rng.randint(10, 99), rng.randint(10, 99)
    made = bank((first, source), (second, target))
    cases = [
        (first, second, repr(source + CENT), FUNDS),
        (first, third, "1", "a KeyError"),
        (third, first, "1", "a KeyError"),
        (first, first, "1", "a ValueError"),
        (first, second, "-1", "a ValueError"),
        (first, second, "Decimal('0.001')", "a ValueError"),
        (first, second, "1.5", "a TypeError"),
    ]
    balances = [f"manager.get({number!r}).balance" for number in (first, second)]
    entries = [f"len(manager.get({number!r}).history)" for number in (first, second)]
    for giver, taker, amount, error in cases:
        code = f"{made}\nmanager.transfer({giver!r}, {taker!r}, {amount})"
        state = expect_error(learner, code, error, balances + entries)
        seen = {"balances": state[:2], "entries": state[2:]}
        assert seen == {"balances": [text(source), text(target)], "entries": [1, 1]}


def test_total_sums_up(learner: Learner, rng: Random) -> None:
    first, second, third = numbers(rng, 3)
    openings = [euros(rng), euros(rng), rng.randint(1, 99)]
    made = bank(*zip((first, second, third), openings, strict=True))
    assert gives(learner, f"{made}\nmanager.total()") == text(sum(openings))
    assert gives(learner, "AccountManager().total()") == text(0)


# --- type hints ------------------------------------------------------------------------------------------------------


USES = """
from decimal import Decimal
from typing import assert_type
from banking import Account, AccountManager, CheckingAccount, SavingsAccount

savings = SavingsAccount("4711", "Ada", 100, rate=Decimal("0.02"))
checking = CheckingAccount("4712", "Bob", Decimal("12.50"), overdraft=50)
assert_type(savings.number, str)
assert_type(savings.owner, str)
assert_type(savings.balance, Decimal)
assert_type(savings.available, Decimal)
for kind, amount, balance in savings.history:
    assert_type(kind, str)
    assert_type(amount, Decimal)
    assert_type(balance, Decimal)
assert_type(str(savings) + repr(checking), str)
savings.deposit(5)
savings.deposit(Decimal("0.50"))
savings.withdraw(5)
savings.add_interest()
manager = AccountManager()
manager.add(savings)
manager.add(checking)
assert_type(manager.get("4711"), Account)
assert_type(manager.close("4711"), Account)
manager.transfer("4711", "4712", Decimal("1"))
assert_type(manager.total(), Decimal)
assert_type(len(manager), int)
assert_type("4711" in manager, bool)
for account in manager:
    assert_type(account, Account)
"""


def test_type_hints_throughout(learner: Learner, rng: Random) -> None:
    gives(learner, f"{new(rng)}\naccount.balance")
    learner.types(uses=USES).complete()


def test_type_hints_hold(learner: Learner, rng: Random) -> None:
    gives(learner, f"{new(rng)}\naccount.balance")
    learner.types(uses=USES).hold()
