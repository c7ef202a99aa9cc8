def within(numbers, low, high):
    low, high = min(low, high), max(low, high)
    return [number for number in numbers if low <= number <= high]
