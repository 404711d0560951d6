"""What the supervisors' pages show, in words."""
