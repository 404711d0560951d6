"""The application as gunicorn serves it; it refuses to start where it would not be safe, with one sentence."""

import os
import sys
import traceback
from typing import NoReturn

import django
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cr_app.settings")

# gunicorn's own for a worker that cannot boot; with any other it starts the worker again, for ever.
WORKER_CANNOT_BOOT = 3


def refuse(sentence: str) -> NoReturn:
    """Write why on the standard error and end: with 1, or as a gunicorn worker in the way that ends gunicorn too."""
    sys.stderr.write(f"Community Resolutions does not start: {sentence}\n")
    in_worker = any(frame.filename.endswith("gunicorn/workers/base.py") for frame in traceback.extract_stack())
    sys.exit(WORKER_CANNOT_BOOT if in_worker else 1)


try:
    django.setup()
    from cr_app.database.readiness import reasons_not_to_start

    for reason in reasons_not_to_start():
        refuse(reason)
    application = get_wsgi_application()
except KeyboardInterrupt:
    sys.exit(130)
except ImproperlyConfigured as error:
    refuse(str(error))
