"""Pixels that are coded and not shown: said as something that nobody looked at."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from gif_files import control, frame, gif
from jxl_files import LOSSY
from PIL import Image
from sequence_files import with_items
from test_credit_formats import heif, saved

from scrubber.containers import load_format
from scrubber.identify import identify
from scrubber.ledger import Ledger
from scrubber.source import MemorySource


def unlooked(data: bytes) -> bool:
    source = MemorySource(data)
    ledger = Ledger(source.size)
    load_format(identify(source).container).split(source, ledger)
    assert ledger.not_checked.count("HIDDEN_PIXELS") < 2
    return "HIDDEN_PIXELS" in ledger.not_checked


def moving(default: bool) -> bytes:
    """An animated PNG, with or without a still picture that is no frame of it."""
    out = io.BytesIO()
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue", "green")]
    frames[0].save(
        out, "PNG", save_all=True, append_images=frames[1:], default_image=default
    )  # fmt: skip
    return out.getvalue()


@pytest.mark.parametrize(
    "make",
    [
        lambda: saved("PNG", "RGBA"),
        lambda: saved("PNG", "LA"),
        lambda: moving(True),
        lambda: translucent("WEBP"),
        lambda: translucent("WEBP", lossless=True),
        lambda: saved("TIFF", "RGBA"),
        lambda: heif("HEIF") and translucent("HEIF"),
        lambda: heif("AVIF") and translucent("AVIF"),
        lambda: heif("HEIF"),  # 48 rows, cut out of 64
        lambda: gif(control(delay=0), frame(), control(), frame(seed=6)),
        lambda: gif(frame(), frame(seed=6)),
        lambda: pages(2),
        lambda: still_first(b"avif"),
    ],
)
def test_transparency_and_pictures_that_are_no_frame_are_said(make: Callable[[], bytes]) -> None:
    assert unlooked(make())


@pytest.mark.parametrize(
    "make",
    [
        lambda: saved("PNG", "RGB"),
        lambda: moving(False),
        lambda: saved("WEBP"),
        lambda: saved("WEBP", lossless=True),
        lambda: saved("TIFF", "RGB"),
        lambda: heif("HEIF") and whole("HEIF"),  # of a size that needs no cut
        lambda: heif("AVIF"),
        lambda: LOSSY,
        lambda: gif(control(), frame(), control(delay=0), frame(seed=6)),
        lambda: gif(frame()),
        lambda: pages(1),
        lambda: still_first(b"avis"),
    ],
)
def test_what_shows_all_its_pixels_says_nothing(make: Callable[[], bytes]) -> None:
    assert not unlooked(make())


def pages(count: int) -> bytes:
    out = io.BytesIO()
    picture = Image.new("RGB", (16, 16), "red")
    picture.save(out, "TIFF", save_all=True, append_images=[picture.rotate(90)] * (count - 1))
    return out.getvalue()


def still_first(brand: bytes) -> bytes:
    """A still picture and a film in one file, which its type calls the one or the other."""
    sequence = with_items()
    sequence.tracks.pop()
    assert sequence.picture is not None
    sequence.picture.entries.pop()
    sequence.picture.references.clear()
    return sequence.build().replace(b"ftypavis", b"ftyp" + brand)


def translucent(form: str, **options: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGBA", (16, 16), (200, 30, 30, 90)).save(out, form, **options)
    return out.getvalue()


def whole(form: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 64), "red").save(out, form)
    return out.getvalue()
