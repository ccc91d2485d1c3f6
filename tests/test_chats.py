"""Chat and AI exports: what goes, what stays, what refers to what, and what is held."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from chat_exports import (
    ACCOUNTS,
    CHATGPT,
    CLAUDE,
    EXPORTS,
    META,
    NOTEBOOK,
    SLACK,
    TELEGRAM,
    TUNING,
    Export,
    twice,
)

from detectors.placeholders import placeholder
from scrubber.chat_accounts import account_seeds
from scrubber.containers import load_reader, table
from scrubber.errors import Damaged, Held, Unsupported
from scrubber.identify import identify
from scrubber.model import Action, Reading
from scrubber.nesting import Parsed, parse
from scrubber.plan import Masked, output_of, plan
from scrubber.source import MemorySource

KEY = b"k" * 32
IDS = [export.row for export in EXPORTS]
TAG = re.compile(r"\[[A-Z_]+-[a-z2-7]{10}\]")


def remove(entity: str, value: bytes = b"") -> Action:
    return Action.DROP


def masks(parsed: Parsed, prefix: str = "") -> dict[int, list[Masked]]:
    """What the shape or a key makes private, replaced as a run does it."""
    made: dict[int, list[Masked]] = {}
    for _, child in parsed.walk():
        rows = child.ledger.passages() if child.ledger.passages else ()
        for passage in rows:
            entity = passage.context.private_label
            if entity is None or not any(map(str.isalnum, TAG.sub("", passage.text))):
                continue
            start, end = passage.locate(0, len(passage.text))
            new = passage.encode(placeholder(KEY, entity, passage.text))
            made.setdefault(id(child), []).append(
                Masked(passage.part, start, end, entity, passage.where, new, "label")
            )
    return made


def cleaned(row: str, data: bytes) -> tuple[bytes, Reading]:
    """The cleaned copy, which the second reader has seen, and its reading."""
    container = table()[row]
    parsed = parse(MemorySource(data), container)
    made = plan(parsed, remove, masks(parsed))
    assert made.joined is not None
    out = output_of(parsed, made)
    reading: Reading = load_reader(container)(MemorySource(out), made.joined.edited)
    assert reading.leftovers == ()
    theirs = dict(reading.rendering.facts)
    for name, value in parsed.ledger.rendering.facts:
        assert theirs[name] == value, name
    return out, reading


@pytest.mark.parametrize("export", EXPORTS, ids=IDS)
def test_an_export_is_told_by_its_structure(export: Export) -> None:
    lines = export.name.endswith(".jsonl")
    for name in (export.name, "x.jsonl") if lines else (export.name, "x.json", "x"):
        assert identify(MemorySource(export.data), name).container.name == export.row


@pytest.mark.parametrize("export", EXPORTS, ids=IDS)
def test_private_values_go_and_words_stay(export: Export) -> None:
    for value in export.gone:
        assert value.encode() in export.data, f"{value} was not planted"
    out, _ = cleaned(export.row, export.data)
    for value in export.gone:
        assert value.encode() not in out, value
    for value in export.stays:
        assert value.encode() in out, value


@pytest.mark.parametrize("export", EXPORTS, ids=IDS)
def test_what_is_clean_stays_as_it_is(export: Export) -> None:
    once, _ = cleaned(export.row, export.data)
    assert identify(MemorySource(once), export.name).container.name == export.row
    assert cleaned(export.row, once)[0] == once


@pytest.mark.parametrize("export", EXPORTS, ids=IDS)
def test_the_second_reader_refuses_the_original(export: Export) -> None:
    reading = load_reader(table()[export.row])(MemorySource(export.data))
    assert reading.leftovers


NOT_TAGS: dict[str, tuple[str, Any, str]] = {
    "id": ("slack-day", [{"type": "message", "ts": "1714556400.000100"}], "an id"),
    "account": ("slack-day", [{"type": "message", "user": "U01JANEROE"}], "an account"),
    "name": ("meta-thread", {"participants": [{"name": "Jane"}]}, "a person's name"),
    "part of a name": ("meta-thread", {"title": "[PERSON-au4aekuta5] Roe"}, "a person's name"),
    "address": ("google-chat", {"messages": [{"creator": {"email": "x"}}]}, "an e-mail address"),
    "key": ("chatgpt", [{"mapping": {"jane": {}}}], "an id"),
    "kernel": ("ipynb", {"metadata": {"kernelspec": {"name": "roe"}}, "cells": []},
               "something that should be written anew at $.metadata.kernelspec"),
}  # fmt: skip


@pytest.mark.parametrize(("row", "value", "words"), NOT_TAGS.values(), ids=NOT_TAGS.keys())
def test_the_second_reader_wants_tags(row: str, value: Any, words: str) -> None:
    reading = load_reader(table()[row])(MemorySource(json.dumps(value).encode()))
    assert reading.leftovers == (words,)


def test_the_tree_of_a_conversation_holds_together() -> None:
    (chat,) = json.loads(cleaned("chatgpt", CHATGPT.data)[0])
    mapping = chat["mapping"]
    roots = [key for key, node in mapping.items() if node["parent"] is None]
    assert len(mapping) == 4
    assert len(roots) == 1
    for key, node in mapping.items():
        assert node["id"] == key
        assert all(mapping[child]["parent"] == key for child in node["children"])
        if node["message"]:
            assert node["message"]["id"] == key
    assert chat["current_node"] in mapping
    unseen = mapping[mapping[roots[0]]["children"][0]]
    assert unseen["message"] is None


def test_both_copies_of_a_message_are_alike() -> None:
    data = CLAUDE.data.replace(b"Where are the boats?", b"Where is api_key=boat?")
    (chat,) = json.loads(cleaned("claude-chats", data)[0])
    for message in chat["chat_messages"]:
        assert message["text"] == message["content"][0]["text"]
    first, second = chat["chat_messages"]
    assert second["parent_message_uuid"] == first["uuid"]


def test_a_speaker_is_one_tag_wherever_they_are_named() -> None:
    first, second = json.loads(cleaned("slack-day", SLACK.data)[0])
    assert second["user"] in first["text"]
    assert first["user"] == second["parent_user_id"] == second["reactions"][0]["users"][0]
    assert first["ts"] == second["thread_ts"]
    assert first["replies"][0]["ts"] == second["ts"]
    assert first["user"] != second["user"]


def test_numbers_that_are_ids_still_refer() -> None:
    (chat,) = json.loads(cleaned("telegram", TELEGRAM.data)[0])["chats"]["list"]
    first, second = chat["messages"]
    assert second["reply_to_message_id"] == first["id"]
    assert first["from"] == second["from"] == chat["name"]
    assert first["from_id"] == second["from_id"]


def test_words_spelt_in_bytes_are_read_as_meant() -> None:
    parsed = parse(MemorySource(META.data), table()["meta-thread"])
    assert parsed.ledger.passages is not None
    texts = [passage.text for passage in parsed.ledger.passages()]
    assert "Łucja Żak" in texts
    assert "Łódki są w porcie, says łucja.zak@example.org" in texts
    words = next(p for p in parsed.ledger.passages() if "porcie" in p.text)
    start = words.text.index("są")
    low, high = words.locate(start, start + 2)
    assert META.data[low:high] == json.dumps(twice("są"))[1:-1].encode()
    thread = json.loads(cleaned("meta-thread", META.data)[0])
    assert thread["title"] == thread["messages"][0]["sender_name"]
    assert thread["messages"][0]["reactions"][0]["reaction"] == twice("❤")


def test_a_value_that_goes_on_over_the_lines_of_a_cell_is_one() -> None:
    cell = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    source = ["a = '''first \n", 'middle "x" ', "\u00e9nd''' # all\n"]
    book = {"cells": [{**cell, "source": source}], "metadata": {}, "nbformat": 4}
    data = json.dumps(book, indent=1).encode()
    parsed = parse(MemorySource(data), table()["ipynb"])
    assert parsed.ledger.passages is not None
    passage = next(p for p in parsed.ledger.passages() if "middle" in p.text)
    assert passage.text == "".join(source)
    assert passage.context.kind == "code"
    start, end = passage.text.index("first"), passage.text.index("\u00e9nd")
    low, high = passage.locate(start, end)
    out = data[:low] + passage.encode("[X] ") + data[high:]
    (kept,) = json.loads(out)["cells"]
    assert "".join(kept["source"]) == "a = '''[X] \u00e9nd''' # all\n"
    edge = len(source[0])
    low, high = passage.locate(edge - 1, edge)
    assert data[low:high] == rb"\n"


def test_a_notebook_of_an_unknown_language_loses_its_kernel() -> None:
    book = json.loads(NOTEBOOK.data)
    book["metadata"]["kernelspec"]["language"] = "roelang"
    out, _ = cleaned("ipynb", json.dumps(book).encode())
    assert json.loads(out)["metadata"] == {}


def test_rows_keep_their_order_and_their_line() -> None:
    rows = cleaned("prompt-rows", TUNING.data)[0].decode().splitlines()
    assert [next(iter(json.loads(row))) for row in rows] == [
        "messages", "messages", "prompt", "instruction", "conversations", "prompt",
    ]  # fmt: skip


def _with(value: Any, text: str) -> bytes:
    """`value` with `text` in the place of a marker."""
    return json.dumps(value).replace('"MARK"', text).encode()


def _row(message: str) -> bytes:
    return _with([{"title": "t", "mapping": {"a": {"id": "a", "message": "MARK"}}}], message)


HOSTILE = {
    "doubled key": _row('{"author": {"role": "user", "role": "tool"}}'),
    "not a number": _row('{"weight": NaN}'),
    "not a number in what goes": _row('{"create_time": NaN}'),
    "half a pair": _row('{"content": {"parts": ["\\ud800"]}}'),
    "bad escape": _row('{"content": {"parts": ["\\x"]}}'),
    "no utf-8": _row('{"content": {"parts": ["x"]}}').replace(b'"x"', b'"\xff\xfe"'),
    "trailing data": _row("null") + b" {}",
    "trailing comma": _row("null").replace(b'"t",', b'"t",,'),
    "cut off": _row("null")[:-3],
    "depth": _row("[" * 5000 + "]" * 5000),
    "comment": _row("null /* Jane */"),
    "single quotes": _row("'x'"),
    "another shape later": _row("null")[:-1] + b', {"title": "Jane"}]',
    "an unknown control": _row('{"content": {"parts": ["a\x01b"]}}'),
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE.keys())
def test_what_is_no_strict_json_is_held(data: bytes) -> None:
    with pytest.raises(Held):
        cleaned("chatgpt", data)


def test_hostile_keys_do_not_slip_through() -> None:
    data = _row('{"\\u0061uthor": {"role": "user"}, "content ": {"parts": ["Jane"]}, "": "Jane"}')
    out, _ = cleaned("chatgpt", data)
    assert b"Jane" not in out
    assert b'"role": "user"' in out


def test_a_value_of_another_type_goes() -> None:
    data = _row(
        '{"status": {"x": "Jane"}, "weight": "Jane", "content": ["Jane"], "author": "Jane"}'
    )
    assert b"Jane" not in cleaned("chatgpt", data)[0]


def test_everything_of_an_object_may_go() -> None:
    out, _ = cleaned("chatgpt", _row('{"create_time": 1, "update_time": 2}'))
    assert json.loads(out)[0]["mapping"].popitem()[1]["message"] == {}


@pytest.mark.parametrize("row", ["prompt-rows", "langsmith-rows"])
def test_lines_of_another_shape_are_held(row: str) -> None:
    good = {"prompt-rows": '{"prompt": "a", "completion": "b"}',
            "langsmith-rows": '{"run_type": "llm", "inputs": {}}'}[row]  # fmt: skip
    for bad in ('{"secret": "Jane"}', "[1]", "12", "{", '"x"'):
        with pytest.raises((Damaged, Unsupported)):
            cleaned(row, f"{good}\n{bad}\n".encode())


@pytest.mark.parametrize("name", ACCOUNTS)
def test_account_files_are_dropped_with_a_reason(name: str) -> None:
    data = json.dumps(ACCOUNTS[name]).encode()
    row = identify(MemorySource(data), name).container
    assert row.name == "chat-account"
    assert row.drop == "account-data"


def test_account_files_teach_their_people() -> None:
    data = json.dumps(ACCOUNTS["slack/users.json"]).encode()
    found = {(seed.entity, seed.text) for seed in account_seeds(MemorySource(data))}
    assert found == {("PERSON", "Jane Roe"), ("EMAIL_ADDRESS", "j@example.org")}
    assert account_seeds(MemorySource(b"{")) == ()


OTHERS: dict[str, Any] = {
    "users of a program": [{"id": 1, "name": "Jane Roe", "email": "j@example.org"}],
    "a mapping": {"mapping": {"a": 1}},
    "settings": {"messages": {"hello": "Hi"}, "participants": 3},
    "a list of names": [{"type": "x", "ts": 5}],
    "an array of numbers": [1, 2],
    "no rows": [],
    "package": {"name": "x", "version": "1", "type": "module"},
}


@pytest.mark.parametrize("value", OTHERS.values(), ids=OTHERS.keys())
def test_other_json_is_read_as_json(value: Any) -> None:
    assert identify(MemorySource(json.dumps(value).encode()), "a.json").container.name == "json"


def test_a_large_export_is_told_by_its_beginning() -> None:
    chats = json.loads(CHATGPT.data) * 60
    data = json.dumps(chats).encode()
    assert len(data) > 100_000
    assert identify(MemorySource(data), "conversations.json").container.name == "chatgpt"


def test_the_page_of_an_export_is_dropped() -> None:
    page = b"<html>\n<head>\n<title>ChatGPT Data Export</title></head><script>var jsonData = [{}]"
    assert identify(MemorySource(page), "chat.html").container.drop == "chat-copy"
    assert identify(MemorySource(b"<html><title>Boats</title></html>")).container.name == "html"
