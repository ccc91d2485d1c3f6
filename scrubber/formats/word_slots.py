"""Words in tags of recordings that stay once names in them are masked.

The tag that holds them goes like any other. What stands in its place is written anew from the
masked texts and from the times between them, in one canonical form.
"""

from __future__ import annotations

import bisect
import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from scrubber.errors import Unsupported
from scrubber.formats.bundle import Inner, bundle
from scrubber.formats.passages import Written, plain_write
from scrubber.formats.words import Words, is_plain
from scrubber.ledger import ROOT, Ledger, PartId
from scrubber.model import Context, Role, Source

LONGEST = 1 << 19  # bytes of a tag that is written anew
_TIME = re.compile(r"^[ \t]*(?:\[\d{1,3}:\d\d(?:[.:]\d{1,3})?\][ \t]*)+", re.M)
_TAG = re.compile(r"^[ \t]*\[(?P<key>[A-Za-z#]{1,16}):[^\]\n]*\][ \t]*(?:\r?\n|\Z)", re.M)
_KEPT = re.compile(r"[ \t]*\[offset:[ ]?[+-]?\d{1,7}\]\s*")


@dataclass(frozen=True, slots=True)
class Slot:
    """A text [start, end) of `data` that detectors read."""

    start: int
    end: int
    codec: str
    where: str
    kind: str = "caption"


Pieces = tuple[str | Slot, ...]
"""A text with what stands fixed in it: times of lyrics."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A passage of gathered bytes whose places are others in the file."""

    inner: Written
    place: Callable[[int, bool], int]  # of a byte, or (True) of the end behind one

    @property
    def text(self) -> str:
        return self.inner.text

    @property
    def context(self) -> Context:
        return self.inner.context

    @property
    def part(self) -> int:
        return self.inner.part

    @property
    def where(self) -> str:
        return self.inner.where

    def locate(self, start: int, end: int) -> tuple[int, int]:
        low, high = self.inner.locate(start, end)
        return self.place(low, False), self.place(high, True)

    def encode(self, text: str) -> bytes:
        return self.inner.encode(text)


@dataclass(slots=True)
class Kept:
    """What stays of one tag: `write` makes it of one text for each of `pieces`.

    `told` are its times and kinds, which must be the same afterwards. `credit` are fields of a
    credit that stand before the words; `behind` is what else stays, behind them.
    """

    data: Source
    pieces: list[Pieces]
    write: Callable[[Sequence[str], Sequence[bytes]], bytes]
    told: list[str]
    place: Callable[[int, bool], int] | None = None
    credit: list[bytes] = field(default_factory=list)
    behind: list[bytes] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    def made(self, masks: Iterable[tuple[int, int, bytes]] = ()) -> bytes:
        """The canonical bytes, with `masks` (start, end, replacement) in place of what goes."""
        rows = sorted(masks)
        self.texts = [
            "".join(one if isinstance(one, str) else self._masked(one, rows) for one in pieces)
            for pieces in self.pieces
        ]
        return self.write(self.texts, self.credit)

    def credited(self, fields: list[bytes]) -> bytes:
        """The same with a credit, after `made`."""
        self.credit = fields
        return self.write(self.texts, fields)

    def _masked(self, slot: Slot, masks: list[tuple[int, int, bytes]]) -> str:
        place = self.place or (lambda at, _: at)
        first, last = place(slot.start, False), place(slot.end, True)
        data = self.data.read(slot.start, slot.end - slot.start)
        out, at = [], 0
        inside = [row for row in masks if first <= row[0] and row[1] <= last]
        if inside and self.place is not None:
            inside = [(*self._back(slot, row), row[2]) for row in inside]
        for start, end, new in inside:
            low, high = start - slot.start, end - slot.start
            if low < at:  # two masks over one another: the first has what the second begins with
                at = max(at, high)
                continue
            out += [data[at:low], new]
            at = high
        return b"".join([*out, data[at:]]).decode(slot.codec)

    def _back(self, slot: Slot, row: tuple[int, int, bytes]) -> tuple[int, int]:
        """From places in the file to places in `data`."""
        place = self.place
        assert place is not None
        spots = range(slot.start, slot.end + 1)
        low = bisect.bisect_left(spots, row[0], key=lambda at: place(at, False))
        high = bisect.bisect_left(spots, row[1], key=lambda at: place(at, True))
        return spots[low], spots[high]

    def digest(self) -> str:
        return hashlib.sha256("\n".join(self.told).encode()).hexdigest()

    def passages(self, words: Words, part: PartId) -> None:
        """Adds what detectors read. `part` is the one that is written anew."""
        for pieces in self.pieces:
            for slot in pieces:
                if isinstance(slot, str):
                    continue
                text = self.data.read(slot.start, slot.end - slot.start).decode(slot.codec)
                if not text.strip():
                    continue
                row = Written(
                    text, Context(slot.kind), part, slot.where, slot.start, text, slot.codec,
                    plain_write(slot.codec),
                )  # fmt: skip
                words.rows.append(row if self.place is None else Moved(row, self.place))


def claim_kept(
    ledger: Ledger, words: Words, kept: Kept, name: str, entity: str, start: int, end: int,
    inner: Iterable[Inner], parent: PartId = ROOT,
) -> PartId:  # fmt: skip
    """The tag [start, end): it goes and is written anew, or is in its canonical form already."""
    new = kept.made()
    if ledger.size >= end and end - start == len(new) and words.source.read(start, len(new)) == new:
        part = ledger.leaf(parent, f"{name} words", Role.DISPLAY, start, end)
    else:
        part = bundle(ledger, parent, name, entity, start, end, inner)
        ledger.parts[part].on_drop = new
        spare(ledger, part, kept)
    follow(ledger, words, part, kept)
    return part


def spare(ledger: Ledger, part: PartId, kept: Kept) -> None:
    """What is kept of the inner parts of a tag leaves with it, but only to be written anew."""
    place = kept.place or (lambda at, _: at)
    starts = [place(s.start, False) for row in kept.pieces for s in row if isinstance(s, Slot)]
    for child in ledger.parts[part].needs:
        spans = ledger.parts[child].spans
        if any(low <= at < high for at in starts for low, high in spans):
            ledger.parts[child].role = Role.DISPLAY


def follow(ledger: Ledger, words: Words, part: PartId, kept: Kept) -> None:
    """The words of `part` are passages; what stands in its place follows their masks."""
    ledger.rewrite(part, kept.made)
    ledger.render(words=kept.digest())
    kept.passages(words, part)


def credit_beside(ledger: Ledger, part: PartId, kept: Kept, fields: list[bytes]) -> bytes:
    """Puts a credit into the tag of the words. Raises Unsupported if that tag stays as it is."""
    if ledger.parts[part].on_drop is None:
        raise Unsupported("The credit stands in another tag than the lyrics.")
    ledger.parts[part].on_drop = kept.credited(fields)
    return b""


def lyrics(data: Source, start: int, end: int, codec: str) -> tuple[Pieces, str] | None:
    """The pieces of a text of lyrics and the times in it; None if it is no plain text.

    Lines of LRC have times in front, which stay; its tags name people and programs, and go.
    """
    raw = data.read(start, end - start)
    if not is_plain(raw, codec) or not raw:
        return None
    text = raw.decode(codec)
    times = [match.span() for match in _TIME.finditer(text)]
    if not times:
        return (Slot(start, end, codec, "lyrics", "prose"),), ""

    def at(index: int) -> int:
        return start + len(text[:index].encode(codec))

    pieces: list[str | Slot] = []
    here, line = 0, 0
    tags = [m.span() for m in _TAG.finditer(text) if not _KEPT.fullmatch(m[0])]
    for low, high in sorted([*times, *tags]):
        if here < low:
            line += 1
            pieces.append(Slot(at(here), at(low), codec, f"lyrics, text {line}"))
        if (low, high) in times:
            pieces.append(text[low:high])
        here = max(here, high)
    if here < len(text):
        pieces.append(Slot(at(here), at(len(text)), codec, f"lyrics, text {line + 1}"))
    if not any(isinstance(one, Slot) for one in pieces):
        return None
    return tuple(pieces), " ".join(text[low:high].strip() for low, high in times)
