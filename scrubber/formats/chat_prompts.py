"""Data to train and judge language models with, by its usual rows, in JSON lines or one array.

Chat messages, prompt and completion, instruction and output, ShareGPT's conversations, pairs of
which one is preferred, and requests of a batch. `metadata` and `user` go: they say from whom a
row comes.
"""

from __future__ import annotations

from dataclasses import replace

from scrubber.formats.chat_json import ChatJson
from scrubber.formats.chat_shape import (
    FLAG,
    FREE,
    ID,
    NUMBER,
    ROLE,
    TEXT,
    WHO,
    Node,
    each,
    named,
    obj,
)

_CALL = obj(id=ID, type=ROLE, function=obj(name=ROLE, arguments=FREE))
_PIECE = obj(type=ROLE, text=TEXT, refusal=TEXT, input_text=TEXT)
_TURN = named(
    {
        "role": ROLE, "from": ROLE, "content": TEXT | each(_PIECE | TEXT), "value": TEXT,
        "text": TEXT, "name": WHO, "tool_calls": each(_CALL), "tool_call_id": ID,
        "function_call": obj(name=ROLE, arguments=FREE), "weight": NUMBER, "loss": FLAG,
        "refusal": TEXT, "reasoning_content": TEXT, "thinking": TEXT, "train": FLAG,
    }
)  # fmt: skip
_TURNS = each(_TURN)
_WORDS = TEXT | _TURNS
_NAMES = Node(string="role", number="number", flag=True)
_BODY = obj(
    model=ROLE, messages=_TURNS, input=_WORDS, prompt=TEXT, temperature=NUMBER, top_p=NUMBER,
    max_tokens=NUMBER, max_completion_tokens=NUMBER, tools=FREE, response_format=FREE,
    choices=each(obj(index=NUMBER, message=_TURN, finish_reason=ROLE, text=TEXT)),
    usage=obj(prompt_tokens=NUMBER, completion_tokens=NUMBER, total_tokens=NUMBER),
)  # fmt: skip
_WORD_KEYS = (
    "prompt", "completion", "instruction", "input", "output", "response", "system", "chosen",
    "rejected", "question", "answer", "context", "text", "query", "reference", "target",
    "chosen_response", "rejected_response", "system_prompt", "expected", "ideal", "rationale",
    "explanation",
)  # fmt: skip
_NAME_KEYS = (
    "category", "label", "topic", "task", "domain", "difficulty", "language", "lang", "split",
    "type", "score", "rating", "quality", "score_chosen", "score_rejected", "model", "weight",
    "index", "turn", "level", "parallel_tool_calls",
)  # fmt: skip
_ROW = named(
    {
        "messages": _TURNS, "conversations": _TURNS, "conversation": _TURNS, "dialog": _TURNS,
        "history": each(each(TEXT) | _TURN | TEXT), "tools": FREE | TEXT, "functions": FREE,
        "id": ID, "uuid": ID, "conversation_id": ID, "prompt_id": ID, "custom_id": ID,
        "method": ROLE, "url": ROLE, "body": _BODY,
        "response_format": FREE, "answers": each(TEXT), "choices": each(TEXT),
        **dict.fromkeys(_WORD_KEYS, _WORDS), **dict.fromkeys(_NAME_KEYS, _NAMES),
        "response": _WORDS | obj(status_code=NUMBER, request_id=ID, body=_BODY),
    }
)  # fmt: skip
_ROW = replace(
    _ROW,
    one_of=frozenset(
        ("messages", "conversations", "conversation", "dialog", "body", "response", *_WORD_KEYS)
    ),
)


class PromptRows(ChatJson):
    """One row a line."""

    shape = _ROW
    lines = True


class PromptTable(ChatJson):
    """All rows in one array."""

    shape = each(_ROW)
