"""Words behind the last row of any table of a film, fragments among them: they do not stay."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest
from laws import assert_laws
from mp4_files import box, film

from scrubber.errors import Held
from scrubber.formats.mp4 import Mp4
from scrubber.readers.mp4 import read
from scrubber.source import MemorySource

WORDS = b"PLANTED-7f3a91 Jane Doe"
INNER = {b"moov", b"trak", b"mdia", b"minf", b"stbl", b"edts", b"mvex", b"moof", b"traf", b"dinf"}
PIECES = "frag_keyframe+empty_moov+default_base_moof"


def rows(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    while at < len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        yield data[at + 4 : at + 8], data[at + 8 : at + size]
        at += size


def grown(data: bytes, path: str = "") -> Iterator[tuple[str, bytes]]:
    """The path of every box, and the file with words at its end."""
    parts = list(rows(data))
    for index, (kind, body) in enumerate(parts):
        here = f"{path}/{kind.decode('latin-1')}"
        inside = grown(body, here) if kind in INNER else iter([(here, body + WORDS)])
        for name, other in inside:
            new = [box(*row) for row in parts]
            new[index] = box(kind, other)
            yield name, b"".join(new)


@pytest.mark.parametrize("flags", ["", PIECES], ids=["whole", "fragments"])
def test_words_behind_a_table_do_not_stay(flags: str) -> None:
    places, stayed = 0, []
    for name, bad in grown(film(flags=flags)):
        if name == "/mdat":
            continue
        places += 1
        try:
            output = assert_laws(Mp4(), read, bad, surgeries=2)
        except (Held, AssertionError):  # the second reader refuses: held
            continue
        if WORDS in output:
            stayed.append(name)
    assert stayed == []
    assert places > 20


GROUP = box(b"sgpd", b"\1\0\0\0roll\0\0\0\2\0\0\0\1\xff\xff")
SAID = {
    "another kind": (b"\1\0\0\0JaDo\0\0\0\2\0\0\0\1\xff\xff", None),
    "longer": (b"\1\0\0\0roll\0\0\0\6\0\0\0\1Jane\0\0", None),
    "more lengths": (b"\1\0\0\0roll\0\0\0\0\0\0\0\1\0\0\0\2\xff\xff", b"sgpd\1"),
    "behind": (GROUP[8:] + WORDS, GROUP[8:]),
    "version": (b"\2\0\0\0roll\0\0\0\2\0\0\0\1\xff\xff", None),
}


@pytest.mark.parametrize("what", SAID)
def test_groups_of_samples_stay_if_they_are_known(what: str) -> None:
    from mp4_files import change

    body, stays = SAID[what]
    path = "moov/trak/mdia/minf/stbl"
    data = change(film("", "aac"), path, lambda old: old + box(b"sgpd", body))
    output = assert_laws(Mp4(), read, data, surgeries=2)
    assert read(MemorySource(output)).leftovers == ()
    found = body in output
    assert found == (stays is not None and what != "behind")
    assert WORDS not in output
    assert b"Ja" not in output


@pytest.mark.parametrize(
    ("path", "at", "n"),
    [("moov/mvhd", 26, 10), ("moov/trak/tkhd", 16, 4), ("moov/trak/tkhd", 24, 8)],
)
def test_reserved_bytes_of_heads_become_zero(path: str, at: int, n: int) -> None:
    from mp4_files import body_of, change

    def said(old: bytes) -> bytes:
        return old[:at] + WORDS[:n] + old[at + n :]

    output = assert_laws(Mp4(), read, change(film("", "aac"), path, said), surgeries=2)
    assert body_of(output, path)[at : at + n] == bytes(n)
    again = change(output, path, said)
    with contextlib.suppress(Held):
        assert read(MemorySource(again)).leftovers
