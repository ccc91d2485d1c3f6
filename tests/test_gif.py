"""GIF: every place where something can hide, and the laws over real files."""

from __future__ import annotations

import io
import os
import random
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from gif_files import (
    PALETTE,
    PLANTED,
    SIZE,
    application,
    chain,
    codes,
    control,
    extension,
    frame,
    gif,
    loop,
    pixels,
    screen,
    xmp,
)
from laws import assert_laws, clean, ledger_of
from PIL import Image, ImageCms, ImageSequence
from robustness import assert_robust

from scrubber.errors import Held
from scrubber.formats.gif import Gif
from scrubber.formats.gif_coding import measure
from scrubber.readers.gif import read

XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" dc:creator="%s"/></rdf:RDF></x:xmpmeta>'  # noqa: E501
WIDE = PALETTE + PLANTED[:12]  # eight entries, of which pixels use four
MORE = codes([*pixels(), *pixels(seed=9) * 4])


def profile() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


PLACES: dict[str, Callable[[], bytes]] = {
    "comment": lambda: gif(extension(0xFE, PLANTED), frame()),
    "comment behind the frame": lambda: gif(frame(), extension(0xFE, PLANTED)),
    "comment between control and frame": lambda: gif(control(), extension(0xFE, PLANTED), frame()),
    "plain text": lambda: gif(b"\x21\x01\x0c" + bytes(12) + chain(PLANTED), frame()),
    "application": lambda: gif(application(b"Acme   Tool", chain(PLANTED)), frame()),
    "application's name": lambda: gif(application(PLANTED[:11], b"\0"), frame()),
    "application of a long name": lambda: gif(application(PLANTED, b"\0"), frame()),
    "XMP": lambda: gif(xmp(XMP % PLANTED), frame()),
    "XMP in blocks": lambda: gif(application(b"XMP DataXMP", chain(XMP % PLANTED)), frame()),
    "XMP, not well formed": lambda: gif(xmp(b"<a>" + PLANTED), frame()),
    "C2PA": lambda: gif(application(b"C2PA_GIF\x01\0\0", chain(PLANTED)), frame()),
    "unknown extension": lambda: gif(extension(0x42, PLANTED), frame()),
    "behind the loop count": lambda: gif(loop(more=chain(PLANTED)[:-1]), frame(), frame()),
    "in the block of the loop count": lambda: gif(
        application(b"NETSCAPE2.0", chain(b"\x01\x03\0" + PLANTED)), frame(), frame()
    ),
    "buffer size": lambda: gif(application(b"NETSCAPE2.0", chain(b"\x02" + PLANTED)), frame()),
    "second loop count": lambda: gif(loop(), loop(more=chain(PLANTED)[:-1]), frame(), frame()),
    "profile": lambda: gif(
        application(
            b"ICCRGBG1012", chain(profile().replace(b"sRGB built-in", PLANTED[:13]))
        ), frame(),
    ),
    "behind the profile": lambda: gif(
        application(b"ICCRGBG1012", chain(profile() + PLANTED)), frame()
    ),
    "second profile": lambda: gif(
        *(application(b"ICCRGBG1012", chain(profile() + more)) for more in (b"", PLANTED)), frame()
    ),
    "control with more bytes": lambda: gif(control(more=PLANTED), frame()),
    "control with more blocks": lambda: gif(control(tail=chain(PLANTED)[:-1]), frame()),
    "reserved bits of control": lambda: gif(control(flags=0xE4), frame()),
    "index without a flag": lambda: gif(control(flags=4, index=77), frame()),
    "control without a frame": lambda: gif(frame(), control(more=PLANTED)),
    "control twice": lambda: gif(control(more=PLANTED), control(), frame()),
    "sort bit": lambda: gif(frame(), head=screen(flags=8)),
    "reserved bits of a frame": lambda: gif(frame(flags=0x3F)),
    "reserved bits of a frame with colours": lambda: gif(frame(flags=0x38, palette=PALETTE)),
    "unused colours": lambda: gif(frame(), head=screen(WIDE)),
    "unused colours of a frame": lambda: gif(frame(palette=WIDE)),
    "global colours that no frame uses": lambda: gif(
        frame(palette=PALETTE), head=screen(PLANTED[:12])
    ),
    "behind the end code": lambda: gif(frame(codes(pixels()) + PLANTED)),
    "blocks behind the end code": lambda: gif(
        frame(blocks=chain(codes(pixels()))[:-1] + chain(PLANTED))
    ),
    "codes behind the last pixel": lambda: gif(frame(MORE)),
    "no end code": lambda: gif(frame(codes(pixels(), ending=False) + PLANTED)),
    "bits behind the end code": lambda: gif(
        frame(codes(pixels())[:-1] + bytes([codes(pixels())[-1] | 0x80]))
    ),
    "sizes of blocks": lambda: gif(frame(blocks=chain(codes(pixels()), 7))),
    "behind the trailer": lambda: gif(frame(), after=PLANTED),
    "another file behind the trailer": lambda: gif(frame(), after=gif(frame()) + PLANTED),
}  # fmt: skip


def shown(data: bytes) -> list[object]:
    """All that a viewer sees: frames in colours, their times, the loop count."""
    with Image.open(io.BytesIO(data)) as image:
        facts: list[object] = [image.info.get("loop")]
        for one in ImageSequence.Iterator(image):
            facts += [one.size, one.convert("RGBA").tobytes(), one.info.get("duration")]
        return facts


@pytest.mark.parametrize("place", PLACES)
def test_planted_values_go_and_the_picture_stays(place: str) -> None:
    data = PLACES[place]()
    output = assert_laws(Gif(), read, data)
    for at in range(len(PLANTED) - 5):
        assert PLANTED[at : at + 5] not in output
    assert output != data
    assert shown(output) == shown(data)


CLEAN: dict[str, bytes] = {
    "one frame": gif(frame()),
    "GIF87a": gif(frame(), head=screen(version=b"GIF87a")),
    "interlaced": gif(frame(flags=0x40)),
    "animation": gif(loop(), control(), frame(), control(5, 9, 1), frame(seed=6)),
    "every disposal": gif(*(control(n << 2) + frame(seed=n) for n in range(4))),
    "loop by another name": gif(loop(0, b"ANIMEXTS1.0"), control(), frame(), control(), frame()),
    "own colours": gif(
        control(), frame(palette=PALETTE[::-1]), head=screen(PALETTE[:3] + bytes(9))
    ),
    "no colours at all": gif(frame(), head=screen(b"")),
    "a smaller second frame": gif(frame(), frame(size=(5, 4), place=(18, 13))),
    "a first frame beyond the screen": gif(frame(size=(40, 30))),
    "no trailer": gif(frame())[:-1],
    "no clear code": gif(frame(codes(pixels(), first=False))),
    "a transparent colour that no pixel has": gif(
        control(5, 9, 5), frame(), head=screen(PALETTE + bytes(3) + b"\xfe\xff\x01" + bytes(6))
    ),
    "a background that no pixel has": gif(
        control(8), frame(), frame(),
        head=screen(PALETTE + b"\x01\x02\x03" + bytes(9), background=4),
    ),
    "a background in a frame's own colours": gif(
        control(8),
        frame(palette=PALETTE + b"\x01\x02\x03" + bytes(9)),
        head=screen(bytes(12) + b"\x01\x02\x03" + bytes(9), background=4),
    ),
    "255 colours": gif(
        frame(least=8, size=(99, 98), data=codes(pixels((99, 98), 256), 8)),
        head=screen(random.Random(4).randbytes(768), size=(99, 98)),
    ),
    "blocks of 254 bytes": gif(
        frame(
            size=(99, 98),
            blocks=chain(codes(pixels((99, 98), 4)), 254),
        ),
        head=screen(size=(99, 98)),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CLEAN)
def test_a_plain_file_stays_as_it_is(case: str) -> None:
    assert assert_laws(Gif(), read, CLEAN[case]) == CLEAN[case]


def test_pillow_files_lose_no_frame() -> None:
    frames = [
        Image.effect_noise((60, 50), 40 + 30 * n).convert("RGB").quantize(64 - n) for n in range(5)
    ]
    out = io.BytesIO()
    frames[0].save(
        out, "GIF", save_all=True, append_images=frames[1:], duration=[30, 50, 70, 90, 110],
        loop=0, comment=PLANTED, disposal=2,
    )  # fmt: skip
    output = assert_laws(Gif(), read, out.getvalue())
    assert PLANTED not in output
    assert shown(output) == shown(out.getvalue())


HELD: dict[str, bytes] = {
    "cut off in its data": gif(frame())[:-9],
    "cut off in a table": screen()[:-2],
    "no picture": gif(loop()),
    "too few pixels": gif(frame(codes(pixels()[:-40]))),
    "a code that does not exist": gif(frame(b"\x04\xff\xff\xff" + bytes(60))),
    "no data": gif(frame(blocks=b"\0")),
    "junk between blocks": gif(frame(), b"\0", frame()),
    "a frame without a size": gif(frame(codes([0]), size=(0, 5))),
    "a frame beyond the picture": gif(frame(), frame(place=(3, 0))),
    "controls that contradict": gif(control(), control(delay=99), frame()),
    "two loop counts": gif(loop(1), loop(2), frame()),
    "a loop count in a second block": gif(
        application(b"NETSCAPE2.0", chain(b"\x02\0\0\0\0")[:-1] + b"\x03\x01\0\0\0"), frame()
    ),
    "a damaged profile": gif(application(b"ICCRGBG1012", chain(PLANTED * 20)), frame()),
    "a short control": gif(extension(0xF9, b"\x01"), frame()),
    "an impossible code size": gif(frame(least=12, data=codes(pixels()))),
}


@pytest.mark.parametrize("case", HELD)
def test_what_viewers_show_differently_is_held(case: str) -> None:
    with pytest.raises(Held):
        clean(Gif(), HELD[case])


@pytest.mark.parametrize("least", range(2, 9))
@pytest.mark.parametrize("seed", range(6))
def test_codes_are_measured_exactly(least: int, seed: int) -> None:
    draw = random.Random(seed)
    size = draw.randrange(1, 300), draw.randrange(1, 200)
    colours = draw.randrange(1, (1 << least) + 1)
    indices = pixels(size, colours, seed)
    data = codes(indices, least)
    found = measure(data + draw.randbytes(40), least, len(indices))
    assert found.codes == data
    assert {i for i, used in enumerate(found.used) if used} == set(indices)


def test_the_end_code_is_as_wide_as_its_place_asks() -> None:
    indices = pixels((400, 1))
    for n in range(1, 400):
        data = codes(indices[:n])
        assert measure(data + b"\xff" * 3, 2, n).codes == data


def test_a_table_that_is_cleared_begins_anew() -> None:
    draw = random.Random(3)
    image = Image.frombytes("P", (200, 200), draw.randbytes(40_000))
    image.putpalette(draw.randbytes(768))
    out = io.BytesIO()
    image.save(out, "GIF")
    output = assert_laws(Gif(), read, out.getvalue())
    assert shown(output) == shown(out.getvalue())


def test_codes_of_a_table_that_is_never_cleared() -> None:
    draw = random.Random(8)
    indices = [draw.randrange(200) for _ in range(120_000)]
    data = codes(indices, 8)
    assert len(data) > 100_000
    found = measure(data + PLANTED, 8, len(indices))
    assert found.codes == data
    with pytest.raises(Held):
        measure(data[:-2000], 8, len(indices))


def test_parts_of_xmp_are_named() -> None:
    ledger = ledger_of(Gif(), PLACES["XMP"]())
    names = {ledger.path(part.id): part.entity for part in ledger.parts}
    assert names["XMP/dc:creator"] == "CREATOR"


def test_a_comment_is_told() -> None:
    data = gif(extension(0xFE, PLANTED), frame())
    ledger = ledger_of(Gif(), data)
    part = next(part for part in ledger.parts if part.name == "comment")
    assert part.describe is not None
    assert part.describe(data[slice(*part.spans[0])]) == PLANTED.decode()


@pytest.mark.parametrize(
    "data",
    [
        gif(loop(), control(), frame(palette=WIDE), control(5, 9, 1), frame(seed=6)),
        gif(xmp(XMP % PLANTED), extension(0xFE, PLANTED), control(more=b"ab"), frame(MORE)),
        gif(application(b"ICCRGBG1012", chain(profile())), frame(size=(9, 3))),
    ],
    ids=["animation", "metadata", "profile"],
)
def test_damaged_files_are_held_or_clean(data: bytes) -> None:
    n = int(os.environ.get("SCRUB_MUTATIONS", "150"))
    assert_robust(Gif(), read, data, seed=12, n=n, prefixes=100)


@pytest.mark.skipif(shutil.which("giftopnm") is None, reason="giftopnm is not installed")
@pytest.mark.parametrize("place", PLACES)
def test_giftopnm_sees_the_same_picture(place: str, tmp_path: Path) -> None:
    before, after = tmp_path / "a.gif", tmp_path / "b.gif"
    before.write_bytes(PLACES[place]())
    after.write_bytes(clean(Gif(), PLACES[place]()))
    one, other = (
        subprocess.run(["giftopnm", path], capture_output=True, check=False)
        for path in (before, after)
    )
    assert other.returncode == 0, other.stderr
    assert one.returncode != 0 or one.stdout == other.stdout


@pytest.mark.skipif(shutil.which("gifsicle") is None, reason="gifsicle is not installed")
@pytest.mark.parametrize("place", PLACES)
def test_gifsicle_finds_nothing_wrong(place: str, tmp_path: Path) -> None:
    path = tmp_path / "a.gif"
    path.write_bytes(clean(Gif(), PLACES[place]()))
    said = subprocess.run(
        ["gifsicle", "--info", "--extension-info", path],
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 0
    assert not said.stderr
    assert "comment" not in said.stdout
    assert SIZE == (23, 17)
    assert "23x17" in said.stdout
