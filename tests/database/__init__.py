"""Tests of the embedded server, the roles and their grants."""
