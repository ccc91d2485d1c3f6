"""Messages in the samples of a film: no unit that a decoder passes over may stand there."""

from __future__ import annotations

import re

from scrubber.errors import Damaged
from scrubber.readers.aac import has_note
from scrubber.readers.avc_clock import UNKNOWN, rules, sets_in, tells_time
from scrubber.readers.coded_units import extra_obus, is_extra_avc, is_extra_hevc
from scrubber.readers.matroska_grammar import words_of_mpeg
from scrubber.readers.mp3 import info_leftovers
from scrubber.readers.mp4_jpeg import has_notes
from scrubber.readers.mp4_tracks import File, Track, need

_SEI_MOST = 1 << 20


def _noted(file: File, track: Track) -> bool | None:
    """Whether a picture or frame of sound that is no stream of units holds a note."""
    if track.codes and track.codes[0] == "jpeg":
        return any(has_notes(file.source.read(start, end - start)) for start, end in track.spans)
    if track.codes and track.codes[0] in _PRORES:
        return any(_is_signed(file, start, end) for start, end in track.spans)
    if track.codes and track.codes[0] == "mp4v":
        return _has_words(file, track)
    if track.handler != "soun":
        return None
    if track.spans and track.spans[0][1] - track.spans[0][0] <= 1 << 13:
        start, end = track.spans[0]
        if track.codes[:1] != ["lpcm"] and info_leftovers(file.source.read(start, end - start)):
            return True
    return _is_aac(file, track) and any(
        end > start
        and file.uint(start, 1) > 0x7F
        and has_note(file.source.read(start, end - start))
        for start, end in track.spans
    )


def check_messages(file: File, track: Track) -> None:
    """No unit that a decoder passes over stands in a coded picture."""
    noted = _noted(file, track)
    if noted is not None:
        if noted:
            file.left(f"a message in track {track.number}")
        return
    if not track.width and "av01" not in track.codes:
        return
    avc = track.codes[0].startswith("avc")
    known = _clock_rules(file, track) if avc else None
    for start, end in track.spans:
        if not track.width:
            if any(True for _ in extra_obus(file.source.read(start, end - start))):
                file.left(f"a message in track {track.number}")
                return
            continue
        at = start
        while at < end:
            size = file.uint(at, track.width)
            at += track.width
            if at + size > end:
                raise Damaged("The units of a coded picture do not fill it.")
            if avc and size and known is not None and _tells_time(file, at, size, known):
                file.left(f"a clock time in track {track.number}")
                return
            if _is_extra(file, track, at, size, avc):
                file.left(f"a message in track {track.number}")
                return
            at += size


def _clock_rules(file: File, track: Track) -> tuple[int, int] | None:
    box = need(track, "mdia/minf/stbl/stsd")
    entry = file.source.read(box.body, min(box.end - box.body, 1 << 16))
    at = entry.find(b"avcC")
    return rules(sets_in(entry[at + 4 :])) if at >= 0 else UNKNOWN


def _tells_time(file: File, at: int, size: int, known: tuple[int, int]) -> bool:
    if file.source.read(at, 1)[0] & 31 != 6:
        return False
    return tells_time(file.source.read(at, min(size, _SEI_MOST)), known)


_TOLD = re.compile(
    rb"esds.{4}\x03[\x80-\xff]{0,3}.{4,8}?\x04[\x80-\xff]{0,3}.([\x20\x60-\x65\x6a]).{12}"
    rb"(?:\x05([\x80-\xff]{0,3}.))?",
    re.DOTALL,
)


def _has_words(file: File, track: Track) -> bool:
    """User data in pictures of MPEG or in what their decoder is told, but an encoder's build."""
    box = need(track, "mdia/minf/stbl/stsd")
    entry = file.source.read(box.body, min(box.end - box.body, 1 << 16))
    told = _TOLD.search(entry)
    if told is None:
        return False
    mpeg4, size = told[1] == b"\x20", 0
    for byte in told[2] or b"":
        size = size << 7 | byte & 127
    if words_of_mpeg(entry[told.end() : told.end() + size], mpeg4=mpeg4):
        return True
    return any(
        words_of_mpeg(file.source.read(start, end - start), mpeg4=mpeg4)
        for start, end in track.spans
    )


_PRORES = ("apcn", "apch", "apcs", "apco", "ap4h", "ap4x")


def _is_signed(file: File, start: int, end: int) -> bool:
    """A frame of ProRes with the name of its encoder (SMPTE RDD 36 §5.1)."""
    head = file.source.read(start, 16) if end - start >= 28 else b""
    return head[4:8] == b"icpf" and head[12:] != bytes(4)


def _is_aac(file: File, track: Track) -> bool:
    """ISO/IEC 14496-1 §7.2.6.6: MPEG-2 AAC, or MPEG-4 audio of a type without resilience."""
    if set(track.codes) != {"mp4a"}:
        return False
    box = need(track, "mdia/minf/stbl/stsd")
    described = _CONFIGURED.search(file.source.read(box.body, box.end - box.body))
    if described is None:
        return False
    return described[1] != b"\x40" or described[2][0] >> 3 in (1, 2, 3, 4, 5, 29)


_CONFIGURED = re.compile(
    rb"esds.{4}\x03.{4,11}\x04[\x80-\xff]{0,3}.([\x40\x66-\x68]).{12}\x05[\x80-\xff]{0,3}.(.)",
    re.DOTALL,
)


def _is_extra(file: File, track: Track, at: int, size: int, avc: bool) -> bool:
    head = file.source.read(at, min(size, 2))
    if avc:
        sei = bool(head) and head[0] & 31 == 6
    else:
        sei = bool(head) and head[0] >> 1 & 63 in (39, 40)
    unit = file.source.read(at, min(size, _SEI_MOST)) if sei else head
    if not avc and track.layered and head and head[0] >> 1 & 63 in (62, 63):
        return False
    return is_extra_avc(unit, film=True) if avc else is_extra_hevc(unit, film=True)
