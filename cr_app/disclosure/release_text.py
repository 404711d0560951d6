"""release.json as text: always the same text for the same content, and the digest of it. Pure.

Keys are sorted, two spaces indent, letters stand as themselves: what `jq -S` writes. So anybody can check a release with
`jq -S 'del(.digest)' release.json | sha256sum`.
"""

import hashlib
import json
from collections.abc import Mapping


def text_of(told: Mapping[str, object]) -> str:
    """Return the one text of this content; raises ValueError for what JSON cannot hold."""
    return json.dumps(told, sort_keys=True, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def digest_of(told: Mapping[str, object]) -> str:
    """Return the SHA-256, in hexadecimal, of the text of everything but the digest itself."""
    rest = {name: value for name, value in told.items() if name != "digest"}
    return hashlib.sha256(text_of(rest).encode()).hexdigest()


def with_digest(told: Mapping[str, object]) -> dict[str, object]:
    """Return the content with its digest."""
    return {**told, "digest": digest_of(told)}
