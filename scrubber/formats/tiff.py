"""TIFF and BigTIFF (TIFF 6.0; Technical Notes 1 to 3; BigTIFF).

Kept: of every page the tags that decoding or showing it needs, each of exact type and count,
the strips or tiles as they are coded, and the ICC profile (cleaned as a file of its own).
Pages that call themselves smaller copies go, and so does all that describes: Exif, GPS, XMP,
IPTC, Photoshop's blocks and layers, GeoTIFF, every private tag, and bytes that no tag reaches.

The content is the tables of JPEG and the strips and tiles, in the order of the file. `pages` is
a digest of the numbers of every page and of where in the content its blocks stand.
"""

from __future__ import annotations

from scrubber.errors import Damaged, Unsupported
from scrubber.formats.tiff_credit import offer_credit
from scrubber.formats.tiff_directory import Directory, directory, header
from scrubber.formats.tiff_file import File
from scrubber.formats.tiff_page import keep_page
from scrubber.formats.tiff_private import drop_page, look_inside, reduced
from scrubber.ledger import ROOT, Ledger, PartId
from scrubber.model import Role, Source

_RAW_MARKS = (b"IIII", b"MMMM")  # Phase One, Leaf: the picture stands behind a second header
_MOST = 1_000_000
_LARGE = 1 << 20
_FACTOR = 8


class Tiff:
    """See the module."""

    def split(self, source: Source, ledger: Ledger) -> None:
        shape, pointer, first = header(source)
        file = File(ledger, source, shape)
        end = pointer + shape.width
        file.keep(ledger.part(ROOT, "header", Role.FRAME), 0, end)
        if source.size >= end + 4 and source.read(end, 4) in _RAW_MARKS:
            raise Unsupported(
                "This is a camera's raw picture in the shape of a TIFF.",
                fix="Develop it and export a TIFF or JPEG.",
            )
        pages = chain_of(file, first)
        parts = _pages(file, pages)
        ledger.chain(
            (pointer, *(page.next_at for page in pages[:-1])), shape.width, shape.order,
            tuple(zip(parts, (page.at for page in pages), strict=True)),
        )  # fmt: skip
        file.settle()
        look_inside(file)
        ledger.render(pages=file.pages())
        _refuse_hidden_picture(file)
        ledger.not_checked += ["FACE", "TEXT_IN_IMAGE"]


def chain_of(file: File, at: int) -> list[Directory]:
    """The directories that the header leads to. Raises Damaged for a circle or an empty chain."""
    pages: list[Directory] = []
    known: set[int] = set()
    entries = 0
    while at:
        if at in known:
            raise Damaged("The directories of this TIFF run in a circle.")
        known.add(at)
        pages.append(directory(file.source, file.shape, at))
        entries += len(pages[-1].entries)
        if entries > _MOST:
            raise Unsupported(f"This TIFF has more than {_MOST} tags.")
        at = pages[-1].following
    if not pages:
        raise Damaged("This TIFF has no directory.")
    return pages


def _pages(file: File, pages: list[Directory]) -> list[PartId]:
    parts: list[PartId] = []
    frames = 0
    for page in pages:
        if reduced(file.source, page):
            parts.append(drop_page(file, ROOT, "smaller copy", [page], "THUMBNAIL"))
            continue
        file.visit(page.at)
        part, geometry, turn = keep_page(file, page, f"page {frames + 1}", ROOT)
        parts.append(part)
        if not frames:
            offer_credit(file, page)
            file.ledger.render(width=geometry.width, height=geometry.length, orientation=turn)
        frames += 1
    if not frames:
        raise Unsupported(
            "Every page of this TIFF calls itself a smaller copy of another,",
            "as the previews in a camera's raw files do.",
        )
    if frames > 1 and "HIDDEN_PIXELS" not in file.ledger.not_checked:
        file.ledger.not_checked.append("HIDDEN_PIXELS")  # most viewers show the first page alone
    file.ledger.render(frames=frames)
    return parts


def _refuse_hidden_picture(file: File) -> None:
    """A maker's raw file has its picture where no tag of TIFF leads."""
    content = sum(end - start for start, end in set(file.coded))
    named = sum(end - start for start, end in file.taken)
    rest = file.source.size - named
    if rest > max(_LARGE, _FACTOR * content):
        raise Unsupported(
            f"No tag leads to {rest} bytes of this file, and its pictures have {content}:",
            "it can be a camera's raw picture.",
            "Open the picture and save it again.",
        )
