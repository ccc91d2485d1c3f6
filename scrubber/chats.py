"""Chat and AI exports, told by their structure and never by their name.

What is looked at is a JSON value of which perhaps only the beginning is there: the keys of the
first few records. Account files of an export have rows of their own, since nothing of them is
content.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

_TOKEN = re.compile(
    r'[ \t\r\n]*(?:(?P<string>"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|'
    r"(?P<scalar>-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?(?=[\s,\]}])|true|false|null)|"
    r"(?P<mark>[{}\[\],:]))"
)
_RECORDS = 8  # that are looked at
_DEPTH = 200
_SLACK_TIME = re.compile(r"\d{9,11}\.\d{6}|\[UUID-[a-z2-7]{10}\]")
_SLACK_ID = re.compile(r"[UWCDGT][A-Z0-9]{6,}")
_SNOWFLAKE = re.compile(r"\d{15,22}")

ACCOUNT = "chat-account"
"""The row of files that tell of the owner of an export, or of the people in it."""


def beginning(text: str) -> Any:  # whatever JSON holds
    """The value that `text` begins, with what is there of it. None if it is no JSON.

    Doubled keys count once: the first value is kept, since only its shape is asked for.
    """
    reader = _Beginning()
    at = 0
    while reader.goes_on and (match := _TOKEN.match(text, at)):
        at = match.end()
        if match["mark"]:
            reader.mark(match["mark"])
        else:
            reader.scalar(json.loads(match["string"] or match["scalar"], parse_int=str))
    return reader.top[0] if reader.top else None


class _Beginning:
    """Builds a value from its tokens."""

    def __init__(self) -> None:
        self.top: list[Any] = []
        self.goes_on = True
        self._stack: list[Any] = []
        self._keys: list[str | None] = []

    def mark(self, mark: str) -> None:
        if mark in "{[":
            value: Any = {} if mark == "{" else []
            self._put(value)
            self._stack.append(value)
            self._keys.append(None)
            self.goes_on = len(self._stack) < _DEPTH
        elif mark in "}]":
            self.goes_on = bool(self._stack)
            if self.goes_on:
                self._stack.pop()
                self._keys.pop()

    def scalar(self, value: Any) -> None:
        opened = bool(self._stack) and isinstance(self._stack[-1], dict)
        if opened and self._keys[-1] is None and isinstance(value, str):
            self._keys[-1] = value
        else:
            self._put(value)

    def _put(self, value: Any) -> None:
        if not self._stack:
            self.top.append(value)
        elif isinstance(self._stack[-1], list):
            self._stack[-1].append(value)
        elif self._keys[-1] is not None:
            self._stack[-1].setdefault(self._keys[-1], value)
            self._keys[-1] = None


def kind(text: str, whole: bool) -> str | None:
    """The row of an export that is one JSON value, None for any other JSON."""
    value = beginning(text)
    if isinstance(value, dict):
        return _object(value)
    if isinstance(value, list) and value:
        rows = value[: _RECORDS if whole or len(value) < 3 else max(1, len(value) - 1)][:_RECORDS]
        if all(isinstance(row, dict) for row in rows):
            return _array(rows)
    return None


def kind_of_lines(lines: list[str]) -> str | None:
    """The row of JSON lines that are data for models or traces of them."""
    rows = [beginning(line) for line in lines[:_RECORDS]]
    if not rows or not all(isinstance(row, dict) for row in rows):
        return None
    for name, fits in (
        ("prompt-rows", _is_prompt),
        ("langsmith-rows", _is_run),
        ("langfuse-rows", _is_trace),
        (ACCOUNT, _is_activity),
    ):
        if all(map(fits, rows)):
            return name
    return None


def _has(row: Any, names: str) -> bool:
    return isinstance(row, dict) and all(name in row for name in names.split())


def _first(row: Any, name: str) -> Any:
    """The first element or value of the member `name`."""
    inner = row.get(name)
    if isinstance(inner, list) and inner:
        return inner[0]
    if isinstance(inner, dict) and inner:
        return next(iter(inner.values()))
    return None


# one object -------------------------------------------------------------------------------------


def _object(value: dict[str, Any]) -> str | None:
    single: tuple[tuple[str, bool], ...] = (
        ("chatgpt", _is_gpt(value)),
        ("claude-chats", _is_claude(value)),
        ("claude-projects", _is_project(value)),
        ("discord-channel", _has(value, "guild channel messages")),
        ("google-chat", _has(_first(value, "messages"), "creator")),
        ("meta-thread", _is_meta(value)),
        ("telegram", _is_telegram(value)),
        ("langsmith", _is_run(value)),
        ("langfuse", _is_trace(value)),
        (ACCOUNT, _is_account(value)),
    )
    return next((name for name, fits in single if fits), None)


def _is_gpt(row: Any) -> bool:
    node = _first(row, "mapping") if isinstance(row, dict) else None
    return isinstance(node, dict) and bool(node.keys() & {"message", "parent", "children"})


def _is_claude(row: Any) -> bool:
    return (
        _has(row, "chat_messages")
        and isinstance(row["chat_messages"], list)
        and ("uuid" in row or "account" in row)
    )


def _is_project(row: Any) -> bool:
    return _has(row, "uuid docs") and bool(row.keys() & {"prompt_template", "is_private"})


def _is_meta(row: dict[str, Any]) -> bool:
    message = _first(row, "messages")
    return "participants" in row and (
        _has(message, "sender_name") or _has(message, "senderName") or "threadName" in row
    )


def _is_telegram(row: dict[str, Any]) -> bool:
    if isinstance(row.get("chats"), dict) and "list" in row["chats"]:
        return True
    message = _first(row, "messages")
    return (
        _has(row, "type id messages")
        and _has(message, "id type")
        and (bool(message.keys() & {"date", "text", "text_entities", "from_id", "actor_id"}))
    )


def _is_run(row: Any) -> bool:
    return _has(row, "run_type inputs") or (_has(row, "run_type trace_id"))


def _is_trace(row: Any) -> bool:
    ties = {"traceId", "observations", "sessionId", "projectId", "parentObservationId"}
    return _has(row, "input output") and bool(row.keys() & ties)


# an array of records ----------------------------------------------------------------------------


def _array(rows: list[dict[str, Any]]) -> str | None:
    for name, fits in _ARRAYS:
        if all(map(fits, rows)):
            return name
    return None


def _is_slack(row: Any) -> bool:
    return (
        _has(row, "type ts")
        and isinstance(row["ts"], str)
        and _SLACK_TIME.fullmatch(row["ts"]) is not None
    )


def _is_package(row: Any) -> bool:
    return _has(row, "ID Contents") or _has(row, "ID Timestamp")


_PAIRS = (
    "prompt completion", "prompt response", "instruction output", "instruction response",
    "chosen rejected", "prompt chosen", "custom_id body", "custom_id response",
)  # fmt: skip
_TURNS = ("messages", "conversations", "conversation", "dialog")


def _is_prompt(row: Any) -> bool:
    if not isinstance(row, dict):
        return False
    for name in _TURNS:
        turn = _first(row, name) if isinstance(row.get(name), list) else None
        if _has(turn, "role") or _has(turn, "from value"):
            return not ("participants" in row or "chat_messages" in row)
    return any(_has(row, pair) for pair in _PAIRS)


# the owner and the people -----------------------------------------------------------------------


def _is_account(row: dict[str, Any]) -> bool:
    user = row.get("user")
    members = _first(row, "members")
    return (
        (_has(row, "id email") and bool(row.keys() & {"chatgpt_plus_user", "phone_number"})
         and str(row["id"]).startswith("user-"))
        or (_has(row, "user_id") and bool(row.keys() & {"settings", "announcements"}))
        or _has(row, "discriminator username email")
        or (_has(row, "id type recipients") and len(row) <= 4)
        or (_has(user, "email user_type") and "membership_info" in row)
        or _has(members, "email user_type")
        or (len(row) > 1 and all(map(_SNOWFLAKE.fullmatch, row))
            and all(isinstance(name, str | None) for name in row.values()))
    )  # fmt: skip


def _is_activity(row: Any) -> bool:
    return _has(row, "event_type event_id") and bool(row.keys() & {"user_id", "ip", "os"})


def _is_account_row(row: Any) -> bool:
    name = row.get("id")
    slack = isinstance(name, str) and _SLACK_ID.fullmatch(name) is not None
    return (
        _has(row, "uuid full_name email_address")
        or (_has(row, "conversations_memory") and "account_uuid" in row)
        or (_has(row, "conversation_id user_id") and "rating" in row)
        or _has(row, "conversation_id is_anonymous")
        or _has(row, "user_id settings")
        or (slack and _has(row, "team_id profile"))
        or (slack and _has(row, "created members"))
        or (_has(row, "user_id user_name change_type"))
    )


_ARRAYS: tuple[tuple[str, Callable[[Any], bool]], ...] = (
    ("chatgpt", _is_gpt),
    ("claude-chats", _is_claude),
    ("claude-projects", _is_project),
    ("slack-day", _is_slack),
    ("discord-messages", _is_package),
    ("langsmith", _is_run),
    ("langfuse", _is_trace),
    ("prompt-table", _is_prompt),
    (ACCOUNT, _is_account_row),
)

_PAGE = re.compile(r"<title>\s*ChatGPT Data Export\s*</title>", re.I)
_CALLS = re.compile(r"<calls\b[^<>]*>\s*<call\s[^<>]*\bnumber\s*=")
_PROLOG = 4096  # characters before the root


def markup_kind(text: str) -> str | None:
    """The row of markup that shows an export again, or that is a log of calls.

    The web page of a ChatGPT export holds all conversations as a script, and a list of calls is
    nothing but numbers, names and times.
    """
    if not text.startswith("<"):
        return None
    if _CALLS.search(text, 0, _PROLOG):
        return ACCOUNT
    return "chat-page" if _PAGE.search(text, 0, _PROLOG) else None
