"""Tests of the supervisors' pages."""
