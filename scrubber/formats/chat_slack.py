"""One day of one channel of a Slack export.

`ts` is the time of a message and its name at once: threads refer to it, so it becomes a tag.
`blocks` say the words of `text` again in pieces, and go; so do links to files, which can carry
a token, and profiles.
"""

from __future__ import annotations

from scrubber.formats.chat_json import ChatJson
from scrubber.formats.chat_shape import (
    FLAG,
    ID,
    NUMBER,
    ROLE,
    TEXT,
    USER,
    WHO,
    each,
    obj,
    with_mentions,
)

_OPEN = r"(?:<|\\u003[cC])"
_WORDS = with_mentions(
    TEXT,
    _OPEN + r"(?:@(?P<user>[UW][A-Z0-9]{5,})(?:\|(?P<who>[^>\\]{1,80}))?"
    r"|[#!](?:subteam\^)?(?P<id>[CGS][A-Z0-9]{5,})(?:\|[^>\\]{0,80})?)(?:>|\\u003[eE])",
)
_MESSAGE = obj(
    needs="type ts", type=ROLE, subtype=ROLE, text=_WORDS, ts=ID, thread_ts=ID, user=USER,
    parent_user_id=USER, inviter=USER, username=WHO, bot_id=ID, hidden=FLAG, is_locked=FLAG,
    subscribed=FLAG, reply_count=NUMBER, reply_users_count=NUMBER, latest_reply=ID,
    reply_users=each(USER), replies=each(obj(user=USER, ts=ID)), topic=_WORDS, purpose=_WORDS,
    name=TEXT, old_name=TEXT, members=each(USER), edited=obj(user=USER, ts=ID),
    reactions=each(obj(name=ROLE, users=each(USER), count=NUMBER)),
    files=each(obj(mimetype=ROLE, filetype=ROLE)),
    attachments=each(obj(text=_WORDS, pretext=_WORDS, title=TEXT, fallback=_WORDS, footer=TEXT,
                         fields=each(obj(title=TEXT, value=_WORDS, short=FLAG)))),
)  # fmt: skip


class SlackDay(ChatJson):
    """See the module."""

    shape = each(_MESSAGE)
