"""How a sheet speaks: in which language, and how it says days, moments, money and ranks in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from cr_app.cases.documents.sheets import Language

# English words are those of the code; Welsh ones are in locale/cy.
_SPOKEN = {"en": "en-gb", "cy": "cy"}

# What Django names days and months with: their Welsh is ours, as a paper with a misspelt date is no good to anybody.
CALENDAR = (
    *(gettext_noop("Monday"), gettext_noop("Tuesday"), gettext_noop("Wednesday"), gettext_noop("Thursday")),
    *(gettext_noop("Friday"), gettext_noop("Saturday"), gettext_noop("Sunday")),
    *(gettext_noop("January"), gettext_noop("February"), gettext_noop("March"), gettext_noop("April")),
    *(gettext_noop("May"), gettext_noop("June"), gettext_noop("July"), gettext_noop("August")),
    *(gettext_noop("September"), gettext_noop("October"), gettext_noop("November"), gettext_noop("December")),
)


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Word everything within in one language, whatever the page around it speaks."""
    with translation.override(_SPOKEN[language]):
        yield


def typed_in(language: Language) -> str:
    """Return the language to mark typed words with: they are English, so a sheet in Welsh must say so."""
    return "en" if language == "cy" else ""


def day(on: date) -> str:
    """Return a day as it is read aloud: 27 March 2026, 27 Mawrth 2026."""
    return date_format(on, "j F Y")


def weekday(on: date) -> str:
    """Return a day with its name, so that nobody misses it: Friday 27 March 2026, Dydd Gwener 27 Mawrth 2026."""
    return date_format(on, "l j F Y")


def moment(at: datetime) -> str:
    """Return a moment by the clock in London: 3 May 2026 at 02:14."""
    local = timezone.localtime(at)
    return _("%(day)s at %(time)s") % {"day": day(local.date()), "time": f"{local:%H:%M}"}


def pounds(amount: Decimal) -> str:
    """Return a sum of money: £12.40."""
    return f"£{amount:,.2f}"
