"""What every page shares and that knows no domain: questions, clean text, refusals, headers, error pages."""
