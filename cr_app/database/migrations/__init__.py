"""Migrations of the grants on tables that no app of the project owns."""
