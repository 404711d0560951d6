"""Stories told in a browser, against the real server with its content security policy."""
