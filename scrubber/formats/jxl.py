"""JPEG XL (ISO/IEC 18181-2): the container, or a bare codestream.

Kept: signature, type, level and the codestream, whole or in parts, byte for byte: turn, size,
colours and times stand in it. Exif, XMP, JUMBF, compressed boxes (brob), the index of frames
and unknown boxes go. So does the data by which the JPEG that a picture was made from can be
built again (jbrd): it holds the metadata of that JPEG, and the pixels do not need it. What
stands behind the last frame goes. A gain map, a preview, names and colour profiles inside
the codestream are held, see `jxl_header`.

Content digest: SHA-256 over the codestream.
"""

from __future__ import annotations

import bisect
from collections.abc import Iterator

from scrubber.errors import Damaged, Unsupported
from scrubber.formats.adopted import adopt
from scrubber.formats.bmff import Box, boxes, number, open_box
from scrubber.formats.exif import split_exif
from scrubber.formats.jxl_header import examine
from scrubber.formats.settled import settle
from scrubber.formats.xmp import split_xmp
from scrubber.ledger import ROOT, CreditSlot, Ledger
from scrubber.model import Role, Source

_SIGNATURE = b"\0\0\0\x0cJXL \r\n\x87\n"
_BRAND = b"jxl "
_LAST = 1 << 31
_GOING = {
    b"Exif": "TECHNICAL", b"xml ": "TAG", b"jumb": "PROVENANCE", b"brob": "TAG",
    b"jbrd": "TAG", b"jxli": "TECHNICAL", b"free": "PADDING", b"skip": "PADDING", b"uuid": "TAG",
}  # fmt: skip
_MOST = 1 << 20  # parts


class _Joined:
    """Runs of a source, one after the other."""

    def __init__(self, source: Source, runs: list[tuple[int, int]]) -> None:
        self._source = source
        self._runs = runs
        self._starts: list[int] = []
        self.size = 0
        for start, end in runs:
            self._starts.append(self.size)
            self.size += end - start

    def read(self, offset: int, n: int) -> bytes:
        if offset < 0 or n < 0 or offset + n > self.size:
            raise Damaged("The picture is cut off.")
        pieces = []
        index = bisect.bisect_right(self._starts, offset) - 1
        while n:
            start, end = self._runs[index]
            at = start + offset - self._starts[index]
            step = min(n, end - at)
            pieces.append(self._source.read(at, step))
            offset, n, index = offset + step, n - step, index + 1
        return b"".join(pieces)


class Jxl:
    """See the module."""

    def split(self, source: Source, ledger: Ledger) -> None:
        # Only a decoder can tell what stands behind the coded data of a group.
        ledger.not_checked += ["FACE", "TEXT_IN_IMAGE", "HIDDEN_DATA"]
        bare = source.read(0, 2) == b"\xff\x0a"
        runs = [(0, source.size)] if bare else list(_container(source, ledger))
        picture = examine(_Joined(source, runs))
        left = picture.end
        for start, end in runs:
            if left <= 0:
                raise Unsupported("A part of the picture stands behind its last frame.")
            stop = min(end, start + left)
            ledger.leaf(_parent(ledger, start), "codestream", Role.CODED, start, stop)
            left -= end - start
            if stop < end and bare:
                ledger.leaf(ROOT, "trailer", Role.PRIVATE, stop, end, entity="TRAILER")
        if picture.channels:  # colours where nothing is seen, or channels that nobody shows
            ledger.not_checked.append("HIDDEN_PIXELS")
        ledger.render(
            width=picture.width, height=picture.height, orientation=picture.orientation,
            frames=picture.frames,
        )  # fmt: skip


def _parent(ledger: Ledger, start: int) -> int:
    """The box whose content starts at `start`; the file itself where there is none."""
    for scope in reversed(ledger.scopes):
        if scope.start <= start < scope.end:
            return scope.part
    return ROOT


def _container(source: Source, ledger: Ledger) -> Iterator[tuple[int, int]]:
    """Claims all boxes. Yields the runs of the codestream."""
    tops = list(_top(source, ledger))
    kinds = [box.kind for box in tops]
    if source.read(0, 12) != _SIGNATURE or kinds[1:2] != [b"ftyp"]:
        raise Damaged("A JPEG XL picture starts with its signature and its type.")
    if kinds.count(b"jxlc") + (b"jxlp" in kinds) != 1 or kinds.count(b"jxll") > 1:
        raise Damaged("The picture needs one codestream.")
    if b"jhgm" in kinds:
        raise Unsupported("The picture has a gain map, which scrub does not know in this form.")
    ledger.leaf(ROOT, "JXL", Role.FRAME, 0, 12)
    _type(ledger, source, tops[1])
    coded = next(box for box in tops if box.kind in (b"jxlc", b"jxlp"))
    ledger.credit = CreditSlot(coded.at, _credit_box)
    count = 0
    for box in tops[2:]:
        if box.kind == b"jxlc":
            open_box(ledger, ROOT, box)
            yield box.body, box.end
        elif box.kind == b"jxlp":
            index = number(source, box.body, 4)
            last = count + 1 == kinds.count(b"jxlp")
            if box.end - box.body <= 4 or index != (count | _LAST if last else count):
                raise Damaged("The parts of the picture are not in order.")
            open_box(ledger, ROOT, box, 4)
            yield box.body + 4, box.end
            count += 1
        elif box.kind == b"jxll" and source.read(box.body, 1) in (b"\5", b"\x0a"):
            part = open_box(ledger, ROOT, box)
            ledger.leaf(part, "level", Role.DISPLAY, box.body, box.body + 1)
        else:
            _private(ledger, source, box)
    if count > _MOST:
        raise Unsupported("The picture has too many parts.")


def _credit_box(packet: bytes) -> bytes:
    """ISO/IEC 18181-2 §9.5: a box `xml `, not compressed."""
    return (8 + len(packet)).to_bytes(4, "big") + b"xml " + packet


def _top(source: Source, ledger: Ledger) -> Iterator[Box]:
    """Boxes of the file; what follows the last whole one is a trailer."""
    end, seen = 0, False
    try:
        for box in boxes(source, 0, source.size):
            end = box.end
            seen = seen or box.kind in (b"jxlc", b"jxlp")
            yield box
    except Damaged:
        if not seen:
            raise
    if end < source.size:
        ledger.leaf(ROOT, "trailer", Role.PRIVATE, end, source.size, entity="TRAILER")


def _type(ledger: Ledger, source: Source, box: Box) -> None:
    if box.body != box.at + 8 or source.read(box.body, 4) != _BRAND:
        raise Damaged("The file is not of the type of JPEG XL.")
    part = open_box(ledger, ROOT, box)
    settle(ledger, source, part, "version", box.body, _BRAND + bytes(4), entity="SOFTWARE")
    seen = False
    for at in range(box.body + 8, box.end - 3, 4):
        name = source.read(at, 4)
        if name == _BRAND and not seen:
            ledger.leaf(part, "brand", Role.DISPLAY, at, at + 4)
            seen = True
        else:
            ledger.leaf(part, name.decode("latin-1"), Role.PRIVATE, at, at + 4, entity="SOFTWARE")


def _private(ledger: Ledger, source: Source, box: Box) -> None:
    name, entity = box.name, _GOING.get(box.kind, "HIDDEN_DATA")
    if box.kind == b"Exif" and box.end - box.body > 4:
        start = box.body + 4 + number(source, box.body, 4)
        scratch = Ledger(ledger.size)

        def split(_: Ledger) -> None:
            split_exif(scratch, source, ROOT, start, box.end)

        adopt(ledger, "Exif", box.at, box.end, scratch, split)
        return
    if box.kind == b"xml ":
        scratch = Ledger(ledger.size)
        adopt(
            ledger, "XMP", box.at, box.end, scratch,
            lambda _: split_xmp(scratch, source, ROOT, box.body, box.end),
        )  # fmt: skip
        return
    if box.kind == b"brob" and box.end - box.body >= 4:
        name = f"brob/{source.read(box.body, 4).decode('latin-1').strip()}"
    ledger.leaf(ROOT, name, Role.PRIVATE, box.at, box.end, entity=entity)
