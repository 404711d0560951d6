"""What the record refers to: forces, offence types, outcomes and ethnicity codes."""
