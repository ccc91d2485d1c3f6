"""Plain text and Markdown: passages, invisible characters, encodings, hostile input."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from laws import assert_laws, clean, ledger_of
from robustness import assert_robust

from scrubber.errors import Damaged
from scrubber.formats.invisible import invisible_runs, trailing_spaces
from scrubber.formats.passages import Written
from scrubber.formats.text import Markdown, Text
from scrubber.readers.text import read
from scrubber.source import MemorySource

structure = partial(read, net=False)
SHARED = Path(os.environ.get("SCRUB_SHARED", Path(__file__).parents[2] / "shared"))
ANY = st.text(
    alphabet=st.one_of(
        st.sampled_from("ab .\n\r\t é𝒳👩\u200d\u200b\ufe0f\u2066\U000e0041\x1b[1m"),
        st.characters(exclude_categories=("Cs",), exclude_characters="\0"),
    ),
    max_size=60,
)
TAGS = "".join(chr(0xE0000 + ord(c)) for c in "PLANTED-7f3a")
BITS = "".join("\u200b\u200c"[int(bit)] for bit in "0110100101")


def passages(data: bytes, form: Any = None) -> list[Written]:
    made = ledger_of(form or Text(), data).passages
    assert made is not None
    return list(made())  # type: ignore[arg-type]  # Written is the only passage here


@pytest.mark.parametrize(
    "hidden",
    [
        TAGS, BITS, "\u00ad", "\u034f", "\u061c", "\u115f", "\u180e", "\u200b", "\u200e", "\u202e",
        "\u2060", "\u2066x\u2069", "\u3164", "\ufeff", "\uffa0", "\ufff9", "\ue000", "\U000f0000",
        "\U0001d173", "".join(chr(0xE0100 + byte) for byte in b"PLANTED"), "\x1b[8m", "\x07",
        "\x7f", "\x1b]8;;http://x/PLANTED\x07", "\u009b", "\u0085", "\x0b", "\U0001bca0",
        "\ufe0f\ufe0e", "\u200d", "1\u200d2"[1:2],
    ],
)  # fmt: skip
def test_what_nobody_sees_goes(hidden: str) -> None:
    data = f"before{hidden}after\n".encode()
    output = assert_laws(Text(), structure, data)
    kept = hidden.strip("\u2066\u2069") if "x" in hidden and "\u2066" in hidden else ""
    assert output.decode() == f"before{kept}after\n"
    assert [passage.text for passage in passages(data)] == [f"before{kept}after\n"]


@pytest.mark.parametrize(
    "needed",
    [
        "👩\u200d👩\u200d👧", "❤\ufe0f", "❤\ufe0f\u200d🔥", "1\ufe0f\u20e3", "می\u200cخواهم",
        "क्\u200dष",
        "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f", "שלום\u200f!",
        "ᠮᠣ\u180bᠩ", "a\u00a0b", "\u2009", "👍🏽",
    ],
)  # fmt: skip
def test_what_scripts_and_emoji_need_stays(needed: str) -> None:
    data = f"x {needed} y\n".encode()
    assert assert_laws(Text(), structure, data) == data


def test_flags_that_are_no_flags_lose_their_tags() -> None:
    smuggled = "🏴" + TAGS + "\U000e007f"
    assert clean(Text(), smuggled.encode()).decode() == "🏴"


@settings(max_examples=300, deadline=None)
@given(ANY)
def test_taking_runs_away_makes_no_new_ones(text: str) -> None:
    out, at = "", 0
    for start, end in sorted(invisible_runs(text)):
        out += text[at:start]
        at = end
    out += text[at:]
    assert invisible_runs(out) == []


@settings(max_examples=100, deadline=None)
@given(ANY, st.sampled_from(("utf-8", "utf-8-sig", "utf-16")))
def test_laws_over_any_text(text: str, codec: str) -> None:
    data = text.encode(codec)
    try:
        assert_laws(Text(), structure, data)
    except Damaged:
        assert codec == "utf-8"


def test_mixed_trailing_blanks_leave_prose_but_not_markdown() -> None:
    data = b"word \t \t \t \t  \t\nnext  \nend          \n"
    assert trailing_spaces(data.decode()) == [(4, 15)]
    assert assert_laws(Text(), structure, data) == b"word\nnext  \nend          \n"
    assert assert_laws(Markdown(), structure, data) == data


def test_passages_are_paragraphs_of_a_bounded_size() -> None:
    text = "First one.\n\nSecond,\nin two lines.\r\n\r\n" + "A sentence of words. " * 1000 + "\n"
    rows = passages(text.encode())
    assert [row.where for row in rows[:3]] == ["line 1", "line 3", "line 6"]
    assert all(len(row.text) <= 4000 for row in rows)
    assert all(row.text.rstrip().endswith(".") for row in rows)
    assert "".join(row.text for row in rows[2:]) == "A sentence of words. " * 1000 + "\n"


@given(st.text(alphabet="ab.\n é𝒳", min_size=1), st.data())
def test_a_replaced_span_reads_back_exactly(text: str, draw: st.DataObject) -> None:
    data = text.encode()
    rows = passages(data)
    if not rows:
        return
    row = draw.draw(st.sampled_from(rows))
    start = draw.draw(st.integers(0, len(row.text) - 1))
    end = draw.draw(st.integers(start + 1, len(row.text)))
    low, high = row.locate(start, end)
    out = (data[:low] + row.encode("[X]") + data[high:]).decode()
    assert row.text[:start] + "[X]" + row.text[end:] in out
    assert len(out) == len(text) - (end - start) + 3


def test_markdown_tells_prose_from_code_and_front_matter() -> None:
    data = (
        b"---\ntitle: On Things\nauthor: Jane Doe\nemail: 'j@example.com'\n---\n# Head\n\n"
        b"Write to jane\\_doe@example.com or &#106;ane.\n\n```py\n# code\n```\n"
        b"<!-- by Bob -->\nend\n"
    )
    rows = {row.text.strip(): row for row in passages(data, Markdown())}
    assert rows[["Jane Doe", "email:"][0]].context.private_label == "PERSON"
    assert rows["Write to jane_doe@example.com or jane."].context.kind == "prose"
    assert rows["```py\n# code\n```"].context.kind == "code"
    assert rows["<!-- by Bob -->"].context.kind == "comment"
    row = rows["Write to jane_doe@example.com or jane."]
    low, high = row.locate(9, 29)
    assert data[low:high] == b"jane\\_doe@example.com"
    assert assert_laws(Markdown(), structure, data) == data


@pytest.mark.parametrize(
    "data",
    [b"a\0b", b"\xc3\xa9 \xff", b"\xef\xbb\xbf\xff", b"\xff\xfe\0", b"\xff\xfea\0\0\xd8",
     b"\xed\xa0\x80x\xc3\xa9",
     b"\xff\xfe\0\0a\0\0\0", b"\x81 word", bytes(range(128, 256)) * 4, b"caf\xe9 \x1b[0m"],
)  # fmt: skip
def test_broken_texts_are_damaged(data: bytes) -> None:
    with pytest.raises(Damaged):
        ledger_of(Text(), data)


@pytest.mark.parametrize(
    "codec", ["utf-16", "utf-16-le", "utf-16-be", "cp1252", "latin-1", "utf-8-sig"]
)
def test_encodings(codec: str) -> None:
    data = "Grüße aus der Küche, José.\r\nZweite Zeile mit mehr Text.\r\n".encode(codec)
    assert assert_laws(Text(), structure, data) == data
    row = passages(data)[0]
    start = row.text.index("José")
    low, high = row.locate(start, start + 4)
    assert (
        data[low:high].decode(
            codec.replace("utf-16", "utf-16-le") if codec == "utf-16" else codec.replace("-sig", "")
        )
        == "José"
    )


def test_robust() -> None:
    data = "Grüße\u200b, \x1b[1mWelt\n\n👩\u200d👧 — mehr \t \t \t \t \t\nEnde\n".encode()
    assert assert_robust(Text(), structure, data, n=400) > 100
    assert assert_robust(Markdown(), structure, data, n=200) > 50


def test_windows_meet_without_loss() -> None:
    data = ("Zeile mit Text und Ümlaut.\n" * 90_000).encode()
    ledger = ledger_of(Text(), data)
    assert structure(MemorySource(data)).rendering == ledger.rendering
    assert sum(len(row.text) for row in passages(data)) == len(data.decode())


def test_hostile_texts_end() -> None:
    for piece in (" ", "\t ", "\x1b]", "\u200d", "\n", "<!--", "```\n", "&", "\\", "- a:\n"):
        for form in (Text(), Markdown()):
            passages((piece * 60_000).encode(), form)


def test_the_net_fires_on_values_and_never_on_placeholders() -> None:
    leaks = {
        "an e-mail address": "write to jane.doe@example.com.",
        "a phone number": "call +1 202 555 0100 now",
        "a cloud key": "AK" + "IA" + "ABCDEFGHIJKLMNOP",
        "a service token": "gh" + "p_" + "a1B2" * 9,
        "a private key": "-----BEGIN PRIVATE" + " KEY-----\n" + "MIIEvQIBADANBgkq",
    }
    for name, text in leaks.items():
        assert read(MemorySource(text.encode())).leftovers == (name,)
    calm = "[EMAIL_ADDRESS-k7q2m9xa] git@github.com icon@2x.png a@b lodash@4.17.21 +1 -2 1+2 12 34"
    assert read(MemorySource(calm.encode())).leftovers == ()


@pytest.mark.slow
def test_real_texts() -> None:
    names = ("*.conll", "*.conllu", "*.txt", "*.rst", "README*", "LICENSE*", "NOTICE")
    paths = sorted(path for name in names for path in (SHARED / "corpora").rglob(name))
    if not paths:
        pytest.skip("the shared corpora are not here")
    for path in paths:
        data = path.read_bytes()
        if len(data) < 200_000:
            assert_laws(
                Markdown() if path.suffix == ".rst" else Text(), structure, data, surgeries=3
            )
