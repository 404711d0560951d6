"""What happened, kept: who changed, read, refused, exported or authorised, and why."""
