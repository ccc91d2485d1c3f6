"""A TIFF while it is split: which bytes stay, and who owns the others."""

from __future__ import annotations

import bisect
import hashlib
import itertools
from dataclasses import dataclass, field

from scrubber.errors import Damaged, Unsupported
from scrubber.formats.tiff_directory import Entry, Shape
from scrubber.ledger import ROOT, Ledger, PartId
from scrubber.model import Role, Source

Run = tuple[int, int]
_MAX_PAGES = 100_000


@dataclass(slots=True)
class File:
    """Bytes that stay are claimed at once; private ones last, as far as nobody else needs them."""

    ledger: Ledger
    source: Source
    shape: Shape
    seen: set[int] = field(default_factory=set)
    values: dict[Run, PartId] = field(default_factory=dict)  # outside their entry, that stay
    blocks: set[Run] = field(default_factory=set)  # strips and tiles, as declared
    coded: list[Run] = field(default_factory=list)
    whole: list[Run] = field(default_factory=list)  # runs that stay and keep their length
    cut: list[Run] = field(default_factory=list)  # runs that stay and may get another length
    waiting: list[tuple[PartId, int, int]] = field(default_factory=list)
    lines: list[list[str | Run]] = field(default_factory=list)  # of each page, what must be equal
    pointers: list[tuple[int, int, int]] = field(default_factory=list)
    alone: list[Run] = field(default_factory=list)  # directories that go, linked from others
    described: list[tuple[PartId, Entry]] = field(default_factory=list)
    taken: list[Run] = field(default_factory=list)
    credited: dict[int, PartId] = field(default_factory=dict)  # directory → in whose place

    def visit(self, at: int) -> None:
        """Raises Damaged when the directory at `at` has been met before."""
        if at in self.seen or len(self.seen) > _MAX_PAGES:
            raise Damaged("The directories of this TIFF run in a circle.")
        self.seen.add(at)

    def keep(self, part: PartId, start: int, end: int, *, whole: bool = True) -> None:
        """`part` owns [start, end), at an even place if that is where it stands (TIFF 6.0 §2)."""
        self.ledger.claim(part, start, end, align=1 if start % 2 else 2)
        (self.whole if whole else self.cut).append((start, end))

    def point(self, entry: Entry) -> None:
        """The entry's offset follows its value."""
        if entry.outside:
            self.ledger.table(entry.field_at, 1, self.shape.width, self.shape.order)

    def follow(self, at: int, count: int, width: int) -> None:
        """Of things that go: these offsets follow what they point to, while nothing is dropped.

        What somebody needs is never written: it can be both by malice or damage.
        """
        if at + count * width <= self.source.size:
            self.pointers.append((at, count, width))

    def measure(self, entry: Entry) -> None:
        """The entry's count is the length of its value, which can change."""
        width = 8 if self.shape.big else 4
        self.ledger.length(
            entry.at + 4, width, self.shape.order, entry.value_at, entry.value_at + entry.size
        )

    def private(self, part: PartId, start: int, end: int) -> None:
        """`part` will own what of [start, end) nobody needs."""
        start, end = min(start, self.source.size), min(end, self.source.size)
        if start < end:
            self.waiting.append((part, start, end))

    def free(self, start: int, end: int) -> list[Run]:
        """What of [start, end) is not taken yet."""
        runs: list[Run] = []
        index = max(bisect.bisect_right(self.taken, (start, self.source.size + 1)) - 1, 0)
        while start < end:
            low, high = self.taken[index] if index < len(self.taken) else (end, end)
            if high > start:
                if low > start:
                    runs.append((start, min(low, end)))
                start = high
            index += 1
        return runs

    def settle(self) -> None:
        """After the last page: no two things that stay share a byte; then the private claims."""
        self._pad()
        self.taken = self._kept()
        for at, count, width in self.pointers:
            if self.free(at, at + count * width) == [(at, at + count * width)]:
                self.ledger.table(at, count, width, self.shape.order)
        for start, end in self.alone:
            if self.free(start, end) != [(start, end)]:
                raise Unsupported("A directory that goes shares bytes with one that stays.")
        for part, start, end in self.waiting:
            for run in self.free(start, end):
                self.ledger.claim(part, *run)
                bisect.insort(self.taken, run)

    def _kept(self) -> list[Run]:
        merged: list[Run] = []
        for start, end in sorted(self.whole + self.cut):
            if merged and start < merged[-1][1]:
                raise Unsupported(
                    f"Two things of this TIFF share the bytes from offset {start} on.",
                    fix="Open the picture and save it again.",
                )
            if merged and start == merged[-1][1]:
                merged[-1] = (merged[-1][0], end)
            else:
                merged.append((start, end))
        return merged

    def _pad(self) -> None:
        """The zero byte between a run of odd length and the next even place belongs to both.

        Where lengths may change it is written anew, so there it is slack.
        """
        changing = {end for _, end in self.cut}
        steady = False  # moves by an even number of bytes
        before = -1
        pads: list[Run] = []
        for start, end in sorted(self.whole + self.cut):
            pad = start == before + 1 and before % 2 == 1 and steady
            if pad and self.source.read(before, 1) == b"\0":
                pads.append((before, start))
            steady = end not in changing and (start % 2 == 0 or (start == before and steady))
            before = end
        for start, end in pads:
            self.ledger.leaf(ROOT, "padding", Role.FRAME, start, end)
            self.whole.append((start, end))

    def pages(self) -> str:
        """Digest (hex) of what must be equal in every page: numbers, and where its blocks are.

        A block's place is that in the content, so that it does not change when other things go.
        """
        runs = sorted(set(self.coded))
        starts = [start for start, _ in runs]
        places = [0, *itertools.accumulate(end - start for start, end in runs)]

        def place(position: int) -> int:
            index = bisect.bisect_right(starts, position) - 1
            if index < 0:
                return 0
            start, end = runs[index]
            return places[index] + min(position, end) - start

        digest = hashlib.sha256()
        for page in self.lines:
            for line in page:
                if isinstance(line, tuple):
                    start = place(line[0])
                    line = f"{start}+{place(line[1]) - start}"
                digest.update(line.encode() + b"\n")
            digest.update(b"\n")
        return digest.hexdigest()
