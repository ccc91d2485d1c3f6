"""A file that is also another container: a finding even where the first parser ignores it.

Looked for in the first KiB and the last 66 KiB only, so the size of a file costs nothing.
"""

from __future__ import annotations

import re

from scrubber.containers import Container

_PDF = re.compile(rb"%PDF-[12]\.\d")
_MARKUP = re.compile(rb"<!doctype\s+(html|svg)|<html[\s>]|<svg[\s>]|<script[\s>]", re.IGNORECASE)
_FTYP = re.compile(rb"\0\0[\x00-\x0f][\x08-\xff]ftyp[\x20-\x7e]{4}")
_LATER = {
    "rar": re.compile(rb"Rar!\x1a\x07"),
    "7z": re.compile(rb"7z\xbc\xaf\x27\x1c"),
    "sqlite": re.compile(rb"SQLite format 3\0"),
    "encrypted": re.compile(rb"LUKS\xba\xbe"),
}
"""Patterns and not `in`: in data without structure a literal is found at memchr's speed."""
_PICTURES = {
    "png": re.compile(rb"\x89PNG\r\n\x1a\n"),
    "flac": re.compile(rb"fLaC\0\0\0\x22"),
}
_ISO = {"mp4", "mov", "m4a", "3gp", "heic", "avif", "cr3", "braw"}
_HOLDS_PICTURES = {"recording", "film", "document", "archive", "data", "font", "program", "model"}
_EOCD = b"PK\x05\x06"
_EOCD_REACH = 65_557  # APPNOTE §4.3.16: 22 bytes and a comment of at most 65,535


def polyglots(row: Container, head: bytes, tail: bytes, whole: bool) -> tuple[str, ...]:
    """Names of other containers that the windows also are, sorted.

    `tail` is the end of the file; `whole` says that it is all of it, in which case what
    stands at its first byte is the file itself.
    """
    found = set()
    start = head[:1024]
    if row.name != "pdf" and (_PDF.search(start) or _PDF.search(tail)):
        found.add("pdf")
    if not row.textual and (match := _MARKUP.search(start)):
        found.add("svg" if b"svg" in match.group().lower() else "html")
    if not _zip_like(row) and _has_eocd(tail):
        found.add("zip")
    first = 1 if whole else 0
    if row.name not in _ISO and _FTYP.search(tail, first):
        found.add("mp4")
    foreign = _LATER if row.kind in _HOLDS_PICTURES else {**_LATER, **_PICTURES}
    found.update(
        name for name, magic in foreign.items() if name != row.name and magic.search(tail, first)
    )
    return tuple(sorted(found))


def _zip_like(row: Container) -> bool:
    return row.kind in ("archive", "document", "program", "model") or row.name in (
        "npz",
        "kmz",
        "kra",
    )


def _has_eocd(tail: bytes) -> bool:
    """An end-of-central-directory record whose comment fits into what follows it."""
    at = tail.rfind(_EOCD, max(0, len(tail) - _EOCD_REACH))
    if at < 0 or at + 22 > len(tail):
        return False
    return at + 22 + int.from_bytes(tail[at + 20 : at + 22], "little") <= len(tail)
