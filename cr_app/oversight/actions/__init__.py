"""What supervisors do, each with its entry in the trail."""
