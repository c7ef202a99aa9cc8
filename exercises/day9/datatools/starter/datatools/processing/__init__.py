"""Grouping and summing up."""
