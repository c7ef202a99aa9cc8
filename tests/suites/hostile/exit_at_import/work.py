"""Ends the process with success while it is imported."""

# expect: problem import
# shows: 
import os

os._exit(0)
