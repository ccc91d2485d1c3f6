"""Bytes as they read once decoded: UTF-16, base64, hex, escapes; with the way back.

Base64 and hex are first read quickly, all at once and without places. Only if that shows
something are the runs taken one by one: every word of a text may be base64, so the slow
reading of all of them would cost more than everything else.
"""

from __future__ import annotations

import base64
import binascii
import html
import re
from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_UTF16_LE = re.compile(rb"(?:[\t\n\r\x20-\xff]\x00){4,}")
_UTF16_BE = re.compile(rb"(?:\x00[\t\n\r\x20-\xff]){4,}")
_IS_WIDE = bytes(0 if c == 0 else 1 if c in b"\t\n\r" or c >= 0x20 else 2 for c in range(256))
_BASE64 = re.compile(rb"[A-Za-z0-9+/_\-]{8,}(?:(?:\r?\n|\\n)[ \t]*[A-Za-z0-9+/_\-]{4,})*={0,2}")
_HEX = re.compile(rb"(?:(?:\\x|0x|%)?[0-9A-Fa-f]{2}(?:, ?|[ :\-]|\r?\n)?){6,}")
_PAIR = re.compile(rb"[0-9A-Fa-f]{2}")
_ESCAPE = re.compile(
    # every branch begins with a literal, which lets `re` skip to the next candidate
    rb"%(?P<percent>[0-9A-Fa-f]{2})|=(?P<quoted>[0-9A-Fa-f]{2})|\\x(?P<byte>[0-9A-Fa-f]{2})"
    rb"|\\u(?P<high>[Dd][89ABab][0-9A-Fa-f]{2})\\u(?P<low>[Dd][C-Fc-f][0-9A-Fa-f]{2})"
    rb"|\\u(?P<unit>[0-9A-Fa-f]{4})|\\u\{(?P<braced>[0-9A-Fa-f]{1,6})\}"
    rb"|&(?P<reference>(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});)"
    rb"|=(?P<soft>\r?\n)"
)
_URL_SAFE = bytes.maketrans(b"-_", b"+/")


@dataclass(frozen=True, slots=True)
class View:
    """`data` as read, in runs; run k is `data[anchors[k]:anchors[k + 1]]`."""

    data: bytes
    coded: bool = False  # decoded from something that may be no text at all
    anchors: array[int] | None = None
    origins: array[int] | None = None
    steps: array[int] | None = None  # source bytes of one byte; 0: the run is one unit; -4: base64
    widths: array[int] | None = None  # source bytes of a whole run
    inner: View | None = None  # what this one was decoded from

    def back(self, start: int, end: int) -> tuple[int, int]:
        """Source bytes of [start, end), grown to whole codes."""
        if self.anchors is not None:
            start, end = self._source(start, False), self._source(end - 1, True)
        return self.inner.back(start, end) if self.inner else (start, end)

    def _source(self, at: int, after: bool) -> int:
        assert self.anchors is not None
        assert self.origins is not None
        assert self.steps is not None
        assert self.widths is not None
        run = bisect_right(self.anchors, at) - 1
        origin, step = self.origins[run], self.steps[run]
        if step == 0:
            return origin + (self.widths[run] if after else 0)
        if step < 0:
            quantum = ((at - self.anchors[run]) // 3 + after) * 4
            return origin + min(quantum, self.widths[run])
        return origin + (at - self.anchors[run] + after) * step


class _Builder:
    def __init__(self) -> None:
        self.pieces: list[bytes] = []
        self.size = 0
        self.anchors, self.origins = array("q"), array("q")
        self.steps, self.widths = array("q"), array("q")

    def add(self, piece: bytes, origin: int, step: int, width: int) -> None:
        if piece:
            self.pieces.append(piece)
            self.anchors.append(self.size)
            self.origins.append(origin)
            self.steps.append(step)
            self.widths.append(width)
            self.size += len(piece)

    def view(self, coded: bool, inner: View | None = None) -> View:
        data = b"".join(self.pieces)
        return View(data, coded, self.anchors, self.origins, self.steps, self.widths, inner)


def views(data: bytes, stands_in: Callable[[bytes], bool]) -> Iterator[View]:
    """`data` itself and every decoded reading of it that may hold what is looked for.

    `stands_in` says whether decoded bytes hold it, whatever blanks stand between.
    """
    plain = View(data)
    yield plain
    yield from _wide(plain)
    yield from _unescaped(data)
    for quick, slow in ((_quick_hex, _hex), (_quick_base64, _base64)):
        if any(stands_in(reading) for reading in quick(data)):
            for view in slow(data):
                yield view
                yield from _wide(view)


_HEX_DIGITS = b"0123456789ABCDEFabcdef"
_BASE64_DIGITS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_HEX_ONLY = bytes(c if c in _HEX_DIGITS else 0x30 for c in range(256))
_IS_HEX = bytes(c in _HEX_DIGITS for c in range(256))
_BASE64_ONLY = bytes(
    c if c in _BASE64_DIGITS else {0x2D: 0x2B, 0x5F: 0x2F}.get(c, 0x41) for c in range(256)
)
_IS_BASE64 = bytes(c in _BASE64_DIGITS + b"-_" for c in range(256))


def _quick_hex(data: bytes) -> Iterator[bytes]:
    """All hex digits decoded in both phases; what is no hex reads as zeros."""
    digits = data.replace(b"0x", b"").translate(None, b" \t\r\n,:-\\x%")
    if b"\1" * 12 not in digits.translate(_IS_HEX):
        return
    zeroed = digits.translate(_HEX_ONLY)
    for phase in (0, 1):
        yield binascii.unhexlify(zeroed[phase : len(zeroed) - (len(zeroed) - phase) % 2])


def _quick_base64(data: bytes) -> Iterator[bytes]:
    """All base64 decoded in the four phases; what is no base64 reads as zeros."""
    if b"\\n" in data:
        data = data.replace(b"\\n", b"")
    digits = data.translate(None, b" \t\r\n")
    if b"\1" * 8 not in digits.translate(_IS_BASE64):
        return
    digits = digits.translate(_BASE64_ONLY)
    for phase in range(4):
        yield binascii.a2b_base64(digits[phase:] + b"A" * (-(len(digits) - phase) % 4))


def _wide(view: View) -> Iterator[View]:
    if b"\0" not in view.data:
        return
    kinds = view.data.translate(_IS_WIDE)
    for pattern, low in ((_UTF16_LE, 0), (_UTF16_BE, 1)):
        if (b"\1\0", b"\0\1")[low] * 4 not in kinds:
            continue
        builder = _Builder()
        for match in pattern.finditer(view.data):
            builder.add(match.group()[low::2], match.start(), 2, len(match.group()))
            builder.add(b"\n\n\n\n", match.end(), 0, 0)
        if builder.size:
            yield builder.view(view.coded, view)


def _unescaped(data: bytes) -> Iterator[View]:
    if not _ESCAPE.search(data):
        return
    builder = _Builder()
    done = 0
    for match in _ESCAPE.finditer(data):
        builder.add(data[done : match.start()], done, 1, match.start() - done)
        builder.add(_character(match), match.start(), 0, match.end() - match.start())
        done = match.end()
    builder.add(data[done:], done, 1, len(data) - done)
    yield builder.view(False)


def _character(match: re.Match[bytes]) -> bytes:
    single = match["percent"] or match["quoted"] or match["byte"]
    if single:
        return bytes([int(single, 16)])
    if match["soft"]:
        return b""
    if match["reference"]:
        text = html.unescape(match[0].decode("ascii"))
    elif match["high"]:
        high, low = int(match["high"], 16), int(match["low"], 16)
        text = chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))
    else:
        text = chr(min(int(match["unit"] or match["braced"], 16), 0x10FFFF))
    return text.encode("utf-8", "surrogatepass")


def _hex(data: bytes) -> Iterator[View]:
    runs = list(_HEX.finditer(data))
    for phase in (0, 1) if runs else ():
        builder = _Builder()
        for match in runs:
            body, origin = match.group(), match.start()
            if re.fullmatch(rb"[0-9A-Fa-f]+", body):
                digits = body[phase : len(body) - (len(body) - phase) % 2]
                builder.add(bytes.fromhex(digits.decode()), origin + phase, 2, len(digits))
            elif phase == 0:
                for pair in _PAIR.finditer(body.replace(b"0x", b"  ")):
                    builder.add(bytes([int(pair.group(), 16)]), origin + pair.start(), 0, 2)
            builder.add(b"\n\n\n\n", match.end(), 0, 0)
        yield builder.view(True)


def _base64(data: bytes) -> Iterator[View]:
    runs = list(_BASE64.finditer(data))
    for phase in range(4) if runs else ():
        builder = _Builder()
        for match in runs:
            _decode_run(match, phase, builder)
            builder.add(b"\n\n\n\n", match.end(), 0, 0)
        yield builder.view(True)


def _decode_run(match: re.Match[bytes], phase: int, builder: _Builder) -> None:
    """Decodes one run from character `phase` on, line ends taken out (RFC 2045, RFC 4648)."""
    body = match.group().rstrip(b"=")
    wrapped = [(m.start(), m.group()) for m in re.finditer(rb"[^\r\n\t \\]+", body)]
    if b"\\n" in body:
        wrapped = [
            (
                at + (1 if at and body[at - 1 : at] == b"\\" else 0),
                part[1:] if at and body[at - 1 : at] == b"\\" else part,
            )
            for at, part in wrapped
        ]
    codes = b"".join(part for _, part in wrapped).translate(_URL_SAFE)[phase:]
    codes = codes[: len(codes) - (1 if len(codes) % 4 == 1 else 0)]
    decoded = base64.b64decode(codes + b"=" * (-len(codes) % 4))
    if len(wrapped) == 1:
        builder.add(decoded, match.start() + phase, -4, len(codes))
        return
    place = _places(wrapped, phase, match.start())
    for at in range(0, len(decoded), 3):
        first = at // 3 * 4
        last = min(first + 3, len(codes) - 1)
        builder.add(decoded[at : at + 3], place(first), 0, place(last) + 1 - place(first))


def _places(wrapped: list[tuple[int, bytes]], phase: int, origin: int) -> Callable[[int], int]:
    starts, total = [], 0
    for _, part in wrapped:
        starts.append(total)
        total += len(part)

    def place(code: int) -> int:
        line = bisect_right(starts, code + phase) - 1
        return origin + wrapped[line][0] + code + phase - starts[line]

    return place
