"""The password inside an address of a server, which stands alone elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

_SHORTEST = 6  # characters; a shorter one is found by chance
_INSIDE = re.compile(
    r"://[^\s/:@]{0,80}:(?P<url>[^\s]{1,200}?)@[^@\s]*$|"
    r"(?i:password|pwd|accountkey|sharedaccesskey|sharedaccesssignature)\s?=\s?(?P<field>[^;\s\"']{4,200})"
)


def secrets_inside(entity: str, text: str) -> Iterator[str]:
    """Passwords and keys in `text`, a CONNECTION_STRING, as written and percent-decoded."""
    if entity != "CONNECTION_STRING":
        return
    for match in _INSIDE.finditer(text):
        value = match["url"] or match["field"]
        for form in dict.fromkeys((value, unquote(value))):
            if len(form) >= _SHORTEST:
                yield form
