"""Ends the program with success while it is imported."""

# expect: problem import
# shows: 
import sys

sys.exit(0)
