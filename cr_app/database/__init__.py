"""The database: an embedded server for demo and tests, two roles, their grants, and what stands before serving."""
