"""The guided record of a case: one page a step, every save in the database."""
