"""The application as gunicorn serves it to the stories: as in service, but that a password costs least to check."""

from tests.passwords import cost_least

cost_least()

from cr_app.wsgi import application  # noqa: E402

__all__ = ["application"]
