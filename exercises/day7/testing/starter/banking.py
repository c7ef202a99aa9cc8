"""Put your banking.py of day 5 here: `cp week1/day5/banking.py week1/day7/`."""
