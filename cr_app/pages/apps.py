"""Names the app that holds what every page shares."""

from django.apps import AppConfig


class PagesConfig(AppConfig):
    """Registers the template tags of our crispy pack; the app has no tables."""

    name = "cr_app.pages"
    label = "pages"
    verbose_name = "Pages"
