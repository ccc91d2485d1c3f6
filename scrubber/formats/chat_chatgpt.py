"""ChatGPT's `conversations.json`: conversations as trees of messages.

Kept: the title, the tree, who speaks, the words, and which kind of content they are. What the
account says of its owner (custom instructions, memories) is put into messages that nobody sees;
such a message becomes null, as the root of a tree has none.
"""

from __future__ import annotations

from typing import Any

from scrubber.formats.chat_json import ChatJson
from scrubber.formats.chat_shape import (
    FLAG,
    ID,
    NUMBER,
    ROLE,
    TEXT,
    Node,
    choice,
    each,
    fixed,
    keyed,
    obj,
)

_HIDDEN = frozenset(("user_editable_context", "model_editable_context", "app_pairing_content"))
_PART = TEXT | obj(content_type=ROLE, text=TEXT)
_CONTENT = obj(
    content_type=ROLE, parts=each(_PART), text=TEXT, language=ROLE, result=TEXT, title=TEXT,
    thoughts=each(obj(summary=TEXT, content=TEXT, finished=FLAG)), content=TEXT,
)  # fmt: skip
_MESSAGE = obj(
    id=ID, author=obj(role=ROLE, name=ROLE), content=_CONTENT, status=ROLE, end_turn=FLAG,
    weight=NUMBER, recipient=ROLE, channel=ROLE, metadata=obj(model_slug=ROLE),
)  # fmt: skip


def _message(value: Any) -> Node | None:
    """A message, or null for one that its reader never saw."""
    if not isinstance(value, dict):
        return _MESSAGE
    content, metadata = value.get("content"), value.get("metadata")
    kind = content.get("content_type") if isinstance(content, dict) else None
    unseen = isinstance(metadata, dict) and (
        metadata.get("is_visually_hidden_from_conversation") is True
        or metadata.get("is_user_system_message") is True
    )
    hidden = isinstance(kind, str) and kind in _HIDDEN
    return fixed("null") if hidden or unseen else _MESSAGE


_CONVERSATION = obj(
    needs="mapping", title=TEXT, id=ID, conversation_id=ID, current_node=ID,
    default_model_slug=ROLE,
    mapping=keyed("id", obj(id=ID, parent=ID, children=each(ID), message=choice(_message))),
)  # fmt: skip


class ChatGpt(ChatJson):
    """See the module."""

    shape = each(_CONVERSATION) | _CONVERSATION
