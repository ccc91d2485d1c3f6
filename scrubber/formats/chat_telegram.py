"""Telegram's `result.json`: one chat, or all chats of an account.

A text is a string, or a list of strings and entities; an entity that is an address, a number
or somebody's account goes as a whole. Contacts, sessions and what the account says of its owner
are no part of a chat, and go.
"""

from __future__ import annotations

from typing import Any

from scrubber.formats.chat_json import ChatJson
from scrubber.formats.chat_shape import (
    CARD,
    FLAG,
    HANDLE,
    ID,
    MAIL,
    NUMBER,
    PHONE,
    ROLE,
    TEXT,
    USER,
    WHO,
    Node,
    choice,
    each,
    obj,
)

_WHOLE = {
    "mention": HANDLE, "mention_name": WHO, "text_mention": WHO, "phone": PHONE, "email": MAIL,
    "bank_card": CARD,
}  # fmt: skip
_ENTITIES = {
    kind: obj(type=ROLE, text=node, href=TEXT, language=ROLE, collapsed=FLAG)
    for kind, node in {**_WHOLE, "": TEXT}.items()
}


def _entity(value: Any) -> Node | None:
    if isinstance(value, str):
        return TEXT
    kind = value.get("type") if isinstance(value, dict) else None
    return _ENTITIES.get(kind if isinstance(kind, str) else "", _ENTITIES[""])


_WORDS = TEXT | each(choice(_entity))
_MESSAGE = obj(
    needs="id type", id=ID, type=ROLE, actor=WHO, actor_id=USER, action=ROLE,
    **{"from": WHO}, from_id=USER, author=WHO, forwarded_from=WHO, forwarded_from_id=USER,
    saved_from=WHO, via_bot=WHO, reply_to_message_id=ID, message_id=ID, members=each(WHO),
    inviter=WHO, title=TEXT, text=_WORDS, text_entities=each(choice(_entity)), media_type=ROLE,
    mime_type=ROLE, sticker_emoji=TEXT, duration_seconds=NUMBER, width=NUMBER, height=NUMBER,
    poll=obj(question=_WORDS, closed=FLAG, total_voters=NUMBER,
             answers=each(obj(text=_WORDS, voters=NUMBER, chosen=FLAG))),
    reactions=each(obj(type=ROLE, count=NUMBER, emoji=TEXT)),
)  # fmt: skip
_CHAT = obj(needs="messages", name=WHO, type=ROLE, id=ID, messages=each(_MESSAGE))
_CHATS = obj(list=each(_CHAT))


class Telegram(ChatJson):
    """See the module."""

    shape = obj(
        name=WHO, type=ROLE, id=ID, messages=each(_MESSAGE), chats=_CHATS, left_chats=_CHATS
    )
