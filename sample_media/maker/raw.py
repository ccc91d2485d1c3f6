"""A raw picture as a converter writes it (DNG 1.7.1): a mosaic of landscape, and its numbers."""

from __future__ import annotations

import struct
from dataclasses import replace

import numpy as np

from sample_media.maker.landscape import landscape
from sample_media.maker.photos import (
    ARTIST,
    BODY_SERIAL,
    CAMERA_OWNER,
    MAKE,
    MAKER_NOTE,
    MODEL,
    ORIENTATION,
    OWNER,
    TAKEN,
    XMP,
    gps_ifd,
    gps_plants,
)
from sample_media.maker.planted import Plant, Sample
from sample_media.maker.tiff import (
    BYTE,
    LONG,
    SHORT,
    SRATIONAL,
    UNDEFINED,
    Entries,
    ascii_,
    exif,
    rationals,
    short,
)

_WIDTH, _HEIGHT = 96, 64
_SERIAL, _MODEL, _FILE = "EX-000042", "Example Cam 1", "IMG_0042 Mary at the tower.CR3"
_TO_CAMERA = (6018, -617, -965, -8645, 15881, 2975, -1530, 1719, 7642)  # ten-thousandths
_STRIP = 0x0111


def _long(value: int) -> tuple[int, bytes]:
    return LONG, struct.pack(">I", value)


def _samples() -> bytes:
    """Every cell of two by two has one red, two green and one blue sample of twelve bits."""
    picture = np.asarray(landscape(6, _WIDTH, _HEIGHT)).astype(np.uint16)
    mosaic = picture[..., 1].copy()
    mosaic[0::2, 0::2] = picture[0::2, 0::2, 0]
    mosaic[1::2, 1::2] = picture[1::2, 1::2, 2]
    return (256 + 15 * mosaic).astype(">u2").tobytes()


def _tags(size: int, at: int) -> Entries:
    return {
        0x00FE: _long(0), 0x0100: _long(_WIDTH), 0x0101: _long(_HEIGHT), 0x0102: short(16),
        0x0103: short(1), 0x0106: short(32803), 0x0115: short(1), 0x0116: _long(_HEIGHT),
        _STRIP: _long(at), 0x0117: _long(size), ORIENTATION: short(6),
        MAKE: ascii_("Example"), MODEL: ascii_(_MODEL), ARTIST: ascii_(OWNER),
        0x02BC: (BYTE, XMP.encode()),
        0x828D: short(2, 2), 0x828E: (BYTE, bytes((0, 1, 1, 2))),
        0xC612: (BYTE, bytes((1, 4, 0, 0))), 0xC613: (BYTE, bytes((1, 3, 0, 0))),
        0xC614: ascii_(f"{_MODEL} {_SERIAL}"), 0xC61A: (SHORT, struct.pack(">H", 256)),
        0xC61D: short(4095),
        0xC621: (SRATIONAL, b"".join(struct.pack(">ii", n, 10000) for n in _TO_CAMERA)),
        0xC628: rationals((592408, 1000000), (1, 1), (501692, 1000000)),
        0xC62F: ascii_(_SERIAL), 0xC65A: short(21), 0xC68B: ascii_(_FILE),
    }  # fmt: skip


def raw() -> Sample:
    where, position = "IFD0", (48.8584, 2.2945)  # the Eiffel Tower
    photo: Entries = {
        TAKEN: ascii_("2024:05:01 10:20:30"),
        MAKER_NOTE: (UNDEFINED, b"Example\0" + OWNER.encode() + bytes(8)),
        CAMERA_OWNER: ascii_(OWNER),
        BODY_SERIAL: ascii_(_SERIAL),
    }
    samples = _samples()
    head = exif(_tags(len(samples), 0), photo, gps_ifd(*position))
    head = exif(_tags(len(samples), len(head)), photo, gps_ifd(*position))
    return Sample(
        "photos/IMG_0044.dng",
        head + samples,
        "cleaned",
        about="a raw picture: the numbers that develop it stay, and no other",
        planted=[
            *(replace(row, where=row.where[1:]) for row in gps_plants(*position, "")),
            Plant("CREATOR", f"{where}/Artist", OWNER),
            Plant("DEVICE_MODEL", f"{where}/Model", _MODEL),
            Plant("CAMERA_SERIAL", f"{where}/CameraSerialNumber", _SERIAL),
            Plant("FILE_PATH", f"{where}/OriginalRawFileName", _FILE),
            Plant("OWNER_NAME", f"{where}/ExifIFD/CameraOwnerName", OWNER),
            Plant("MAKER_NOTE", f"{where}/ExifIFD/MakerNote", f"Example\0{OWNER}"),
            Plant("PERSON_IN_IMAGE", f"{where}/ApplicationNotes/XMP", "<mwg-rs:Name>John Watson"),
        ],
    )
