"""What may stand in a cleaned chat export, place by place, as its second reader knows it.

One string says what a scalar is: t text, r a role or another word, i id, u account, w person,
p phone, m mail, h handle, c card, n number, f true or false, l lines of one text, * any JSON;
`=` JSON that is always the same, `#` a prefix with the number of the value. A list holds what an
array is made of, an object its keys ({i} for keys that are ids), a tuple several of these.
"""

from __future__ import annotations

import json
from typing import Union

Table = Union[str, "list[Table]", "dict[str, Table]", "tuple[Table, ...]"]

ROLES = frozenset(
    "user assistant system tool developer human gpt chatgpt model bot function critic "  # noqa: SIM905 - one list of words
    "observation function_call ai".split()
)


def _all(kind: str, names: str) -> dict[str, Table]:
    return dict.fromkeys(names.split(), kind)


_NAMED: dict[str, Table] = {"name": "t"}

# --- assistants ---------------------------------------------------------------------------------

_GPT_CONTENT: dict[str, Table] = {
    "content_type": "r", "parts": [("t", {"content_type": "r", "text": "t"})], "language": "r",
    "text": "t", "result": "t", "title": "t", "content": "t",
    "thoughts": [{"summary": "t", "content": "t", "finished": "f"}],
}  # fmt: skip
_GPT_MESSAGE: dict[str, Table] = {
    "id": "i", "author": {"role": "r", "name": "r"}, "content": _GPT_CONTENT, "status": "r",
    "end_turn": "f", "weight": "n", "recipient": "r", "channel": "r",
    "metadata": {"model_slug": "r"},
}  # fmt: skip
_GPT: dict[str, Table] = {
    **_all("i", "id conversation_id current_node"), "title": "t", "default_model_slug": "r",
    "mapping": {"{i}": {"id": "i", "parent": "i", "children": ["i"], "message": _GPT_MESSAGE}},
}  # fmt: skip
_CLAUDE_BLOCK: dict[str, Table] = {
    **_all("t", "text thinking"), **_all("i", "id tool_use_id"), **_all("r", "type name"),
    "input": "*", "content": ("t", "*"), "is_error": "f", "summaries": [{"summary": "t"}],
}  # fmt: skip
_CLAUDE: dict[str, Table] = {
    **_all("i", "uuid current_leaf_message_uuid"), **_all("t", "name summary"), "model": "r",
    "chat_messages": [
        {
            **_all("i", "uuid parent_message_uuid"), "text": "t", "content": [_CLAUDE_BLOCK],
            "sender": "r", "files": [{}],
            "attachments": [{"file_type": "r", "extracted_content": "t"}],
        }
    ],
}  # fmt: skip
_PROJECT: dict[str, Table] = {
    "uuid": "i", **_all("t", "name description prompt_template"), "is_private": "f",
    "docs": [{"uuid": "i", "content": "t"}],
}  # fmt: skip

# --- people -------------------------------------------------------------------------------------

_SLACK: dict[str, Table] = {
    **_all("r", "type subtype"), **_all("i", "ts thread_ts bot_id latest_reply"),
    **_all("u", "user parent_user_id inviter"), "username": "w",
    **_all("t", "text topic purpose name old_name"), **_all("f", "hidden is_locked subscribed"),
    **_all("n", "reply_count reply_users_count"), "reply_users": ["u"], "members": ["u"],
    "replies": [{"user": "u", "ts": "i"}], "edited": {"user": "u", "ts": "i"},
    "reactions": [{"name": "r", "users": ["u"], "count": "n"}],
    "files": [_all("r", "mimetype filetype")],
    "attachments": [
        {**_all("t", "text pretext title fallback footer"),
         "fields": [{"title": "t", "value": "t", "short": "f"}]}
    ],
}  # fmt: skip
_AUTHOR: dict[str, Table] = {"id": "u", "name": "w", "nickname": "w", "isBot": "f"}
_DISCORD: dict[str, Table] = {
    "guild": {"id": "i", "name": "t"}, "messageCount": "n",
    "channel": {**_all("i", "id categoryId"), "type": "r", **_all("t", "category name topic")},
    "messages": [
        {
            "id": "i", "type": "r", "isPinned": "f", "content": "t", "author": _AUTHOR,
            "attachments": [{}], "mentions": [_AUTHOR], "stickers": [_NAMED],
            "embeds": [{"title": "t", "description": "t",
                        "fields": [{"name": "t", "value": "t", "isInline": "f"}]}],
            "reactions": [{"emoji": {"name": "t", "code": "r"}, "count": "n", "users": [_AUTHOR]}],
            "reference": _all("i", "messageId channelId guildId"),
        }
    ],
}  # fmt: skip
_PHRASE: dict[str, Table] = {
    "type": "r", "text": ("t",), "href": "t", "language": "r", "collapsed": "f",
}  # fmt: skip
_PHRASES: Table = ("t", [("t", _PHRASE)])
_TELEGRAM_CHAT: dict[str, Table] = {
    "name": "w", "type": "r", "id": "i",
    "messages": [
        {
            **_all("i", "id reply_to_message_id message_id"),
            **_all("r", "type action media_type mime_type"),
            **_all("w", "actor from author forwarded_from saved_from via_bot inviter"),
            **_all("u", "actor_id from_id forwarded_from_id"), "members": ["w"], "title": "t",
            "text": _PHRASES, "text_entities": [("t", _PHRASE)], "sticker_emoji": "t",
            **_all("n", "duration_seconds width height"),
            "poll": {"question": _PHRASES, "closed": "f", "total_voters": "n",
                     "answers": [{"text": _PHRASES, "voters": "n", "chosen": "f"}]},
            "reactions": [{"type": "r", "count": "n", "emoji": "t"}],
        }
    ],
}  # fmt: skip
_TELEGRAM: dict[str, Table] = {
    **_TELEGRAM_CHAT, "chats": {"list": [_TELEGRAM_CHAT]}, "left_chats": {"list": [_TELEGRAM_CHAT]}
}  # fmt: skip
_META: dict[str, Table] = {
    "participants": [("w", {"name": "w"})], **_all("w", "title threadName"),
    "is_still_participant": "f", "thread_type": "r",
    "messages": [
        {
            **_all("w", "sender_name senderName"), **_all("t", "content text"), "type": "r",
            **_all("f", "is_unsent isUnsent is_geoblocked_for_viewer is_taken_down"),
            "share": _all("t", "link share_text"),
            "reactions": [{"reaction": "t", "actor": "w"}],
        }
    ],
}  # fmt: skip
_WRITER: dict[str, Table] = {"name": "w", "email": "m", "user_type": "r"}
_GOOGLE: dict[str, Table] = {
    "messages": [
        {
            "creator": _WRITER, "text": "t", **_all("i", "topic_id message_id"),
            "message_state": "r",
            "quoted_message_metadata": {"creator": _WRITER, "text": "t", "message_id": "i"},
            "reactions": [{"emoji": {"unicode": "t"}, "reactor_emails": ["m"]}],
        }
    ]
}  # fmt: skip

# --- data for models ----------------------------------------------------------------------------

_CALL: dict[str, Table] = {
    "id": "i", "type": "r", "function": {"name": "r", "arguments": "*"}
}  # fmt: skip
_TURN: dict[str, Table] = {
    **_all("r", "role from"), "name": "w", "tool_call_id": "i", "tool_calls": [_CALL],
    **_all("t", "value text refusal reasoning_content thinking"), "weight": "n",
    "content": ("t", [("t", {"type": "r", **_all("t", "text refusal input_text")})]),
    "function_call": {"name": "r", "arguments": "*"}, **_all("f", "loss train"),
}  # fmt: skip
_SAID: Table = ("t", [_TURN])
_BODY: dict[str, Table] = {
    "model": "r", "messages": [_TURN], "input": _SAID, "prompt": "t", "tools": "*",
    "response_format": "*", **_all("n", "temperature top_p max_tokens max_completion_tokens"),
    "choices": [{"index": "n", "message": _TURN, "finish_reason": "r", "text": "t"}],
    "usage": _all("n", "prompt_tokens completion_tokens total_tokens"),
}  # fmt: skip
_LABEL: Table = ("r", "n", "f")
_ROW: dict[str, Table] = {
    "messages": [_TURN], "conversations": [_TURN], "conversation": [_TURN], "dialog": [_TURN],
    **_all("i", "id uuid conversation_id prompt_id custom_id"), **_all("r", "method url"),
    "history": [(["t"], _TURN, "t")], "tools": ("*", "t"), "functions": "*", "body": _BODY,
    "response_format": "*", "answers": ["t"], "choices": ["t"],
    **dict.fromkeys(
        "prompt completion instruction input output system chosen rejected question answer "  # noqa: SIM905
        "context text query reference target chosen_response rejected_response system_prompt "
        "expected ideal rationale explanation".split(), _SAID),
    "response": ("t", [_TURN], {"status_code": "n", "request_id": "i", "body": _BODY}),
    **dict.fromkeys(
        "category label topic task domain difficulty language lang split type score rating "  # noqa: SIM905
        "quality score_chosen score_rejected model weight index turn level "
        "parallel_tool_calls".split(), _LABEL),
}  # fmt: skip
_RUN: dict[str, Table] = {
    **_all("i", "id trace_id parent_run_id session_id reference_example_id"),
    "child_run_ids": ["i"], "parent_run_ids": ["i"], **_all("r", "name run_type status"),
    **_all("*", "inputs outputs"), "error": "t",
    **_all("n", "execution_order prompt_tokens completion_tokens total_tokens"),
}  # fmt: skip
_RUN["child_runs"] = [_RUN]
_OBSERVED: dict[str, Table] = {
    **_all("i", "id traceId parentObservationId sessionId"), "userId": "u",
    **_all("r", "name type model level"), "statusMessage": "t", **_all("*", "input output"),
    "scores": [{"id": "i", "name": "r", "value": ("r", "n"), "comment": "t"}],
    **_all("n", "promptTokens completionTokens totalTokens"),
}  # fmt: skip
_TRACE: dict[str, Table] = {**_OBSERVED, "observations": [(_OBSERVED, "i")]}

# --- notebooks ----------------------------------------------------------------------------------

_KERNELS: Table = (
    "={}",
    *(
        "=" + json.dumps({"display_name": shown, "language": language, "name": name})
        for shown, language, name in (
            ("Python 3", "python", "python3"), ("R", "r", "ir"), ("Julia", "julia", "julia"),
            ("Bash", "bash", "bash"), ("JavaScript", "javascript", "javascript"),
            ("TypeScript", "typescript", "typescript"), ("C++", "c++", "cpp"),
            ("Rust", "rust", "rust"), ("Scala", "scala", "scala"), ("SQL", "sql", "sql"),
            ("Octave", "octave", "octave"),
        )
    ),
)  # fmt: skip
_LANGUAGES: Table = tuple(
    "=" + json.dumps({"name": name})
    for name in "python r julia bash javascript typescript c++ rust scala sql octave".split()  # noqa: SIM905
)
_NOTEBOOK: dict[str, Table] = {
    **_all("n", "nbformat nbformat_minor"),
    "metadata": {"kernelspec": _KERNELS, "language_info": _LANGUAGES},
    "cells": [
        {
            "cell_type": ('="code"', '="markdown"', '="raw"'), "source": ("l", "t"),
            "id": "#cell-", "metadata": "={}", "outputs": "=[]", "execution_count": "=null",
        }
    ],
}  # fmt: skip

TABLES: dict[str, Table] = {
    "chatgpt": ([_GPT], _GPT),
    "claude-chats": ([_CLAUDE], _CLAUDE),
    "claude-projects": ([_PROJECT], _PROJECT),
    "slack-day": [_SLACK],
    "discord-channel": _DISCORD,
    "discord-messages": [{"ID": "i", "Contents": "t"}],
    "telegram": _TELEGRAM,
    "meta-thread": _META,
    "google-chat": _GOOGLE,
    "prompt-rows": _ROW,
    "prompt-table": [_ROW],
    "langsmith": ([_RUN], _RUN),
    "langsmith-rows": _RUN,
    "langfuse": ([_TRACE], _TRACE),
    "langfuse-rows": _TRACE,
    "ipynb": _NOTEBOOK,
}
