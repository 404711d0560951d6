"""release.json as a file: the one text of what a release says."""

from cr_app.disclosure.export.content import Content
from cr_app.disclosure.release_text import text_of


def json_of(content: Content) -> bytes:
    """Return the bytes that the release's digest can be found from: `jq -S 'del(.digest)' release.json | sha256sum`."""
    return text_of(content.told).encode()
