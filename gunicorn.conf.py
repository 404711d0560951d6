"""How gunicorn serves the application; it reads this file when started in this folder: `gunicorn cr_app.wsgi`."""

import os
import sys

bind = os.environ.get("BIND") or f"127.0.0.1:{os.environ.get('PORT') or 8000}"
workers = int(os.environ.get("WEB_WORKERS") or 2)
# Slow connections occupy a thread, not a worker; a buffering proxy before it keeps even those free.
worker_class = "gthread"
threads = int(os.environ.get("WEB_THREADS") or 4)
timeout = 30
graceful_timeout = 10
keepalive = 5
# The checks of wsgi.py then run once, in the process whose exit status is the service's.
preload_app = True
# Addresses may name a case: no access log here, the trail knows who looked.
accesslog = None
errorlog = "-"
loglevel = "warning"
limit_request_line = 4094
limit_request_fields = 60
control_socket_disable = True


def when_ready(server: object) -> None:
    """Say where the service answers, once it does."""
    sys.stdout.write(f"Community Resolutions answers on http://{bind} (Ctrl-C stops it).\n")
    sys.stdout.flush()
