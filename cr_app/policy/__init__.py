"""Floor 0: rulebooks, facts and what follows from them; pure Python that knows no Django, no clock and no database."""
