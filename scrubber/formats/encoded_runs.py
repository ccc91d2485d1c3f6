"""Encoded runs in a text: base64 (RFC 4648), hexadecimal, percent triplets (RFC 3986).

A run that decodes to text or to a known kind of file is a part of its own, which the core
decodes, cleans and puts back. Digests are left alone. Any other run that looks random is
nested as opaque, so that the file is held: nobody can say what it hides.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections import Counter
from typing import NamedTuple

from scrubber.codings import decode
from scrubber.errors import Held
from scrubber.ledger import Ledger, PartId
from scrubber.model import Role

MIN_BASE64 = 64
MIN_HEX = 64
_LIMIT = 64 << 20
_LETTER = "[A-Za-z0-9+/_-]"
_MORE = rf"(?:\r?\n[ \t]*+{_LETTER}{{4,}}+(?=[=\r\n\"'<]|[ \t]+[\r\n]|\Z))"
_RUN = re.compile(
    r"(?P<uri>data:[\w.+-]{0,64}/?[\w.+-]{0,64}(?:;[\w=.-]{1,64}){0,4};base64,)?"
    rf"(?P<base64>(?<!{_LETTER})(?:{_LETTER}{{64,}}+{_MORE}*+|{_LETTER}{{40,63}}{_MORE}++"
    rf"|(?<=base64,){_LETTER}{{8,}}+)={{0,2}})|(?P<percent>(?:%[0-9A-Fa-f]{{2}}){{8,}}+)"
)
_ROW = re.compile(r"[^\s]+")
_HEX_LINE = re.compile(r"(?:[0-9a-f]+|[0-9A-F]+)(?=\r?\n|\Z)")
_DIGESTS = frozenset((32, 40, 56, 64, 96, 128))
_SRI = re.compile(
    r"sha(?:1|224|256|384|512)[-_:=]\Z|(?:md5|sha\d{1,3}|integrity|h1)\W{1,3}\Z", re.I
)
_JWT = re.compile(
    r"(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,}+\.[A-Za-z0-9_-]{8,}+\.[A-Za-z0-9_-]*+(?![A-Za-z0-9_-])"
)
_PEM = re.compile(r"-----(?P<edge>BEGIN|END) (?P<label>[A-Z0-9 ]{1,40})-----")
_PREFIX = re.compile(r"0[xX]|sha(?:1|224|256|384|512)[-_]")
_SIGNATURES = (
    b"\xff\xd8\xff", b"\x89PNG\r\n", b"GIF8", b"RIFF", b"%PDF", b"PK\x03\x04", b"OggS", b"fLaC",
    b"ID3", b"II*\0", b"MM\0*", b"\x1aE\xdf\xa3", b"wOFF", b"wOF2", b"OTTO", b"\0\1\0\0\0",
    b"SQLite format 3\0", b"7z\xbc\xaf", b"Rar!", b"BM", b"\0\0\1\0", b"FORM", b"8BPS", b"\xff\x0a",
    b"BZh", b"\xfd7zXZ", b"(\xb5/\xfd", b"\x7fELF", b"\xd0\xcf\x11\xe0",
)  # fmt: skip


class Run(NamedTuple):
    """Characters [start, end) of a text behind `codings`; `opaque` when they say nothing."""

    start: int
    end: int
    codings: tuple[str, ...]
    opaque: bool


def encoded_runs(text: str) -> list[Run]:
    """The runs of `text` that hide something, in order, without overlap.

    Left alone are digests of usual lengths, integrity values, web tokens and PEM blocks
    (which detectors see whole), and runs too regular to be data.
    """
    if len(text) < 24:
        return []
    spared = _spared(text)
    found: list[Run] = []
    at = 0
    while match := _RUN.search(text, at):
        at = match.end()
        percent = match.group("percent") is not None
        start, end = match.span("percent" if percent else "base64")
        index = bisect_right(spared, (start, len(text))) - 1
        if index >= 0 and start < spared[index][1]:
            continue
        if percent:
            found.append(_percent(match.group(), start, end))
            continue
        body, before = text[start:end], text[max(0, start - 16) : start]
        runs = _letters(body, start, before, match.group("uri") is not None)
        found += runs
        if runs:
            at = runs[-1].end
    return found


def _spared(text: str) -> list[tuple[int, int]]:
    """Web tokens and PEM blocks of keys."""
    spans = [match.span() for match in _JWT.finditer(text)] if "eyJ" in text else []
    opened: re.Match[str] | None = None
    for match in _PEM.finditer(text) if "-----BEGIN" in text else ():
        if match.group("edge") == "BEGIN":
            opened = match
        elif opened and opened.group("label") == match.group("label"):
            if "KEY" in match.group("label"):
                spans.append((opened.start(), match.end()))
            opened = None
    return sorted(spans)


def _percent(body: str, start: int, end: int) -> Run:
    data = _decoded(body, ("percent",))
    if data is None or not (is_text(data) or is_file(data)):
        return Run(start, end, (), True)
    return Run(start, end, ("percent",), False)


def _letters(body: str, start: int, before: str, uri: bool) -> list[Run]:
    """What a run of base64 letters holds: hexadecimal, base64, or long words."""
    if prefix := _PREFIX.match(body):
        before += prefix.group()
        body, start = body[prefix.end() :], start + prefix.end()
    match = _HEX_LINE.match(body)
    if match and match.end() == len(body):
        return _hexadecimal(body, start, before)
    for size in _sizes(body):
        run = None if match else _base64(body[:size], start, uri)
        if run is not None:
            return [run]
    if "\n" in body:  # not one block: line by line
        lines = [(start + row.start(), row.group()) for row in _ROW.finditer(body)]
        rows = [run for at, line in lines for run in _letters(line, at, before, False)]
        if rows:
            return rows
    bare = re.sub(r"\s+", "", body).rstrip("=")
    if uri or not (len(bare) < MIN_BASE64 or _SRI.search(before) or not looks_random(bare)):
        return [Run(start, start + len(body), (), True)]
    return []


def _sizes(body: str) -> list[int]:
    """How much of `body` to try: all lines, all but the last, the first alone."""
    breaks = [match.start() for match in re.finditer(r"\r?\n", body)]
    return [len(body), *dict.fromkeys([breaks[-1], breaks[0]])] if breaks else [len(body)]


def _base64(body: str, start: int, uri: bool) -> Run | None:
    if not uri and len(body) < MIN_BASE64:
        return None
    coding = "base64url" if "-" in body or "_" in body else "base64"
    data = _decoded(body, (coding,))
    codings = None if data is None else _unpacked(data, (coding,))
    return None if codings is None else Run(start, start + len(body), codings, False)


def _unpacked(data: bytes, codings: tuple[str, ...]) -> tuple[str, ...] | None:
    """The codings down to a text or a known file, None when `data` is neither."""
    if is_text(data) or is_file(data):
        return codings
    for coding, fits in (("gzip", data[:2] == b"\x1f\x8b"), ("zlib", data[:1] == b"\x78")):
        if fits:
            inner = _bytes(data, (coding,))
            if inner is None:
                return codings if coding == "gzip" else None
            return (*codings, coding)
    for codec in ("utf-16-le", "utf-16-be"):
        if len(data) >= 8 and data.count(0) * 3 > len(data):
            inner = _bytes(data, (codec,))
            if inner is not None and is_text(inner):
                return (*codings, codec)
    return None


def _hexadecimal(body: str, start: int, before: str) -> list[Run]:
    if len(body) < MIN_HEX:
        return []
    end = start + len(body)
    data = _decoded(body, ("hex",))
    if data is not None and (is_text(data) or is_file(data)):
        return [Run(start, end, ("hex",), False)]
    regular = len(body) in _DIGESTS or _SRI.search(before) or _entropy(body) < 3.2
    if regular or not re.search(r"[a-fA-F]", body):
        return []
    return [Run(start, end, (), True)]


def _decoded(body: str, codings: tuple[str, ...]) -> bytes | None:
    return _bytes(body.encode("ascii"), codings)


def _bytes(data: bytes, codings: tuple[str, ...]) -> bytes | None:
    try:
        return decode(data, codings, _LIMIT)
    except Held:
        return None


def is_text(data: bytes) -> bool:
    """Whether `data` reads as UTF-8 without controls."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return bool(text) and not re.search(r"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f-\x9f]", text)


def is_file(data: bytes) -> bool:
    """Whether `data` begins like a known kind of file."""
    return data.startswith(_SIGNATURES) or data[4:8] == b"ftyp"


def _entropy(text: str) -> float:
    """Bits a character (Shannon)."""
    total = len(text)
    return -sum(n / total * math.log2(n / total) for n in Counter(text).values())


def looks_random(text: str) -> bool:
    """Whether a long run of base64 letters is data: capitals, small letters and digits mixed.

    Paths and long names have few digits and keep their words together.
    """
    sample = text[:4096]
    if _entropy(sample) < 4.6:
        return False
    digits = sum(c.isdigit() for c in sample) / len(sample)
    upper = sum(c.isupper() for c in sample) / len(sample)
    lower = sum(c.islower() for c in sample) / len(sample)
    return digits > 0.04 and upper > 0.15 and lower > 0.15


def nest_runs(
    ledger: Ledger,
    part: PartId,
    runs: list[Run],
    offset_of: dict[int, int],
    codings: tuple[str, ...],
    where: str = "encoded run",
) -> None:
    """Each run as a coded part below `part`; `offset_of` maps characters to bytes."""
    for run in runs:
        child = ledger.leaf(
            part, where, Role.CODED, offset_of[run.start], offset_of[run.end],
            entity="EMBEDDED_FILE",
        )  # fmt: skip
        inner = (*codings, *run.codings) if run.codings else ()
        ledger.nest(child, inner, "opaque" if run.opaque else None)


def positions(text: str, at: int, codec: str, wanted: list[int]) -> dict[int, int]:
    """Character index → byte offset for each of `wanted`, in one pass."""
    found: dict[int, int] = {}
    if text.isascii() and not codec.startswith("utf-16"):
        return {index: at + index for index in wanted}
    last = 0
    for index in sorted(set(wanted)):
        at += len(text[last:index].encode(codec))
        found[index] = at
        last = index
    return found
