"""Stories through the pages."""
