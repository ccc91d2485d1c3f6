"""ASS subtitles: what is shown stays and is read, what no player shows goes."""

from __future__ import annotations

from functools import partial

import pytest
from laws import assert_laws, ledger_of
from robustness import assert_robust

from scrubber.errors import Damaged, Unsupported
from scrubber.formats.ass import Ass
from scrubber.formats.passages import Written
from scrubber.readers.ass import read

structure = partial(read, net=False)
HEAD = b"[Script Info]\r\nScriptType: v4.00+\r\nPlayResX: 640\r\n"
EVENTS = (
    b"[V4+ Styles]\r\nFormat: Name, Fontname\r\nStyle: Default,Arial\r\n\r\n[Events]\r\n"
    b"Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\r\n"
    b"Dialogue: 0,0:00:01.00,0:00:03.00,Default,Ada,0,0,0,,I am {\\i1}A{\\i0}da Quill,\\Nyes\r\n"
)
SCRIPT = (
    b"\xef\xbb\xbf" + HEAD + b"; PLANTED-7f3a\r\nTitle: PLANTED-7f3a\r\n"
    b"Original Script: PLANTED-7f3a\r\n"
    b"\r\n[Aegisub Project Garbage]\r\nAudio File: /home/PLANTED-7f3a/a.mkv\r\n\r\n" + EVENTS +
    b"Comment: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,PLANTED-7f3a\r\n"
    b"Dialogue: 0,0:00:04.00,0:00:05.00,Default,PLANTED-7f3a,0,0,0,fx PLANTED-7f3a,"
    b"{PLANTED-7f3a}{\\k20}hel{\\k10}lo\r\n[Aegisub Extradata]\r\nData: PLANTED-7f3a\r\n"
)  # fmt: skip


def passages(data: bytes) -> list[Written]:
    made = ledger_of(Ass(), data).passages
    assert made is not None
    return list(made())  # type: ignore[arg-type]  # Written is the only passage here


def test_laws_and_what_goes() -> None:
    output = assert_laws(Ass(), structure, SCRIPT)
    assert b"PLANTED-7f3a" not in output
    assert b"Aegisub" not in output
    assert b"Default,,0,0,0,,{\\k20}hel{\\k10}lo" in output
    assert output.startswith(b"\xef\xbb\xbf" + HEAD)


def test_texts_are_read_through_their_overrides() -> None:
    rows = [row for row in passages(SCRIPT) if row.context.kind == "caption"]
    assert [row.text for row in rows] == ["I am Ada Quill,\nyes", "hello"]
    assert rows[0].context.label == "Ada"


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (HEAD + b"[Fonts]\r\nfontname: a.ttf\r\n", Unsupported),
        (HEAD + EVENTS + b"Picture: 0,0:00:01.00,0:00:02.00,a,,0,0,0,,a.png\r\n", Unsupported),
        (HEAD + EVENTS + b"Dialogue: 0,0:00:01.00\r\n", Damaged),
        (HEAD + EVENTS.replace(b"0:00:01.00", b"Ada"), Damaged),
        (HEAD, Damaged),
    ],
)
def test_what_cannot_be_read_is_held(data: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        ledger_of(Ass(), data)


def test_robust() -> None:
    assert_robust(Ass(), structure, SCRIPT, n=300, prefixes=150)
