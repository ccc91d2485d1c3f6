"""Matroska and WebM (RFC 9559; EBML, RFC 8794), also live ones without sizes.

Kept: film and sound tracks with what decoders and players need (colours, HDR,
projection, crop, delays, language, flags), their blocks, the index. Everything else
goes: tags, chapters, attachments, titles, names, times, ids, other tracks with their
blocks, messages in AVC, HEVC and AV1 pictures, side data but transparency, Void,
checksums, what no standard names. The programs' names, which must stand there, become
one word.

The content digest is over what the blocks of the kept tracks carry behind their heads,
and the transparency beside them, without messages, in the order of the file. Sizes keep
their width; positions are mended, so nothing is re-ordered.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scrubber.errors import Damaged, Unsupported
from scrubber.formats import matroska_names as names
from scrubber.formats.ebml import Element, element, elements, open_element, shrinking, string, uint
from scrubber.formats.matroska_clusters import Clusters
from scrubber.formats.matroska_credit import offer_credit
from scrubber.formats.matroska_cues import Cues, claim_seek_head
from scrubber.formats.matroska_names import Rule
from scrubber.formats.matroska_tags import claim_gone, is_ordered
from scrubber.formats.matroska_tracks import (
    Track,
    claim_gone_value,
    claim_track,
    claim_value,
    once,
    read_track,
)  # fmt: skip
from scrubber.formats.matroska_words import chapters, claim_chapters
from scrubber.formats.words import Words
from scrubber.ledger import ROOT, Ledger, PartId
from scrubber.model import Role, Source

_APP = b"none"
"""In place of the programs' names, which are mandatory (RFC 9559 §5.1.2.13, §5.1.2.14)."""
_INFO = {
    names.TIMESTAMP_SCALE: Rule("TimestampScale"),
    names.DURATION: Rule("Duration", "f"),
}
_DECADES = 10**18  # nanoseconds: 31 years
_TURNED_FIELDS = re.compile(rb"Lavf57\.(3[6-9]|4\d|5[01])\.")
_ONE = {names.INFO: "Info", names.TRACKS: "Tracks", names.CUES: "Cues"}


class Matroska:
    """See the module."""

    def split(self, source: Source, ledger: Ledger) -> None:
        self._split(source, ledger, None)

    def split_words(self, source: Source, ledger: Ledger) -> None:
        """Subtitles and titles of chapters stay, and names in them are masked."""
        words = Words(source)
        self._split(source, ledger, words)
        if words.rows:
            ledger.passages = words.passages

    def _split(self, source: Source, ledger: Ledger, words: Words | None) -> None:
        segment = _head(ledger, source)
        rows = list(_segment_rows(source, segment))
        part = ledger.part(ROOT, "Segment", Role.FRAME)
        ledger.scope(part, segment.at, segment.end)
        ledger.claim(part, segment.at, segment.body)
        shrinking(ledger, segment)
        for kind, name in _ONE.items():
            if [row.id for row in rows].count(kind) > 1:
                raise Unsupported(f"The file has two elements {name}.")
        found = {row.id: row for row in rows}
        if names.INFO not in found or names.TRACKS not in found:
            raise Damaged("The file does not describe its tracks.", "It was cut off.")
        tracks = _tracks(source, found[names.TRACKS], words is not None)
        targets = dict[int, tuple[int, PartId]]()
        targets[found[names.INFO].at] = names.INFO, _info(ledger, source, found[names.INFO])
        targets[found[names.TRACKS].at] = (
            names.TRACKS, _claim_tracks(ledger, source, found[names.TRACKS], tracks),
        )  # fmt: skip
        _fields(source, found[names.INFO], tracks)
        clusters = Clusters(ledger, source, {track.number: track for track in tracks}, words)
        for row in rows:
            if row.id == names.CLUSTER:
                clusters.claim(row)
                if row.at in clusters.found:
                    targets[row.at] = row.id, clusters.found[row.at].part
        _clock(source, found[names.INFO], clusters)
        _others(ledger, source, segment, rows, clusters, targets)
        offer_credit(ledger, rows)
        ledger.content = clusters.content
        kept = [track for track in tracks if track.kept]
        looks = {f"track{rank}": track.look() for rank, track in enumerate(kept, 1)}
        ledger.render(tracks=len(kept), **looks)


# the file ---------------------------------------------------------------------------


def _head(ledger: Ledger, source: Source) -> Element:
    """The EBML header, what stands around the Segment, and the Segment."""
    rows = _around(source)
    segments = [row for row in rows if row.id == names.SEGMENT]
    if len(segments) != 1 or [row.id for row in rows].count(names.EBML) != 1:
        raise Unsupported("The file holds more or less than one film (Segment).")
    if rows[0].id != names.EBML or rows[0].open:
        raise Damaged("The file does not begin with an EBML header.")
    _header(ledger, source, rows[0])
    for row in rows[1:]:
        if row.id != names.SEGMENT:
            claim_gone_value(ledger, ROOT, row)
    if rows[-1].end < source.size:
        end = rows[-1].end
        ledger.leaf(ROOT, "trailer", Role.PRIVATE, end, source.size, entity="TRAILER")
    return segments[0]


def _around(source: Source) -> list[Element]:
    """The elements of the file; what follows the last one behind the Segment is a trailer."""
    rows, at = list[Element](), 0
    while at < source.size and len(rows) < 1000:
        try:
            row = element(source, at, source.size)
        except Damaged:
            if any(row.id == names.SEGMENT for row in rows):
                break
            raise
        if row.open and row.id != names.SEGMENT:
            break
        rows.append(row)
        at = row.end
    if not rows:
        raise Damaged("The file does not begin with an EBML header.")
    return rows


def _header(ledger: Ledger, source: Source, row: Element) -> None:
    part = open_element(ledger, ROOT, "EBML", row)
    kinds = list[str]()
    for inner in once(source, row, {*names.HEADER, names.DOC_TYPE}):
        if inner.id == names.DOC_TYPE:
            kinds.append(string(source, inner))
            if source.read(inner.body, inner.end - inner.body) not in (b"matroska", b"webm"):
                raise Unsupported("The file is in EBML, but no Matroska or WebM.")
            ledger.leaf(part, "DocType", Role.DISPLAY, inner.at, inner.end)
        elif inner.id in names.HEADER:
            name, allowed = names.HEADER[inner.id]
            if uint(source, inner) not in allowed:
                raise Unsupported(f"The file has an unknown {name}.")
            ledger.leaf(part, name, Role.DISPLAY, inner.at, inner.end)
        else:
            claim_gone_value(ledger, part, inner)
    if not kinds:
        raise Damaged("The EBML header does not say what the file is.")


def _segment_rows(source: Source, segment: Element) -> Iterator[Element]:
    """What stands in the Segment. A cluster of unknown size ends where another element begins."""
    at = segment.body
    while at < segment.end:
        row = element(source, at, segment.end)
        if row.id in (names.EBML, names.SEGMENT):
            raise Unsupported("The file holds more than one film (Segment).")
        if row.open:
            if row.id != names.CLUSTER:
                raise Unsupported(f"The element at offset {at} does not say how long it is.")
            row = row._replace(end=_end_of_cluster(source, row, segment.end))
        yield row
        at = row.end


def _end_of_cluster(source: Source, cluster: Element, end: int) -> int:
    """RFC 8794 §6.2: the first element that cannot stand in a cluster."""
    at = cluster.body
    while at < end:
        row = element(source, at, end)
        if row.id in names.TOP or row.id in (names.EBML, names.SEGMENT):
            break
        if row.open:
            raise Unsupported(f"The element at offset {at} does not say how long it is.")
        at = row.end
    return at


def _others(
    ledger: Ledger,
    source: Source,
    segment: Element,
    rows: list[Element],
    clusters: Clusters,
    targets: dict[int, tuple[int, PartId]],
) -> None:
    """The index, what goes as a whole, and last what points at all of them."""
    heads = list[Element]()
    for row in rows:
        if row.id == names.CUES:
            targets[row.at] = row.id, Cues(ledger, clusters, segment).claim(row)
        elif row.id == names.CHAPTERS and clusters.words and (kept := chapters(source, row)):
            _refuse_order(source, row)
            targets[row.at] = row.id, claim_chapters(ledger, clusters.words, row, kept)
        elif row.id in (names.TAGS, names.CHAPTERS, names.ATTACHMENTS):
            if row.id == names.CHAPTERS:
                _refuse_order(source, row)
            targets[row.at] = row.id, claim_gone(ledger, source, ROOT, row)
        elif row.id == names.SEEK_HEAD:
            heads.append(row)
        elif row.id not in (names.INFO, names.TRACKS, names.CLUSTER):
            claim_gone_value(ledger, ROOT, row)
    for row in heads:
        claim_seek_head(ledger, source, row, segment, targets)


def _refuse_order(source: Source, chapters: Element) -> None:
    if is_ordered(source, chapters):
        raise Unsupported("The film plays in an order of its own (ordered chapters).")


# Info and Tracks -------------------------------------------------------------------


def _info(ledger: Ledger, source: Source, info: Element) -> PartId:
    part = open_element(ledger, ROOT, "Info", info, Role.DISPLAY)
    apps = set[int]()
    facts = list[bytes]()
    for row in once(source, info, {*_INFO, names.MUXING_APP, names.WRITING_APP}):
        if row.id in (names.MUXING_APP, names.WRITING_APP):
            apps.add(row.id)
            _application(ledger, source, part, row)
        else:
            claim_value(ledger, source, part, row, _INFO, facts, names.INFO_GONE)
            if row.id == names.TIMESTAMP_SCALE and not uint(source, row):
                raise Damaged("The file has a time scale of zero.")
    ledger.render(info=b"".join(facts).decode())
    return part


def _application(ledger: Ledger, source: Source, part: PartId, row: Element) -> None:
    name = "MuxingApp" if row.id == names.MUXING_APP else "WritingApp"
    plain = row.id.to_bytes(2, "big") + bytes([0x80 | len(_APP)]) + _APP
    old = source.read(row.at, min(row.end - row.at, 100))
    if old == plain and row.end - row.at == len(plain):
        ledger.leaf(part, name, Role.DISPLAY, row.at, row.end)
        return
    skip = row.body - row.at
    ledger.leaf(
        part, name, Role.PRIVATE, row.at, row.end, entity="SOFTWARE", on_drop=plain,
        describe=lambda data: data[skip:].decode("utf-8", "replace"),
    )  # fmt: skip


def _fields(source: Source, info: Element, tracks: list[Track]) -> None:
    """An old FFmpeg wrote two orders of fields the wrong way; players know it by its name."""
    for row in elements(source, info.body, info.end):
        if row.id == names.MUXING_APP:
            app = source.read(row.body, min(row.end - row.body, 40))
            wrong = [fact for track in tracks for fact in track.facts if fact in _WRONG]
            if wrong and _TURNED_FIELDS.match(app):
                raise Unsupported("The film's fields are described as one old program did it.")


_WRONG = {b"%x=%02x;" % (names.FIELD_ORDER, value) for value in (9, 14)}


def _clock(source: Source, info: Element, clusters: Clusters) -> None:
    """A camera or browser may count from 1970: every time then says when it was made."""
    scale = 1_000_000
    for row in elements(source, info.body, info.end):
        if row.id == names.TIMESTAMP_SCALE:
            scale = uint(source, row)
    if any(cluster.time * scale > _DECADES for cluster in clusters.found.values()):
        raise Unsupported(
            "The film's clock tells when it was recorded.",
            fix="Save it again with times that begin at zero.",
        )


def _tracks(source: Source, tracks: Element, words: bool) -> list[Track]:
    found = [
        read_track(source, row, words)
        for row in elements(source, tracks.body, tracks.end)
        if row.id == names.TRACK_ENTRY
    ]
    if len({track.number for track in found}) < len(found):
        raise Damaged("Two tracks have one number.")
    if not any(track.kept and not track.text for track in found):
        raise Unsupported("The file holds neither film nor sound that a player would show.")
    return found


def _claim_tracks(ledger: Ledger, source: Source, row: Element, tracks: list[Track]) -> PartId:
    part = open_element(ledger, ROOT, "Tracks", row)
    of = {track.row.at: track for track in tracks}
    rank = 0
    for inner in elements(source, row.body, row.end):
        track = of.get(inner.at)
        if track is None:
            claim_gone_value(ledger, part, inner)
            continue
        rank += track.kept
        claim_track(ledger, source, part, track, rank)
    kinds = {track.kind for track in tracks if track.kept}
    if "video" in kinds:
        ledger.not_checked += ["FACE", "TEXT_IN_IMAGE"]
    if "audio" in kinds:
        ledger.not_checked.append("SPEECH")
    return part
