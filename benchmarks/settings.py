"""The service's own settings and, beside it in the same process, the bare view that it is measured against."""

from cr_app.settings import *  # noqa: F403
from cr_app.settings import INSTALLED_APPS as _SERVICE

INSTALLED_APPS = [*_SERVICE, "benchmarks.floor"]
ROOT_URLCONF = "benchmarks.urls"
WSGI_APPLICATION = "benchmarks.wsgi.application"
