"""Clusters of Matroska (RFC 9559 §5.1.3, §10): the blocks of tracks that stay, without messages.

A film has hundreds of thousands of blocks, so neighbours that stay as they are become one run.
"""

from __future__ import annotations

import struct
from array import array
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field

from scrubber.errors import Damaged, Encrypted, Unsupported
from scrubber.formats import matroska_names as names
from scrubber.formats.avc_clock import CLOCK, clocks, sets_of, timings
from scrubber.formats.blanked_runs import digest_of
from scrubber.formats.coded_units import private_obus
from scrubber.formats.ebml import (
    CRC32,
    VOID,
    Element,
    element,
    elements,
    open_element,
    shrinking,
    sint,
    uint,
)  # fmt: skip
from scrubber.formats.matroska_codecs import look_for_user_data, user_data
from scrubber.formats.matroska_tracks import Track
from scrubber.formats.matroska_words import claim_block, private_of, text_of
from scrubber.formats.mp4_aac import note_in
from scrubber.formats.mp4_units import private_units
from scrubber.formats.words import Words
from scrubber.ledger import ROOT, Ledger, PartId
from scrubber.model import Role, Source
from scrubber.source import MemorySource

_LARGEST = 256 << 20  # of one coded picture
_MOST_MESSAGES = 500_000
_MOST_BLOCKS = 20_000_000
_RESERVED, _LACED = 0x70, 0x06
_FAR = (1 << 20) - 1  # from a block to one that it refers to
_NONE = (1 << 64) - 1
_PLAIN = {names.BLOCK, names.BLOCK_DURATION, names.REFERENCE_PRIORITY, names.REFERENCE,
          names.DISCARD_PADDING}  # fmt: skip
_NUMBERS = {names.BLOCK_DURATION: names.LONG, names.REFERENCE_PRIORITY: 255}

Run = tuple[int, int]


@dataclass(slots=True)
class Cluster:
    row: Element
    part: PartId
    time: int = 0
    numbers: set[int] = field(default_factory=set)  # of tracks that stay and have blocks here


@dataclass(slots=True)
class _Cut:
    """What leaves a block, and the elements around it that become smaller."""

    alpha: list[Run] = field(default_factory=list)  # transparency, which stays
    runs: list[tuple[int, int, PartId]] = field(default_factory=list)
    around: list[Element] = field(default_factory=list)


class Clusters:
    """All clusters of one file."""

    def __init__(
        self, ledger: Ledger, source: Source, tracks: Mapping[int, Track],
        words: Words | None = None,
    ) -> None:  # fmt: skip
        self.ledger = ledger
        self.words = words
        self.source = source
        self.tracks = tracks
        self.found: dict[int, Cluster] = {}
        self.starts = array("Q")  # of the elements of blocks that stay
        self.owners = array("I")  # their tracks
        self.payload = array("Q")  # begin and end of every run of content
        self.notes: dict[int, bytes] = {}  # where, and what stands there in as many bytes
        self.timings = {
            track.number: timings(sets_of(private_of(source, track.row)))
            for track in tracks.values()
            if track.kept and track.unit == "avc"
        }
        self._blocks = ledger.part(ROOT, "blocks", Role.CODED)
        self._parts: dict[str, PartId] = {}
        self._from = 0  # where the run that stays began
        self._messages = 0

    def claim(self, row: Element) -> None:
        """Claims one cluster with everything in it."""
        ledger, source = self.ledger, self.source
        if not self._has_block(row):
            ledger.leaf(ROOT, "empty Cluster", Role.PRIVATE, row.at, row.end, entity="HIDDEN_DATA")
            return
        cluster = Cluster(row, open_element(ledger, ROOT, "Cluster", row))
        self.found[row.at] = cluster
        at, timed = row.body, False
        self._from = at
        while at < row.end:
            inner = element(source, at, row.end)
            if inner.open:
                raise Unsupported(f"The element at offset {at} does not say how long it is.")
            at = inner.end
            if inner.id in (names.SIMPLE_BLOCK, names.BLOCK_GROUP):
                if not timed:
                    raise Damaged("A block stands before the time of its cluster.")
                self._block(cluster, inner)
            elif inner.id == names.TIMESTAMP:
                if timed:
                    raise Damaged("A cluster has two times.")
                timed, cluster.time = True, uint(source, inner)
                if cluster.time > names.LONG * 1000:
                    raise Damaged("The time of a cluster is too large to be true.")
                self._cut(inner.at, inner.end, cluster.part)
            elif inner.id == names.ENCRYPTED_BLOCK:
                raise Encrypted("The film or recording is encrypted.")
            else:
                self._cut(inner.at, inner.end, self._gone("Cluster", inner.id))
        self._cut(row.end, row.end, self._blocks)

    def _has_block(self, row: Element) -> bool:
        return any(
            inner.id in (names.SIMPLE_BLOCK, names.BLOCK_GROUP, names.ENCRYPTED_BLOCK)
            for inner in elements(self.source, row.body, row.end)
        )

    def _cut(self, start: int, end: int, part: PartId) -> None:
        """The run that stays ends at `start`; [start, end) belongs to `part`."""
        if self._from < start:
            self.ledger.claim(self._blocks, self._from, start)
        if start < end:
            self.ledger.claim(part, start, end)
        self._from = end

    def _gone(self, parent: str, name: int) -> PartId:
        """One part for all elements of one name."""
        word, entity = {VOID: ("Void", "PADDING"), CRC32: ("CRC-32", "TECHNICAL")}.get(
            name, (names.CLUSTER_GONE.get(name, ""), "TECHNICAL")
        )
        if not word:
            word, entity = "unknown element", "HIDDEN_DATA"
        return self._shared(f"{parent}/{word}", entity)

    def _shared(self, name: str, entity: str) -> PartId:
        if name not in self._parts:
            self._parts[name] = self.ledger.part(ROOT, name, Role.PRIVATE, entity=entity)
        return self._parts[name]

    # one block ---------------------------------------------------------------------

    def _block(self, cluster: Cluster, row: Element) -> None:
        inner, rows = row, list[Element]()
        if row.id == names.BLOCK_GROUP:
            rows = list(elements(self.source, row.body, row.end))
            found = [child for child in rows if child.id == names.BLOCK]
            if len(found) != 1:
                raise Damaged("A group of blocks holds none, or two.")
            inner = found[0]
        head = self.source.read(inner.body, min(8, inner.end - inner.body))
        width = 9 - head[0].bit_length() if head else 9
        if width > 4 or len(head) < width + 3:
            raise Damaged(f"The block at offset {row.at} is cut off.")
        number = int.from_bytes(head[:width], "big") & (1 << 7 * width) - 1
        track = self.tracks.get(number)
        if track is None:
            self._cut(row.at, row.end, self._shared("blocks of no track", "HIDDEN_DATA"))
        elif not track.kept:
            self._cut(row.at, row.end, track.part)
        else:
            offset, flags = struct.unpack_from(">hB", head, width)
            body = inner.body + width + 3
            if track.text:
                self._text(cluster, track, row, inner, rows, body, cluster.time + offset, flags)
                return
            self._kept(cluster, track, row, inner, rows, body, cluster.time + offset, flags)

    def _text(
        self, cluster: Cluster, track: Track, row: Element, inner: Element, rows: list[Element],
        body: int, time: int, flags: int,
    ) -> None:  # fmt: skip
        """A block of subtitles; one that cannot be read goes."""
        assert self.words is not None  # else no track of text stays
        durations = [uint(self.source, one) for one in rows if one.id == names.BLOCK_DURATION]
        where = f"track {track.number}, text {track.blocks + 1}"
        text = text_of(self.source, track.codec, body, inner.end, where)
        if text is None or flags & 0x7F or len(durations) > 1 or max(durations, default=0) >> 41:
            self._cut(row.at, row.end, self._shared(f"texts of track {track.number}", "CAPTION"))
            return
        cluster.numbers.add(track.number)
        self.starts.append(row.at)
        self.owners.append(track.number)
        track.blocks += 1
        duration = durations[0] if durations else None
        told = _NONE if duration is None else duration
        track.times.update(struct.pack("<qBBQq", time, flags, False, told, 0))
        head = self.source.read(inner.body, body - inner.body)
        at, part = claim_block(self.ledger, self.words, track, row, head, text, duration)
        self._cut(at, row.end, part)

    def _kept(
        self,
        cluster: Cluster,
        track: Track,
        row: Element,
        inner: Element,
        rows: list[Element],
        body: int,
        time: int,
        flags: int,
    ) -> None:
        if flags & _RESERVED:
            raise Damaged("A block has marks that no standard knows.")
        if len(self.starts) >= _MOST_BLOCKS:
            raise Unsupported("The film has too many blocks.")
        cluster.numbers.add(track.number)
        self.starts.append(row.at)
        self.owners.append(track.number)
        cut = _Cut()
        duration, discard, refers = self._group(track, rows, cut)
        track.blocks += 1
        track.times.update(struct.pack("<qBBQq", time, flags, refers, duration, discard))
        if track.number in self.timings:
            self._stop_clocks(track, body, inner.end, cut)
        messages = (
            self._look(track, body, inner.end, flags) if track.type == 1 and track.unit else []
        )
        if messages:
            part = self._shared(f"messages in track {track.number}", "ENCODER")
            cut.runs.extend((start, end, part) for start, end in messages)
            cut.around.append(inner)
        if track.unit == "aac" and not flags & _LACED and not track.prefix:
            self._listen(body, inner.end, cut)
        for start, end in sorted([(body, inner.end), *cut.alpha]):
            self._content(start, end, messages if start == body else [])
        if cut.runs:
            self._shrink(row, cut)

    def _stop_clocks(self, track: Track, start: int, end: int, cut: _Cut) -> None:
        """Clock times beside pictures of AVC become zero where they stand."""
        known = self.timings[track.number]
        if known is not None and not known.clocked:
            return
        if track.prefix:
            data = track.prefix + self.source.read(start, end - start)
            if any(clocks(MemorySource(data), 0, len(data), track.width, known)):
                raise Unsupported("A clock time stands behind bytes that all blocks share.")
            return
        for at, unit in clocks(self.source, start, end, track.width, known):
            self._note(at, unit, cut, *CLOCK)

    def _note(self, at: int, instead: bytes, cut: _Cut, name: str, entity: str) -> None:
        self.notes[at] = instead
        part = self.ledger.part(
            self._blocks, name, Role.PRIVATE, entity=entity, on_drop=instead
        )  # fmt: skip
        cut.runs.append((at, at + len(instead), part))

    def _listen(self, start: int, end: int, cut: _Cut) -> None:
        """Free bytes before the sound of an AAC frame become zero where they stand."""
        if note := note_in(self.source, start, end):
            self._note(*note, cut, "fill element", "ENCODER")

    def _shrink(self, row: Element, cut: _Cut) -> None:
        self._messages += len(cut.runs)
        if self._messages > _MOST_MESSAGES:
            raise Unsupported("The film holds too many messages.")
        for around in {row, *cut.around}:
            shrinking(self.ledger, around)
        for start, end, part in sorted(cut.runs):
            self._cut(start, end, part)

    def _group(self, track: Track, rows: list[Element], cut: _Cut) -> tuple[int, int, bool]:
        """What a group says of its block: duration, padding, whether it refers to another."""
        duration, discard, refers = _NONE, 0, False
        for child in rows:
            if child.id == names.BLOCK_DURATION:
                duration = uint(self.source, child)
            elif child.id == names.DISCARD_PADDING:
                discard = sint(self.source, child)
            elif child.id == names.REFERENCE:
                refers = True
            if child.id != names.BLOCK:
                self._beside(track, child, cut)
        return duration, discard, refers

    def _content(self, start: int, end: int, messages: list[Run]) -> None:
        for low, high in messages:
            if start < low:
                self.payload.extend((start, low))
            start = high
        if start < end:
            self.payload.extend((start, end))

    def _beside(self, track: Track, row: Element, cut: _Cut) -> None:
        """What stands in a group beside the block (§5.1.3.5)."""
        if row.id == names.CODEC_STATE:
            raise Unsupported("The film changes its decoder on the way.")
        if row.id in _NUMBERS and uint(self.source, row) > _NUMBERS[row.id]:
            raise Damaged("A number of a block is too large to be true.")
        if row.id in (names.REFERENCE, names.DISCARD_PADDING):
            far = names.LONG if row.id == names.DISCARD_PADDING else _FAR
            if abs(sint(self.source, row)) > far:
                raise Damaged("A number of a block is too large to be true.")
        elif row.id == names.ADDITIONS:
            self._additions(track, row, cut)
        elif row.id not in _PLAIN:
            cut.runs.append((row.at, row.end, self._gone("BlockGroup", row.id)))

    def _additions(self, track: Track, row: Element, cut: _Cut) -> None:
        """§5.1.3.5.2: of what accompanies a picture only its transparency is shown."""
        going = list[tuple[int, int, PartId]]()
        around, stays = [row], False
        for more in elements(self.source, row.body, row.end):
            rows = list(elements(self.source, more.body, more.end))
            if stays or not (track.alpha and self._is_alpha(more, rows)):
                going.append((more.at, more.end, self._shared("BlockMore", "TECHNICAL")))
                continue
            stays = True
            around.append(more)
            for child in rows:
                if child.id == names.ADDITIONAL:
                    cut.alpha.append((child.body, child.end))
                elif child.id != names.ADD_ID:
                    going.append((child.at, child.end, self._gone("BlockMore", child.id)))
        if not stays:
            cut.runs.append((row.at, row.end, self._shared("BlockAdditions", "TECHNICAL")))
        elif going:
            cut.runs.extend(going)
            cut.around.extend(around)

    def _is_alpha(self, more: Element, rows: list[Element]) -> bool:
        numbers = [uint(self.source, child) for child in rows if child.id == names.ADD_ID]
        data = [child for child in rows if child.id == names.ADDITIONAL]
        return more.id == names.BLOCK_MORE and numbers in ([], [1]) and len(data) == 1

    # what stands inside a picture ------------------------------------------------------

    def _look(self, track: Track, start: int, end: int, flags: int) -> list[Run]:
        """Runs of a coded picture that no decoder needs."""
        if start == end:
            return []
        if flags & _LACED:
            raise Unsupported("Several pictures of the film stand in one block.")
        if end - start > _LARGEST:
            raise Unsupported("A coded picture is too large to be looked into.")
        if not track.prefix and track.unit in ("avc", "hevc"):
            return private_units(
                self.source, start, end, track.width,
                avc=track.unit == "avc", layered=track.layered,
            )  # fmt: skip
        data = track.prefix + self.source.read(start, end - start)
        if track.unit == "mpeg4":
            look_for_user_data(data, mpeg4=True)
            return []
        if track.unit == "mpeg":
            runs = user_data(data)
        elif track.unit == "av1":
            runs = [(unit.start, unit.end) for unit in private_obus(data)]
            if sum(high - low for low, high in runs) == len(data):
                raise Damaged("A coded picture holds nothing but messages.")
        else:
            runs = private_units(
                MemorySource(data), 0, len(data), track.width,
                avc=track.unit == "avc", layered=track.layered,
            )  # fmt: skip
        if runs and runs[0][0] < len(track.prefix):
            raise Unsupported("A message begins with bytes that all blocks share.")
        by = start - len(track.prefix)
        return [(low + by, high + by) for low, high in runs]

    # for others --------------------------------------------------------------------------

    def is_block(self, at: int, number: int) -> bool:
        """True when the element of a block of track `number` that stays begins at `at`."""
        index = bisect_left(self.starts, at)
        return (
            index < len(self.starts) and self.starts[index] == at and self.owners[index] == number
        )

    def content(self, source: Source) -> str:
        """SHA-256 over what the blocks that stay carry, messages apart, in the file's order."""
        runs = iter(self.payload)
        return digest_of(source, zip(runs, runs, strict=True), self.notes)
