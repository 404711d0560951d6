"""Tests of what every page shares; none of them needs a database."""
