"""Second reader for Exif blocks, through Pillow and piexif (Exif 3.0 §4.6).

The usual block of a cleaned picture holds one Orientation and is compared
whole with the only two forms that it can have. Any other is read by piexif;
it is clean if it holds what may stay and not one byte more.
"""

from __future__ import annotations

import struct
import warnings
from dataclasses import dataclass

_LITTLE = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0%c\0\0\0\0\0\0\0"
_BIG = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0%c\0\0\0\0\0\0"
_TURNS = {form.replace(b"%c", bytes((n,))): n for n in range(2, 9) for form in (_LITTLE, _BIG)}
_ORIENTATION, _EXIF_IFD, _INTEROP_IFD, _COLOR_SPACE, _INTEROP_INDEX = (
    0x0112, 0x8769, 0xA005, 0xA001, 0x0001,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Look:
    """`orientation` is None without an entry. `colour_kept`: ColorSpace entries stand there."""

    orientation: int | None
    adobe_rgb: bool
    colour_kept: bool
    leftovers: tuple[str, ...]


def look(tiff: bytes) -> Look:
    """What the block in `tiff` (from its byte order on) says of the picture."""
    if (turn := _TURNS.get(tiff)) is not None:
        return Look(turn, False, False, ())
    orientation, space, index = _effective(tiff)
    adobe = space == 2 or (space == 0xFFFF and index.startswith(b"R03"))
    kept, leftovers = _strict(tiff)
    return Look(orientation, adobe, kept, leftovers)


def _effective(tiff: bytes) -> tuple[int | None, int, bytes]:
    """Orientation, ColorSpace and InteropIndex as Pillow reads them, leniently."""
    from PIL import Image

    block = Image.Exif()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            block.load(b"Exif\0\0" + tiff)
            orientation = block.get(_ORIENTATION)
            picture = block.get_ifd(_EXIF_IFD)
            index = block.get_ifd(_INTEROP_IFD).get(_INTEROP_INDEX, "")
    except Exception:  # a block that Pillow cannot read turns and colours nothing
        return None, 0, b""
    space = picture.get(_COLOR_SPACE, 0)
    turn = orientation if isinstance(orientation, int) else None
    if turn is not None and not 1 <= turn <= 8:
        turn = 1
    words = index if isinstance(index, bytes) else str(index).encode("latin-1", "replace")
    return turn, space if isinstance(space, int) else 0, words


def _strict(tiff: bytes) -> tuple[bool, tuple[str, ...]]:
    """Whether colour entries stand there, and the names of all that may not stay."""
    import piexif

    try:
        tree = piexif.load(b"Exif\0\0" + tiff)
    except Exception:  # piexif raises struct.error, ValueError, KeyError and more
        return False, ("that piexif cannot read",)
    allowed = {
        "0th": {_ORIENTATION, _EXIF_IFD},
        "Exif": {_COLOR_SPACE, _INTEROP_IFD},
        "Interop": {_INTEROP_INDEX},
    }
    left, size = [], 8
    for name in ("0th", "Exif", "GPS", "Interop", "1st"):
        tags = set(tree.get(name) or ())
        left += [f"{name}/{tag:#06x}" for tag in sorted(tags - allowed.get(name, set()))]
        size += 6 + 12 * len(tags) if tags else 0
    if tree.get("thumbnail"):
        left.append("thumbnail")
    turn = tree["0th"].get(_ORIENTATION, 2)
    if not isinstance(turn, int) or not 2 <= turn <= 8:
        left.append("0th/Orientation")
    if not left and _beside_short(tiff):
        left.append("bytes beside a number")
    if not left and size != len(tiff):
        left.append(f"{len(tiff) - size} bytes that no entry explains")
    return bool(tree["Exif"]), tuple(left)


def _beside_short(tiff: bytes) -> bool:
    """True if the four bytes of a SHORT that may stay hold more than the SHORT (TIFF 6.0 §2)."""
    order = "<" if tiff.startswith(b"II") else ">"
    for tag in (_ORIENTATION, _COLOR_SPACE):
        at = tiff.find(struct.pack(order + "HHI", tag, 3, 1))
        if at >= 0 and tiff[at + 10 : at + 12] != b"\0\0":
            return True
    return False
