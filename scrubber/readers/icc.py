"""Second reader for ICC profiles (ICC.1:2022; v2: ICC.1:2001-04).

It does not rebuild: it lays a map over the bytes. Each byte of the profile
must be a number that a transform reads, or have the one value that the
canonical form gives it.

Content digest: SHA-256 over version, class, colour spaces, intent and
illuminant, then signature, length and data of every colour tag in the order
of signatures, reserved bytes counted as zero.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable

from scrubber.errors import Damaged, Unsupported
from scrubber.model import Reading, Rendering, Source

_NUMBERS = {
    "XYZ ": "rXYZ gXYZ bXYZ wtpt bkpt",
    "curv para": "rTRC gTRC bTRC kTRC",
    "mft1 mft2 mAB  mBA ": "A2B0 A2B1 A2B2 B2A0 B2A1 B2A2 gamt pre0 pre1 pre2",
    "mpet": "D2B0 D2B1 D2B2 D2B3 B2D0 B2D1 B2D2 B2D3",
    "sig ": "tech ciis rig0 rig2",
    "sf32": "chad",
    "chrm": "chrm",
    "view": "view",
    "meas": "meas",
    "cicp": "cicp",
}
_KINDS = {
    tag: {kinds[i : i + 4] for i in range(0, len(kinds), 5)}
    for kinds, tags in _NUMBERS.items()
    for tag in tags.split()
}
_HEADER = (  # first byte, last byte + 1, what must stand there (ICC.1 §7.2)
    (4, 8, bytes(4), "preferred CMM"),
    (10, 12, bytes(2), "version"),
    (24, 36, bytes((7, 188, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0)), "date"),
    (40, 44, bytes(4), "platform"),
    (44, 47, bytes(3), "flags"),
    (48, 56, bytes(8), "manufacturer and model"),
    (56, 63, bytes(7), "attributes"),
    (80, 128, bytes(48), "creator, ID and reserved"),
)
Runs = list[tuple[int, int]]


def read(source: Source, edited: tuple[tuple[int, int], ...] = ()) -> Reading:
    """What a transform sees of the profile, and whatever else is in it. Raises Held."""
    profile = source.read(0, source.size)
    content, leftovers = examine(profile)
    space = profile[16:20].decode("ascii", "replace")
    return Reading("icc", content, Rendering.of(colour_space=space.strip()), leftovers)


@functools.lru_cache(maxsize=8)
def examine(profile: bytes) -> tuple[str, tuple[str, ...]]:
    """Content digest and leftovers. Raises Damaged or Unsupported."""
    size = int.from_bytes(profile[:4], "big")
    if len(profile) < 132 or profile[36:40] != b"acsp" or not 132 <= size <= len(profile):
        raise Damaged("The colour profile has no ICC header.")
    if profile[8] not in (2, 4):
        raise Unsupported(f"The colour profile is of ICC version {profile[8]}.")
    left = [f"ICC {what}" for a, b, fixed, what in _HEADER if profile[a:b] != fixed]
    if profile[47] > 3 or profile[63] > 15:
        left.append("ICC flags")
    found = _tags(profile, size, left)
    if size != len(profile):
        left.append("bytes after the ICC profile")
    return _digest(profile, found), tuple(left)


def _tags(profile: bytes, size: int, left: list[str]) -> dict[str, bytes]:
    """The colour tags' numbers. What stands in no tag must be zero."""
    count = int.from_bytes(profile[128:132], "big")
    if not 0 < count <= (size - 132) // 12:
        raise Damaged(f"The colour profile declares {count} tags.")
    used = bytearray(size)
    used[: 132 + 12 * count] = b"\1" * (132 + 12 * count)
    found: dict[str, bytes] = {}
    for row in range(132, 132 + 12 * count, 12):
        tag = profile[row : row + 4].decode("latin-1")
        at, length = (int.from_bytes(profile[row + i : row + i + 4], "big") for i in (4, 8))
        if at + length > size:
            raise Damaged("A tag of the colour profile lies outside it.")
        data = profile[at : at + length]
        if tag in ("desc", "cprt"):
            if not _fixed_words(data, profile[16:20].decode("latin-1").strip()):
                left.append(f"ICC {tag}")
        elif tag not in _KINDS or tag in found:
            left.append(f"ICC tag {tag!r}")
            continue
        elif data[:4].decode("latin-1") not in _KINDS[tag]:
            raise Unsupported("A tag of the colour profile is of another type.")
        else:
            found[tag] = _numbers(data)
            if found[tag] != data:
                left.append(f"ICC {tag} has bytes that no transform reads")
            length = len(found[tag])
        used[at : at + length] = b"\1" * length
    if _unread(profile, used).strip(b"\0"):
        left.append("gaps in the ICC profile")
    return found


def _unread(profile: bytes, used: bytearray) -> bytes:
    """What stands where `used` has a zero."""
    found, at = [], used.find(0)
    while at >= 0:
        end = used.find(1, at)
        end = len(used) if end < 0 else end
        found.append(profile[at:end])
        at = used.find(0, end)
    return b"".join(found)


def _digest(profile: bytes, found: dict[str, bytes]) -> str:
    fields = ((8, 10), (12, 24), (64, 80))
    digest = hashlib.sha256(b"".join(profile[a:b] for a, b in fields))
    for tag in sorted(found):
        digest.update(tag.encode("latin-1") + len(found[tag]).to_bytes(4, "big") + found[tag])
    return digest.hexdigest()


def _fixed_words(data: bytes, space: str) -> bool:
    """True for the two texts that the canonical form has, in either version's type."""
    kind, body = data[:8], data[8:]
    if kind == b"mluc\0\0\0\0":
        head, words = body[:20], body[20:].decode("utf-16-be", "replace")
        length = (2 * len(words)).to_bytes(4, "big")
        if head != b"\0\0\0\1\0\0\0\x0cenUS" + length + b"\0\0\0\x1c":
            return False
        return words in ("Not stated", f"{space} profile")
    if kind == b"text\0\0\0\0":
        return body == b"Not stated\0"
    if kind == b"desc\0\0\0\0":
        words_ascii, _, rest = body[4:].partition(b"\0")
        return (
            words_ascii == f"{space} profile".encode("ascii")
            and int.from_bytes(body[:4], "big") == len(words_ascii) + 1
            and rest == bytes(78)
        )
    return False


def _numbers(data: bytes) -> bytes:
    """`data` with everything but its numbers zeroed, and cut behind them."""
    kind = data[:4].decode("latin-1").strip()
    runs = _LAYOUTS.get(kind, _plain)(data)
    out = bytearray(max(end for _, end in runs))
    for start, end in runs:
        if start < 0 or end > len(data):
            raise Damaged("A tag of the colour profile is cut off.")
        out[start:end] = data[start:end]
    return bytes(out)


def _u(data: bytes, at: int, width: int = 4) -> int:
    if at + width > len(data):
        raise Damaged("A tag of the colour profile is cut off.")
    return int.from_bytes(data[at : at + width], "big")


def _plain(data: bytes) -> Runs:
    ends = {b"XYZ ": 20, b"sig ": 12, b"cicp": 12, b"view": 36, b"meas": 36, b"sf32": 44}
    end = 12 + 8 * _u(data, 8, 2) if data[:4] == b"chrm" else ends[data[:4]]
    return [(0, 4), (8, end)]


def _curve(data: bytes, at: int = 0) -> Runs:
    if data[at : at + 4] == b"curv":
        return [(at, at + 4), (at + 8, at + 12 + 2 * _u(data, at + 8))]
    if data[at : at + 4] == b"para":
        function = _u(data, at + 8, 2)
        if function < 5:
            n = {0: 1, 1: 3, 2: 4, 3: 5, 4: 7}[function]
            return [(at, at + 4), (at + 8, at + 10), (at + 12, at + 12 + 4 * n)]
    raise Damaged("A curve of the colour profile cannot be read.")


def _old_lut(data: bytes) -> Runs:
    channels_in, channels_out, grid = _u(data, 8, 1), _u(data, 9, 1), _u(data, 10, 1)
    if max(channels_in, channels_out) > 15:
        raise Damaged("A table of the colour profile has too many channels.")
    cells = channels_out * grid**channels_in
    if data[:4] == b"mft1":
        end = 48 + 256 * (channels_in + channels_out) + cells
    else:
        end = 52 + 2 * (channels_in * _u(data, 48, 2) + cells + channels_out * _u(data, 50, 2))
    return [(0, 4), (8, 11), (12, end)]


def _new_lut(data: bytes) -> Runs:
    sides = {"in": _u(data, 8, 1), "out": _u(data, 9, 1)}
    if not all(1 <= n <= 15 for n in sides.values()):
        raise Damaged("A table of the colour profile has too many channels.")
    near, far = ("out", "in") if data[:4] == b"mAB " else ("in", "out")
    runs: Runs = [(0, 4), (8, 10), (12, 32)]
    for field, side in ((12, near), (20, near), (28, far)):
        at = _u(data, field)
        for _ in range(sides[side] if at else 0):
            curve = _curve(data, at)
            runs += curve
            at = at + (curve[-1][1] - at + 3) // 4 * 4
    if matrix := _u(data, 16):
        runs.append((matrix, matrix + 48))
    if clut := _u(data, 24):
        cells = sides["out"] * _u(data, clut + 16, 1)
        for dimension in range(sides["in"]):
            cells *= _u(data, clut + dimension, 1)
        runs += [
            (clut, clut + sides["in"]),
            (clut + 16, clut + 17),
            (clut + 20, clut + 20 + cells),
        ]
    return runs


def _pipeline(data: bytes) -> Runs:
    steps = _u(data, 12)
    if steps > 64:
        raise Damaged("A pipeline of the colour profile has too many steps.")
    runs: Runs = [(0, 4), (8, 16 + 8 * steps)]
    for row in range(16, 16 + 8 * steps, 8):
        at, size = _u(data, row), _u(data, row + 4)
        runs += [(at, at + 4), (at + 8, at + max(size, 8))]
    return runs


_LAYOUTS: dict[str, Callable[[bytes], Runs]] = {
    "curv": _curve,
    "para": _curve,
    "mft1": _old_lut,
    "mft2": _old_lut,
    "mAB": _new_lut,
    "mBA": _new_lut,
    "mpet": _pipeline,
}
