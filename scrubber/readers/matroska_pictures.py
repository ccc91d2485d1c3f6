"""Messages in the coded pictures of Matroska, for its second reader."""

from __future__ import annotations

import functools
from dataclasses import dataclass

from scrubber.errors import Damaged, Unsupported
from scrubber.model import Source
from scrubber.readers.aac import has_note
from scrubber.readers.avc_clock import rules, sets_in, tells_time
from scrubber.readers.coded_units import extra_obus, is_extra_avc, is_extra_hevc
from scrubber.readers.matroska_grammar import is_mpeg4, words_of_mpeg

_SEI_MOST = 1 << 20
_LARGEST = 256 << 20
_AVC, _HEVC = "V_MPEG4/ISO/AVC", "V_MPEGH/ISO/HEVC"


@dataclass(frozen=True, slots=True)
class Look:
    """What must be known of a track. `prefix`: bytes that every block begins with."""

    codec: str = ""
    private: bytes = b""
    prefix: bytes = b""
    layered: bool = False


def looked_into(codec: str, private: bytes) -> bool:
    """True for codecs whose pictures can hold messages."""
    return codec in (_AVC, _HEVC, "V_AV1", "V_MPEG1", "V_MPEG2") or is_mpeg4(codec, private)


def holds_message(source: Source, look: Look, start: int, end: int) -> bool:
    """True if the picture [start, end) holds a unit that a decoder passes over."""
    if not looked_into(look.codec, look.private):
        return False
    if end - start > _LARGEST:
        raise Unsupported("A coded picture is too large.")
    if look.codec in (_AVC, _HEVC):
        return _holds_extra_unit(source, look, start, end)
    data = look.prefix + source.read(start, end - start)
    if look.codec == "V_AV1":
        return any(True for _ in extra_obus(data))
    return words_of_mpeg(data, mpeg4=is_mpeg4(look.codec, look.private))


def holds_note(source: Source, private: bytes, start: int, end: int) -> bool:
    """True if the AAC frame [start, end) says something before its sound."""
    if not private or private[0] >> 3 not in (1, 2, 3, 4, 5, 29):
        return False
    return source.read(start, 1)[0] > 0x7F and has_note(source.read(start, end - start))


def _holds_extra_unit(source: Source, look: Look, start: int, end: int) -> bool:
    avc = look.codec == _AVC
    width = (look.private[4 if avc else 21] & 3) + 1
    at, size = 0, end - start + len(look.prefix)
    while at < size:
        length = int.from_bytes(_part(source, look, start, end, at, width), "big")
        at += width
        if at + length > size:
            raise Damaged("The units of a coded picture do not fill it.")
        head = _part(source, look, start, end, at, min(length, 2))
        if avc:
            sei = head[:1] and head[0] & 31 == 6
        else:
            sei = head[:1] and head[0] >> 1 & 63 in (39, 40)
        unit = _part(source, look, start, end, at, min(length, _SEI_MOST)) if sei else head
        if avc and sei and tells_time(unit, _rules(look.private)):
            return True
        layer = not avc and look.layered and head[:1] and head[0] >> 1 & 63 in (62, 63)
        extra = is_extra_avc(unit, film=True) if avc else is_extra_hevc(unit, film=True)
        if extra and not layer:
            return True
        at += length
    return False


@functools.lru_cache(16)
def _rules(private: bytes) -> tuple[int, int] | None:
    return rules(sets_in(private))


def _part(source: Source, look: Look, start: int, end: int, at: int, n: int) -> bytes:
    """`n` bytes of a picture, which begins with bytes that are written once for all."""
    shared = look.prefix[at : at + n]
    place = start + max(0, at - len(look.prefix))
    if place + n - len(shared) > end:
        raise Damaged("The units of a coded picture do not fill it.")
    return shared + source.read(place, n - len(shared))
