"""Serves the service with its own middleware, and under /floor/ a bare view with Django's alone, in one process."""

# Django is set up before anything that needs it is imported.
# ruff: noqa: E402

import os
from collections.abc import Callable, Iterable
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.settings")

import django

django.setup()

from django.core.handlers.wsgi import WSGIHandler
from django.test import override_settings

BARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]

service = WSGIHandler()
with override_settings(MIDDLEWARE=BARE):
    bare = WSGIHandler()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer with the service, or for the bare view's address without any of its middleware."""
    handler = bare if environ["PATH_INFO"].startswith("/floor/") else service
    return handler(environ, start_response)
