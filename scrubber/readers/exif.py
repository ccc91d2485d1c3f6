"""Second reader for Exif blocks, through Pillow and piexif (Exif 3.0 §4.6).

The usual block of a cleaned picture holds one Orientation and is compared
whole with the only two forms that it can have. Any other is read by Pillow and
piexif; it is clean if it holds what may stay and not one byte more.
"""

from __future__ import annotations

import struct
import warnings
from dataclasses import dataclass
from typing import Any

_LITTLE = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0%c\0\0\0\0\0\0\0"
_BIG = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0%c\0\0\0\0\0\0"
_TURNS = {form.replace(b"%c", bytes((n,))): n for n in range(2, 9) for form in (_LITTLE, _BIG)}
_ORIENTATION, _EXIF_IFD, _INTEROP_IFD, _COLOR_SPACE, _INTEROP_INDEX = (
    0x0112, 0x8769, 0xA005, 0xA001, 0x0001,
)  # fmt: skip

_ALLOWED = {
    "0th": {_ORIENTATION, _EXIF_IFD},
    "Exif": {_COLOR_SPACE, _INTEROP_IFD},
    "Interop": {_INTEROP_INDEX},
}
Tree = dict[str, dict[int, Any]]  # values as Pillow makes them


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
    tree = _by_pillow(tiff)
    if tree is None:
        return Look(None, False, False, ("that Pillow cannot read",))
    turn = tree["0th"].get(_ORIENTATION)
    space, index = tree["Exif"].get(_COLOR_SPACE), tree["Interop"].get(_INTEROP_INDEX, "")
    return Look(
        None if not isinstance(turn, int) else turn if 1 <= turn <= 8 else 1,
        space == 2 or (space == 0xFFFF and str(index).startswith("R03")),
        bool(tree["Exif"]),
        _leftovers(tiff, tree),
    )


def _by_pillow(tiff: bytes) -> Tree | None:
    """Tag → value by directory, read leniently, as viewers do."""
    from PIL import Image

    block = Image.Exif()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            block.load(b"Exif\0\0" + tiff)
            return {
                "0th": dict(block),
                "Exif": dict(block.get_ifd(_EXIF_IFD)),
                "Interop": dict(block.get_ifd(_INTEROP_IFD)),
            }
    except Exception:  # Pillow raises what its parsers raise; such a block turns nothing
        return None


def _leftovers(tiff: bytes, tree: Tree) -> tuple[str, ...]:
    """The names of all that may not stay.

    Only a block that Pillow finds clean and fully explained is read by piexif too, which
    believes every count that it reads.
    """
    left, size = [], 8
    for name, tags in tree.items():
        left += [f"{name}/{tag:#06x}" for tag in sorted(set(tags) - _ALLOWED[name])]
        size += 6 + 12 * len(tags) if tags else 0
    turn = tree["0th"].get(_ORIENTATION, 2)
    if not isinstance(turn, int) or not 2 <= turn <= 8:
        left.append("0th/Orientation")
    if not left and size != len(tiff):
        left.append(f"{len(tiff) - size} bytes that no entry explains")
    if not left and (_beside_short(tiff) or not _piexif_agrees(tiff, tree)):
        left.append("that is not canonical")
    return tuple(left)


def _piexif_agrees(tiff: bytes, tree: Tree) -> bool:
    import piexif

    try:
        found = piexif.load(b"Exif\0\0" + tiff)
    except Exception:  # piexif raises struct.error, ValueError, KeyError and more
        return False
    same = all(set(found[name]) == set(tags) for name, tags in tree.items())
    return same and not (found["GPS"] or found["1st"] or found["thumbnail"])


def _beside_short(tiff: bytes) -> bool:
    """True if the four bytes of a SHORT that may stay hold more than the SHORT (TIFF 6.0 §2)."""
    order = "<" if tiff.startswith(b"II") else ">"
    for tag in (_ORIENTATION, _COLOR_SPACE):
        at = tiff.find(struct.pack(order + "HHI", tag, 3, 1))
        if at >= 0 and tiff[at + 10 : at + 12] != b"\0\0":
            return True
    return False
