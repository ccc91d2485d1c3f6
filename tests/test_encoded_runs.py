"""Encoded runs: what hides something is nested, digests and words are left alone."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import random
import re
import string
import urllib.parse
import zlib
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from laws import assert_laws, clean, ledger_of
from runs import Runs

from scrubber.codings import decode
from scrubber.errors import Held
from scrubber.formats.encoded_runs import encoded_runs
from scrubber.formats.text import Text
from scrubber.readers.text import read
from scrubber.source import MemorySource

structure = partial(read, net=False)
SENTENCE = b"Jane Doe lives at 12 Sample Street and answers at 555-0100 in the evening."
NOISE = random.Random(7).randbytes(96)
JPEG = b"\xff\xd8\xff\xe0" + NOISE


def wrapped(data: bytes, width: int) -> str:
    run = base64.b64encode(data).decode()
    return "\n".join(run[at : at + width] for at in range(0, len(run), width))


READABLE = {
    "base64": base64.b64encode(SENTENCE).decode(),
    "base64 without padding": base64.b64encode(SENTENCE).decode().rstrip("="),
    "base64 of 64 columns": wrapped(SENTENCE * 3, 64),
    "base64 of 44 columns": wrapped(SENTENCE * 3, 44),
    "url-safe base64": base64.urlsafe_b64encode(SENTENCE + "?>ÿ".encode()).decode(),
    "picture": base64.b64encode(JPEG).decode(),
    "short picture in a data URI": "data:image/gif;base64,"
    + base64.b64encode(b"GIF89a..").decode(),
    "gzip": base64.b64encode(gzip.compress(SENTENCE, mtime=0)).decode(),
    "zlib": base64.b64encode(zlib.compress(SENTENCE)).decode(),
    "UTF-16": base64.b64encode(SENTENCE.decode().encode("utf-16-le")).decode(),
    "hex": SENTENCE.hex(),
    "HEX": SENTENCE.hex().upper(),
    "0x": "0x" + SENTENCE.hex(),
    "hex as long as a digest": (b"jane.doe@example.com lives here!").hex(),
    "percent": "".join(f"%{byte:02X}" for byte in SENTENCE),
    "Cyrillic link": urllib.parse.quote("Иван Петров"),
}
OPAQUE = {
    "noise": base64.b64encode(NOISE).decode(),
    "noise in hex": NOISE[:90].hex(),
    "noise in percent": "".join(f"%{byte:02x}" for byte in b"\xff\xfe" + NOISE[:20]),
    "broken picture": "data:image/png;base64," + base64.b64encode(NOISE).decode()[:-3] + "!",
    "bits behind the end": base64.b64encode(NOISE + b"x").decode().replace("A==", "B=="),
}
PLAIN = {
    "digest": hashlib.sha256(b"x").hexdigest(),
    "long digest": hashlib.sha512(b"x").hexdigest(),
    "integrity": "sha512-" + base64.b64encode(hashlib.sha512(b"x").digest()).decode(),
    "git id": hashlib.sha1(b"x").hexdigest(),
    "path": "/usr/share/components/authentication/providers/configuration/index/page",
    "long name": "ThisIsAnExtremelyLongClassNameThatSomebodyOnceWroteInJavaFactoryBeanImpl",
    "rule": "-" * 100 + "\n" + "=" * 100 + "\n" + "_" * 80,
    "genome": "ACGTTGCA" * 20,
    "digits": "31415926535897932384626433832795" * 4,
    "zeros": "0" * 200,
    "web token": "eyJhbGciOiJIUzI1NiJ9."
    + base64.b64encode(SENTENCE).decode().rstrip("=")
    + ".c2ln",
    "few percent signs": "50%20off%21",
    "URL": "https://example.com/a/b/c?x=1&y=2#z",
}


@pytest.mark.parametrize("name", READABLE)
def test_what_can_be_read_is_nested(name: str) -> None:
    text = f"see {READABLE[name]}\nthere\n"
    (run,) = encoded_runs(text)
    assert not run.opaque
    inner = decode(text[run.start : run.end].encode(), run.codings, 1 << 20)
    assert inner
    assert text[: run.start].startswith("see ")
    assert text[run.end :] == "\nthere\n"


@pytest.mark.parametrize("name", OPAQUE)
def test_what_says_nothing_is_opaque_and_holds_the_file(name: str) -> None:
    text = f'see "{OPAQUE[name]}" there'
    assert [run.opaque for run in encoded_runs(text)] == [True]
    with pytest.raises((Held, KeyError)):  # the core's word for it is no row of the table
        clean(Text(), text.encode())


@pytest.mark.parametrize("name", PLAIN)
def test_words_digests_and_tokens_are_left_alone(name: str) -> None:
    assert encoded_runs(f"see {PLAIN[name]} there\n") == []


def test_a_run_behind_lines_of_other_letters_is_found() -> None:
    run = base64.b64encode(SENTENCE).decode()
    for first in (hashlib.sha256(b"x").hexdigest(), "A" * 70, "word" * 12):
        found = encoded_runs(f"{first}\n{run}\nmore\n")
        assert [(row.start, row.opaque) for row in found] == [(len(first) + 1, False)], first


def test_what_is_hidden_in_a_run_is_cleaned_in_its_style() -> None:
    inner = SENTENCE.decode() + "\u200b and more words that make it long enough to wrap.\n"
    run = wrapped(inner.encode(), 76).replace("\n", "\r\n")
    data = f"Attachment:\r\n\r\n{run}\r\n\r\nEnd.\r\n".encode()
    output = clean(Text(), data)
    lines = output.decode().split("\r\n")
    assert base64.b64decode("".join(lines[2:-3])) == inner.replace("\u200b", "").encode()
    assert all(len(line) <= 76 for line in lines)
    assert clean(Text(), output) == output


@pytest.mark.parametrize("codec", ["utf-8", "utf-16", "cp1252"])
def test_runs_in_every_encoding(codec: str) -> None:
    run = base64.b64encode(
        "hidden\u200b words, long enough to be looked into here".encode()
    ).decode()
    data = f"é {run} é\n".encode(codec)
    out = clean(Text(), data).decode(codec)
    assert base64.b64decode(out.split()[1]) == b"hidden words, long enough to be looked into here"


def test_a_run_reads_as_one_neutral_mark() -> None:
    ledger = ledger_of(Text(), f"before {READABLE['base64']} after".encode())
    assert ledger.passages is not None
    assert [passage.text for passage in ledger.passages()] == ["before \ufffc after"]


@pytest.mark.slow
def test_laws_hold_over_a_long_block() -> None:
    data = ("head\n" + wrapped(SENTENCE * 30_000, 76) + "\ntail\n").encode()
    assert assert_laws(Text(), structure, data, surgeries=2) == data
    assert len(ledger_of(Text(), data).nested) == 1


def test_the_reader_sees_into_runs_with_its_own_code() -> None:
    secret = base64.b64encode(b"please write to jane.doe@example.com as soon as you can").decode()
    assert structure(MemorySource(secret.encode())).leftovers == ()
    assert read(MemorySource(secret.encode())).leftovers == ("an e-mail address in an encoded run",)
    picture = b"\xff\xd8\xff\xe1\x00\x40Exif\0\0II*\0" + bytes(60)
    found = read(MemorySource(base64.b64encode(picture))).leftovers
    assert found == ("a picture with metadata in an encoded run",)


@given(st.text(max_size=200))
def test_runs_are_ordered_and_inside(text: str) -> None:
    at = 0
    for run in encoded_runs(text):
        assert at <= run.start < run.end <= len(text)
        at = run.end


def test_hostile_text_ends() -> None:
    for piece in (
        "data:",
        "data:a;",
        "A" * 63 + "\n",
        "%4",
        "eyJ",
        "-----BEGIN KEY-----",
        "a=",
        "A\n",
    ):
        encoded_runs(piece * 50_000)


def test_a_run_that_is_a_secret_goes_as_one_and_any_other_holds(tmp_path: Path) -> None:
    dice = random.Random(4)
    run = "".join(dice.choice(string.ascii_letters + string.digits) for _ in range(120))
    made = Runs(tmp_path)
    made.write("key.md", f"My key is {'sk-' + 'proj-'}{run} and that is all.\n")
    made.write("key.json", json.dumps({"auth_token": run, "n": 1}))
    made.write("blob.md", f"Blob: {run[::-1]}\n")
    _, records = made.here()
    assert {path: record.code for path, record in records.items() if record.code} == {
        "blob.md": "opaque-text"
    }
    for name in ("key.md", "key.json"):
        written = (made.out / "data" / (records[name].out_path or "")).read_text("utf-8")
        assert run not in written
        assert re.fullmatch(
            r"My key is \[API_KEY-\w{10}\] and that is all\.\n"
            r'|\{"auth_token": "\[(?:AUTH_TOKEN|API_KEY)-\w{10}\]", "n": 1\}',
            written,
        )
