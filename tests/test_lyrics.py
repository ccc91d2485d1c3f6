"""SBV subtitles and LRC lyrics: times stay, tags go, names in lines are found."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from laws import assert_laws
from mails import bent, cleaned

from scrubber.errors import Held
from scrubber.formats.lyrics import Lrc, Sbv
from scrubber.identify import identify
from scrubber.readers.lyrics import read_lrc, read_sbv
from scrubber.source import MemorySource

SBV = (
    "0:00:01.000,0:00:02.000\r\n>> EMMA: Hel\u200blo\r\nthere\r\n\r\n"
    "0:00:03.000,0:00:04.500\r\nHi\r\n"
)
LRC = (
    "[ti:PLANTED-a1]\n[by:PLANTED-b2]\n[offset:+100]\n\n[00:01.00][00:09.00]Dear Em<00:01.50>ma\n"
    "[00:02.00]\n[00:03.00] [Chorus: all]\n"
)
KINDS = [("sbv", Sbv(), read_sbv, SBV.encode()), ("lrc", Lrc(), read_lrc, LRC.encode())]


@pytest.mark.parametrize(("row", "form", "read", "data"), KINDS, ids=["sbv", "lrc"])
def test_laws_and_texts(row: str, form: Any, read: Any, data: bytes) -> None:
    assert identify(MemorySource(data), f"x.{row}").container.name == row
    out = assert_laws(form, partial(read, net=False), data)
    assert b"PLANTED" not in out
    assert read(MemorySource(data)).leftovers
    masked, _ = cleaned(row, data, "Emma", "EMMA")
    assert b"EMMA" not in masked
    assert b"<00:01.50>" not in masked
    for bad in bent(data, 200):
        try:
            once, _ = cleaned(row, bad, net=False)
        except Held:
            continue
        assert cleaned(row, once, net=False)[0] == once
