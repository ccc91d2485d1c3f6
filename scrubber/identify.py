"""Bytes → row of the container table, by content and never by suffix alone.

A suffix chooses only between kinds that look alike: source code or prose, a CSV
table or lines with commas, one maker's raw TIFF or another's. Only the first
64 KiB, the last 66 KiB and a few bounded windows between are read.
"""

from __future__ import annotations

from dataclasses import dataclass

from scrubber import sniff
from scrubber.containers import Container, by_suffix, match_signature, suffix_of, table
from scrubber.errors import Damaged, UnknownContainer
from scrubber.model import Source
from scrubber.polyglots import polyglots


@dataclass(frozen=True, slots=True)
class Identity:
    """What a file is.

    `encoding` is a Python codec name, for texts only. `polyglots` names other containers
    that the same bytes also are. `suffix_agrees` is False when the name promised another row.
    """

    container: Container
    encoding: str | None = None
    polyglots: tuple[str, ...] = ()
    suffix_agrees: bool = True


def identify(source: Source, name_hint: str = "") -> Identity:
    """The identity of `source`; `name_hint` is its file name.

    Raises Damaged for an empty or contradictory file, UnknownContainer when nothing fits.
    A row without a format is returned, not raised: `containers.load_format` explains it.
    """
    suffix = suffix_of(name_hint)
    head = sniff.window(source, 0)
    tail = sniff.window(source, max(0, source.size - sniff.TAIL), sniff.TAIL)
    whole = source.size <= len(tail)
    name = _binary(source, head, tail, suffix)
    encoding = None
    if name is None:
        from scrubber.textual import recognise_bytes

        name, encoding = recognise_bytes(head, tail, source.size, name_hint)
    row = table()[name]
    return Identity(row, encoding, polyglots(row, head, tail, whole), _agrees(row, suffix))


def _binary(source: Source, head: bytes, tail: bytes, suffix: str) -> str | None:
    """The name of a row that is no text, or None."""
    if not head:
        rows = by_suffix().get(suffix, ())
        if rows and not any(row.textual for row in rows):
            raise Damaged("The file is empty.", "It has no bytes at all.")
        return None
    row = match_signature(head)
    if row is not None:
        name = _refine(source, row, head, tail, suffix)
        if name is not None:
            return name
    if sniff.is_netpbm(head):
        return "pnm"
    if not _tagged(head) and _is_text(head):
        return None
    name = _unsigned(source, head)
    if name is not None:
        return name
    if iso_at(source):
        return "iso"
    if tail[-512:].startswith(b"koly"):  # the trailer of a UDIF image
        return "dmg"
    return "ape-tag" if tail[-32:].startswith(b"APETAGEX") else None


_JUNK = 4096  # bytes of a broken first frame that may stand before an untagged recording


def iso_at(source: Source) -> bool:
    """ISO 9660 §8: the first volume descriptor stands at sector 16."""
    return sniff.window(source, 32768, 6)[1:] == b"CD001"


def _tagged(head: bytes) -> bool:
    return head.startswith((b"ID3", b"APETAGEX"))


def _is_text(head: bytes) -> bool:
    """Whether no byte of the window is a control that texts do not hold."""
    return not head[:64].translate(None, _TEXT_BYTES) and not head.translate(None, _TEXT_BYTES)


_TEXT_BYTES = bytes([7, 8, 9, 10, 12, 13, 27, *range(32, 127), *range(128, 256)])


_PRINTABLE = frozenset(
    (
        "pdf",
        "torrent",
        "git-bundle",
        "hdr",
        "encrypted",
        "mesh",
        "cpio",
        "ar",
        "fits",
        "stata",
        "sas",
    )
)
"""Rows with a signature whose files may hold no control byte at all."""


def _refine(source: Source, row: Container, head: bytes, tail: bytes, suffix: str) -> str | None:
    """The row after a look inside; None when the signature was an accident."""
    if row.name == "zip":
        return sniff.zip_kind(head, tail)
    if row.name == "cfb":
        return sniff.cfb_kind(source, head)
    if row.name == "tiff":
        return sniff.tiff_kind(source, head, suffix)
    if row.name == "mkv":
        return sniff.ebml_kind(head)
    if row.name in ("mp4", "mov"):
        return sniff.iso_kind(row.name, head, tail, suffix)
    if row.name == "heic" and {b"avif", b"avis"} & {head[at : at + 4] for at in range(8, 48, 4)}:
        return "avif"
    if row.name == "ogg" and b"\x80theora" in head[:4096]:
        return "ogv"  # RFC 3533 §4: first pages come first, in any order
    if row.name == "ape-tag":
        return _after_tag(source, head)
    if row.name == "sqlite" and suffix == ".aup3":
        return "aup"
    if len(head) > 16 and head[:4].isascii() and row.name not in _PRINTABLE and _is_text(head):
        return None  # a prose that begins with "MAC " or "GIF89a"
    return row.name


def _after_tag(source: Source, head: bytes) -> str | None:
    """What follows the tags at the start of a recording."""
    offset, tag = sniff.skip_tags(source)
    rest = sniff.window(source, offset)
    if not rest:
        return tag or "ape-tag"
    ends = offset + len(rest) >= source.size
    signed = match_signature(rest.lstrip(b"\0")[:4096] if rest[:1] == b"\0" else rest)
    if signed is not None and signed.kind == "recording":
        return signed.name
    if sniff.is_ac3(rest):
        return "ac3"
    return sniff.audio_frames(rest, ends) or (tag or "ape-tag" if ends else None)


def _unsigned(source: Source, head: bytes) -> str | None:
    """Rows that have no signature, or too weak a one."""
    if _tagged(head):
        return _after_tag(source, head)
    for name, fits in (
        ("bmp", sniff.is_bmp(head)),
        ("ico", sniff.is_icon(head)),
        ("mpeg-ts", sniff.is_mpeg_ts(head)),
        ("ac3", sniff.is_ac3(head)),
        ("exe", sniff.is_program(source, head)),
    ):
        if fits:
            return name
    ends = source.size <= len(head)
    return sniff.audio_frames(head, ends, reach=_JUNK if head[0] else sniff.HEAD)


def _agrees(row: Container, suffix: str) -> bool:
    """False when the suffix is another row's; no suffix and unknown ones promise nothing."""
    if not suffix or suffix in row.suffixes:
        return True
    rows = by_suffix().get(suffix, ())
    return not rows or (row.textual and any(other.textual for other in rows))


def unknown(head: bytes) -> UnknownContainer:
    """The error for bytes that are no known container and no text."""
    return UnknownContainer(
        "The file is of no kind that scrub knows.",
        f"It begins with the bytes {head[:8].hex(' ')}." if head else "",
    )
