"""Tests of half."""
