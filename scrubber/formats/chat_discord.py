"""Discord: a channel as DiscordChatExporter writes it, and `messages.json` of the data package.

Ids hold the millisecond in which they were made, so all of them become tags. Addresses of
attachments are signed, and go.
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
    named,
    obj,
    with_mentions,
)

_WORDS = with_mentions(
    TEXT,
    r"(?:<|\\u003[cC])(?:@!?(?P<user>\d{5,25})|(?:#|@(?:&|\\u0026)|a?:\w{1,64}:)(?P<id>\d{5,25}))"
    r"(?:>|\\u003[eE])",
)
_AUTHOR = obj(id=USER, name=WHO, nickname=WHO, isBot=FLAG)
_EMBED = obj(
    title=TEXT, description=_WORDS, fields=each(obj(name=TEXT, value=_WORDS, isInline=FLAG))
)
_MESSAGE = obj(
    needs="id content author", id=ID, type=ROLE, isPinned=FLAG, content=_WORDS, author=_AUTHOR,
    attachments=each(obj()), embeds=each(_EMBED), stickers=each(obj(name=TEXT)),
    reactions=each(obj(emoji=obj(name=TEXT, code=ROLE), count=NUMBER, users=each(_AUTHOR))),
    mentions=each(_AUTHOR), reference=obj(messageId=ID, channelId=ID, guildId=ID),
)  # fmt: skip
_CHANNEL = obj(
    needs="channel messages", guild=obj(id=ID, name=TEXT),
    channel=obj(id=ID, type=ROLE, categoryId=ID, category=TEXT, name=TEXT, topic=TEXT),
    messages=each(_MESSAGE), messageCount=NUMBER,
)  # fmt: skip
_PACKAGE = named({"ID": ID, "Contents": _WORDS}, needs="ID Contents")


class DiscordChannel(ChatJson):
    """See the module."""

    shape = _CHANNEL


class DiscordPackage(ChatJson):
    """See the module."""

    shape = each(_PACKAGE)
