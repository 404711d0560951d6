"""What the pages of authority say."""
