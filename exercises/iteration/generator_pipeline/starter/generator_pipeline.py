"""A shop's orders, read and summed up by a pipeline of lists. Make it a pipeline of generators: see the README."""


def read_lines(open_source):
    """The stripped lines of the source, without blank lines and comments."""
    with open_source() as source:
        lines = [line.strip() for line in source]
    return [line for line in lines if line and not line.startswith("#")]


def parse(lines):
    """(name, quantity, price) of each line like "tea 3 120"."""
    orders = []
    for line in lines:
        name, quantity, price = line.split()
        orders.append((name, int(quantity), int(price)))
    return orders


def at_least(orders, minimum):
    """The orders with a quantity of minimum or more."""
    return [order for order in orders if order[1] >= minimum]


def totals(orders):
    """(name, quantity times price) of each order."""
    return [(name, quantity * price) for name, quantity, price in orders]


def first(items, count):
    """The first count items, or all of them when there are fewer."""
    return items[:count]


def batches(items, size):
    """Lists of size items each; the last one may be shorter."""
    return [items[start : start + size] for start in range(0, len(items), size)]


def pipeline(open_source, minimum, count, size):
    """Batches of the totals of the first count orders that are large enough."""
    lines = read_lines(open_source)
    orders = parse(lines)
    large = at_least(orders, minimum)
    return batches(first(totals(large), count), size)
