def within(numbers, low, high):
    if high < low:
        raise ValueError(f"{low} is greater than {high}")
    found = []
    for number in numbers:
        if number < low or number > high:
            continue
        found.append(number)
    return found
