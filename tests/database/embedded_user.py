"""A program that uses the embedded server named by its first argument, started by test_embedded.py.

It joins at each line it reads and answers with the host, or with why not; it leaves at the end of its input.
"""

import sys
from pathlib import Path

from cr_app.database.embedded import Server
from cr_app.database.place import ServerFailed

server = Server(Path(sys.argv[1]), durable=False, programs=sys.argv[2] if len(sys.argv) > 2 else "")
for _ in sys.stdin:
    try:
        sys.stdout.write(f"{server.start()}\n")
    except ServerFailed as error:
        sys.stdout.write(f"refused: {error}\n")
    sys.stdout.flush()
