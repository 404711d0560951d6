"""What is handed over or copied out of a case: text made of its answers and of what was decided."""
