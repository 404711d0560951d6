"""Invented cases for the demo, made by the same actions as the pages call."""
