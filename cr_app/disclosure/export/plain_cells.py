"""Text that stays text in a spreadsheet: what one would run as a formula is marked as text. Pure."""

# What a spreadsheet takes for the beginning of a formula, also behind a tab or a line that it leaves out.
_BEGINS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def plain(text: str) -> str:
    """Return the text with an apostrophe before it where a spreadsheet would run it as a formula."""
    return f"'{text}" if text.lstrip(" ").startswith(_BEGINS) else text
