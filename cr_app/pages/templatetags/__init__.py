"""Template tags of our crispy pack."""
