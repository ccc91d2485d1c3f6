# ruff: noqa: E501 - exports as programs write them
"""Small exports of every kind, with fictional people, as programs write them.

Each says which of its values are private and go, and which words stay as they are.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Export:
    """One file: the row that it is, its name in an export, and what should come of it."""

    row: str
    name: str
    value: Any
    gone: tuple[str, ...]
    stays: tuple[str, ...]
    indent: int | None = None
    ascii_only: bool = True

    @property
    def data(self) -> bytes:
        if self.name.endswith(".jsonl"):
            rows = (json.dumps(row, ensure_ascii=self.ascii_only) for row in self.value)
            return "".join(f"{row}\n" for row in rows).encode()
        return json.dumps(self.value, ensure_ascii=self.ascii_only, indent=self.indent).encode()


def _gpt(id_: str, role: str, words: str, parent: str, *children: str) -> dict[str, Any]:
    message = {
        "id": id_, "author": {"role": role, "name": None, "metadata": {"real_author": "x-7731"}},
        "create_time": 1712345678.123456, "update_time": None,
        "content": {"content_type": "text", "parts": [words]}, "status": "finished_successfully",
        "end_turn": True, "weight": 1.0, "recipient": "all",
        "metadata": {"request_id": "req-55ab77", "model_slug": "gpt-4o", "timestamp_": "absolute",
                     "attachments": [{"name": "Jane Roe CV.pdf", "id": "file-Zx81"}]},
    }  # fmt: skip
    return {"id": id_, "message": message, "parent": parent, "children": list(children)}


_ROOT = "aaaa1111-0000-4000-8000-00000000c0de"
_ASK = "bbbb2222-0000-4000-8000-00000000c0de"
_TELL = "cccc3333-0000-4000-8000-00000000c0de"
_HIDDEN = "dddd4444-0000-4000-8000-00000000c0de"
_ABOUT = {
    "id": _HIDDEN, "author": {"role": "user"}, "create_time": None,
    "content": {"content_type": "user_editable_context", "user_profile": "I live in Meryton."},
    "metadata": {"is_visually_hidden_from_conversation": True},
}  # fmt: skip

CHATGPT = Export(
    "chatgpt", "conversations.json",
    [
        {
            "title": "A letter to the harbour", "create_time": 1712345678.1, "update_time": 1.5,
            "mapping": {
                _ROOT: {"id": _ROOT, "message": None, "parent": None, "children": [_HIDDEN]},
                _HIDDEN: {"id": _HIDDEN, "message": _ABOUT, "parent": _ROOT, "children": [_ASK]},
                _ASK: _gpt(_ASK, "user", "How do I write caf\u00e9 \U0001f600?", _HIDDEN, _TELL),
                _TELL: _gpt(_TELL, "assistant", "With an accent.\nLike so.", _ASK),
            },
            "moderation_results": [], "current_node": _TELL, "plugin_ids": None,
            "conversation_id": "eeee5555-0000-4000-8000-00000000c0de",
            "conversation_template_id": "g-Secret1", "gizmo_id": "g-Secret1",
            "safe_urls": ["https://example.com/jane-roe"], "is_archived": False,
        }
    ],
    ("1712345678", "req-55ab77", "Jane Roe", "file-Zx81", "Meryton", "g-Secret1", "x-7731",
     "jane-roe", "c0de", "timestamp_"),
    ("A letter to the harbour", "With an accent.\\nLike so.", "How do I write caf\\u00e9",
     '"role": "assistant"', '"model_slug": "gpt-4o"'),
)  # fmt: skip

CLAUDE = Export(
    "claude-chats", "conversations.json",
    [
        {
            "uuid": "0a1b2c3d-1111-4222-8333-444455556666", "name": "Boats", "summary": "",
            "created_at": "2024-05-01T10:11:12.000000Z", "updated_at": "2024-05-02T10:11:12Z",
            "account": {"uuid": "99998888-1111-4222-8333-444455556666"},
            "chat_messages": [
                {
                    "uuid": "77776666-1111-4222-8333-444455556666", "sender": "human",
                    "text": "Where are the boats?",
                    "content": [{"start_timestamp": "2024-05-01T10:11:12Z", "type": "text",
                                 "text": "Where are the boats?", "citations": []}],
                    "created_at": "2024-05-01T10:11:13Z", "updated_at": "2024-05-01T10:11:13Z",
                    "attachments": [{"file_name": "roe-family.txt", "file_size": 5,
                                     "file_type": "txt", "extracted_content": "A list of boats."}],
                    "files": [{"file_name": "jane-passport.png"}],
                    "parent_message_uuid": "00000000-0000-4000-8000-000000000000",
                },
                {
                    "uuid": "55554444-1111-4222-8333-444455556666", "sender": "assistant",
                    "text": "In the harbour.",
                    "content": [{"type": "text", "text": "In the harbour."},
                                {"type": "tool_use", "id": "toolu_01AbCd", "name": "search",
                                 "input": {"query": "harbour", "api_key": "k-991-xyz"}}],
                    "attachments": [], "files": [],
                    "parent_message_uuid": "77776666-1111-4222-8333-444455556666",
                },
            ],
        }
    ],
    ("2024-05", "444455556666", "roe-family", "jane-passport", "toolu_01AbCd", "k-991-xyz"),
    ("Where are the boats?", "In the harbour.", "A list of boats.", '"sender": "human"'),
    indent=2, ascii_only=False,
)  # fmt: skip

SLACK = Export(
    "slack-day", "general/2024-05-01.json",
    [
        {
            "client_msg_id": "aa-bb-cc-77", "type": "message", "user": "U01JANEROE",
            "text": "Hi <@U02JOHNDOE>, see <#C0HARBOUR|harbour> & <https://example.com|this>",
            "ts": "1714556400.000100", "team": "T0TEAM777",
            "user_profile": {"real_name": "Jane Roe", "image_72": "https://a.example/avatar-991"},
            "blocks": [{"type": "rich_text", "elements": [{"user_id": "U02JOHNDOE"}]}],
            "thread_ts": "1714556400.000100", "reply_count": 1, "reply_users": ["U02JOHNDOE"],
            "replies": [{"user": "U02JOHNDOE", "ts": "1714556500.000200"}],
            "files": [{"id": "F0FILE", "name": "jane-roe.pdf", "filetype": "pdf",
                       "url_private": "https://files.example/x?t=" + "xoxe-" + "1234567"}],
        },
        {
            "type": "message", "user": "U02JOHNDOE", "text": "Thanks!", "ts": "1714556500.000200",
            "thread_ts": "1714556400.000100", "parent_user_id": "U01JANEROE",
            "reactions": [{"name": "thumbsup", "users": ["U01JANEROE"], "count": 1}],
        },
    ],
    ("17145564", "17145565", "U01JANEROE", "U02JOHNDOE", "T0TEAM777", "Jane Roe", "avatar-991",
     "aa-bb-cc-77", "xoxe-", "jane-roe.pdf", "C0HARBOUR"),
    ("Hi <@[", "see <#[", "<https://example.com|this>", "Thanks!", "thumbsup"),
    indent=4,
)  # fmt: skip

DISCORD = Export(
    "discord-channel", "channel.json",
    {
        "guild": {"id": "812345678901234567", "name": "Boats", "iconUrl": "https://cdn.example/i"},
        "channel": {"id": "812345678901234568", "type": "GuildTextChat", "name": "harbour",
                    "categoryId": "812345678901234569", "category": "All", "topic": None},
        "dateRange": {"after": None, "before": None}, "exportedAt": "2024-05-01T10:00:00+00:00",
        "messages": [
            {
                "id": "1234567890123456789", "type": "Default", "content": "Hello <@223344556677889900>",
                "timestamp": "2024-05-01T10:00:00.123+00:00", "timestampEdited": None,
                "isPinned": False,
                "author": {"id": "998877665544332211", "name": "janeroe77", "discriminator": "0042",
                           "nickname": "Jane Roe", "color": "#FF0000", "isBot": False,
                           "roles": [{"id": "1", "name": "Captain Roe"}],
                           "avatarUrl": "https://cdn.example/avatars/998877665544332211/a.png"},
                "attachments": [{"id": "5", "url": "https://cdn.example/a?ex=66&hm=abc991",
                                 "fileName": "jane.png"}],
                "embeds": [], "stickers": [], "reactions": [],
                "mentions": [{"id": "223344556677889900", "name": "johndoe", "nickname": "John"}],
                "reference": {"messageId": "1234567890123456000", "channelId": "812345678901234568"},
            }
        ],
        "messageCount": 1,
    },
    ("8123456789", "1234567890123", "998877665544332211", "223344556677889900", "janeroe77",
     "Jane Roe", "0042", "Captain", "hm=abc991", "jane.png", "2024-05-01", "johndoe"),
    ("Hello <@[", '"name": "harbour"', '"isBot": false'),
    indent=2,
)  # fmt: skip

PACKAGE = Export(
    "discord-messages", "messages/c812345678901234568/messages.json",
    [{"ID": 1234567890123456789, "Timestamp": "2024-05-01 10:00:00", "Contents": "Ahoy all",
      "Attachments": "https://cdn.example/a?hm=abc991"}],
    ("1234567890123456789", "2024-05", "abc991"), ("Ahoy all",),
)  # fmt: skip

TELEGRAM = Export(
    "telegram", "result.json",
    {
        "about": "Here is the data you requested.",
        "personal_information": {"first_name": "Jane", "phone_number": "+44 1632 960001"},
        "contacts": {"list": [{"first_name": "Zebulon", "phone_number": "+44 1632 960002"}]},
        "sessions": {"list": [{"last_ip": "192.0.2.77"}]},
        "chats": {"about": "x", "list": [
            {
                "name": "Jane Roe", "type": "personal_chat", "id": 4242424242,
                "messages": [
                    {"id": 17, "type": "message", "date": "2024-05-01T10:00:00",
                     "date_unixtime": "1714557600", "from": "Jane Roe", "from_id": "user7654321",
                     "text": ["Call ", {"type": "phone", "text": "01632 960003"}, " or ",
                              {"type": "mention", "text": "@janeroe77"}, " about the boats"],
                     "text_entities": [{"type": "plain", "text": "Call "},
                                       {"type": "phone", "text": "01632 960003"}]},
                    {"id": 18, "type": "message", "date": "2024-05-01T10:00:01",
                     "from": "Jane Roe", "from_id": "user7654321", "reply_to_message_id": 17,
                     "photo": "photos/photo_1@01-05-2024.jpg", "text": "Grey sails",
                     "location_information": {"latitude": 51.123456, "longitude": 0.5}},
                ],
            }
        ]},
    },
    ("Zebulon", "960001", "960002", "960003", "192.0.2.77", "Jane Roe", "4242424242", "user7654321",
     "2024-05", "1714557600", "@janeroe77", "photo_1", "51.123456"),
    ('"Call "', "about the boats", "Grey sails", '"type": "personal_chat"'),
    indent=1, ascii_only=False,
)  # fmt: skip


def twice(text: str) -> str:
    """As Meta writes it: every byte of UTF-8 is a character."""
    return text.encode().decode("latin-1")


META = Export(
    "meta-thread", "messages/inbox/janeroe_123/message_1.json",
    {
        "participants": [{"name": twice("Łucja Żak")}, {"name": "John Doe"}],
        "messages": [
            {"sender_name": twice("Łucja Żak"), "timestamp_ms": 1714557600123,
             "content": twice("Łódki są w porcie, says łucja.zak@example.org"),
             "reactions": [{"reaction": twice("❤"), "actor": "John Doe"}], "type": "Generic",
             "photos": [{"uri": "messages/photos/991.jpg", "creation_timestamp": 1714557600}],
             "is_geoblocked_for_viewer": False},
        ],
        "title": twice("Łucja Żak"), "is_still_participant": True,
        "thread_path": "inbox/janeroe_123", "magic_words": [], "joinable_mode": {"mode": 1},
    },
    ("\\u00c5\\u0081ucja", "John Doe", "1714557600", "991.jpg", "janeroe_123"),
    ("\\u00c5\\u0081\\u00c3\\u00b3dki s", "w porcie",
     '"type": "Generic"'),
)  # fmt: skip

GOOGLE = Export(
    "google-chat", "Groups/DM 1/messages.json",
    {"messages": [
        {"creator": {"name": "Jane Roe", "email": "jane.roe@example.org", "user_type": "Human"},
         "created_date": "Wednesday, May 1, 2024 at 10:00:00 AM UTC", "text": "The boats are in",
         "topic_id": "tOpIc991", "message_id": "AAA/tOpIc991/tOpIc991",
         "attached_files": [{"original_name": "jane.png", "export_name": "File-jane.png"}]}
    ]},
    ("Jane Roe", "jane.roe@", "2024", "tOpIc991", "jane.png"),
    ("The boats are in", '"user_type": "Human"'),
    indent=2,
)  # fmt: skip

TUNING = Export(
    "prompt-rows", "train.jsonl",
    [
        {"messages": [{"role": "system", "content": "Be brief."},
                      {"role": "user", "content": "What floats?", "name": "Jane Roe"},
                      {"role": "assistant", "content": "A boat.", "weight": 1}],
         "user": "u-77", "metadata": {"ip": "192.0.2.9"}, "id": "row-991"},
        {"messages": [{"role": "user", "content": [{"type": "text", "text": "And sinks?"}]},
                      {"role": "assistant", "content": None, "tool_calls": [
                          {"id": "call_991", "type": "function",
                           "function": {"name": "look", "arguments": "{\"q\": \"stones\"}"}}]}]},
        {"prompt": "One", "completion": "Two", "timestamp": 1714557600},
        {"instruction": "Count.", "input": "", "output": "One, two.", "annotator": "Roe"},
        {"conversations": [{"from": "human", "value": "Hm?"}, {"from": "gpt", "value": "Yes."}]},
        {"prompt": "P", "chosen": [{"role": "assistant", "content": "good"}], "rejected": "bad",
         "score_chosen": 8.5},
    ],
    ("Jane Roe", "u-77", "192.0.2.9", "row-991", "call_991", "1714557600", "Roe"),
    ("Be brief.", "What floats?", "A boat.", "And sinks?", "stones", "Two", "One, two.", "Hm?",
     "good", "bad", "8.5", '"from": "gpt"'),
)  # fmt: skip

LANGSMITH = Export(
    "langsmith-rows", "runs.jsonl",
    [{"id": "1111aaaa-0000-4000-8000-00000000c0de", "name": "chain", "run_type": "chain",
      "start_time": "2024-05-01T10:00:00", "trace_id": "1111aaaa-0000-4000-8000-00000000c0de",
      "serialized": {"kwargs": {"openai_api_key": "k-991"}}, "extra": {"runtime": {"host": "roe-pc"}},
      "inputs": {"question": "What floats?", "api_key": "k-992"}, "outputs": {"answer": "Boats."},
      "child_runs": [{"id": "2222aaaa-0000-4000-8000-00000000c0de", "run_type": "llm",
                      "parent_run_id": "1111aaaa-0000-4000-8000-00000000c0de",
                      "inputs": {"messages": [["a", "b"]]}, "outputs": None}]}],
    ("c0de", "2024-05", "k-991", "roe-pc", "k-992"), ("What floats?", "Boats.", '"run_type": "llm"'),
)  # fmt: skip

LANGFUSE = Export(
    "langfuse", "traces.json",
    [{"id": "trace-991", "timestamp": "2024-05-01T10:00:00Z", "name": "ask", "input": "What floats?",
      "output": {"text": "Boats."}, "sessionId": "s-991", "userId": "jane.roe", "release": "r-991",
      "metadata": {"host": "roe-pc"}, "projectId": "p-991",
      "observations": [{"id": "obs-991", "traceId": "trace-991", "type": "GENERATION",
                        "startTime": "2024-05-01T10:00:00Z", "model": "m", "input": [1, 2],
                        "output": None, "parentObservationId": None}]}],
    ("991", "2024-05", "jane.roe", "roe-pc"), ("What floats?", "Boats.", '"GENERATION"'),
)  # fmt: skip

NOTEBOOK = Export(
    "ipynb", "work.ipynb",
    {
        "cells": [
            {"cell_type": "markdown", "id": "janes-cell", "metadata": {"id": "Zx81"},
             "source": ["# Boats\n", "They float."],
             "attachments": {"image.png": {"image/png": "iVBORw0KGgoAAAANSUhEUg=="}}},
            {"cell_type": "code", "execution_count": 7, "id": "b77",
             "metadata": {"executionInfo": {"user": {"displayName": "Jane Roe", "userId": "0991"}},
                          "ExecuteTime": {"start_time": "2024-05-01"}},
             "outputs": [{"name": "stdout", "output_type": "stream", "text": ["/home/janeroe/x\n"]}],
             "source": ["print(\"sail\")\n", "x = 1"]},
        ],
        "metadata": {
            "authors": [{"name": "Jane Roe"}], "colab": {"provenance": [{"file_id": "1Zx81"}]},
            "kernelspec": {"display_name": "Python (roe-env)", "language": "python",
                           "name": "roe-env"},
            "language_info": {"name": "python", "version": "3.11.4", "file_extension": ".py"},
            "papermill": {"input_path": "/home/janeroe/work.ipynb"}, "widgets": {"state": {}},
        },
        "nbformat": 4, "nbformat_minor": 5,
    },
    ("Jane", "janeroe", "Zx81", "0991", "2024", "roe-env", "3.11.4", "iVBOR", "b77", "stdout"),
    ("# Boats\\n", "They float.", 'print(\\"sail\\")', '"name": "python3"', '"cell-2"'),
    indent=1,
)  # fmt: skip

EXPORTS = (
    CHATGPT, CLAUDE, SLACK, DISCORD, PACKAGE, TELEGRAM, META, GOOGLE, TUNING, LANGSMITH, LANGFUSE,
    NOTEBOOK,
)  # fmt: skip

ACCOUNTS: dict[str, Any] = {
    "user.json": {"id": "user-991", "email": "jane.roe@example.org", "chatgpt_plus_user": True,
                  "phone_number": "+44 1632 960001"},
    "user_settings.json": {"user_id": "user-991", "settings": {"a": True}},
    "message_feedback.json": [{"id": "1", "conversation_id": "2", "user_id": "user-991",
                               "rating": "thumbs_up", "content": "{}"}],
    "shared_conversations.json": [{"id": "1", "conversation_id": "2", "title": "A",
                                   "is_anonymous": True}],
    "claude/users.json": [{"uuid": "1", "full_name": "Jane Roe", "email_address": "j@example.org",
                           "verified_phone_number": None}],
    "claude/memories.json": [{"conversations_memory": "Jane Roe sails", "account_uuid": "1"}],
    "slack/users.json": [{"id": "U01JANEROE", "team_id": "T0TEAM777", "name": "jane",
                          "profile": {"real_name": "Jane Roe", "email": "j@example.org"}}],
    "slack/channels.json": [{"id": "C01HARBOUR", "name": "harbour", "created": 1,
                             "members": ["U01JANEROE"]}],
    "slack/integration_logs.json": [{"user_id": "U01JANEROE", "user_name": "jane", "date": "1",
                                     "change_type": "added"}],
    "account/user.json": {"id": "998877665544332211", "username": "janeroe77",
                          "discriminator": 0, "email": "j@example.org"},
    "messages/index.json": {"812345678901234568": "Direct Message with jane",
                            "812345678901234569": None},
    "Users/user_info.json": {"user": {"name": "Jane Roe", "email": "j@example.org",
                                      "user_type": "Human"}, "membership_info": []},
    "Groups/group_info.json": {"members": [{"name": "Jane", "email": "j@example.org",
                                            "user_type": "Human"}]},
}  # fmt: skip
