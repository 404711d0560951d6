"""What is withheld, by what an outsider could work out."""
