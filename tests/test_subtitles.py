"""SubRip and WebVTT: timings stay, cue texts are found, what no player shows goes."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from laws import assert_laws, clean, ledger_of
from robustness import assert_robust

from scrubber.errors import Damaged
from scrubber.formats.passages import Written
from scrubber.formats.subtitles import Srt, Vtt
from scrubber.readers.subtitles import read_srt, read_vtt
from scrubber.source import MemorySource

srt, vtt = partial(read_srt, net=False), partial(read_vtt, net=False)

SRT = (
    "\ufeff1\r\n00:00:01,000 --> 00:00:02,500 X1:10 X2:20 Y1:5 Y2:6\r\n"
    "JANE: J<i>ane</i> Doe\u200b\r\nsecond line\r\n\r\n2\r\n00:00:03,000 --> 00:00:04,000\r\n"
    "{\\an8}Ünïcode &amp; more\r\n\r\nafter a gap\r\n"
).encode()
VTT = (
    b"WEBVTT - made by PLANTED-7f3a\nKind: captions\n"
    b"X-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:900000\n"
    b"Author: PLANTED-7f3a\n\nNOTE\nPLANTED-7f3a\nby hand\n\nSTYLE\n::cue(v) { color: red }\n\n"
    b"NOTE PLANTED-7f3a\n\nintro\n00:01.000 --> 00:02.000 align:start position:10%\n<v Ada>Hello "
    b"<00:01.500>there&nbsp;&lt;3\n\n00:00:03.000 --> 01:00:04.000\n- Bob: hi\n- bye\n"
)


def passages(form: Any, data: bytes) -> list[Written]:
    made = ledger_of(form, data).passages
    assert made is not None
    return list(made())  # type: ignore[arg-type]  # Written is the only passage here


def test_srt_laws_and_texts() -> None:
    output = assert_laws(Srt(), srt, SRT)
    assert output == SRT.replace("\u200b".encode(), b"")
    first, second = passages(Srt(), SRT)
    assert first.text == "JANE: Jane Doe\r\nsecond line"
    assert first.context.label == "JANE"
    assert second.text == "Ünïcode & more\r\n\r\nafter a gap"
    low, high = first.locate(6, 10)
    assert SRT[low:high] == b"J<i>ane"


def test_vtt_laws_and_texts() -> None:
    output = assert_laws(Vtt(), vtt, VTT)
    assert b"PLANTED-7f3a" not in output
    assert output.startswith(b"WEBVTT\nKind: captions\nX-TIMESTAMP-MAP=LOCAL")
    assert b"::cue(v)" in output
    found = {passage.where: passage for passage in passages(Vtt(), VTT)}
    assert found["cue 1"].text == "<v Ada>Hello there\xa0<3"
    assert found["cue 1"].context.label == "Ada"
    assert found["id of cue 1"].text == "intro"
    assert found["cue 2"].context.label == "Bob"
    assert found["cue 2"].encode("a<b & c") == b"a&lt;b &amp; c"
    assert found["style"].context.kind == "code"


@pytest.mark.parametrize("form", [Srt(), Vtt()])
@given(st.data())
def test_a_replaced_span_changes_nothing_else(form: Any, draw: st.DataObject) -> None:
    data = SRT if isinstance(form, Srt) else VTT
    read = srt if isinstance(form, Srt) else vtt
    passage = draw.draw(st.sampled_from(passages(form, data)))
    start = draw.draw(st.integers(0, len(passage.text) - 1))
    end = draw.draw(st.integers(start + 1, len(passage.text)))
    low, high = passage.locate(start, end)
    out = data[:low] + passage.encode("[X-a]") + data[high:]
    again = {row.where: row for row in passages(form, out)}[passage.where]
    assert again.text == passage.text[:start] + "[X-a]" + passage.text[end:]
    before, after = read(MemorySource(clean(form, data))), read(MemorySource(clean(form, out)))
    assert before.rendering == after.rendering


@pytest.mark.parametrize("data", [SRT, VTT])
def test_both_sides_agree_on_the_timings(data: bytes) -> None:
    form, read = (Srt(), srt) if data is SRT else (Vtt(), vtt)
    assert ledger_of(form, data).rendering == read(MemorySource(data)).rendering
    assert dict(read(MemorySource(data)).rendering.facts)["cues"] == "2"


@pytest.mark.parametrize(
    ("form", "data"),
    [
        (Srt(), b"1\n00:00:01,000 -> 00:00:02,000\nx\n"),
        (Srt(), b"1\n00:00:01,000 --> later\nx\n"),
        (Srt(), b"1\n00:00:01,000 --> 00:00:02,000 by Jane\nx\n"),
        (Vtt(), b"WEBVTT\n\n00:01.000 --> 00:02.000 author:jane\nx\n"),
        (Vtt(), b"WEBVTT\n\n00:01.000 --> 2\nx\n"),
        (Vtt(), b"WEBVTT\n\nid\nmore\n00:01.000 --> 00:02.000\nx\n"),
        (Vtt(), b"WEBVTTX\n"),
        (Vtt(), b""),
    ],
)
def test_broken_subtitles_are_damaged(form: Any, data: bytes) -> None:
    with pytest.raises(Damaged):
        ledger_of(form, data)


def test_the_reader_names_what_should_have_gone() -> None:
    assert len(vtt(MemorySource(VTT)).leftovers) == 3
    with pytest.raises(Damaged):
        srt(MemorySource(b"1\n00:00:01,000 --> x\n"))


def test_robust() -> None:
    assert assert_robust(Srt(), srt, SRT, n=400) > 50
    assert assert_robust(Vtt(), vtt, VTT, n=400) > 50
