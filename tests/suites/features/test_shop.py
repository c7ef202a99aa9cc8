"""Everything here passes under plain pytest, and is to be judged from outside without a difference."""

import asyncio
import copy
import dataclasses
import inspect
import unittest
from datetime import date
from decimal import Decimal

import pytest
import shop
from shop import (
    Color,
    Money,
    Stack,
    countdown,
)


@pytest.fixture
def stack():
    return Stack([1, 2])


@pytest.fixture(scope="module")
def shared():
    return Stack()


@pytest.mark.parametrize(("start", "expected"), [(0, []), (3, [3, 2, 1])])
def test_generator(start, expected):
    assert list(countdown(start)) == expected


def test_generator_protocol():
    steps = countdown(1)
    assert next(steps) == 1
    with pytest.raises(StopIteration) as caught:
        next(steps)
    assert caught.value.value == "done"
    assert inspect.isgenerator(steps)
    talk = shop.echo()
    next(talk)
    assert talk.send("x") == "x"
    talk.close()


def test_constants():
    assert shop.VERSION == "1.2"
    assert shop.LIMITS == {"items": 3}


def test_exceptions():
    with pytest.raises(shop.OutOfStock, match="only 2 of tea left") as caught:
        shop.stock("tea", 2)
    assert caught.value.args == ("tea", 2)
    assert caught.value.left == 2
    assert isinstance(caught.value, LookupError)
    assert issubclass(shop.OutOfStock, shop.ShopError)
    assert type(caught.value) is shop.OutOfStock
    with pytest.raises(shop.ShopError) as caught:
        shop.chained()
    assert isinstance(caught.value.__cause__, KeyError)


def test_what_ends_programs_does_not_end_the_judge():
    with pytest.raises(SystemExit) as caught:
        shop.leave(3)
    assert caught.value.code == 3
    with pytest.raises(KeyboardInterrupt):
        shop.interrupt()


def test_enums():
    assert Color.RED is Color.RED
    assert Color.RED != Color.BLUE
    assert Color(2) is Color.BLUE
    assert Color["RED"] is Color.RED
    assert Color.RED.name == "RED"
    assert [each.value for each in Color] == [1, 2]
    assert len(Color) == 2
    assert shop.Size.LARGE == 10
    assert shop.Size.SMALL < shop.Size.LARGE
    assert isinstance(shop.Size.LARGE, int)


def test_namedtuple():
    point = shop.Point(1, 2)
    assert point == (1, 2)
    assert point.x == 1
    x, y = point
    assert (x, y) == (1, 2)
    assert isinstance(point, tuple)
    assert repr(point) == "Point(x=1, y=2)"
    assert point._replace(x=5) == (5, 2)


def test_dataclasses():
    item = shop.Item("tea", 3)
    assert item == shop.Item("tea", 3)
    assert item != shop.Item("tea", 4)
    assert item < shop.Item("tea", 4)
    assert dataclasses.asdict(item) == {"name": "tea", "price": 3, "tags": []}
    item.tags.append("new")
    assert item.tags == ["new"]
    assert repr(item) == "Item(name='tea', price=3, tags=['new'])"
    with pytest.raises(dataclasses.FrozenInstanceError):
        shop.Fixed(1).value = 2
    with pytest.raises(TypeError):
        shop.Item()


def test_operators():
    assert Money(1) + Money(2) == Money(3)
    assert Money(3) == 3
    assert not Money(3) == 4
    assert sum([Money(1), Money(2)]) == Money(3)
    assert sorted([Money(2), Money(1)]) == [Money(1), Money(2)]
    assert hash(Money(1)) == hash(Money(1))
    assert len({Money(1), Money(1)}) == 1
    assert str(Money(5)) == "Money(5)"
    assert f"{Money(5)!r}" == "Money(5)"
    with pytest.raises(TypeError):
        Money(1) - Money(1)


def test_properties_and_methods():
    money = Money.parse("1.50")
    assert money.euros == 1.5
    money.euros = 2
    assert money.cents == 200
    with pytest.raises(ValueError, match="no debts"):
        money.euros = -1
    assert Money.names() == ("cent", "euro")
    assert Money.currency == "EUR"
    assert money.currency == "EUR"
    assert hasattr(money, "cents")
    assert not hasattr(money, "dollars")
    assert callable(money.parse)
    assert isinstance(money, Money)
    assert not isinstance(5, Money)


def test_containers(stack):
    assert len(stack) == 2
    assert list(stack) == [1, 2]
    assert stack[0] == 1
    assert stack[-1:] == [2]
    stack[0] = 9
    assert 9 in stack
    del stack[0]
    assert stack.push(3).push(4) is stack
    assert stack.items == [2, 3, 4]
    assert stack.items is stack.items
    stack.items.append(5)
    assert stack.pop() == 5
    assert bool(stack)
    assert not Stack()
    with pytest.raises(IndexError):
        Stack().pop()


def test_mapping_subclass():
    registry = shop.Registry(a=1)
    registry["b"] = 2
    assert registry == {"a": 1, "b": 2}
    assert isinstance(registry, dict)
    assert sorted(registry) == ["a", "b"]
    assert registry.get("c") is None


def test_arguments_changed_in_place():
    values = [3, 1, 2]
    shop.sort_in_place(values)
    assert values == [1, 2, 3]
    mapping = {}
    shop.fill(mapping)
    assert mapping == {"new": [1, 2]}
    assert shop.pick(values) is values
    nested = [[1], {"x": [2]}]
    assert shop.pick(nested)[1]["x"] is nested[1]["x"]


def test_context_managers():
    with shop.Timer() as timer:
        pass
    assert timer.log == ["in", "out"]
    with shop.Timer() as timer:
        raise KeyError("suppressed")
    with pytest.raises(ValueError, match="goes on"), shop.Timer():
        raise ValueError("goes on")
    with shop.opened("x") as name:
        assert name == "X"


def test_functions_of_the_test():
    assert shop.apply(lambda x: x + 1, 1, 2) == [2, 3]
    assert shop.apply(str.upper, "a") == ["A"]
    assert shop.apply(len, "abc") == [3]
    seen = []
    assert shop.apply(seen.append, 1, 2) == [None, None]
    assert seen == [1, 2]
    calls = 0

    @shop.twice
    def count():
        """Counts."""
        nonlocal calls
        calls += 1
        return calls

    assert count() == (1, 2)
    assert calls == 2
    assert count.__name__ == "count"
    assert count.__doc__ == "Counts."
    assert shop.compose(lambda x: x + 1, lambda x: x * 2)(5) == 11


class Refused(Exception):
    pass


def test_exceptions_of_the_test():
    calls = []

    @shop.retry(3, only=Refused)
    def flaky():
        calls.append(1)
        if len(calls) < 3:
            raise Refused("again")
        return "done"

    assert flaky() == "done"

    @shop.retry(2)
    def broken():
        raise Refused("always")

    with pytest.raises(Refused, match="always"):
        broken()


class Priced:
    def __init__(self, price):
        self.price = price


def test_objects_of_the_test():
    assert shop.total([Priced(1), Priced(2)]) == 3


class Square(shop.Shape):
    sides = 4

    def __init__(self, size):
        super().__init__()
        self.size = size

    def area(self):
        return self.size**2


def test_subclasses_in_the_test():
    square = Square(3)
    assert square.describe() == "Square of 9"
    assert isinstance(square, shop.Shape)
    assert Square.sides == 4
    with pytest.raises(NotImplementedError):
        shop.Shape().describe()


def test_values_of_many_types():
    day, price, numbers, letters, data, complex_, steps = shop.birthday()
    assert day == date(2020, 2, 29)
    assert price == Decimal("1.10")
    assert numbers == {1, 2}
    assert letters == frozenset("ab")
    assert data == b"x"
    assert complex_ == 1 + 2j
    assert steps == range(3)
    assert shop.counts("aab") == {"a": 2, "b": 1}
    assert shop.counts("aab").most_common(1) == [("a", 2)]


def test_printing(capsys):
    shop.say("hello")
    assert capsys.readouterr().out == "hello\n"


def test_coroutines():
    assert asyncio.run(shop.fetch(3)) == 3

    async def double(value):
        return value * 2

    assert asyncio.run(shop.call_all(double, 1, 2)) == [2, 4]


def test_looking_at_the_code():
    assert list(inspect.signature(shop.stock).parameters) == ["name", "left"]
    assert inspect.iscoroutinefunction(shop.fetch)
    twin = copy.deepcopy(Money(3))
    assert twin == Money(3)


def test_what_is_shared_is_kept(shared):
    shared.push(1)
    assert len(shared) == 1


def test_what_is_shared_is_still_there(shared):
    assert list(shared) == [1]


@pytest.mark.skip(reason="for later")
def test_skipped():
    raise AssertionError


@pytest.mark.xfail(reason="known", raises=ZeroDivisionError)
def test_expected_to_fail():
    raise ZeroDivisionError


def test_approximately():
    assert Money(150).euros == pytest.approx(1.5)


class TestGroup:
    def setup_method(self):
        self.stack = Stack("ab")

    def test_in_a_class(self):
        assert "".join(self.stack) == "ab"


class ShopTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.common = Money(1)

    def setUp(self):
        self.stack = Stack([1])

    def tearDown(self):
        self.stack = None

    def test_assertions(self):
        self.assertEqual(self.stack.pop(), 1)
        self.assertEqual(self.common, Money(1))
        self.assertIsInstance(self.common, Money)
        self.assertAlmostEqual(self.common.euros, 0.01)
        self.assertIn(2, Stack([2]))
        self.assertCountEqual(Stack([2, 1]), [1, 2])
        self.assertListEqual(list(Stack([1])), [1])
        self.assertIs(Color.RED, Color.RED)
        self.assertRegex(repr(self.common), r"Money\(\d\)")
        with self.assertRaises(shop.ShopError) as caught:
            shop.chained()
        self.assertEqual(str(caught.exception), "wrapped")
        with self.assertRaisesRegex(IndexError, "pop"):
            self.stack.pop()

    def test_subtests(self):
        for number in (1, 2):
            with self.subTest(number=number):
                self.assertEqual(Money(number).cents, number)

    @unittest.skip("for later")
    def test_skipped(self):
        self.fail()

    @unittest.expectedFailure
    def test_known(self):
        self.assertEqual(Money(1).cents, 2)


class AsyncTest(unittest.IsolatedAsyncioTestCase):
    async def test_await(self):
        self.assertEqual(await shop.fetch(2), 2)
