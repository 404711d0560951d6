"""The forms of the supervisors' pages."""
