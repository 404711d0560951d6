"""Authority for exceptions, and the decision of professional standards: who is asked, who may decide, what was decided."""
