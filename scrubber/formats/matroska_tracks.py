"""Tracks of Matroska (RFC 9559 §5.1.4): film and sound stay, with what players need."""

from __future__ import annotations

import hashlib
import re
import struct
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from scrubber.errors import Damaged, Encrypted, Unsupported
from scrubber.formats import matroska_names as names
from scrubber.formats.ebml import CRC32, VOID, Element, elements, open_element, string, uint
from scrubber.formats.matroska_codecs import (  # fmt: skip
    AV1,
    AVC,
    HEVC,
    MPEG12,
    NEEDED,
    PICTURES,
    SOUNDS,
    is_mpeg4,
)
from scrubber.formats.matroska_names import Rule
from scrubber.formats.matroska_words import claim_private, is_text
from scrubber.formats.mp4_aac import is_plain
from scrubber.ledger import Ledger, PartId
from scrubber.model import Role, Source

_KINDS = {1: "video", 2: "audio", 3: "complex", 16: "logo", 17: "subtitle", 18: "buttons",
          32: "control", 33: "metadata"}  # fmt: skip
_UNDETERMINED = b"\x22\xb5\x9c\x83und"
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2}|-[0-9]{3})?")
_FLOATS = {0: "", 4: ">f", 8: ">d"}
_LARGEST = 1e15
_DOLBY = {0x64766343, 0x64767643, 0x64767743}  # dvcC, dvvC, dvwC
_ADD_TYPE, _ADD_DATA = 0x41E7, 0x41ED
_ENCODING, _ENC_TYPE, _ENC_SCOPE, _ENC_ORDER, _COMPRESSION = 0x6240, 0x5033, 0x5032, 0x5031, 0x5034
_ALGORITHM, _SETTINGS, _HEADER_STRIPPING = 0x4254, 0x4255, 3


@dataclass(slots=True)
class Track:
    """What is known of one track. `unit`: how its pictures are looked into."""

    row: Element
    number: int = 0
    type: int = 0
    codec: str = ""
    kept: bool = False
    part: PartId = 0
    unit: str = ""  # "avc", "hevc", "av1", "mpeg", "mpeg4", "aac"
    width: int = 0  # of the lengths of NAL units
    layered: bool = False
    alpha: bool = False
    text: bool = False
    prefix: bytes = b""  # stripped from every block
    facts: list[bytes] = field(default_factory=list)
    blocks: int = 0
    times: hashlib._Hash = field(default_factory=hashlib.sha256)

    @property
    def kind(self) -> str:
        return _KINDS.get(self.type, "unknown")

    def look(self) -> str:
        """What must be the same: kind, codec, numbers that are shown, times of all blocks."""
        shown = hashlib.sha256(b"".join(self.facts)).hexdigest()[:16]
        times = self.times.hexdigest()[:16]
        return f"{self.kind} {self.codec} {shown} {self.blocks} {times}"


def read_track(source: Source, row: Element, words: bool = False) -> Track:
    """What decides whether the track stays. `words`: subtitles may."""
    track = Track(row)
    seen = set[int]()
    private = b""
    rows = list(elements(source, row.body, row.end))
    for inner in rows:
        if inner.id in seen and (inner.id in names.TRACK or inner.id in _ONCE):
            raise Damaged("A track says something twice.")
        seen.add(inner.id)
        if inner.id == names.NUMBER:
            track.number = uint(source, inner)
        elif inner.id == names.TYPE:
            track.type = uint(source, inner)
        elif inner.id == names.CODEC_ID:
            track.codec = string(source, inner)
        elif inner.id == names.PRIVATE:
            private = source.read(inner.body, min(inner.end - inner.body, 64))
    if not track.number or not track.type:
        raise Damaged("A track has no number or no type.")
    track.text = words and is_text(source, track, rows)
    track.kept = track.type in (1, 2) or track.text
    if track.kept and not track.text:
        _choose(source, track, private)
    elif track.type == 3:
        raise Unsupported("A track holds film and sound in one.")
    return track


_ONCE = {names.UID, names.CODEC_ID, names.PRIVATE, names.VIDEO, names.AUDIO, names.ENCODINGS,
         names.LANGUAGE, names.LANGUAGE_BCP47}  # fmt: skip


def _choose(source: Source, track: Track, private: bytes) -> None:
    known = PICTURES if track.type == 1 else SOUNDS
    if track.codec not in known:
        raise Unsupported(f"A track is coded as {track.codec or 'nothing'}.")
    if track.codec in NEEDED and not private:
        raise Damaged("A track does not say how it is to be decoded.")
    if track.codec == AVC:
        track.unit, track.width = "avc", (private[4] & 3) + 1
    elif track.codec == HEVC:
        track.unit, track.width = "hevc", (private[21] & 3) + 1
    elif track.codec == AV1:
        track.unit = "av1"
    elif track.codec in MPEG12:
        track.unit = "mpeg"
    elif track.type == 1 and is_mpeg4(track.codec, private):
        track.unit = "mpeg4"
    elif track.codec == "A_AAC" and is_plain(private):
        track.unit = "aac"


def claim_track(ledger: Ledger, source: Source, parent: PartId, track: Track, rank: int) -> None:
    """`rank`: the number among the tracks that stay, which is its new UID."""
    row = track.row
    if not track.kept:
        entity = "CAPTION" if track.type == 17 else "EMBEDDED_MEDIA"
        track.part = ledger.part(
            parent, f"TrackEntry {track.number} ({track.kind})", Role.PRIVATE, entity=entity
        )
        ledger.claim(track.part, row.at, row.end)
        return
    part = track.part = open_element(ledger, parent, f"TrackEntry {track.number}", row)
    for inner in elements(source, row.body, row.end):
        if inner.id in _READERS:
            _READERS[inner.id](ledger, source, part, inner, track)
        elif inner.id == names.UID:
            _uid(ledger, source, part, inner, rank)
        else:
            claim_value(ledger, source, part, inner, names.TRACK, track.facts, names.TRACK_GONE)


def claim_value(
    ledger: Ledger,
    source: Source,
    part: PartId,
    row: Element,
    rules: Mapping[int, Rule],
    facts: list[bytes] | None = None,
    gone: Mapping[int, tuple[str, str]] = {},
) -> None:
    """A number that stays, or anything else, which goes. Raises Damaged for one out of range."""
    rule = rules.get(row.id)
    if rule is None:
        claim_gone_value(ledger, part, row, gone)
        return
    check_value(source, row, rule)
    ledger.leaf(part, rule.name, Role.DISPLAY, row.at, row.end)
    if facts is not None:
        facts.append(fact(source, row))


def check_value(source: Source, row: Element, rule: Rule) -> None:
    size = row.end - row.body
    if rule.kind == "f":
        form = _FLOATS.get(size)
        if form is None:
            raise Damaged(f"{rule.name} is not a number.")
        if size and not abs(struct.unpack(form, source.read(row.body, size))[0]) < _LARGEST:
            raise Damaged(f"{rule.name} is too large to be true.")
    elif uint(source, row) > rule.most:
        raise Damaged(f"{rule.name} is too large to be true.")


def once(source: Source, parent: Element, only: Collection[int]) -> list[Element]:
    """The elements of `parent`. Raises Damaged when one of `only` says something twice."""
    rows = list(elements(source, parent.body, parent.end))
    known = [row.id for row in rows if row.id in only]
    if len(set(known)) < len(known):
        raise Damaged(f"The element at offset {parent.at} says something twice.")
    return rows


def fact(source: Source, row: Element) -> bytes:
    """An element as it counts for what is shown: its id and its bytes without leading zeros."""
    return b"%x=%s;" % (
        row.id,
        source.read(row.body, row.end - row.body).lstrip(b"\0").hex().encode(),
    )


def claim_gone_value(
    ledger: Ledger,
    part: PartId,
    row: Element,
    gone: Mapping[int, tuple[str, str]] = names.NOTHING,
) -> None:
    fallback = {VOID: ("Void", "PADDING"), CRC32: ("CRC-32", "TECHNICAL")}.get(
        row.id, (f"unknown element {row.id:X}", "HIDDEN_DATA")
    )
    name, entity = gone.get(row.id, fallback)
    describe = _text if entity in _WORDS else None
    ledger.leaf(part, name, Role.PRIVATE, row.at, row.end, entity=entity, describe=describe)


_WORDS = {"TITLE", "FILE_PATH", "ENCODER", "URL"}


def _text(data: bytes) -> str:
    """The words of an element whose head is among its bytes."""
    width = 9 - data[0].bit_length()
    body = width + 9 - data[width].bit_length()
    text = data[body : body + 400].split(b"\0", 1)[0].decode("utf-8", "replace")
    return text if text.isprintable() else ""


def _uid(ledger: Ledger, source: Source, part: PartId, row: Element, rank: int) -> None:
    """§5.1.4.1.2: a random number; a small one serves as well, and nothing refers to it."""
    size = row.end - row.body
    plain = rank.to_bytes(max(size, 1), "big")
    if size and source.read(row.body, size) != plain:
        ledger.claim(part, row.at, row.body)
        ledger.leaf(
            part, "TrackUID", Role.PRIVATE, row.body, row.end, entity="UNIQUE_ID", on_drop=plain
        )
    else:
        ledger.leaf(part, "TrackUID", Role.DISPLAY, row.at, row.end)


def _codec_id(ledger: Ledger, source: Source, part: PartId, row: Element, track: Track) -> None:
    if source.read(row.body, row.end - row.body) != track.codec.encode():
        raise Damaged("The name of a codec ends in zeros.")
    ledger.leaf(part, "CodecID", Role.DISPLAY, row.at, row.end)


def _private(ledger: Ledger, source: Source, part: PartId, row: Element, track: Track) -> None:
    if track.text:
        claim_private(ledger, source, part, row, track.codec)
        return
    claim = (PICTURES if track.type == 1 else SOUNDS)[track.codec]
    if row.end == row.body:
        ledger.leaf(part, "CodecPrivate", Role.PRIVATE, row.at, row.end, entity="TECHNICAL")
        return
    claim(ledger, source, open_element(ledger, part, "CodecPrivate", row), row)


def _language(ledger: Ledger, source: Source, part: PartId, row: Element, track: Track) -> None:
    name = "LanguageBCP47" if row.id == names.LANGUAGE_BCP47 else "Language"
    text = source.read(row.body, min(row.end - row.body, 32)).decode("latin-1")
    if _LANGUAGE.fullmatch(text):
        ledger.leaf(part, name, Role.DISPLAY, row.at, row.end)
        track.facts.append(fact(source, row))
        return
    plain = None
    if row.id == names.LANGUAGE:  # without it, the language would be English
        plain = _UNDETERMINED
        track.facts.append(f"{names.LANGUAGE:x}={plain[-3:].hex()};".encode())
    ledger.leaf(part, name, Role.PRIVATE, row.at, row.end, entity="HIDDEN_DATA", on_drop=plain)


def _enabled(ledger: Ledger, source: Source, part: PartId, row: Element, track: Track) -> None:
    if not uint(source, row):
        raise Unsupported("A track is switched off: some players show it, others do not.")
    claim_value(ledger, source, part, row, names.TRACK, track.facts)


def _video(ledger: Ledger, source: Source, parent: PartId, row: Element, track: Track) -> None:
    part = open_element(ledger, parent, "Video", row)
    for inner in once(source, row, {*names.PICTURE, *names.GROUPS, names.FOURCC}):
        if inner.id == names.COLOUR:
            _group(ledger, source, part, "Colour", inner, track, names.COLOURS)
        elif inner.id == names.PROJECTION:
            _group(ledger, source, part, "Projection", inner, track, names.TURNED)
        elif inner.id == names.FOURCC and inner.end - inner.body == 4:
            ledger.leaf(part, "UncompressedFourCC", Role.DISPLAY, inner.at, inner.end)
            track.facts.append(fact(source, inner))
        else:
            claim_value(ledger, source, part, inner, names.PICTURE, track.facts)
            if inner.id == 0x53C0 and uint(source, inner):
                track.alpha = track.codec in ("V_VP8", "V_VP9")


def _group(
    ledger: Ledger,
    source: Source,
    parent: PartId,
    name: str,
    row: Element,
    track: Track,
    rules: Mapping[int, Rule],
) -> None:
    """Numbers about colour, light or projection."""
    part = open_element(ledger, parent, name, row)
    for inner in once(source, row, {*rules, names.MASTERING, names.PROJECTION_PRIVATE}):
        if inner.id == names.MASTERING and rules is names.COLOURS:
            _group(ledger, source, part, "MasteringMetadata", inner, track, names.LIGHT)
        elif inner.id == names.PROJECTION_PRIVATE and rules is names.TURNED:
            if inner.end - inner.body not in (0, 12, 20):
                raise Unsupported("The film is projected on a shape of its own.")
            ledger.leaf(part, "ProjectionPrivate", Role.DISPLAY, inner.at, inner.end)
            track.facts.append(fact(source, inner))
        else:
            claim_value(ledger, source, part, inner, rules, track.facts)


def _audio(ledger: Ledger, source: Source, parent: PartId, row: Element, track: Track) -> None:
    _group(ledger, source, parent, "Audio", row, track, names.SOUND)


def _mapping(ledger: Ledger, source: Source, parent: PartId, row: Element, track: Track) -> None:
    """§5.1.4.1.17: only Dolby Vision's record is needed; words and other sorts go."""
    rows = {inner.id: inner for inner in elements(source, row.body, row.end)}
    sort, data = rows.get(_ADD_TYPE), rows.get(_ADD_DATA)
    if sort is None or data is None or uint(source, sort) not in _DOLBY:
        ledger.leaf(
            parent, "BlockAdditionMapping", Role.PRIVATE, row.at, row.end, entity="TECHNICAL"
        )
        return
    if data.end - data.body != 24:
        raise Unsupported("The layers of Dolby Vision have an unknown form.")
    track.layered = True
    part = open_element(ledger, parent, "BlockAdditionMapping", row)
    for inner in elements(source, row.body, row.end):
        if inner in (sort, data):
            ledger.leaf(part, "Dolby Vision", Role.DISPLAY, inner.at, inner.end)
            track.facts.append(fact(source, inner))
        else:
            claim_gone_value(ledger, part, inner, names.MAPPING_GONE)


def _operation(ledger: Ledger, source: Source, part: PartId, row: Element, track: Track) -> None:
    raise Unsupported("A track is put together from others (TrackOperation).")


def _encodings(ledger: Ledger, source: Source, parent: PartId, row: Element, track: Track) -> None:
    """§5.1.4.1.31: bytes that every block begins with may be written once."""
    part = open_element(ledger, parent, "ContentEncodings", row)
    count = 0
    for encoding in elements(source, row.body, row.end):
        if encoding.id != _ENCODING:
            claim_gone_value(ledger, part, encoding)
            continue
        if encoding.body == encoding.end:  # as some mkvmerge writes it; players disagree
            raise Unsupported("A track says that its blocks are packed, but not how.")
        inner = open_element(ledger, part, "ContentEncoding", encoding)
        count += 1
        _encoding(ledger, source, inner, encoding, track)
    if count > 1:
        raise Unsupported("The blocks of a track are packed more than once.")


def _encoding(
    ledger: Ledger, source: Source, part: PartId, encoding: Element, track: Track
) -> None:
    algorithm = 0
    for row in elements(source, encoding.body, encoding.end):
        if row.id == _ENC_TYPE and uint(source, row):
            raise Encrypted("The film or recording is encrypted.")
        if row.id in (_ENC_TYPE, _ENC_ORDER, _ENC_SCOPE):
            value = uint(source, row)
            if value != (1 if row.id == _ENC_SCOPE else 0):
                raise Unsupported("The blocks of a track are packed in an unknown way.")
            ledger.leaf(part, "ContentEncodingType", Role.DISPLAY, row.at, row.end)
        elif row.id == _COMPRESSION:
            inner = open_element(ledger, part, "ContentCompression", row)
            for setting in elements(source, row.body, row.end):
                if setting.id == _ALGORITHM:
                    algorithm = uint(source, setting)
                    ledger.leaf(inner, "ContentCompAlgo", Role.DISPLAY, setting.at, setting.end)
                elif setting.id == _SETTINGS and setting.end - setting.body <= 16:
                    track.prefix = source.read(setting.body, setting.end - setting.body)
                    ledger.leaf(inner, "ContentCompSettings", Role.DISPLAY, setting.at, setting.end)
                    track.facts.append(fact(source, setting))
                elif setting.id == _SETTINGS:
                    raise Unsupported("The blocks of a track share too many bytes.")
                else:
                    claim_gone_value(ledger, inner, setting)
        elif row.id not in (VOID, CRC32):
            raise Encrypted("The film or recording is encrypted.")
        else:
            claim_gone_value(ledger, part, row)
    if algorithm != _HEADER_STRIPPING:
        raise Unsupported("The blocks of a track are compressed.")


_READERS = {
    names.CODEC_ID: _codec_id,
    names.PRIVATE: _private,
    names.LANGUAGE: _language,
    names.LANGUAGE_BCP47: _language,
    names.ENABLED: _enabled,
    names.VIDEO: _video,
    names.AUDIO: _audio,
    names.MAPPING: _mapping,
    names.OPERATION: _operation,
    names.ENCODINGS: _encodings,
}
