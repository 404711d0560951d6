"""The sign-in, password and confirm-it-is-you forms: allauth's, in the words of this service."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import ChangePasswordForm as AllauthChangePasswordForm
from allauth.account.forms import LoginForm, ReauthenticateForm
from django import forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError

from cr_app.accounts.warrant_numbers import normal_warrant_number
from cr_app.pages.text import clean

_LONGEST_PASSWORD = 256


class PasswordField(forms.CharField):
    """A password as it was typed, spaces included."""

    def __init__(self, label: str, missing: str, *, autocomplete: str, hint: str = "") -> None:
        """Take the question, and what to say when there is no answer."""
        super().__init__(
            label=label,
            help_text=hint,
            strip=False,
            max_length=_LONGEST_PASSWORD,
            error_messages={
                "required": missing,
                "max_length": f"Type a password of {_LONGEST_PASSWORD} characters or fewer",
            },
            widget=forms.PasswordInput(attrs={"autocomplete": autocomplete, "spellcheck": "false"}),
        )

    def to_python(self, value: Any) -> str | None:
        """Refuse what no keyboard types and no encoding carries."""
        password = super().to_python(value)
        if password and ("\0" in password or password.encode(errors="ignore").decode() != password):
            raise ValidationError("Type the password again: it has a character that cannot be used")
        return password


class SignInForm(LoginForm):  # type: ignore[misc]
    """Warrant number and password."""

    password = PasswordField("Password", "Enter your password", autocomplete="current-password")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Ask for the warrant number in the field that allauth calls login."""
        super().__init__(*args, **kwargs)
        self.fields["login"] = forms.CharField(
            label="Warrant number",
            max_length=40,
            error_messages={
                "required": "Enter your warrant number",
                "max_length": "Enter a warrant number of 12 letters and digits or fewer",
            },
            widget=forms.TextInput(
                attrs={"autocomplete": "username", "spellcheck": "false", "autocapitalize": "characters"}
            ),
        )
        self.order_fields(["login", "password"])

    def clean_login(self) -> str:
        """Return the warrant number in its one form."""
        return normal_warrant_number(clean(self.cleaned_data["login"], what="your warrant number"))

    def clean(self) -> dict[str, Any]:
        """Say beside the first field, which the error summary links to, that the two are not right together."""
        try:
            super().clean()
        except ValidationError as error:
            self.add_error("login", error)
        typed: dict[str, Any] = self.cleaned_data
        return typed


class ChangePasswordForm(AllauthChangePasswordForm):  # type: ignore[misc]
    """The present password and the new one, twice. A wrong present password counts towards the lock."""

    oldpassword = PasswordField("Current password", "Enter your current password", autocomplete="current-password")
    password1 = PasswordField(
        "New password",
        "Enter a new password",
        autocomplete="new-password",
        hint="At least 12 characters, such as four words that do not belong together. "
        "Not a common password, your name or your warrant number.",
    )
    password2 = PasswordField("New password again", "Enter the new password again", autocomplete="new-password")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Keep allauth's way of making the form; the new password is checked in `clean_password1`."""
        super().__init__(*args, **kwargs)
        self.order_fields(["oldpassword", "password1", "password2"])

    def clean_oldpassword(self) -> str:
        """Check the present password as a sign-in is checked, so that it cannot be guessed at here."""
        password: str = self.cleaned_data["oldpassword"]
        if not get_adapter().reauthenticate(self.user, password):
            raise get_adapter().validation_error("enter_current_password")
        return password

    def clean_password1(self) -> str:
        """Hold the new password to the rules of the settings."""
        password: str = self.cleaned_data["password1"]
        password_validation.validate_password(password, self.user)
        return password

    def clean(self) -> dict[str, Any]:
        """Want the new password typed the same way twice."""
        typed: dict[str, Any] = forms.Form.clean(self) or {}
        if typed.get("password1") and typed.get("password2") and typed["password1"] != typed["password2"]:
            self.add_error("password2", "Type the new password the same way both times")
        return typed


class ConfirmForm(ReauthenticateForm):  # type: ignore[misc]
    """The password once more, before something that matters."""

    password = PasswordField("Password", "Enter your password", autocomplete="current-password")
