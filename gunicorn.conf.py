"""How gunicorn serves the application; it reads this file when started in this folder: `gunicorn cr_app.wsgi`."""

import os
import sys

from gunicorn.config import Config
from gunicorn.glogging import Logger


def whole(name: str, default: int) -> int:
    """Read a whole number from the environment, or end with one sentence."""
    value = os.environ.get(name) or str(default)
    if not value.isascii() or not value.isdigit() or int(value) == 0:
        sys.exit(f"Community Resolutions does not start: {name} is {value!r}: set it to a whole number.")
    return int(value)


bind = os.environ.get("BIND") or f"127.0.0.1:{whole('PORT', 8000)}"
workers = whole("WEB_WORKERS", 2)
# Slow connections occupy a thread, not a worker; a buffering proxy before it keeps even those free.
worker_class = "gthread"
threads = whole("WEB_THREADS", 4)
timeout = 30
graceful_timeout = 10
keepalive = 5
# The checks of wsgi.py then run once, in the process whose exit status is the service's.
preload_app = True
# Addresses may name a case: no access log here, the trail knows who looked.
accesslog = None
errorlog = "-"
loglevel = "warning"


class ValuesLeftOut(Logger):
    """Gunicorn's own log names an address and prints what an exception says: not here."""

    def setup(self, cfg: Config) -> None:
        """Have gunicorn's lines, too, written without a value that somebody typed."""
        # Only now is this folder sure to be on the path.
        from cr_app.audit import logs

        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(logs.ValuesLeftOut())


logger_class = ValuesLeftOut
limit_request_line = 4094
limit_request_fields = 60
control_socket_disable = True


def when_ready(server: object) -> None:
    """Say where the service answers, once it does."""
    sys.stdout.write(f"Community Resolutions answers on http://{bind} (Ctrl-C stops it).\n")
    sys.stdout.flush()
