"""MP4, M4A, QuickTime: every place where something can hide, and the same film afterwards."""

from __future__ import annotations

import base64
import hashlib
import io
import re
import struct
from collections.abc import Callable

import pytest
from laws import assert_laws, clean
from mp4_files import body_of, box, change, decoded, film
from PIL import Image
from robustness import assert_robust

from scrubber.errors import Damaged, Encrypted, Held, Unsupported
from scrubber.formats.blanked_runs import digest_of
from scrubber.formats.mp4 import Mp4
from scrubber.formats.mp4_aac import note_in
from scrubber.formats.mp4_jpeg import private_segments
from scrubber.readers.mp4 import read
from scrubber.readers.mp4_jpeg import has_notes
from scrubber.source import MemorySource

PLANTED = b"PLANTED-7f3a91"
STSD = "moov/trak/mdia/minf/stbl/stsd"


def after(path: str, *boxes: bytes) -> Callable[[bytes], bytes]:
    """`boxes` at the end of the box at `path`."""
    return lambda data: change(data, path, lambda body: body + b"".join(boxes))


def into(path: str, at: int, value: bytes) -> Callable[[bytes], bytes]:
    """`value` over the bytes at `at` of the body of `path`."""
    return lambda data: change(data, path, lambda body: body[:at] + value + body[at + len(value) :])


def end(*more: bytes) -> Callable[[bytes], bytes]:
    return lambda data: data + b"".join(more)


def item(kind: bytes, value: bytes) -> bytes:
    return box(kind, box(b"data", struct.pack(">II", 1, 0), value))


def meta(*items: bytes) -> bytes:
    handler = box(b"hdlr", bytes(8), b"mdir", b"appl", bytes(9))
    return box(b"meta", bytes(4), handler, box(b"ilst", *items))


def keys(name: bytes, value: bytes) -> bytes:
    handler = box(b"hdlr", bytes(8), b"mdta", bytes(13))
    listed = box(b"keys", struct.pack(">II", 0, 1), box(b"mdta", name))
    return box(b"meta", handler, listed, box(b"ilst", item(b"\0\0\0\1", value)))


def freeform(name: bytes, value: bytes) -> bytes:
    return box(
        b"----",
        box(b"mean", bytes(4), b"com.apple.iTunes"),
        box(b"name", bytes(4), name),
        box(b"data", struct.pack(">II", 1, 0), value),
    )


def cover() -> bytes:
    exif = Image.Exif()
    exif[0x013B] = PLANTED.decode()
    out = io.BytesIO()
    Image.new("RGB", (16, 16)).save(out, "JPEG", exif=exif.tobytes())
    return out.getvalue()


def with_text_track(data: bytes) -> bytes:
    """A third track whose only sample lies in mdat behind the others."""
    ftyp = len(box(b"ftyp", body_of(data, "ftyp"))) + 8  # FFmpeg writes an empty `free` there
    where = ftyp + 8 + len(body_of(data, "mdat"))
    sample = struct.pack(">H", len(PLANTED)) + PLANTED
    data = change(data, "mdat", lambda body: body + sample)
    entry = box(b"text", bytes(6), b"\0\1", bytes(43))
    tables = box(
        b"stbl",
        box(b"stsd", struct.pack(">II", 0, 1), entry),
        box(b"stts", struct.pack(">IIII", 0, 1, 1, 100)),
        box(b"stsc", struct.pack(">IIIII", 0, 1, 1, 1, 1)),
        box(b"stsz", struct.pack(">III", 0, len(sample), 1)),
        box(b"stco", struct.pack(">III", 0, 1, where)),
    )
    url = box(b"dref", struct.pack(">II", 0, 1), box(b"url ", b"\0\0\0\1"))
    track = box(
        b"trak",
        box(b"tkhd", struct.pack(">IIIIII", 1, 0, 0, 9, 0, 100), bytes(60)),
        box(
            b"mdia",
            box(b"mdhd", struct.pack(">IIIIII", 0, 0, 0, 1000, 100, 0)),
            box(b"hdlr", bytes(8), b"text", bytes(12), PLANTED, b"\0"),
            box(b"minf", box(b"nmhd", bytes(4)), box(b"dinf", url), tables),
        ),
    )
    return change(data, "moov", lambda body: body + track)


def with_reference(data: bytes) -> bytes:
    """The first track calls the text track its chapters."""
    chapters = box(b"tref", box(b"chap", struct.pack(">I", 9)))
    return change(with_text_track(data), "moov/trak", lambda body: body + chapters)


def in_entry(data: bytes) -> bytes:
    def edit(body: bytes) -> bytes:
        return body[:8] + change(
            body[8:], "avc1", lambda entry: entry + box(b"uuid", bytes(16), PLANTED)
        )

    return change(data, STSD, edit)


def compressor(data: bytes) -> bytes:
    def edit(body: bytes) -> bytes:
        name = bytes([len(PLANTED)]) + PLANTED
        return body[:8] + change(
            body[8:], "avc1", lambda entry: entry[:42] + name + entry[42 + len(name) :]
        )

    return change(data, STSD, edit)


PLACES: dict[str, Callable[[bytes], bytes]] = {
    "position in user data": after(
        "moov", box(b"udta", box(b"\xa9xyz", b"\0\x0e\x15\xc7", PLANTED))
    ),
    "3GPP place": after("moov", box(b"udta", box(b"loci", bytes(6), PLANTED))),
    "iTunes title": after("moov", box(b"udta", meta(item(b"\xa9nam", PLANTED)))),
    "iTunes account": after("moov", box(b"udta", meta(item(b"apID", PLANTED)))),
    "iTunes freeform": after("moov", box(b"udta", meta(freeform(b"note", PLANTED)))),
    "beside the gapless numbers": after("moov", box(b"udta", meta(
        freeform(b"iTunSMPB", b" 00000000 00000840 000001CA 0000000000003E36"),
        item(b"\xa9ART", PLANTED),
    ))),
    "gapless numbers that are none": after("moov", box(b"udta", meta(
        freeform(b"iTunSMPB", b" 00000000 " + PLANTED),
    ))),
    "cover": after("moov", box(b"udta", meta(item(b"covr", cover())))),
    "Nero chapters": after("moov", box(b"udta", box(b"chpl", bytes(5), PLANTED))),
    "key and value": after("moov", keys(b"com.apple.quicktime.location.ISO6709", PLANTED)),
    "name of a key": after("moov", keys(PLANTED, b"x")),
    "XMP in moov": after("moov", box(b"uuid", bytes(16), PLANTED)),
    "free in moov": after("moov", box(b"free", PLANTED)),
    "unknown box in moov": after("moov", box(b"zzzz", PLANTED)),
    "user data of a track": after("moov/trak", box(b"udta", box(b"name", PLANTED))),
    "keys of a track": after("moov/trak", keys(b"camera.lens", PLANTED)),
    "unknown box of a track": after("moov/trak", box(b"zzzz", PLANTED)),
    "unknown box of the media": after("moov/trak/mdia", box(b"elng", bytes(4), PLANTED)),
    "unknown box of the tables": after("moov/trak/mdia/minf/stbl", box(b"zzzz", PLANTED)),
    "behind the times to samples": after("moov/trak/mdia/minf/stbl/stts", PLANTED),
    "behind the sizes": after("moov/trak/mdia/minf/stbl/stsz", PLANTED),
    "time of the movie": into("moov/mvhd", 4, PLANTED[:8]),
    "preview of the movie": into("moov/mvhd", 72, PLANTED),
    "time of a track": into("moov/trak/tkhd", 4, PLANTED[:8]),
    "time of the media": into("moov/trak/mdia/mdhd", 4, PLANTED[:8]),
    "name of a handler": after("moov/trak/mdia/hdlr", PLANTED),
    "maker of a handler": into("moov/trak/mdia/hdlr", 12, PLANTED[:12]),
    "compressor": compressor,
    "box in a sample entry": in_entry,
    "brand": after("ftyp", PLANTED[:4]) ,
    "uuid at the end": end(box(b"uuid", bytes(16), PLANTED)),
    "dashcam positions at the end": end(box(b"gps0", PLANTED)),
    "free at the end": end(box(b"free", PLANTED)),
    "second mdat": end(box(b"mdat", PLANTED)),
    "trailer": end(PLANTED),
    "bytes of mdat that no sample has": lambda data: change(data, "mdat", lambda b: b + PLANTED),
    "text track": with_text_track,
    "chapters": with_reference,
}  # fmt: skip


def traces(data: bytes) -> list[str]:
    value = PLANTED.decode()
    forms = {
        "plain": PLANTED,
        "head": PLANTED[:8],
        "UTF-16": value.encode("utf-16-be"),
        "base64": base64.b64encode(PLANTED)[:-4],
    }
    return [name for name, form in forms.items() if form in data]


def planted(place: str) -> bytes:
    data = film()
    if place == "brand":  # before the samples: as large as before
        return change(data, "ftyp", lambda body: body[:-4] + PLANTED[:4])
    return PLACES[place](data)


@pytest.mark.parametrize("place", PLACES)
def test_nothing_hides(place: str) -> None:
    data = planted(place)
    assert traces(data) or place == "brand"
    output = assert_laws(Mp4(), read, data)
    assert not traces(output)
    assert PLANTED[:4] not in output
    assert b"x264" not in output
    # FFmpeg trims by iTunes' numbers, and cannot decode every file as it was planted.
    assert decoded(output) == decoded(data if "gapless" in place else film())


@pytest.mark.parametrize("place", PLACES)
def test_the_second_reader_sees_what_is_left(place: str) -> None:
    try:
        assert read(MemorySource(planted(place))).leftovers
    except Held:
        pass  # it may also refuse to follow the file


CODINGS = [
    ("libx264", "aac", "mp4", ""),
    ("libx264", "aac", "mp4", "faststart"),
    ("libx264", "aac", "mp4", "frag_keyframe+empty_moov"),
    ("libx264", "aac", "mp4", "frag_keyframe+empty_moov+default_base_moof"),
    ("libx264", "aac", "mp4", "frag_keyframe+separate_moof+empty_moov+omit_tfhd_offset"),
    ("libx265", "aac", "mp4", ""),
    ("libsvtav1", "libopus", "mp4", ""),
    ("libvpx-vp9", "flac", "mp4", ""),
    ("mpeg4", "aac", "3gp", ""),
    ("libx264", "pcm_s16le", "mov", ""),
    ("prores_ks", "aac", "mov", ""),
    ("mjpeg", "pcm_s16le", "mov", ""),
    ("", "aac", "ipod", ""),
    ("", "alac", "ipod", ""),
    ("", "ac3", "mp4", ""),
    ("", "libmp3lame", "mp4", ""),
    ("", "pcm_s24le", "mov", ""),
]


@pytest.mark.parametrize("coding", CODINGS, ids=lambda row: "-".join(filter(None, row)))
def test_every_coding_plays_the_same(coding: tuple[str, str, str, str]) -> None:
    try:
        data = film(*coding)
    except (ValueError, OSError) as error:  # an encoder that this build of FFmpeg lacks
        pytest.skip(str(error))
    output = assert_laws(Mp4(), read, data)
    assert decoded(output) == decoded(data)
    for maker in (b"x264", b"x265", b"Lavf", b"SoundHandler", b"VideoHandler"):
        assert maker not in output
    assert b"Lavc" not in output
    if {"aac", "mjpeg", "mpeg4"} & set(coding):
        assert b"Lavc" in data


@pytest.mark.parametrize("last", [False, True])
def test_words_in_mpeg_4_pictures_hold_the_film(last: bool) -> None:
    """The build of an encoder stays if it has faults; what has another form is no build."""
    data = clean(Mp4(), faulty(film("mpeg4", "", "mp4")))
    places = [found.start() for found in re.finditer(b"Lavc", data)]
    assert places
    at = places[-1] if last else places[0]
    bad = data[:at] + b"Anne" + data[at + 4 :]
    with pytest.raises(Unsupported, match="user data"):
        clean(Mp4(), bad)
    assert read(MemorySource(data)).leftovers == ()
    assert read(MemorySource(bad)).leftovers == ("a message in track 1",)


def faulty(data: bytes) -> bytes:
    """A film that says it was made by a build whose faults decoders work around."""
    return re.sub(rb"Lavc[0-9]{2}\.[0-9]{2}\.", b"Lavc51.40.", data)


@pytest.mark.parametrize("form", ["mp4", "mov", "ipod"])
def test_a_note_before_the_sound_becomes_zero(form: str) -> None:
    data = film("", "aac", form)
    output = assert_laws(Mp4(), read, data)
    assert b"Lavc" in data
    assert b"Lavc" not in output
    assert decoded(output) == decoded(data)
    named = output.replace(b"\xde\x02\x00" + bytes(13), b"\xde\x02\x00" + PLANTED[:13].ljust(13))
    assert named != output
    assert read(MemorySource(named)).leftovers == ("a message in track 1",)


def test_notes_of_all_kinds_are_found_in_frames() -> None:
    stream = b"\x80\x04" + PLANTED[:4]  # a data stream of four bytes: 3 + 4 + 1 + 8 bits before
    frame = stream + b"\x20sound"
    at, blank = note_in(MemorySource(b"before" + frame), 6, 6 + len(frame)) or (0, b"")
    assert 6 < at < 6 + len(stream)
    assert not any(blank)
    assert note_in(MemorySource(b"\x20sound"), 0, 6) is None
    assert note_in(MemorySource(b""), 0, 0) is None
    with pytest.raises(Damaged):
        note_in(MemorySource(b"\xde\x02\0Lavc"), 0, 7)


def test_notes_at_the_borders_of_blocks_count_once() -> None:
    data = bytes(range(256)) * 8192
    notes = {at: bytes(5) for at in (3, (1 << 20) - 2, (1 << 20) + 96, len(data) - 5)}
    wanted = bytearray(data)
    for at, blank in notes.items():
        wanted[at : at + 5] = blank
    runs = [(1, 99), (100, (1 << 20) + 150), ((1 << 20) + 200, len(data))]
    expected = hashlib.sha256(b"".join(wanted[a:b] for a, b in runs)).hexdigest()
    assert digest_of(MemorySource(data), runs, notes) == expected


def _segment(kind: int, body: bytes) -> bytes:
    return bytes((0xFF, kind)) + (2 + len(body)).to_bytes(2, "big") + body


_SCAN = _segment(0xDB, bytes(65)) + _segment(0xDA, bytes(10)) + b"coded\xff\xd9"


@pytest.mark.parametrize(
    ("segment", "goes"),
    [
        (_segment(0xE1, b"Exif\0\0" + PLANTED), True),
        (_segment(0xE3, PLANTED), True),
        (b"\xff" + _segment(0xFE, PLANTED), True),
        (_segment(0xE0, b"AVI1\1"), False),
        (_segment(0xEE, b"Adobe" + bytes(7)), False),
        (_segment(0xFE, b"CS=ITU601"), False),
    ],
)
def test_pictures_of_motion_jpeg_keep_what_shows_them(segment: bytes, goes: bool) -> None:
    picture = b"\xff\xd8" + segment + _SCAN
    runs = private_segments(MemorySource(b"before" + picture), 6, 6 + len(picture))
    at = 8 + (segment[1] == 0xFF)
    assert runs == ([(at, 8 + len(segment))] if goes else [])
    assert has_notes(picture) is goes


@pytest.mark.parametrize("picture", [b"", b"\xff\xd8" + PLANTED, b"\xff\xd8" + _SCAN[:69], PLANTED])
def test_what_is_no_picture_of_motion_jpeg_is_damage(picture: bytes) -> None:
    with pytest.raises(Damaged):
        private_segments(MemorySource(picture), 0, len(picture))
    with pytest.raises(Damaged):
        has_notes(picture)


def test_gapless_numbers_stay() -> None:
    numbers = b" 00000000 00000840 000001CA 0000000000003E36"
    data = after("moov", box(b"udta", meta(freeform(b"iTunSMPB", numbers))))(
        film("", "aac", "ipod")
    )
    output = assert_laws(Mp4(), read, data)
    assert numbers in output
    assert decoded(output) == decoded(data)


def locked(data: bytes) -> bytes:
    return change(data, STSD, lambda body: body.replace(b"avc1", b"encv", 1))


HELD: dict[str, tuple[Callable[[bytes], bytes], type[Held]]] = {
    "copy protection": (locked, Encrypted),
    "licence boxes": (after("moov", box(b"pssh", bytes(24))), Encrypted),
    "a compressed movie": (after("moov", box(b"cmov", bytes(8))), Unsupported),
    "references to other films": (after("moov", box(b"rmra", bytes(8))), Unsupported),
    "samples in another file": (
        into("moov/trak/mdia/minf/dinf/dref", 8, box(b"url ", bytes(4))), Unsupported,
    ),
    "an unknown coding": (
        lambda data: change(data, STSD, lambda body: body.replace(b"avc1", b"zzzz", 1)),
        Unsupported,
    ),
    "two movies": (lambda data: data + box(b"moov", body_of(data, "moov")), Damaged),
    "cut off": (lambda data: data[: len(data) // 2], Damaged),
}  # fmt: skip


@pytest.mark.parametrize("case", HELD)
def test_what_cannot_be_followed_is_held(case: str) -> None:
    make, error = HELD[case]
    with pytest.raises(error):
        clean(Mp4(), make(film()))


def test_any_damage_ends_in_a_reason() -> None:
    assert_robust(Mp4(), read, with_text_track(film()), seed=3, n=250, prefixes=120)
    assert_robust(Mp4(), read, film(flags="frag_keyframe+empty_moov"), seed=4, n=200, prefixes=60)
