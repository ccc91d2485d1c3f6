"""From passages through the plan to the output, and back through the second reader."""

from __future__ import annotations

import base64
import json
import re

import pytest

from scrubber.containers import load_reader, table
from scrubber.join import chunks
from scrubber.looked import passages_of
from scrubber.model import Action
from scrubber.nesting import Parsed, parse
from scrubber.plan import Masked, plan
from scrubber.source import MemorySource
from scrubber.transfer import content_digest

MAIL = re.compile(r"[\w.]+@example\.com")
INNER = base64.b64encode(
    b"Dear all, please write to ada.b@example.com before the week ends."
).decode()
FILES = {
    "text": "Grüße an jane.doe@example.com\r\nund \u200bbob@exam\u200bple.com\n".encode(),
    "markdown": b"# Hi\n\njane\\.doe@example.com, <x@example.com>\n",
    "csv": b'id,mail,note\n1,jane@example.com,"says ""bob@example.com"""\n2,,x\n',
    "tsv": b"id\tmail\n1\tjane@example.com\n2\tx\n",
    "json": json.dumps({"to": "jane@example.com", "é": ["ü bob@example.com"], "n": INNER}).encode(),
    "jsonl": b'{"to":"jane\\u0040example.com"}\n{"to":"{\\"in\\":\\"bob@example.com\\"}"}\n',
    "srt": b"1\n00:00:01,000 --> 00:00:02,000\n<i>jane@</i>example.com\n",
    "vtt": b"WEBVTT by bob@example.com\n\n00:01.000 --> 00:02.000\n<v Ada>jane@example.com\n",
    "code": b"# by jane@example.com\nx = 'bob\\x40example.com'\n",
}


def masks_of(parsed: Parsed) -> dict[int, list[Masked]]:
    found: dict[int, list[Masked]] = {}
    for _, _, _, child, passage in passages_of(parsed):
        for match in MAIL.finditer(passage.text):
            low, high = passage.locate(*match.span())
            found.setdefault(id(child), []).append(
                Masked(
                    passage.part,
                    low,
                    high,
                    "EMAIL_ADDRESS",
                    passage.where,
                    passage.encode("[EMAIL_ADDRESS-k7q2m9xa]"),
                    "test",
                )
            )
    return found


def cleaned(name: str, data: bytes) -> tuple[bytes, tuple[tuple[int, int], ...], str]:
    source = MemorySource(data)
    parsed = parse(source, table()[name])
    made = plan(parsed, lambda *_: Action.DROP, masks_of(parsed))
    assert made.joined is not None
    output = b"".join(chunks(made.joined, source))
    return output, made.joined.edited, content_digest(data, made.joined)


@pytest.mark.parametrize("name", FILES)
def test_masked_files_pass_the_second_reader(name: str) -> None:
    data = FILES[name]
    row = table()[name]
    output, edited, content = cleaned(name, data)
    assert b"[EMAIL_ADDRESS-k7q2m9xa]" in output
    reading = load_reader(row)(MemorySource(output), edited)
    assert reading.leftovers == ()
    assert reading.content == content
    theirs = dict(reading.rendering.facts)
    for fact, value in parse(MemorySource(data), row).ledger.rendering.facts:
        assert theirs.get(fact, value) == value, fact
    again, _, _ = cleaned(name, output)
    assert again == output


def test_a_leak_is_caught_by_the_reader_alone() -> None:
    for name in ("text", "csv", "json", "srt", "code"):
        data = FILES[name]
        assert load_reader(table()[name])(MemorySource(data)).leftovers


def test_a_masked_base64_run_still_decodes() -> None:
    output, _, _ = cleaned("json", FILES["json"])
    inner = base64.b64decode(json.loads(output)["n"]).decode()
    assert inner == "Dear all, please write to [EMAIL_ADDRESS-k7q2m9xa] before the week ends."
