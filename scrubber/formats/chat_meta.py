"""Messenger and Instagram: `message_1.json` of a conversation, in its older and newer forms.

The older form escapes the bytes of a character one by one; see chat_mojibake.
"""

from __future__ import annotations

from scrubber.formats.chat_json import ChatJson
from scrubber.formats.chat_shape import FLAG, ROLE, TEXT, WHO, each, named, obj, spelt_twice

_MESSAGE = obj(
    sender_name=WHO, senderName=WHO, content=TEXT, text=TEXT, type=ROLE,
    share=obj(link=TEXT, share_text=TEXT), is_unsent=FLAG, isUnsent=FLAG,
    is_geoblocked_for_viewer=FLAG, is_taken_down=FLAG,
    reactions=each(obj(reaction=TEXT, actor=WHO)),
)  # fmt: skip
_THREAD = named(
    {
        "participants": each(WHO | obj(name=WHO)),
        "messages": each(_MESSAGE),
        "title": WHO,
        "threadName": WHO,
        "is_still_participant": FLAG,
        "thread_type": ROLE,
    },
    needs="participants messages",
)


class MetaThread(ChatJson):
    """See the module."""

    shape = spelt_twice(_THREAD)
