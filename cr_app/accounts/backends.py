"""Checks an officer's warrant number and password, and reads the officer of a request in one query."""

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest

from cr_app.accounts.models import Officer


class OfficerBackend(BaseBackend):
    """Local accounts. An unknown number, a wrong password and a closed account are answered alike, and take as long."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: object
    ) -> Officer | None:
        """Return the officer whose number and password these are, or None."""
        if username is None or password is None:
            return None
        try:
            officer = Officer.objects.get_by_natural_key(username)
        except Officer.DoesNotExist:
            # Hashing takes the time that comparing would have taken.
            make_password(password)
            return None
        return officer if officer.check_password(password) and officer.is_active else None

    def get_user(self, user_id: int) -> Officer | None:
        """Return the officer with force and unit; None once the account is closed, which ends open sessions."""
        found = Officer.objects.select_related("force", "unit").filter(pk=user_id, is_active=True)
        # Not first(): an ORDER BY has Django compare every column of the query with it, at each request.
        return next(iter(found.order_by()), None)
