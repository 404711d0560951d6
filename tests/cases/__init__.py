"""The record of a case."""
