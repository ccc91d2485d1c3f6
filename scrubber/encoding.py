"""Which encoding a text has, or why it is none.

UTF-8 first, UTF-16 by mark or by its zero bytes, then Windows-1252 (of which
Latin-1 is the part without 0x80–0x9F) only when the result reads like a language.
Anything else is Damaged: guessing would hide words from the detectors.
"""

from __future__ import annotations

import codecs
import re

from scrubber.errors import Damaged

_CONTROLS = re.compile(rb"[\x00-\x06\x0b\x0e-\x1a\x1c-\x1f\x7f]")
_MULTIBYTE = re.compile(
    rb"[\xc3-\xdf][\x80-\xbf]|[\xe1-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
_WESTERN = frozenset(
    "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜßàáâãäåæçèéêëìíîïñòóôõöøùúûüÿŒœŠšŽžŸ"
    "€‚„…‘’“”•–—™‹›«»¡¿§©®°±²³´·¼½¾£¥¢ºª×÷µ\xa0\xad"
)


def detect(head: bytes, tail: bytes, size: int) -> str:
    """The Python codec name of a text seen through two windows of a file of `size` bytes.

    Returns `utf-8`, `utf-8-sig`, `utf-16` (with a mark), `utf-16-le`, `utf-16-be`,
    `cp1252` or `latin-1`. Raises Damaged with the reason.
    """
    if head.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise Damaged("The text is in UTF-32.", "scrub does not edit that encoding.", _SAVE)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        _must_decode(head, "utf-16", size)
        return "utf-16"
    if b"\0" in head:
        return _utf16(head, size)
    marked = head.startswith(codecs.BOM_UTF8)
    if b"\0" in tail or _CONTROLS.search(head) or _CONTROLS.search(tail):
        raise Damaged("The text holds control characters.", "Texts have none of these.", _SAVE)
    cut = len(head) < size
    if _utf8(head, cut, False) and _utf8(tail, False, cut):
        return "utf-8-sig" if marked else "utf-8"
    if marked:
        raise Damaged("The text is marked as UTF-8 but is not.", "Some bytes do not decode.", _SAVE)
    return _western(head, tail)


_CONTINUATION = bytes(range(0x80, 0xC0))
_SAVE = "Save it as UTF-8 in a text editor, or leave it out with --exclude."


def _utf8(data: bytes, cut_end: bool, cut_start: bool) -> bool:
    if cut_start:
        data = data[:3].lstrip(_CONTINUATION) + data[3:]
    try:
        codecs.getincrementaldecoder("utf-8")().decode(data, final=not cut_end)
    except UnicodeDecodeError:
        return False
    return True


def _must_decode(head: bytes, encoding: str, size: int) -> str:
    try:
        text = codecs.getincrementaldecoder(encoding)().decode(head, final=len(head) == size)
    except UnicodeDecodeError as error:
        raise Damaged(
            f"The text is in {encoding.upper()} but does not decode.",
            f"The first bad byte stands at offset {error.start}.",
            _SAVE,
        ) from error
    if "\0" in text:
        raise Damaged("The text holds NUL characters.", "Texts have none.", _SAVE)
    return text


def _utf16(head: bytes, size: int) -> str:
    """UTF-16 without a mark: zeros stand at one parity and hardly at the other."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = max(1, len(head) // 2)
    if size % 2 == 0:
        for encoding, many, few in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
            if many / half > 0.4 and few / half < 0.02:
                _must_decode(head, encoding, size)
                return encoding
    raise Damaged("The text holds NUL bytes.", "Texts have none.", _SAVE)


def _western(head: bytes, tail: bytes) -> str:
    """`cp1252` or `latin-1` when the letters above 0x7F are few and western."""
    both = head if tail in head else head + tail
    if _MULTIBYTE.search(both):
        raise Damaged("The text mixes two encodings.", "Parts are UTF-8, parts are not.", _SAVE)
    high = [byte for byte in both if byte > 0x7F]
    encoding = "cp1252" if any(byte < 0xA0 for byte in high) else "latin-1"
    try:
        decoded = bytes(high).decode(encoding)
    except UnicodeDecodeError as error:
        raise Damaged("The text is in no encoding that scrub knows.", "", _SAVE) from error
    letters = sum(byte > 0x7F or chr(byte).isalpha() for byte in both)
    strange = sum(character not in _WESTERN for character in decoded)
    if len(high) > 0.3 * letters + 2 or strange > 0.1 * len(high):
        raise Damaged(
            "The text's encoding cannot be told.", "It is neither UTF-8 nor western.", _SAVE
        )
    return encoding
