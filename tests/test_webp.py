"""WebP: every place where something can hide, and the laws over real files."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from laws import assert_laws, clean, ledger_of
from PIL import Image, ImageCms, ImageOps, ImageSequence
from robustness import assert_robust
from webp_files import (
    PLANTED,
    anim,
    animation,
    chunk,
    frame,
    head,
    inner,
    lossless,
    lossy,
    picture,
    riff,
    saved,
    still,
    transparency,
)

from scrubber.errors import Damaged, Held
from scrubber.formats.webp import Webp
from scrubber.readers.webp import read
from scrubber.source import MemorySource

XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:Orientation="6" tiff:Artist="%s"/></rdf:RDF></x:xmpmeta>'  # noqa: E501


def tree(turn: int = 6) -> bytes:
    exif = Image.Exif()
    exif[0x010F] = PLANTED.decode() + "x"
    exif[0x0112] = turn
    return exif.tobytes().removeprefix(b"Exif\0\0")


def profile(odd: bool = False) -> bytes:
    data = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return data + b"\0" * odd


def alpha(flags: int = 0, more: bytes = b"") -> tuple[bytes, bytes]:
    plane, vp8 = transparency()
    return chunk(b"ALPH", bytes([plane[0] | flags]) + plane[1:] + more), chunk(b"VP8 ", vp8)


def raw_alpha(more: bytes = b"") -> bytes:
    plane = Image.radial_gradient("L").resize((40, 30)).tobytes()
    return chunk(b"ALPH", b"\0" + plane + more)


def moving(*inside: bytes, flags: int = 2, more: bytes = b"") -> bytes:
    one = frame(chunk(b"VP8 ", lossy()), *inside, flags=flags)
    return animation(one, frame(chunk(b"VP8L", lossless())), more=more)


FRAME = frame(chunk(b"VP8 ", lossy()))
PLACES: dict[str, Callable[[], bytes]] = {
    "Exif": lambda: still(flags=8, after=(chunk(b"EXIF", tree()),)),
    "Exif with JPEG's identifier": lambda: still(
        flags=8, after=(chunk(b"EXIF", b"Exif\0\0" + tree()),)
    ),
    "Exif before the picture": lambda: still(chunk(b"EXIF", tree()), flags=8),
    "Exif without its flag": lambda: still(after=(chunk(b"EXIF", tree()),)),
    "second Exif": lambda: still(
        flags=8, after=(chunk(b"EXIF", tree(1)), chunk(b"EXIF", tree()))
    ),
    "behind the Exif tree": lambda: still(flags=8, after=(chunk(b"EXIF", tree() + PLANTED),)),
    "no Exif tree": lambda: still(flags=8, after=(chunk(b"EXIF", PLANTED),)),
    "XMP": lambda: still(flags=4, after=(chunk(b"XMP ", XMP % PLANTED),)),
    "XMP and Exif": lambda: still(
        flags=12, after=(chunk(b"EXIF", tree(1)), chunk(b"XMP ", XMP % PLANTED))
    ),
    "XMP, not well formed": lambda: still(flags=4, after=(chunk(b"XMP ", b"<a>" + PLANTED),)),
    "unknown chunk": lambda: still(after=(chunk(b"zzzz", PLANTED),)),
    "unknown chunk of odd size": lambda: still(chunk(b"zzzz", PLANTED + b"x")),
    "C2PA": lambda: still(after=(chunk(b"C2PA", PLANTED),)),
    "second header": lambda: still(chunk(b"VP8X", PLANTED[:10]), after=(chunk(b"abcd", PLANTED),)),
    "profile without its flag": lambda: still(chunk(b"ICCP", PLANTED)),
    "profile": lambda: still(
        chunk(b"ICCP", profile().replace(b"sRGB built-in", PLANTED[:13])), flags=32
    ),
    "profile of odd size": lambda: still(chunk(b"ICCP", profile(odd=True) + PLANTED), flags=32),
    "behind the profile": lambda: still(chunk(b"ICCP", profile() + PLANTED), flags=32),
    "behind VP8": lambda: riff(chunk(b"VP8 ", lossy() + PLANTED)),
    "behind VP8, odd": lambda: riff(chunk(b"VP8 ", lossy() + b"x" + PLANTED, PLANTED[:1])),
    "behind VP8L": lambda: riff(chunk(b"VP8L", lossless() + PLANTED)),
    "behind VP8 in an extended file": lambda: riff(
        head(8, (40, 30)), chunk(b"VP8 ", lossy() + PLANTED + b"x"), chunk(b"EXIF", tree())
    ),
    "chunks of a simple file": lambda: riff(chunk(b"VP8 ", lossy()), chunk(b"EXIF", tree())),
    "junk of a simple file": lambda: riff(chunk(b"VP8 ", lossy()), PLANTED),
    "behind the file": lambda: riff(chunk(b"VP8L", lossless()), after=PLANTED),
    "behind an extended file": lambda: still() + PLANTED,
    "reserved bits": lambda: riff(head(0xC1, (40, 30), PLANTED[:3]), chunk(b"VP8 ", lossy())),
    "flags of what is not there": lambda: still(flags=0x2C),
    "flags of what is not there, beside XMP": lambda: still(
        flags=0x24, after=(chunk(b"XMP ", XMP % PLANTED),)
    ),
    "less than a chunk": lambda: still(after=(PLANTED[:6],)),
    "reserved bits of ALPH": lambda: riff(head(16, (40, 30)), *alpha(flags=0xC0)),
    "behind ALPH": lambda: riff(head(16, (40, 30)), *alpha(more=PLANTED)),
    "behind a raw ALPH": lambda: riff(
        head(16, (40, 30)), raw_alpha(PLANTED), chunk(b"VP8 ", lossy())
    ),
    "behind ANIM": lambda: moving(more=PLANTED),
    "behind ANIM, odd": lambda: moving(more=PLANTED + b"x"),
    "second ANIM": lambda: animation(anim(more=PLANTED), FRAME),
    "reserved bits of ANMF": lambda: moving(flags=0xFE),
    "unknown chunk in a frame": lambda: moving(chunk(b"zzzz", PLANTED)),
    "junk in a frame": lambda: moving(PLANTED[:5]),
    "behind the picture of a frame": lambda: animation(
        frame(chunk(b"VP8 ", lossy() + PLANTED)), FRAME
    ),
    "between frames": lambda: animation(FRAME, chunk(b"zzzz", PLANTED), FRAME),
    "Exif between frames": lambda: animation(FRAME, chunk(b"EXIF", tree()), FRAME, flags=10),
}  # fmt: skip


REFUSED = {  # by libwebp, though other viewers show them
    "second header", "junk of a simple file", "reserved bits", "less than a chunk",
    "reserved bits of ALPH", "junk in a frame",
}  # fmt: skip


def shown(data: bytes) -> list[object]:
    """All that a viewer sees: frames, turned, with their times, loop and background."""
    with Image.open(io.BytesIO(data)) as image:
        facts: list[object] = [image.size, image.mode, image.info.get("loop")]
        facts.append(image.info.get("background"))
        for one in ImageSequence.Iterator(image):
            turned = one
            with contextlib.suppress(SyntaxError):  # Pillow's word for a block that is no Exif
                turned = ImageOps.exif_transpose(one)
            facts += [turned.size, turned.tobytes(), one.info.get("duration")]
        return facts


@pytest.mark.parametrize("place", PLACES)
def test_planted_values_go_and_the_picture_stays(place: str) -> None:
    data = PLACES[place]()
    output = assert_laws(Webp(), read, data)
    for n in range(5, len(PLANTED) + 1):
        assert PLANTED[:n] not in output
    assert output != data
    if place in REFUSED:
        with pytest.raises(OSError):
            shown(data)
        assert shown(output)
    else:
        assert shown(output) == shown(data)


@pytest.mark.parametrize(
    "image",
    [
        {"quality": 60}, {"quality": 5, "alpha": True}, {"lossless": True},
        {"lossless": True, "alpha": True}, {"quality": 90, "alpha": True, "alpha_quality": 20},
        {"quality": 80, "method": 6, "size": (33, 17)}, {"lossless": True, "size": (1, 1)},
    ],
    ids=str,
)  # fmt: skip
def test_an_ordinary_file_stays_as_it_is(image: dict[str, object]) -> None:
    options = dict(image)
    size, transparent = options.pop("size", (40, 30)), bool(options.pop("alpha", False))
    data = saved(picture(size, alpha=transparent), **options)  # type: ignore[arg-type]  # a size
    assert assert_laws(Webp(), read, data) == data


def test_a_surplus_goes_whatever_the_size_of_the_picture() -> None:
    sizes = set()
    for seed in range(6):
        data = dict(inner(saved(picture(seed=seed), lossless=True)))[b"VP8L"]
        output = assert_laws(Webp(), read, riff(chunk(b"VP8L", data + PLANTED)), surgeries=2)
        assert PLANTED not in output
        sizes.add(len(dict(inner(output))[b"VP8L"]) % 2)
    assert sizes == {0, 1}


def test_an_animation_stays_as_it_is() -> None:
    frames = [picture(seed=seed, alpha=seed % 2 == 0) for seed in range(4)]
    data = saved(
        frames[0], save_all=True, append_images=frames[1:], duration=[40, 90, 40, 250], loop=2
    )
    assert assert_laws(Webp(), read, data) == data


@pytest.mark.parametrize("turn", range(1, 9))
def test_orientation_is_kept_in_a_block_of_its_own(turn: int) -> None:
    data = still(flags=8, after=(chunk(b"EXIF", tree(turn)),))
    output = assert_laws(Webp(), read, data)
    kinds = [kind for kind, _ in inner(output)]
    assert kinds == [b"VP8X", b"VP8 "] + [b"EXIF"] * (turn > 1)
    assert shown(output) == shown(data)


def test_orientation_of_xmp_alone_is_kept_in_exif() -> None:
    data = still(flags=4, after=(chunk(b"XMP ", XMP % PLANTED),))
    output = clean(Webp(), data)
    with Image.open(io.BytesIO(output)) as image:
        assert image.getexif().get(0x0112) == 6


HELD: dict[str, bytes] = {
    "cut off": still()[:-3],
    "no picture": riff(head(0, (40, 30))),
    "another size": riff(head(0, (41, 30)), chunk(b"VP8 ", lossy())),
    "two pictures": riff(head(0, (40, 30)), chunk(b"VP8 ", lossy()), chunk(b"VP8L", lossless())),
    "frames in a still picture": riff(head(0, (40, 30)), anim(), FRAME),
    "a picture beside frames": animation(FRAME, chunk(b"VP8 ", lossy())),
    "a frame outside": riff(head(2, (30, 30)), anim(), FRAME),
    "frames without a header": riff(head(2, (40, 30)), FRAME),
    "transparency without a picture": riff(head(16, (40, 30)), alpha()[0]),
    "transparency of a lossless picture": riff(
        head(16, (40, 30)), alpha()[0], chunk(b"VP8L", lossless())
    ),
    "a chunk before the header": riff(chunk(b"zzzz", PLANTED), chunk(b"VP8 ", lossy())),
    "an inter frame": riff(chunk(b"VP8 ", bytes([lossy()[0] | 1]) + lossy()[1:])),
    "no chunk": riff(),
    "a damaged profile": still(chunk(b"ICCP", PLANTED * 20), flags=32),
}  # fmt: skip


@pytest.mark.parametrize("case", HELD)
def test_what_no_decoder_shows_is_held(case: str) -> None:
    with pytest.raises(Held):
        clean(Webp(), HELD[case])


def test_a_picture_that_does_not_decode_is_held_by_the_reader() -> None:
    data = bytearray(riff(chunk(b"VP8L", lossless())))
    data[40:] = bytes(len(data) - 40)
    with pytest.raises(Damaged):
        read(MemorySource(bytes(data)))


def test_parts_of_a_block_are_named() -> None:
    data = still(flags=12, after=(chunk(b"EXIF", tree()), chunk(b"XMP ", XMP % PLANTED)))
    ledger = ledger_of(Webp(), data)
    names = {ledger.path(part.id): part.entity for part in ledger.parts}
    assert names["EXIF/IFD0/Make"] == "DEVICE_MODEL"
    assert names["XMP/tiff:Artist"] == "CREATOR"


@pytest.mark.parametrize("place", ["XMP and Exif", "behind ALPH", "behind ANIM", "profile"])
def test_damaged_files_are_held_or_clean(place: str) -> None:
    n = int(os.environ.get("SCRUB_MUTATIONS", "120"))
    assert_robust(Webp(), read, PLACES[place](), seed=11, n=n, prefixes=60)


@pytest.mark.skipif(shutil.which("webpinfo") is None, reason="webpinfo is not installed")
@pytest.mark.parametrize("place", PLACES)
def test_webpinfo_finds_nothing_wrong(place: str, tmp_path: Path) -> None:
    path = tmp_path / "a.webp"
    path.write_bytes(clean(Webp(), PLACES[place]()))
    said = subprocess.run(["webpinfo", path], capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stdout
    assert "No error detected" in said.stdout
    assert "arning" not in said.stdout.replace("Warning: 0", "")
