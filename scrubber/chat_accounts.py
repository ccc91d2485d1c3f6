"""What the account files of an export teach: names, addresses and numbers of its people.

The files themselves are dropped; the people in them are looked for in the chats beside them.
"""

from __future__ import annotations

import json
from typing import Any

from scrubber.model import Seed, Source

_MOST = 64 << 20  # bytes of a file that is read
_KEYS = {
    "email": "EMAIL_ADDRESS", "email_address": "EMAIL_ADDRESS", "phone": "PHONE_NUMBER",
    "phone_number": "PHONE_NUMBER", "verified_phone_number": "PHONE_NUMBER",
    "real_name": "PERSON", "full_name": "PERSON", "name": "PERSON", "display_name": "PERSON",
    "real_name_normalized": "PERSON", "display_name_normalized": "PERSON", "global_name": "PERSON",
    "user_name": "PERSON",
}  # fmt: skip


def account_seeds(source: Source) -> tuple[Seed, ...]:
    """Whole names of two words or more, mail addresses and phone numbers, each once."""
    if source.size > _MOST:
        return ()
    try:
        value = json.loads(source.read(0, source.size).decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return ()
    found: dict[tuple[str, str], Seed] = {}
    todo: list[Any] = [value]
    while todo:
        node = todo.pop()
        if isinstance(node, list):
            todo += node
        elif isinstance(node, dict):
            for key, inner in node.items():
                entity = _KEYS.get(key.lower())
                if entity and isinstance(inner, str):
                    _teach(found, entity, inner.strip())
                else:
                    todo.append(inner)
    return tuple(found[key] for key in sorted(found))


def _teach(found: dict[tuple[str, str], Seed], entity: str, text: str) -> None:
    if entity == "PERSON" and len(text.split()) < 2:
        return
    if text:
        found[entity, text] = Seed(entity, text)
