"""ID3 and APE tags: mutagen writes them, and every frame is found by name with its words."""

from __future__ import annotations

import io
import os
import zlib
from pathlib import Path

import pytest
from laws import assert_laws, clean, ledger_of
from mutagen import apev2, id3
from PIL import Image
from test_mp3 import ARTIST, ID3V1, made, syncsafe

from scrubber.entities import CATALOGUE
from scrubber.formats.ape import ape_extent, ape_parts
from scrubber.formats.id3 import ENTITIES, id3_parts, id3v1_parts, tag_size
from scrubber.formats.mp3 import Mp3
from scrubber.readers.mp3 import read
from scrubber.source import MemorySource

SHARED = Path(os.environ.get("SCRUB_SHARED", Path(__file__).parents[2] / "shared"))
CORPUS = SHARED / "corpora/mutagen/tests/data"
NAME = "Jané Doe"
MAIL = "jane@example.com"


def photo() -> bytes:
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x013B] = "Jane Doe"
    Image.new("RGB", (8, 8), (200, 30, 30)).save(out, "JPEG", exif=exif)
    return out.getvalue()


def written(*frames: id3.Frame, version: int = 4) -> bytes:
    """A tag as mutagen writes it."""
    tag = id3.ID3()
    for frame in frames:
        tag.add(frame)
    if version == 3:
        tag.update_to_v23()
    out = io.BytesIO()
    tag.save(out, v2_version=version)
    return out.getvalue()


def said(data: bytes) -> dict[str, tuple[str, str]]:
    rows = id3_parts(MemorySource(data), 0, tag_size(data[:10]))
    return {
        row.name: (row.entity, row.describe(data[row.start : row.end]) if row.describe else "")
        for row in rows
    }


FRAMES = {
    "TPE1": (id3.TPE1(encoding=3, text=[NAME]), "CREATOR", NAME),
    "TCOM": (id3.TCOM(encoding=1, text=[NAME]), "CREATOR", NAME),
    "TOWN": (id3.TOWN(encoding=0, text=[NAME]), "OWNER_NAME", NAME),
    "TIT2": (id3.TIT2(encoding=3, text=["A song"]), "TITLE", "A song"),
    "COMM": (id3.COMM(encoding=3, lang="eng", desc="", text=[NAME]), "CAPTION", NAME),
    "USLT": (id3.USLT(encoding=1, lang="eng", desc="", text="la la"), "LYRICS", "la la"),
    "TXXX:buyer": (id3.TXXX(encoding=3, desc="buyer", text=[NAME]), "TAG", f"buyer; {NAME}"),
    "TXXX:Sound Engineer": (
        id3.TXXX(encoding=1, desc="Sound Engineer", text=[NAME]),
        "CREATOR",
        f"Sound Engineer; {NAME}",
    ),
    "PRIV": (id3.PRIV(owner="example.com", data=b"\1\2"), "UNIQUE_ID", "example.com"),
    "UFID": (id3.UFID(owner="http://example.com", data=b"77"), "UNIQUE_ID", "http://example.com"),
    "POPM": (id3.POPM(email=MAIL, rating=9, count=3), "EMAIL_ADDRESS", MAIL),
    "WOAR": (id3.WOAR(url="http://example.com/jane"), "URL", "http://example.com/jane"),
    "TSSE": (id3.TSSE(encoding=3, text=["LAME 3.100"]), "ENCODER", "LAME 3.100"),
    "TOFN": (id3.TOFN(encoding=3, text=["/home/jane/a.wav"]), "FILE_PATH", "/home/jane/a.wav"),
    "GEOB": (id3.GEOB(encoding=0, mime="a/b", desc="d", data=b"x"), "EMBEDDED_MEDIA", "a/b"),
    "MCDI": (id3.MCDI(data=b"\0\1"), "UNIQUE_ID", ""),
}  # fmt: skip


@pytest.mark.parametrize("version", [3, 4])
def test_every_frame_has_its_name_entity_and_words(version: int) -> None:
    data = written(*(frame for frame, _, _ in FRAMES.values()), version=version)
    found = said(data)
    for name, (_, entity, text) in FRAMES.items():
        assert found[name] == (entity, text), name
    assert found["padding"][0] == "PADDING"


def test_entities_are_those_of_the_catalogue() -> None:
    assert set(ENTITIES.values()) <= set(CATALOGUE)
    assert all(len(name) in (3, 4) for name in ENTITIES)


def test_version_two_has_short_names() -> None:
    body = b"TP1\0\0\x09\0Jane Doe" + b"COM\0\0\x0c\0eng\0Jane Doe"[:18] + bytes(20)
    data = b"ID3\2\0\0" + syncsafe(len(body)) + body
    assert said(data)["TP1"] == ("CREATOR", "Jane Doe")
    assert said(data)["COM"][0] == "CAPTION"


def test_unsynchronisation_moves_no_name() -> None:
    """§5 of id3v2.3.0: a zero after every FF, and frames are measured without them."""
    text = b"\1\xff\xfe" + NAME.encode("utf-16-le")
    frames = b"TPE1" + len(text).to_bytes(4, "big") + b"\0\0" + text
    frames += b"TIT2" + len(text).to_bytes(4, "big") + b"\0\0" + text
    body = frames.replace(b"\xff", b"\xff\0")
    data = b"ID3\3\0\x80" + syncsafe(len(body)) + body
    assert said(data) == {"TPE1": ("CREATOR", NAME), "TIT2": ("TITLE", NAME)}
    assert_gone(data)


def test_extended_headers_compression_and_plain_sizes() -> None:
    text = b"\3" + NAME.encode() * 30
    packed = zlib.compress(text)
    frame = b"TPE1" + syncsafe(len(packed) + 4) + b"\0\x09" + syncsafe(len(text)) + packed
    body = syncsafe(6) + b"\1\0" + frame
    data = b"ID3\4\0\x40" + syncsafe(len(body)) + body
    assert said(data)["TPE1"] == ("CREATOR", NAME * 30)
    assert "extended header" in said(data)
    long = b"\3" + b"x" * 200
    plain = b"TIT2" + len(long).to_bytes(4, "big") + b"\0\0" + long
    body = plain + b"TPE1" + syncsafe(5) + b"\0\0\3Jane"
    data = b"ID3\4\0\0" + syncsafe(len(body)) + body
    assert said(data)["TPE1"] == ("CREATOR", "Jane")


def assert_gone(tag: bytes) -> None:
    sound = made()
    out = assert_laws(Mp3(), read, tag + sound + ID3V1)
    assert out == clean(Mp3(), sound)


def test_cover_art_is_looked_into_and_goes() -> None:
    picture = photo()
    cover = id3.APIC(encoding=3, mime="image/jpeg", type=3, desc="Jane at home", data=picture)
    data = written(cover) + made()
    ledger = ledger_of(Mp3(), data)
    (nested,) = ledger.nested
    part = ledger.parts[nested.part]
    ((start, end),) = part.spans
    assert data[start:end].startswith(picture)
    assert part.entity == "COVER_ART"
    assert_gone(written(cover))


def test_old_and_new_tags_of_one_file_all_go() -> None:
    tags = written(FRAMES["TPE1"][0]) + ARTIST
    assert_gone(tags)
    assert_gone(b"ID3\3\0\0\0\0\0\0" + tags)


def test_id3v1_fields() -> None:
    rows = id3v1_parts(0)
    words = {row.name: row.describe(ID3V1[row.start : row.end]) for row in rows if row.describe}
    assert words["artist"] == "PLANTED-7f3a Jane Doe"
    assert words["year"] == "2024"
    assert rows[-1].end == 128


def test_ape_items() -> None:
    tag = apev2.APEv2()
    tag["Artist"] = [NAME, "John Roe"]
    tag["Comment"] = "At home"
    tag["Cover Art (Front)"] = apev2.APEValue(b"jane.jpg\0" + photo(), apev2.BINARY)
    out = io.BytesIO()
    tag.save(out)
    data = out.getvalue()
    assert ape_extent(data[-32:], len(data) - 32) == (0, len(data))
    assert ape_extent(data[:32], 0) == (0, len(data))
    rows = ape_parts(MemorySource(data), 0, len(data))
    found = {row.name: row for row in rows}
    artist = found["Artist"]
    assert artist.describe is not None
    assert artist.describe(data[artist.start : artist.end]) == f"{NAME}; John Roe"
    assert found["Cover Art (Front) picture"].picture
    assert found["Comment"].entity == "CAPTION"


@pytest.mark.parametrize(
    "broken", [b"", b"ID3", b"ID3\4\0\0\0\0\0\x7f", b"ID3\4\0\x40\0\0\0\x04\xff\xff\xff\xff"]
)
def test_broken_tags_have_no_names_and_raise_nothing(broken: bytes) -> None:
    rows = id3_parts(MemorySource(broken), 0, len(broken))
    assert all(0 <= row.start < row.end <= len(broken) for row in rows)


def test_real_tags() -> None:
    found = sorted([*CORPUS.glob("*.id3"), *CORPUS.glob("*.apev2")])
    if not found:
        pytest.skip("no shared corpus")
    for path in found:
        data = path.read_bytes()
        if path.suffix == ".id3":
            assert_gone(data[: tag_size(data[:10])])
        else:
            sound = made()
            at = max(0, len(data) - 2000)
            assert clean(Mp3(), sound + data[at:]) == clean(Mp3(), sound)
