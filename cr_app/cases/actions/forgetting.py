"""What is kept for a while only, and then deleted: nothing here is part of a case or of the trail."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.contrib.sessions.models import Session

from cr_app.accounts import parked
from cr_app.cases.actions.searching import KEPT_FOR as SEARCH_KEPT_FOR
from cr_app.cases.models import OnceToken, Search

# Long enough that a form in a forgotten tab, sent twice, still does its work once.
TOKEN_KEPT_FOR = timedelta(days=7)


def forget_expired(*, at: datetime) -> Mapping[str, int]:
    """Delete what has expired and return how many rows of each went, in words; a second run finds nothing."""
    return {
        "parked answers": parked.forget_expired(),
        "sessions": Session.objects.filter(expire_date__lte=at).delete()[0],
        "searches": Search.objects.filter(searched_at__lt=at - SEARCH_KEPT_FOR).delete()[0],
        "tokens of sent forms": OnceToken.objects.filter(used_at__lt=at - TOKEN_KEPT_FOR).delete()[0],
    }
