def within(numbers, low, high):
    if low > high:
        raise ValueError("low is greater than high")
    return [number for number in numbers if low < number < high]
