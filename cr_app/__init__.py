"""Community Resolutions: the record of a low-level crime settled on the spot, and the proof of it."""
