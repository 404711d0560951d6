"""Numbers that people carry through the criminal justice system: read forgivingly, checked, written one way."""

import re

from django.core.exceptions import ValidationError

# The remainder of the number by 23 picks the letter; I, O and S are left out, being too like digits.
CHECK_LETTERS = "ZABCDEFGHJKLMNPQRTUVWXY"

PNC_EXAMPLE = "2003/0011985X"
CRO_EXAMPLE = "123456/21C"

_PNC = re.compile(r"(\d{4}|\d{2})/(\d{1,7})([A-Z])", re.ASCII)
_PNC_UNBROKEN = re.compile(r"(?:(\d{4})(\d{7})|(\d{2})(\d{1,7}))([A-Z])", re.ASCII)
_CRO = re.compile(r"(\d{1,6})/(\d{2})([A-Z])", re.ASCII)
_CRO_SF = re.compile(r"SF(\d{2})/(\d{1,6})([A-Z])", re.ASCII)
_POSTCODE = re.compile(
    r"(GIR0AA|(?:[A-PR-UWYZ](?:[0-9]{1,2}|[A-HK-Y][0-9][0-9ABEHMNPRV-Y]?|[0-9][A-HJKPS-UW]))[0-9][ABD-HJLNP-UW-Z]{2})"
)
_EXTENSION = re.compile(r"(?:ext(?:ension)?\.?|x) ?(\d{1,6})$", re.ASCII | re.IGNORECASE)


def check_letter(digits: str) -> str:
    """Return the check letter of a run of digits."""
    return CHECK_LETTERS[int(digits) % len(CHECK_LETTERS)]


def read_pnc_id(text: str, *, this_year: int) -> str:
    """Return a PNC ID as YYYY/NNNNNNNL from its long or short form, or raise a ValidationError.

    The letter is computed from the year's last two digits and the serial number filled up to seven digits; a short
    year later than `this_year` belongs to the last century.
    """
    compact = _squeeze(text)
    broken, unbroken = _PNC.fullmatch(compact), _PNC_UNBROKEN.fullmatch(compact)
    if broken:
        year, serial, letter = broken.groups()
    elif unbroken:
        year, serial = unbroken[1] or unbroken[3], unbroken[2] or unbroken[4]
        letter = unbroken[5]
    else:
        raise ValidationError(f"Enter a PNC ID as year, number and letter, for example {PNC_EXAMPLE}", code="format")
    if len(year) == 2:
        year = f"20{year}" if 2000 + int(year) <= this_year else f"19{year}"
    if not 1900 <= int(year) <= this_year:
        raise ValidationError(f"Check the year of the PNC ID: enter one from 1900 to {this_year}", code="year")
    serial = serial.zfill(7)
    if check_letter(year[2:] + serial) != letter:
        raise ValidationError(
            "Check the PNC ID: its last letter does not fit its numbers, so one of them is mistyped", code="letter"
        )
    return f"{year}/{serial}{letter}"


def read_cro_number(text: str) -> str:
    """Return a CRO number as NNNNNN/YYL, or SFYY/NNNNNNL for a short file, or raise a ValidationError.

    The letter is computed from the year and the serial number: filled up to six digits in the usual form, as written in
    a short file's.
    """
    compact = _squeeze(text)
    if short_file := _CRO_SF.fullmatch(compact):
        year, serial, letter = short_file.groups()
        written = f"SF{year}/{serial}{letter}"
    elif usual := _CRO.fullmatch(compact):
        serial, year, letter = usual[1].zfill(6), usual[2], usual[3]
        written = f"{serial}/{year}{letter}"
    else:
        raise ValidationError(
            f"Enter a CRO number as number, year and letter, for example {CRO_EXAMPLE}", code="format"
        )
    if check_letter(year + serial) != letter:
        raise ValidationError(
            "Check the CRO number: its last letter does not fit its numbers, so one of them is mistyped", code="letter"
        )
    return written


def read_postcode(text: str) -> str:
    """Return a UK postcode in capitals with its one space, or raise a ValidationError."""
    compact = re.sub(r"[\s\-.]", "", text).upper()
    if not _POSTCODE.fullmatch(compact):
        raise ValidationError("Enter a full UK postcode, for example SW1A 2AA", code="format")
    return f"{compact[:-3]} {compact[-3:]}"


def read_phone(text: str) -> str:
    """Return a telephone number with single spaces, 7 to 15 digits, an extension, or raise a ValidationError."""
    number = re.sub(r"[\s.\-–()/]+", " ", text).strip()
    extension = _EXTENSION.search(number)
    main = number[: extension.start()].strip() if extension else number
    digits = main.removeprefix("+").replace(" ", "")
    if not (digits.isascii() and digits.isdigit() and 7 <= len(digits) <= 15):
        raise ValidationError("Enter a telephone number, for example 020 7946 0018 or +44 20 7946 0018", code="format")
    return f"{main} ext {extension[1]}" if extension else main


def _squeeze(text: str) -> str:
    return re.sub(r"\s", "", text).upper() if text.isascii() else text
