"""PNG and APNG: every kind, every hiding place of the chunk grammar and of its streams."""

from __future__ import annotations

import base64
import contextlib
import io
import json
import shutil
import struct
import subprocess
import zlib
from pathlib import Path

import pytest
from laws import Held, assert_laws, clean, digest_of, ledger_of
from pictures import (
    PLANTED,
    PNG_SIGNATURE,
    animation,
    chunk,
    every_png,
    exif_with,
    gradient,
    pixels,
    png,
    scanlines,
    srgb_profile,
    xmp_with,
)
from PIL import Image, UnidentifiedImageError
from robustness import assert_robust

from scrubber.errors import Damaged, Unsupported
from scrubber.formats.png import Png
from scrubber.formats.png_text import parse_text
from scrubber.readers.png import read
from scrubber.source import MemorySource

PNG = Png()
KINDS = dict(every_png())


def chunks_of(data: bytes) -> list[tuple[bytes, bytes]]:
    at, found = 8, []
    while at < len(data):
        (length,) = struct.unpack_from(">I", data, at)
        found.append((data[at + 4 : at + 8], data[at + 8 : at + 8 + length]))
        at += 12 + length
    return found


def names_of(data: bytes) -> list[bytes]:
    return [name for name, _ in chunks_of(data)]


def entities_of(data: bytes) -> set[str]:
    return {part.entity for part in ledger_of(PNG, data).parts if part.entity}


def assert_gone(data: bytes, planted: bytes = PLANTED) -> bytes:
    """The planted value is in no form in the output, and all laws hold."""
    output = assert_laws(PNG, read, data)
    with contextlib.suppress(
        UnidentifiedImageError, SyntaxError
    ):  # Pillow refuses some of the sources
        assert pixels(data) == pixels(output)
    forms = [planted, planted.decode().encode("utf-16-le"), planted.hex().encode()]
    forms.append(base64.b64encode(planted)[:16])
    bodies = [output]
    for _, body in chunks_of(output):
        for at in range(min(len(body), 100)):
            try:
                bodies.append(zlib.decompressobj().decompress(body[at:]))
            except zlib.error:
                continue
    for form in forms:
        assert all(form not in body for body in bodies)
    return output


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_is_unchanged_to_the_eye(name: str) -> None:
    data = KINDS[name]
    output = assert_laws(PNG, read, data)
    assert pixels(output) == pixels(data)
    if not name.startswith("3"):
        assert output == data


@pytest.mark.parametrize("name", [n for n in KINDS if n.endswith("plain")])
def test_text_between_header_and_data_goes(name: str) -> None:
    kind, depth = (int(n) for n in name.split("-")[:2])
    data = png(kind, depth, before=chunk(b"tEXt", b"Author\0" + PLANTED))
    assert_gone(data)


HIDDEN = {
    "tEXt": (chunk(b"tEXt", b"Author\0" + PLANTED), "CREATOR"),
    "zTXt": (chunk(b"zTXt", b"Comment\0\0" + zlib.compress(PLANTED * 3)), "CAPTION"),
    "iTXt": (chunk(b"iTXt", b"Title\0\0\0\0\0" + PLANTED), "TITLE"),
    "iTXt packed": (
        chunk(b"iTXt", b"Software\0\1\0de\0\0" + zlib.compress(PLANTED)),
        "SOFTWARE",
    ),
    "prompt": (chunk(b"tEXt", b"parameters\0a fox, " + PLANTED), "AI_PROMPT"),
    "workflow": (
        chunk(b"tEXt", b"workflow\0" + json.dumps({"p": PLANTED.decode()}).encode()),
        "AI_PROMPT",
    ),
    "thumbnail path": (chunk(b"tEXt", b"Thumb::URI\0file:///home/" + PLANTED), "FILE_PATH"),
    "raw profile": (
        chunk(b"tEXt", b"Raw profile type iptc\0\niptc\n 16\n" + PLANTED.hex().encode() + b"\n"),
        "TAG",
    ),
    "time": (chunk(b"tIME", bytes((7, 208, 1, 2, 3, 4, 5))), "EDIT_TIME"),
    "palette name": (chunk(b"sPLT", PLANTED + b"\0\x08" + bytes(6)), "TITLE"),
    "private": (chunk(b"prVt", PLANTED), "HIDDEN_DATA"),
    "skitch original": (chunk(b"skRf", PLANTED), "PREVIEW"),
    "provenance": (chunk(b"caBX", PLANTED), "PROVENANCE"),
    "calibration": (chunk(b"pCAL", PLANTED + bytes(20)), "CAPTION"),
    "long gamma": (chunk(b"gAMA", struct.pack(">I", 45455) + PLANTED), "HIDDEN_DATA"),
    "orphan frame": (chunk(b"fdAT", bytes(4) + PLANTED), "EMBEDDED_MEDIA"),
    "truecolour palette": (chunk(b"PLTE", PLANTED[:15]), "TECHNICAL"),
    "background": (chunk(b"bKGD", PLANTED[:6]), "TECHNICAL"),
    "broken profile": (chunk(b"iCCP", PLANTED + b"\0\0" + PLANTED), "COLOR_PROFILE"),
}


@pytest.mark.parametrize("where", ["before", "after"])
@pytest.mark.parametrize("name", HIDDEN)
def test_hiding_places_among_chunks(name: str, where: str) -> None:
    hidden, entity = HIDDEN[name]
    planted = PLANTED[:15] if "palette" in name and "true" in name else PLANTED
    planted = PLANTED[:6] if name == "background" else planted
    data = png(before=hidden) if where == "before" else png(after=hidden)
    output = assert_gone(data, planted)
    assert output == png()
    assert name == "background" or entity in entities_of(data) or where == "after"


def test_a_free_keyword_is_no_name_of_a_part() -> None:
    data = png(before=chunk(b"tEXt", b"Ann Example" + PLANTED + b"\0x"))
    assert {part.name for part in ledger_of(PNG, data).parts if "tEXt" in part.name} == {
        "tEXt/other keyword"
    }


def test_describe_shows_the_text_of_a_packed_chunk() -> None:
    ledger = ledger_of(PNG, png(before=HIDDEN["zTXt"][0]))
    part = next(part for part in ledger.parts if part.name == "zTXt/Comment")
    source = png(before=HIDDEN["zTXt"][0])
    assert part.describe is not None
    words = part.describe(b"".join(source[a:b] for a, b in part.spans))
    assert words == "Comment: " + (PLANTED * 3).decode()


def test_colour_chunks_stay_in_their_exact_length() -> None:
    kept = (
        chunk(b"gAMA", struct.pack(">I", 45455))
        + chunk(b"cHRM", bytes(range(32)))
        + chunk(b"sRGB", b"\0")
        + chunk(b"cICP", b"\x01\x0d\0\x01")
        + chunk(b"mDCV", bytes(24))
        + chunk(b"cLLI", bytes(8))
        + chunk(b"sBIT", b"\x05\x06\x05")
        + chunk(b"pHYs", struct.pack(">IIB", 2, 1, 0))
    )
    data = png(before=kept)
    assert assert_laws(PNG, read, data) == data


def test_a_second_gamma_goes() -> None:
    gamma = chunk(b"gAMA", struct.pack(">I", 45455))
    assert clean(PNG, png(before=gamma + chunk(b"gAMA", b"evil"))) == png(before=gamma)


def test_colour_chunks_after_the_data_steer_nothing() -> None:
    late = png(after=chunk(b"gAMA", PLANTED[:4]) + chunk(b"sRGB", b"\0"))
    assert clean(PNG, late) == png()
    assert read(MemorySource(late)).leftovers == ("gAMA", "sRGB")


@pytest.mark.parametrize("kind", [0, 2, 3])
def test_transparency_stays(kind: int) -> None:
    trns = {0: bytes(2), 2: bytes(6), 3: b"\x10\x20\x30\x40"}[kind]
    data = png(kind, 8)
    at = data.index(b"IDAT") - 4
    data = data[:at] + chunk(b"tRNS", trns) + data[at:]
    output = assert_laws(PNG, read, data)
    assert b"tRNS" in names_of(output)
    assert pixels(output) == pixels(data)


@pytest.mark.parametrize("kind", [0, 2, 3])
def test_transparency_with_free_bytes_is_held(kind: int) -> None:
    data = png(kind, 8)
    at = data.index(b"IDAT") - 4
    data = data[:at] + chunk(b"tRNS", bytes(200)) + data[at:]
    with pytest.raises(Damaged):
        clean(PNG, data)


# streams ---------------------------------------------------------------------


ROWS = scanlines(2, 8, False, 13, 11, 7)


@pytest.mark.parametrize("pieces", [1, 2, 7])
def test_bytes_behind_the_stream_go(pieces: int) -> None:
    data = png(stream=zlib.compress(ROWS) + PLANTED * 4, pieces=pieces)
    assert_gone(data)


def test_whole_chunks_behind_the_stream_go() -> None:
    data = png()
    at = data.rindex(b"IEND") - 4
    data = data[:at] + chunk(b"IDAT", PLANTED) + chunk(b"IDAT") + data[at:]
    assert assert_gone(data) == png()


@pytest.mark.parametrize("pieces", [1, 3])
@pytest.mark.parametrize("interlaced", [False, True])
def test_rows_behind_the_last_row_go(pieces: int, interlaced: bool) -> None:
    rows = scanlines(2, 8, interlaced, 13, 11, 7)
    stream = zlib.compress(rows + b"\0" + PLANTED * 3)
    assert_gone(png(stream=stream, pieces=pieces, interlaced=interlaced))


def test_empty_data_chunks_go() -> None:
    data = png(pieces=2)
    first = data.index(b"IDAT") - 4
    second = data.index(b"IDAT", first + 8) - 4
    padded = data[:first] + chunk(b"IDAT") + data[first:second] + chunk(b"IDAT") * 3 + data[second:]
    assert assert_laws(PNG, read, padded) == data


@pytest.mark.parametrize(
    "stream",
    [
        zlib.compress(ROWS[:-1]),
        zlib.compress(ROWS)[:-3],
        zlib.compress(ROWS)[:-4] + b"abcd",
        b"",
        b"no zlib",
    ],
)
def test_streams_that_do_not_hold_the_picture_are_held(stream: bytes) -> None:
    with pytest.raises(Damaged):
        clean(PNG, png(stream=stream))


def test_palette_entries_that_no_pixel_uses_are_zero() -> None:
    palette = bytes(range(12)) + PLANTED.ljust(30, b"\x01") + bytes(range(20, 26))
    trns = b"\xff\x80\x40\x20" + PLANTED[:8]
    data = png(3, 8, palette=palette)
    at = data.index(b"IDAT") - 4
    data = data[:at] + chunk(b"tRNS", trns) + data[at:]
    output = assert_gone(data)
    found = dict(chunks_of(output))
    assert found[b"PLTE"] == bytes(range(12)) + bytes(36)
    assert found[b"tRNS"] == b"\xff\x80\x40\x20" + bytes(8)
    assert b"HIDDEN_DATA" not in output
    assert "HIDDEN_DATA" in entities_of(data)


def test_palette_of_an_interlaced_filtered_picture() -> None:
    image = gradient((40, 30), "RGB").quantize(16)
    out = io.BytesIO()
    image.save(out, "PNG", bits=8)
    data = out.getvalue()
    at = data.index(b"PLTE") - 4
    body = dict(chunks_of(data))[b"PLTE"]
    planted = body[: 16 * 3] + PLANTED[:15]
    data = data[:at] + chunk(b"PLTE", planted) + data[at + 12 + len(body) :]
    assert_gone(data, PLANTED[:15])


# profile ---------------------------------------------------------------------


def test_profile_is_canonical_and_what_hides_around_it_goes() -> None:
    profile = srgb_profile().replace(b"built-in"[:4], b"buil")
    body = PLANTED + b"\0\0" + zlib.compress(profile) + PLANTED
    output = assert_gone(png(before=chunk(b"iCCP", body)))
    name, _, rest = dict(chunks_of(output))[b"iCCP"].partition(b"\0")
    assert name == b"icc"
    inner = zlib.decompress(rest[1:])
    assert "sRGB built-in".encode("utf-16-be") not in inner
    assert Image.open(io.BytesIO(output)).info["icc_profile"] == inner


def test_a_profile_that_is_none_holds_the_picture() -> None:
    body = b"name\0\0" + zlib.compress(PLANTED * 20)
    with pytest.raises(Held):
        clean(PNG, png(before=chunk(b"iCCP", body)))


def test_a_profile_that_breaks_off_is_held() -> None:
    """Pillow uses it, libpng does not: without it the colours would be others in one of them."""
    stream = zlib.compress(srgb_profile())
    for cut in (stream[:-4], stream[: len(stream) // 2], stream[:-1] + b"\0"):
        with pytest.raises(Damaged, match="colour profile"):
            clean(PNG, png(before=chunk(b"iCCP", b"n\0\0" + cut)))


# orientation -----------------------------------------------------------------


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("turn", range(1, 9))
def test_orientation_of_exif_stays(turn: int, order: str) -> None:
    output = assert_gone(png(before=chunk(b"eXIf", exif_with(turn, PLANTED, order))))
    assert (b"eXIf" in names_of(output)) == (turn > 1)


def test_exif_with_a_jpeg_identifier() -> None:
    output = assert_gone(png(after=chunk(b"eXIf", b"Exif\0\0" + exif_with(6))))
    assert len(dict(chunks_of(output))[b"eXIf"]) == 26


@pytest.mark.parametrize("turn", [2, 6, 8])
@pytest.mark.parametrize("packed", [False, True])
def test_orientation_that_stands_only_in_xmp_is_inserted(turn: int, packed: bool) -> None:
    text = xmp_with(turn)
    flag, body = (b"\1\0", zlib.compress(text)) if packed else (b"\0\0", text)
    data = png(before=chunk(b"iTXt", b"XML:com.adobe.xmp\0" + flag + b"\0\0" + body))
    output = assert_gone(data)
    assert names_of(output)[1] == b"eXIf"


def test_exif_silences_xmp() -> None:
    text = chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + xmp_with(6))
    output = assert_gone(png(before=chunk(b"eXIf", exif_with(1)) + text))
    assert b"eXIf" not in names_of(output)


def test_orientation_in_a_raw_profile() -> None:
    block = b"Exif\0\0" + exif_with(6)
    text = b"\nexif\n %8d\n" % len(block) + block.hex().encode() + b"\n"
    output = assert_gone(png(before=chunk(b"tEXt", b"Raw profile type exif\0" + text)))
    assert b"eXIf" in names_of(output)


# animation -------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L"])
def test_animation_stays_frame_by_frame(mode: str) -> None:
    data = animation(mode=mode)
    planted = data[:33] + chunk(b"tEXt", b"Comment\0" + PLANTED) + data[33:]
    assert assert_gone(planted) == data
    assert dict(ledger_of(PNG, data).rendering.facts)["frames"] == "3"


def test_a_default_image_outside_the_animation_stays() -> None:
    out = io.BytesIO()
    rest = [gradient((24, 16), "RGB", turn) for turn in (1, 2)]
    gradient((24, 16)).save(out, "PNG", save_all=True, append_images=rest, default_image=True)
    planted = out.getvalue() + PLANTED
    assert assert_gone(planted) == out.getvalue()


def test_bytes_behind_a_frame_go() -> None:
    data = animation()
    at = data.rindex(b"fdAT")
    (length,) = struct.unpack_from(">I", data, at - 4)
    body = data[at + 4 : at + 4 + length] + PLANTED
    bad = data[: at - 4] + chunk(b"fdAT", body) + data[at + 8 + length :]
    assert assert_gone(bad) == data


def test_text_between_the_chunks_of_frames() -> None:
    data = animation()
    at = data.rindex(b"fcTL") - 4
    assert assert_gone(data[:at] + chunk(b"tEXt", b"x\0" + PLANTED) + data[at:]) == data


def test_an_animation_with_too_many_frames_is_held() -> None:
    data = animation()
    at = data.index(b"acTL")
    bad = data[: at - 4] + chunk(b"acTL", struct.pack(">II", 2, 0)) + data[at + 16 :]
    with pytest.raises(Damaged):
        clean(PNG, bad)


def test_an_animation_out_of_order_is_held() -> None:
    data = animation()
    at = data.rindex(b"fcTL")
    body = struct.pack(">I", 9) + data[at + 8 : at + 30]
    with pytest.raises(Damaged):
        clean(PNG, data[: at - 4] + chunk(b"fcTL", body) + data[at + 34 :])


# around the chunks -----------------------------------------------------------


TRAILERS = {
    "text": (PLANTED, "TRAILER"),
    "earlier picture": (PLANTED + chunk(b"IDAT", PLANTED) + chunk(b"IEND"), "PREVIEW"),
    "second picture": (png() + PLANTED, "PREVIEW"),
    "archive": (b"PK\x03\x04" + PLANTED, "POLYGLOT"),
    "samsung": (PLANTED + b"SEFH" + bytes(8) + b"SEFT", "EDIT_HISTORY"),
}


@pytest.mark.parametrize("name", TRAILERS)
def test_bytes_after_the_end_go(name: str) -> None:
    tail, entity = TRAILERS[name]
    assert assert_gone(png() + tail) == png()
    assert entity in entities_of(png() + tail)


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"x" + png(), Damaged),
        (png()[:33] + PLANTED + png()[33:], Damaged),
        (png(before=chunk(b"CgBI", bytes(4))), Unsupported),
        (png(before=chunk(b"npTc", bytes(32))), Unsupported),
        (png(before=chunk(b"EVIL", PLANTED)), Unsupported),
        (png(before=chunk(b"gAMA", bytes(4))[:-1] + b"x"), Damaged),
        (png()[:-12], Damaged),
        (png()[:-12] + chunk(b"IEND", PLANTED), Damaged),
        (PNG_SIGNATURE + png()[33:], Damaged),
        (png(3, 8).replace(b"PLTE", b"plte"), Damaged),
    ],
    ids=lambda value: getattr(value, "__name__", "data"),
)
def test_what_has_no_safe_reading_is_held(data: bytes, error: type[Held]) -> None:
    with pytest.raises(error):
        clean(PNG, data)


def test_data_chunks_with_another_between_are_held() -> None:
    data = png(pieces=2)
    at = data.rindex(b"IDAT") - 4
    with pytest.raises(Damaged):
        clean(PNG, data[:at] + chunk(b"tEXt", b"x\0y") + data[at:])


def test_a_declared_giant_costs_nothing() -> None:
    header = struct.pack(">IIBBBBB", 1 << 30, 1 << 30, 16, 6, 0, 0, 0)
    data = PNG_SIGNATURE + chunk(b"IHDR", header) + chunk(b"IDAT", b"x") + chunk(b"IEND")
    with pytest.raises(Unsupported):
        clean(PNG, data)


def test_reader_sees_what_the_format_would_miss() -> None:
    """The reader alone names each hiding place: it does not trust the format."""
    for hidden, _ in HIDDEN.values():
        assert read(MemorySource(png(before=hidden))).leftovers
    assert read(MemorySource(png() + b"x")).leftovers
    assert read(MemorySource(png(stream=zlib.compress(ROWS) + b"x"))).leftovers
    assert read(MemorySource(png(stream=zlib.compress(ROWS + b"x")))).leftovers
    assert not read(MemorySource(png())).leftovers


def test_digest_tells_other_rows_apart() -> None:
    data = png(seed=7)
    other = png(seed=8)
    assert digest_of(ledger_of(PNG, data), data) != digest_of(ledger_of(PNG, other), other)
    assert read(MemorySource(data)).content != read(MemorySource(other)).content


def test_parse_text_of_a_chunk_without_a_keyword() -> None:
    assert parse_text(b"tEXt", b"no separator").value == b""


@pytest.mark.skipif(not shutil.which("pngcheck"), reason="pngcheck is not installed")
def test_pngcheck_accepts_what_comes_out(tmp_path: Path) -> None:
    hidden = b"".join(hidden for hidden, _ in HIDDEN.values())
    for index, data in enumerate((*KINDS.values(), animation(), png(before=hidden))):
        path = tmp_path / f"{index}.png"
        path.write_bytes(clean(PNG, data))
        ran = subprocess.run(["pngcheck", "-q", path], capture_output=True, text=True, check=False)
        assert ran.returncode == 0, ran.stdout


@pytest.mark.skipif(not shutil.which("exiftool"), reason="exiftool is not installed")
def test_exiftool_finds_nothing_private(tmp_path: Path) -> None:
    hidden = b"".join(hidden for hidden, _ in HIDDEN.values())
    path = tmp_path / "a.png"
    path.write_bytes(clean(PNG, png(before=hidden + chunk(b"eXIf", exif_with(6))) + b"tail"))
    ran = subprocess.run(
        ["exiftool", "-j", "-G1", "-a", "-u", "-U", path], capture_output=True, check=True
    )
    groups = {key.partition(":")[0] for key in json.loads(ran.stdout)[0]}
    assert groups <= {"SourceFile", "ExifTool", "System", "File", "PNG", "IFD0", "Composite"}


@pytest.mark.slow
@pytest.mark.parametrize(
    "data",
    [
        png(before=chunk(b"eXIf", exif_with(6)) + HIDDEN["tEXt"][0]),
        animation(2, (9, 7)),
        png(3, 4, before=chunk(b"iCCP", b"n\0\0" + zlib.compress(srgb_profile()))),
    ],
    ids=["exif", "animation", "profile"],
)
def test_damage_is_held_or_cleaned(data: bytes) -> None:
    assert_robust(PNG, read, data, n=1000)
