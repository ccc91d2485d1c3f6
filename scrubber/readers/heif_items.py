"""The items of a HEIF picture as the second reader sees them: what its tables say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from scrubber.errors import Damaged, Unsupported
from scrubber.model import Source
from scrubber.readers.heif_properties import Bytes

_META = ("hdlr", "pitm", "iinf", "iloc", "iref", "iprp", "idat", "grpl")


@dataclass(slots=True)
class Entry:
    kind: str = ""
    runs: list[tuple[int, int]] = field(default_factory=list)
    properties: list[int] = field(default_factory=list)
    described: bool = False
    text: bool = False  # of the one kind that a credit has
    located: bool = False


@dataclass(slots=True)
class File:
    source: Source
    leftovers: list[str] = field(default_factory=list)
    entries: dict[int, Entry] = field(default_factory=dict)
    links: list[tuple[str, int, list[int]]] = field(default_factory=list)
    properties: list[tuple[str, bytes]] = field(default_factory=list)
    primary: int = 0
    idat: tuple[int, int] = (0, 0)
    payload: list[tuple[int, int]] = field(default_factory=list)
    groups: list[list[int]] = field(default_factory=list)
    credit: Entry | None = None
    texts: list[Entry] = field(default_factory=list)  # beside a gain map of Apple
    gain_map: dict[str, str] = field(default_factory=dict)

    def left(self, what: str) -> None:
        self.leftovers.append(what)


def walk_boxes(source: Source, start: int, end: int) -> Iterator[tuple[str, int, int, int]]:
    """(name, start, body, end) of boxes that must fill [start, end)."""
    while start < end:
        if end - start < 8:
            raise Damaged(f"Bytes stand outside any box at offset {start}.")
        head = source.read(start, min(16, end - start))
        size, body = int.from_bytes(head[:4], "big"), start + 8
        if size == 1:
            size, body = int.from_bytes(head[8:16], "big"), start + 16
        elif size == 0:
            size = end - start
        if size < body - start or size > end - start:
            raise Damaged(f"The box at offset {start} has a wrong size.")
        yield head[4:8].decode("latin-1"), start, body, start + size
        start += size


def read_meta(file: File, body: int, end: int) -> None:
    source = file.source
    found: dict[str, tuple[int, int]] = {}
    for name, start, inner, stop in walk_boxes(source, body + 4, end):
        if name not in _META or name in found:
            file.left(f"meta/{name} at offset {start}")
        found.setdefault(name, (inner, stop))

    def content(name: str) -> Bytes:
        if name not in found:
            raise Damaged(f"The picture has no box {name}.")
        start, stop = found[name]
        return Bytes(source.read(start, stop - start))

    _handler(file, content("hdlr"))
    file.idat = found.get("idat", (0, 0))
    primary = content("pitm")
    file.primary = primary.uint(4 if primary.uint(4) >> 24 else 2)
    _information(file, content("iinf"), found["iinf"][0])
    _locations(file, content("iloc"))
    if "iref" in found:
        _links(file, content("iref"))
    _groups(file, *found.get("grpl", (0, 0)))
    for name, start, inner, stop in walk_boxes(source, *found.get("iprp", (0, 0))):
        if name == "ipco":
            for kind, _, at, upto in walk_boxes(source, inner, stop):
                file.properties.append((kind, source.read(at, upto - at)))
        elif name == "ipma":
            _associations(file, Bytes(source.read(inner, stop - inner)))
        else:
            file.left(f"iprp/{name} at offset {start}")


def _groups(file: File, start: int, end: int) -> None:
    for name, _, inner, stop in walk_boxes(file.source, start, end):
        group = Bytes(file.source.read(inner, stop - inner))
        group.take(8)
        file.groups.append([group.uint(4) for _ in range(group.uint(4))])
        if name != "altr" or group.left:
            file.left(f"group {name}")


def _handler(file: File, box: Bytes) -> None:
    if box.data[8:12] != b"pict":
        raise Damaged("The items are not pictures.")
    if box.data[12:] not in (bytes(12), bytes(13)):
        file.left("hdlr name")


def _information(file: File, box: Bytes, start: int) -> None:
    count = box.uint(4 if box.uint(4) >> 24 else 2)
    entries = list(walk_boxes(file.source, start + box.at, start + len(box.data)))
    if len(entries) != count:
        raise Damaged("The number of items is not the one stated.")
    for name, _, inner, stop in entries:
        row = Bytes(file.source.read(inner, stop - inner))
        version = row.uint(4) >> 24
        if name != "infe" or version not in (2, 3):
            raise Unsupported("An item is described in another way.")
        entry = file.entries.setdefault(row.uint(2 if version == 2 else 4), Entry())
        if row.uint(2) or entry.described:
            raise Damaged("An item is protected or described twice.")
        entry.described = True
        entry.kind = row.take(4).decode("latin-1")
        entry.text = entry.kind == "mime" and row.data[row.at :] == b"\0application/rdf+xml\0"
        if row.data[row.at :] not in (b"", b"\0") and not entry.text:
            file.left(f"name of item ({entry.kind})")


def _locations(file: File, box: Bytes) -> None:
    version = box.uint(4) >> 24
    widths = box.uint(2)
    offset, length, base, index = (widths >> shift & 15 for shift in (12, 8, 4, 0))
    wide = 4 if version == 2 else 2
    for _ in range(box.uint(wide)):
        entry = file.entries.setdefault(box.uint(wide), Entry())
        method = box.uint(2) & 15 if version else 0
        if box.uint(2) or method > 1:
            raise Unsupported("The data of an item lies elsewhere.")
        origin = box.uint(base) + (file.idat[0] if method else 0)
        for _ in range(box.uint(2)):
            box.take(index if version else 0)
            start = origin + box.uint(offset)
            entry.runs.append((start, start + box.uint(length)))
        if entry.located:
            raise Damaged("An item has two locations.")
        entry.located = True
    if box.left:
        file.left("iloc")


def _links(file: File, box: Bytes) -> None:
    wide = 4 if box.uint(4) >> 24 else 2
    while box.left:
        size, kind = box.uint(4), box.take(4).decode("latin-1")
        row = Bytes(box.take(size - 8))
        source = row.uint(wide)
        targets = [row.uint(wide) for _ in range(row.uint(2))]
        entry = file.entries.get(source, Entry())
        credit = entry.text and targets == [file.primary]
        told = credit or ((entry.text or entry.kind == "Exif") and len(targets) == 1)
        known = kind == "cdsc" if told else kind in ("dimg", "auxl", "prem")
        if row.left or not known or not targets:
            file.left(f"reference {kind}")
        file.links.append((kind, source, targets))


def _associations(file: File, box: Bytes) -> None:
    head = box.uint(4)
    wide, width = 4 if head >> 24 else 2, 2 if head & 1 else 1
    for _ in range(box.uint(4)):
        entry = file.entries.setdefault(box.uint(wide), Entry())
        for _ in range(box.uint(1)):
            entry.properties.append(box.uint(width) & (0x7FFF if width == 2 else 0x7F))
    if box.left:
        file.left("ipma")


def properties_of(file: File, entry: Entry) -> Iterator[tuple[str, bytes]]:
    for index in entry.properties:
        if index > len(file.properties):
            raise Damaged("An item has a property that is not there.")
        if index:
            yield file.properties[index - 1]
