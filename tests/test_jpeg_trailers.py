"""What makers and programs put behind the end of a JPEG is named, told apart, and gone."""

from __future__ import annotations

import itertools
import struct
import time

import pytest
from laws import GOING, assert_laws, clean, ledger_of
from pictures import PLANTED, jpeg, segment

from scrubber.formats.jpeg import Jpeg
from scrubber.readers.jpeg import read
from scrubber.source import MemorySource

JPEG = Jpeg()
PLAIN = jpeg()
XMP = b"http://ns.adobe.com/xap/1.0/\0"


def parts_of(data: bytes) -> list[tuple[str, str | None, bytes]]:
    """Name, entity and bytes of each part behind the picture."""
    ledger = ledger_of(JPEG, data)
    ledger.tile()
    return [
        (ledger.path(part.id), part.entity, data[part.spans[0][0] : part.spans[0][1]])
        for part in sorted(ledger.parts, key=lambda row: row.spans or [(0, 0)])
        if part.role in GOING and part.spans and part.spans[0][0] >= len(PLAIN)
    ]


def box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", 8 + len(body)) + kind + body


def film(body: bytes = PLANTED) -> bytes:
    return box(b"ftyp", b"mp42" + bytes(4) + b"isom") + box(b"moov", body) + box(b"mdat", body * 3)


def samsung(records: dict[bytes, bytes]) -> bytes:
    """Blocks, then a directory that counts back to them (as in cameras' files)."""
    blocks, rows, starts = b"", b"", []
    for name, value in records.items():
        starts.append(len(blocks))
        blocks += struct.pack("<HHI", 0, 0x0A30, len(name)) + name + value
    for (name, value), start in zip(records.items(), starts, strict=True):
        size = 8 + len(name) + len(value)
        rows += struct.pack("<HHII", 0, 0x0A30, len(blocks) - start, size)
    directory = b"SEFH" + struct.pack("<II", 106, len(records)) + rows
    return blocks + directory + struct.pack("<I", len(directory)) + b"SEFT"


def oneplus() -> bytes:
    listed = b'[{"name":"watermark.device","length":%d,"offset":%d,"version":1}]\0' % (
        len(PLANTED), len(PLANTED),
    )  # fmt: skip
    return PLANTED + listed + b"jxrs" + struct.pack("<I", len(listed) + 8)


def insta360() -> bytes:
    body = PLANTED + bytes(38)
    size = len(body) + 4 + 4 + 32
    return body + struct.pack("<II", size, 3) + b"8db42d694ccc418790edff439fe026bf"


def mie(wide: bool) -> bytes:
    size = len(PLANTED) + 4 + (23 if wide else 19) - 1
    end = (b"\x0a" + struct.pack(">Q", size) + b"\x10\x08" if wide
           else b"\x06" + struct.pack(">I", size) + b"\x10\x04")  # fmt: skip
    return b"~\x10\x04\xfe0MIE"[:4] + PLANTED + b"~\0\x04\0zmie~\0\0" + end


def canon() -> bytes:
    name = b"CANON OPTIONAL DATA\0"
    size = struct.pack(">I", len(PLANTED))
    return name + bytes(4) + size + PLANTED + name + size + bytes(40)


AFCP = b"AXS!" + struct.pack(">HHI", 1, 1, 0)
KNOWN = {
    "AFCP": (AFCP + PLANTED + b"AXS!" + struct.pack(">II", 0, 0), "TAG"),
    "FotoStation": (
        PLANTED + struct.pack(">HI", 1, len(PLANTED) + 10) + b"\xa1\xb2\xc3\xd4", "TAG",
    ),
    "PhotoMechanic": (PLANTED + struct.pack(">I", len(PLANTED)) + b"cbipcbbl", "TAG"),
    "CanonVRD": (canon(), "EDIT_HISTORY"),
    "MIE": (mie(False), "TAG"),
    "MIE wide": (mie(True), "TAG"),
    "Samsung trailer (Image_UTC_Data, MCC_Data)": (
        samsung({b"Image_UTC_Data": b"1788000000000", b"MCC_Data": PLANTED}), "EDIT_HISTORY",
    ),
    "Samsung trailer (MotionPhoto_Data)": (
        samsung({b"MotionPhoto_Data": film(), b"Own_" + PLANTED: PLANTED}), "EMBEDDED_MEDIA",
    ),
    "Insta360": (insta360(), "GPS_POSITION"),
    "OnePlus": (oneplus(), "EMBEDDED_MEDIA"),
    "Vivo": (
        b'vivo{"a":"' + PLANTED + b'"}\0' + b"\xff\xff\xff\xff\x1b*9HWfu\x84\x93\xa2\xb1",
        "EMBEDDED_MEDIA",
    ),
    "MotionPhoto video": (film(), "EMBEDDED_MEDIA"),
    "PreviewImage": (PLAIN[:2] + segment(0xFE, PLANTED) + PLAIN[2:], "PREVIEW"),
}  # fmt: skip
WHOLE = {
    "Samsung trailer": (PLANTED + b"\0\0QDIOBS", "EDIT_HISTORY"),
    "NikonApp": (PLANTED + bytes(6) + b"/NIKON APP", "EDIT_HISTORY"),
    "HDR+ shot log": (b"HDRP\x02" + PLANTED, "MAKER_NOTE"),
    "7z archive": (b"7z\xbc\xaf\x27\x1c" + PLANTED, "POLYGLOT"),
    "padding": (bytes(40), "TRAILER"),
    "trailer": (PLANTED, "TRAILER"),
}


@pytest.mark.parametrize("name", [*KNOWN, *WHOLE])
def test_a_trailer_is_named_and_goes(name: str) -> None:
    tail, entity = {**KNOWN, **WHOLE}[name]
    assert parts_of(PLAIN + tail) == [(name.removesuffix(" wide"), entity, tail)]
    assert assert_laws(JPEG, read, PLAIN + tail) == PLAIN


SIZED = [name for name in KNOWN if name != "Vivo"]  # it does not state where it starts
HOLDS_A_FILM = "Samsung trailer (MotionPhoto_Data)"


@pytest.mark.parametrize(("first", "second"), list(itertools.permutations(SIZED, 2)))
def test_two_trailers_are_told_apart(first: str, second: str) -> None:
    tails = KNOWN[first][0], KNOWN[second][0]
    found = parts_of(PLAIN + b"".join(tails))
    assert "".join(row[2].hex() for row in found) == b"".join(tails).hex()
    if first != HOLDS_A_FILM or second not in ("MotionPhoto video", "PreviewImage"):
        names = [name.removesuffix(" wide") for name in (first, second)]
        assert [row[0] for row in found] == names
        assert [row[2] for row in found] == list(tails)


@pytest.mark.parametrize("name", KNOWN)
def test_sizes_are_not_believed(name: str) -> None:
    """Whatever a trailer states, its parts stay behind the picture and cover everything."""
    tail = KNOWN[name][0]
    for at in range(max(0, len(tail) - 64), len(tail)):
        for byte in (0, 0x7F, 0xFF):
            bad = PLAIN + tail[:at] + bytes((byte,)) + tail[at + 1 :]
            assert b"".join(row[2] for row in parts_of(bad)) == bad[len(PLAIN) :]


@pytest.mark.parametrize(
    "words",
    [
        'GCamera:MotionPhoto="1" GCamera:MotionPhotoVersion="1"',
        'GCamera:MicroVideo="1" GCamera:MicroVideoOffset="123"',
    ],
)
def test_a_motion_photo_leaves_neither_film_nor_word(words: str) -> None:
    packet = (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description'
        f' xmlns:GCamera="http://ns.google.com/photos/1.0/camera/" {words}/></rdf:RDF></x:xmpmeta>'
    )
    data = PLAIN[:2] + segment(0xE1, XMP + packet.encode()) + PLAIN[2:] + film()
    assert [row[:2] for row in parts_of(data)][-1] == ("MotionPhoto video", "EMBEDDED_MEDIA")
    assert assert_laws(JPEG, read, data) == PLAIN


def test_a_finding_says_how_large_a_trailer_is() -> None:
    ledger = ledger_of(JPEG, PLAIN + film())
    part = next(part for part in ledger.parts if part.name == "MotionPhoto video")
    assert part.describe is not None
    assert part.describe(b"") == f"{len(film())} bytes"


def test_many_trailers_end() -> None:
    tail = (PLANTED + struct.pack(">I", len(PLANTED)) + b"cbipcbbl") * 300
    assert assert_laws(JPEG, read, PLAIN + tail, surgeries=1) == PLAIN
    tail = (PLANTED + PLAIN) * 90
    assert assert_laws(JPEG, read, PLAIN + tail, surgeries=1) == PLAIN


@pytest.mark.parametrize(
    "run",
    [b"\xff\xd8" + b"\xff" * 3_000_000, b"\xff\xd8\xff" * 1_000_000, b"xxxxftyp" * 400_000,
     b"\xff\xd0" * 1_500_000],
    ids=["fill", "starts", "films", "restarts"],
)  # fmt: skip
def test_long_runs_cost_little(run: bytes) -> None:
    """Walked by searches, never byte by byte; both readers see the whole of it."""
    before = time.process_time()
    assert clean(JPEG, PLAIN + run) == PLAIN
    assert read(MemorySource(PLAIN + run)).leftovers
    filled = PLAIN[:-2] + (b"\xff" * len(run) if run[-1] == 0xFF else b"") + PLAIN[-2:]
    assert clean(JPEG, filled) == PLAIN
    assert time.process_time() - before < 5
