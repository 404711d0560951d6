"""How a warrant or collar number is written: one form for the same number, however it is typed. Pure."""

import re

# Digits, or letters and digits; a force that shares a database with another puts its prefix and a hyphen before.
WARRANT_NUMBER = re.compile(r"^[0-9A-Z](?:-?[0-9A-Z]){1,11}$")


def normal_warrant_number(text: str) -> str:
    """Return `text` in the one form that is stored, capitals without spaces; whether it is one is not checked."""
    return "".join(text.split()).upper()


def is_warrant_number(text: str) -> bool:
    """Tell whether `text`, already in its normal form, can be a warrant number."""
    return WARRANT_NUMBER.fullmatch(text) is not None
