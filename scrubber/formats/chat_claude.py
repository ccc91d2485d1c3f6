"""Claude's `conversations.json` and `projects.json`.

A message says its words twice, in `text` and in `content`. Both are read alike, and the same
value gets the same tag, so both copies stay equal. Documents that were given to the assistant
(`extracted_content`) and the results of its tools are kept as words.
"""

from __future__ import annotations

from scrubber.formats.chat_json import ChatJson
from scrubber.formats.chat_shape import FLAG, FREE, ID, ROLE, TEXT, each, obj

_BLOCK = obj(
    type=ROLE, text=TEXT, thinking=TEXT, id=ID, tool_use_id=ID, name=ROLE, input=FREE,
    content=TEXT | FREE, is_error=FLAG, summaries=each(obj(summary=TEXT)),
)  # fmt: skip
_ATTACHMENT = obj(file_type=ROLE, extracted_content=TEXT)
_MESSAGE = obj(
    uuid=ID, parent_message_uuid=ID, text=TEXT, content=each(_BLOCK), sender=ROLE,
    attachments=each(_ATTACHMENT), files=each(obj()),
)  # fmt: skip
_CONVERSATION = obj(
    needs="chat_messages", uuid=ID, name=TEXT, summary=TEXT, model=ROLE,
    current_leaf_message_uuid=ID, chat_messages=each(_MESSAGE),
)  # fmt: skip
_PROJECT = obj(
    needs="docs", uuid=ID, name=TEXT, description=TEXT, prompt_template=TEXT, is_private=FLAG,
    docs=each(obj(uuid=ID, content=TEXT)),
)  # fmt: skip


class ClaudeChats(ChatJson):
    """See the module."""

    shape = each(_CONVERSATION) | _CONVERSATION


class ClaudeProjects(ChatJson):
    """See the module."""

    shape = each(_PROJECT) | _PROJECT
