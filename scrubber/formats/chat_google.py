"""Google Chat: `messages.json` of a conversation in a Takeout export."""

from __future__ import annotations

from scrubber.formats.chat_json import ChatJson
from scrubber.formats.chat_shape import ID, MAIL, ROLE, TEXT, WHO, each, obj

_CREATOR = obj(name=WHO, email=MAIL, user_type=ROLE)
_MESSAGE = obj(
    creator=_CREATOR, text=TEXT, topic_id=ID, message_id=ID, message_state=ROLE,
    quoted_message_metadata=obj(creator=_CREATOR, text=TEXT, message_id=ID),
    reactions=each(obj(emoji=obj(unicode=TEXT), reactor_emails=each(MAIL))),
)  # fmt: skip


class GoogleChat(ChatJson):
    """See the module."""

    shape = obj(needs="messages", messages=each(_MESSAGE))
