"""Where things stand in a Matroska file: SeekHead (RFC 9559 §5.1.1) and Cues (§5.1.5).

Positions count from the body of the Segment, and move with what they point at. An
entry that points at nothing, or at what goes, goes as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from scrubber.formats.ebml import Element, elements, open_element, shrinking, uint
from scrubber.formats.matroska_clusters import Cluster, Clusters
from scrubber.formats.matroska_tracks import claim_gone_value
from scrubber.ledger import ROOT, Ledger, PartId
from scrubber.model import Role, Source

_SEEK, _SEEK_ID, _SEEK_POSITION = 0x4DBB, 0x53AB, 0x53AC
_POINT, _TIME, _POSITIONS = 0xBB, 0xB3, 0xB7
_TRACK, _CLUSTER, _RELATIVE = 0xF7, 0xF1, 0xF0
_FAR = 1 << 15  # a block's time is at most so far from its cluster's


def claim_seek_head(
    ledger: Ledger,
    source: Source,
    head: Element,
    segment: Element,
    targets: Mapping[int, tuple[int, PartId]],
) -> None:
    """`targets`: by position, the id and the part of everything that may be pointed at."""
    part = open_element(ledger, ROOT, "SeekHead", head)
    for row in elements(source, head.body, head.end):
        if row.id != _SEEK:
            claim_gone_value(ledger, part, row)
            continue
        rows = {inner.id: inner for inner in elements(source, row.body, row.end)}
        name, place = rows.get(_SEEK_ID), rows.get(_SEEK_POSITION)
        found = None
        if name and place and len(rows) == 2 and 1 <= place.end - place.body <= 8:
            at = segment.body + uint(source, place)
            found = targets.get(at)
        exact = name and place and name.end - name.at + place.end - place.at == row.end - row.body
        if not found or not exact or not name or found[0] != uint(source, name):
            ledger.leaf(part, "Seek", Role.PRIVATE, row.at, row.end, entity="TECHNICAL")
            continue
        assert place is not None
        ledger.leaf(part, "Seek", Role.DISPLAY, row.at, row.end, needs=(found[1],))
        ledger.offset(place.body, place.end - place.body, "big", segment.body, at)


@dataclass(slots=True)
class _Entry:
    """CueTrackPositions that stay, and what of them goes."""

    cuts: list[tuple[int, int]] = field(default_factory=list)
    shrunk: list[Element] = field(default_factory=list)


class Cues:
    """The index. Points that stay are one part, those that go another."""

    def __init__(self, ledger: Ledger, clusters: Clusters, segment: Element) -> None:
        self.ledger = ledger
        self.source = clusters.source
        self.clusters = clusters
        self.segment = segment

    def claim(self, cues: Element) -> PartId:
        ledger = self.ledger
        part = open_element(ledger, ROOT, "Cues", cues)
        kept = gone = ROOT
        for row in elements(self.source, cues.body, cues.end):
            if row.id != _POINT:
                claim_gone_value(ledger, part, row)
                continue
            entry = _Entry()
            stays = self._point(row, entry)
            if gone == ROOT and (entry.cuts or not stays):
                gone = ledger.part(part, "other points", Role.PRIVATE, entity="TECHNICAL")
            if not stays:
                ledger.claim(gone, row.at, row.end)
                continue
            if kept == ROOT:
                kept = ledger.part(part, "points", Role.DISPLAY)
            at = row.at
            for start, end in sorted(entry.cuts):
                ledger.claim(kept, at, start)
                ledger.claim(gone, start, end)
                at = end
            ledger.claim(kept, at, row.end)
            if entry.cuts:
                for around in {row, *entry.shrunk}:
                    shrinking(ledger, around)
        return part

    def _point(self, point: Element, entry: _Entry) -> bool:
        """False if nothing of it may stay."""
        rows = list(elements(self.source, point.body, point.end))
        times = [row for row in rows if row.id == _TIME]
        if len(times) != 1:
            return False
        time, stays = uint(self.source, times[0]), False
        for row in rows:
            if row.id == _POSITIONS and self._positions(row, time, entry):
                stays = True
            elif row.id != _TIME:
                entry.cuts.append((row.at, row.end))
        return stays

    def _positions(self, row: Element, time: int, entry: _Entry) -> bool:
        source = self.source
        inner = list(elements(source, row.body, row.end))
        rows = {child.id: child for child in inner}
        number, place = rows.get(_TRACK), rows.get(_CLUSTER)
        if number is None or place is None or not 1 <= place.end - place.body <= 8:
            return False
        track, at = uint(source, number), self.segment.body + uint(source, place)
        cluster = self.clusters.found.get(at)
        if cluster is None or track not in cluster.numbers or abs(time - cluster.time) > _FAR:
            return False
        if len(rows) < len(inner):
            return False
        cuts = list[tuple[int, int]]()
        for child in inner:
            if child.id == _RELATIVE:
                if not self._relative(child, cluster, track):
                    cuts.append((child.at, child.end))
            elif child.id not in (_TRACK, _CLUSTER):
                cuts.append((child.at, child.end))
        self.ledger.offset(place.body, place.end - place.body, "big", self.segment.body, at)
        if cuts:
            entry.cuts.extend(cuts)
            entry.shrunk.append(row)
        return True

    def _relative(self, row: Element, cluster: Cluster, number: int) -> bool:
        """§5.1.5.1.2.3: from the body of the cluster to the element of the block."""
        width = row.end - row.body
        base = cluster.row.body
        at = base + uint(self.source, row)
        if not 1 <= width <= 8 or not at < cluster.row.end:
            return False
        if not self.clusters.is_block(at, number):
            return False
        self.ledger.offset(row.body, width, "big", base, at)
        return True
