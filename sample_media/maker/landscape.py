"""Landscapes that nobody photographed, and a wide-gamut colour profile (ICC.1:2022)."""

from __future__ import annotations

import io
import struct

import numpy as np
from PIL import Image


def landscape(seed: int, width: int = 480, height: int = 320) -> Image.Image:
    """A sky, a sun and three ranges of hills."""
    random = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width]
    sky = np.array([90, 140, 220]) + (y / height)[..., None] * np.array([140, 70, -60])
    sun = np.exp(-((x - random.integers(80, 400)) ** 2 + (y - 80) ** 2) / 900.0)
    picture = sky + sun[..., None] * np.array([150, 120, 40])
    for depth in range(3):
        waves = sum(
            random.uniform(4, 26)
            * np.sin(x[0] * random.uniform(0.005, 0.04) + random.uniform(0, 6))
            for _ in range(4)
        )
        ground = y > height * (0.5 + 0.15 * depth) + waves
        shade = np.array([60, 110, 70]) * (1.0 - 0.25 * depth)
        picture = np.where(
            ground[..., None], shade + random.normal(0, 4, (height, width, 1)), picture
        )
    return Image.fromarray(np.clip(picture, 0, 255).astype(np.uint8))


def jpeg(picture: Image.Image, *, progressive: bool = False, quality: int = 82) -> bytes:
    sink = io.BytesIO()
    picture.save(sink, "JPEG", quality=quality, progressive=progressive)
    return sink.getvalue()


def wide_gamut_profile(owner: str) -> bytes:
    """A display profile with the primaries of Display P3; its description names `owner`."""
    tags = {
        b"desc": _localized(f"Display P3, calibrated for {owner}"),
        b"cprt": _localized("CC0"),
        b"wtpt": _xyz(0.9642, 1.0, 0.8249),
        b"rXYZ": _xyz(0.51512, 0.2412, -0.00105),
        b"gXYZ": _xyz(0.29198, 0.69225, 0.04189),
        b"bXYZ": _xyz(0.1571, 0.06657, 0.78407),
        b"rTRC": b"para"
        + bytes(4)
        + struct.pack(">HH", 3, 0)
        + _fixed(2.4, 0.94787, 0.05213, 0.0774, 0.04045),
    }
    tags[b"gTRC"] = tags[b"bTRC"] = tags[b"rTRC"]
    table, body = b"", b""
    for name, data in tags.items():
        offset = 128 + 4 + 12 * len(tags) + len(body)
        table += name + struct.pack(">II", offset, len(data))
        body += data + bytes(-len(data) % 4)
    size = 128 + 4 + len(table) + len(body)
    head = struct.pack(">I4sI4s4s4s", size, b"none", 0x04300000, b"mntr", b"RGB ", b"XYZ ")
    head += struct.pack(">6H4s4s", 2024, 5, 1, 10, 20, 30, b"acsp", b"APPL") + bytes(24)
    head += _fixed(0.9642, 1.0, 0.8249) + b"none"
    return head + bytes(128 - len(head)) + struct.pack(">I", len(tags)) + table + body


def _fixed(*values: float) -> bytes:
    return b"".join(struct.pack(">i", round(value * 65536)) for value in values)


def _xyz(*values: float) -> bytes:
    return b"XYZ " + bytes(4) + _fixed(*values)


def _localized(text: str) -> bytes:
    data = text.encode("utf-16-be")
    return b"mluc" + bytes(4) + struct.pack(">II2s2sII", 1, 12, b"en", b"US", len(data), 28) + data
