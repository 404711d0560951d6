"""The rules: facts, conditions, rulebooks and verdicts, held to the contract."""
