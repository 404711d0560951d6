"""Statistics: requests, what is withheld, releases, imported history."""
