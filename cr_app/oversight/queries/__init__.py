"""Every read of the supervisors' pages."""
