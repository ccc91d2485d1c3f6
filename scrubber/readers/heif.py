"""Second reader for HEIC and AVIF still pictures (ISO/IEC 23008-12).

Content digest: SHA-256 over the data of all items, each byte once, in the order
of the file. In a clean file every item belongs to the picture, so all count.

The boxes are read as a grammar: which may stand where, in which size. What the
tables say is then followed from the primary item, and everything that is not
reached on the way is left over.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field

from scrubber.errors import Damaged, Unsupported
from scrubber.model import Reading, Rendering, Source
from scrubber.readers import icc
from scrubber.readers.coded_units import extra_obus
from scrubber.readers.heif_properties import Bytes, extra_nal_units, is_property
from scrubber.readers.xmp_credit import credit_in

_TOP = ("ftyp", "meta", "mdat")
_META = ("hdlr", "pitm", "iinf", "iloc", "iref", "iprp", "idat", "grpl")
_BRANDS = {
    "heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "mif2", "msf1", "miaf", "MiHB", "avif",
    "avis", "avio", "MA1A", "MA1B", "tmap", "1pic",
}  # fmt: skip
_KINDS = ("hvc1", "hev1", "av01", "avc1", "grid", "iden", "iovl", "tmap")
_TEXT = 1 << 16  # bytes of a credit
_TRANSPARENCY = (
    "urn:mpeg:mpegB:cicp:systems:auxiliary:alpha",
    "urn:mpeg:hevc:2015:auxid:1",
    "urn:mpeg:avc:2015:auxid:1",
)


@dataclass(slots=True)
class _Entry:
    kind: str = ""
    runs: list[tuple[int, int]] = field(default_factory=list)
    properties: list[int] = field(default_factory=list)
    described: bool = False
    text: bool = False  # of the one kind that a credit has
    located: bool = False


@dataclass(slots=True)
class _File:
    source: Source
    leftovers: list[str] = field(default_factory=list)
    entries: dict[int, _Entry] = field(default_factory=dict)
    links: list[tuple[str, int, list[int]]] = field(default_factory=list)
    properties: list[tuple[str, bytes]] = field(default_factory=list)
    primary: int = 0
    idat: tuple[int, int] = (0, 0)
    payload: list[tuple[int, int]] = field(default_factory=list)
    groups: list[list[int]] = field(default_factory=list)
    credit: _Entry | None = None

    def left(self, what: str) -> None:
        self.leftovers.append(what)


def read(source: Source, edited: tuple[tuple[int, int], ...] = ()) -> Reading:
    """Reads a still picture. Raises Damaged or Unsupported."""
    file = _File(source)
    meta: tuple[int, int] | None = None
    for name, start, body, end in _walk(source, 0, source.size):
        if name not in _TOP or (name == "ftyp") != (start == 0):
            file.left(f"{name} at offset {start}")
        elif name == "ftyp":
            _brands(file, source.read(body, end - body))
        elif name == "mdat":
            file.payload.append((body, end))
        elif meta is not None:
            raise Damaged("The picture has two tables of items.")
        else:
            meta = (body, end)
    if meta is None:
        raise Damaged("The picture has no table of items.")
    _meta(file, *meta)
    shown = _reached(file)
    for number in file.entries.keys() - shown:
        if not _credit(file, number):
            file.left(f"item {number} ({file.entries[number].kind})")
    _used_properties(file)
    runs = _runs(file)
    digest = hashlib.sha256()
    for start, end in runs:
        for at in range(start, end, 1 << 20):
            digest.update(source.read(at, min(1 << 20, end - at)))
    for number in sorted(shown):
        _units(file, number)
    return Reading(
        _container(file),
        digest.hexdigest(),
        Rendering.of(**_facts(file, shown)),
        tuple(file.leftovers),
    )


def _walk(source: Source, start: int, end: int) -> Iterator[tuple[str, int, int, int]]:
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


def _brands(file: _File, data: bytes) -> None:
    if len(data) < 8 or len(data) % 4 or any(data[4:8]):
        file.left("ftyp")
    for at in range(8, len(data), 4):
        brand = data[at : at + 4].decode("latin-1")
        if brand not in _BRANDS:
            file.left(f"brand {brand!r}")


def _meta(file: _File, body: int, end: int) -> None:
    source = file.source
    found: dict[str, tuple[int, int]] = {}
    for name, start, inner, stop in _walk(source, body + 4, end):
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
    for name, start, inner, stop in _walk(source, *found.get("iprp", (0, 0))):
        if name == "ipco":
            for kind, _, at, upto in _walk(source, inner, stop):
                file.properties.append((kind, source.read(at, upto - at)))
        elif name == "ipma":
            _associations(file, Bytes(source.read(inner, stop - inner)))
        else:
            file.left(f"iprp/{name} at offset {start}")


def _groups(file: _File, start: int, end: int) -> None:
    for name, _, inner, stop in _walk(file.source, start, end):
        group = Bytes(file.source.read(inner, stop - inner))
        group.take(8)
        file.groups.append([group.uint(4) for _ in range(group.uint(4))])
        if name != "altr" or group.left:
            file.left(f"group {name}")


def _handler(file: _File, box: Bytes) -> None:
    if box.data[8:12] != b"pict":
        raise Damaged("The items are not pictures.")
    if box.data[12:] not in (bytes(12), bytes(13)):
        file.left("hdlr name")


def _information(file: _File, box: Bytes, start: int) -> None:
    count = box.uint(4 if box.uint(4) >> 24 else 2)
    entries = list(_walk(file.source, start + box.at, start + len(box.data)))
    if len(entries) != count:
        raise Damaged("The number of items is not the one stated.")
    for name, _, inner, stop in entries:
        row = Bytes(file.source.read(inner, stop - inner))
        version = row.uint(4) >> 24
        if name != "infe" or version not in (2, 3):
            raise Unsupported("An item is described in another way.")
        entry = file.entries.setdefault(row.uint(2 if version == 2 else 4), _Entry())
        if row.uint(2) or entry.described:
            raise Damaged("An item is protected or described twice.")
        entry.described = True
        entry.kind = row.take(4).decode("latin-1")
        entry.text = entry.kind == "mime" and row.data[row.at :] == b"\0application/rdf+xml\0"
        if row.data[row.at :] not in (b"", b"\0") and not entry.text:
            file.left(f"name of item ({entry.kind})")


def _locations(file: _File, box: Bytes) -> None:
    version = box.uint(4) >> 24
    widths = box.uint(2)
    offset, length, base, index = (widths >> shift & 15 for shift in (12, 8, 4, 0))
    wide = 4 if version == 2 else 2
    for _ in range(box.uint(wide)):
        entry = file.entries.setdefault(box.uint(wide), _Entry())
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


def _links(file: _File, box: Bytes) -> None:
    wide = 4 if box.uint(4) >> 24 else 2
    while box.left:
        size, kind = box.uint(4), box.take(4).decode("latin-1")
        row = Bytes(box.take(size - 8))
        source = row.uint(wide)
        targets = [row.uint(wide) for _ in range(row.uint(2))]
        credit = file.entries.get(source, _Entry()).text and targets == [file.primary]
        known = kind == "cdsc" if credit else kind in ("dimg", "auxl", "prem")
        if row.left or not known or not targets:
            file.left(f"reference {kind}")
        file.links.append((kind, source, targets))


def _associations(file: _File, box: Bytes) -> None:
    head = box.uint(4)
    wide, width = 4 if head >> 24 else 2, 2 if head & 1 else 1
    for _ in range(box.uint(4)):
        entry = file.entries.setdefault(box.uint(wide), _Entry())
        for _ in range(box.uint(1)):
            entry.properties.append(box.uint(width) & (0x7FFF if width == 2 else 0x7F))
    if box.left:
        file.left("ipma")


def _reached(file: _File) -> set[int]:
    """Items of the picture: see the module."""
    shown: set[int] = set()
    waiting = [file.primary]
    while waiting:
        number = waiting.pop()
        if number in shown:
            continue
        entry = file.entries.get(number)
        if entry is None or not entry.described or entry.kind not in _KINDS:
            raise Damaged("The picture is made from an item that is not there.")
        shown.add(number)
        for kind, source, targets in file.links:
            if kind == "dimg" and source == number:
                waiting += targets
            elif number in targets and _completes(file, kind, source):
                waiting.append(source)
    for ids in file.groups:
        if not shown.issuperset(ids):
            file.left("group")
    return shown


def _credit(file: _File, number: int) -> bool:
    """An item that is a credit and nothing else, of which there can be one."""
    entry = file.entries[number]
    links = [kind for kind, source, targets in file.links if number in (source, *targets)]
    if file.credit or len(entry.runs) != 1 or not entry.text or links != ["cdsc"]:
        return False
    (start, end) = entry.runs[0]
    found = credit_in(file.source.read(start, end - start)) if end - start < _TEXT else ()
    if found and not entry.properties:
        file.credit = entry
        file.left(f"credit: {', '.join(found)}")
    return bool(found) and not entry.properties


def _completes(file: _File, kind: str, source: int) -> bool:
    """True for a gain map's derivation and for transparency."""
    entry = file.entries.get(source, _Entry())
    if kind == "dimg":
        return entry.kind == "tmap"
    return kind == "auxl" and any(
        name == "auxC" and data[4:].split(b"\0")[0].decode("latin-1") in _TRANSPARENCY
        for name, data in _properties_of(file, entry)
    )


def _properties_of(file: _File, entry: _Entry) -> Iterator[tuple[str, bytes]]:
    for index in entry.properties:
        if index > len(file.properties):
            raise Damaged("An item has a property that is not there.")
        if index:
            yield file.properties[index - 1]


def _used_properties(file: _File) -> None:
    used = {index for entry in file.entries.values() for index in entry.properties}
    for index, (name, data) in enumerate(file.properties, 1):
        if index not in used:
            file.left(f"property {name}, which no item has")
        elif not is_property(name, data):
            file.left(f"property {name}")


def _units(file: _File, number: int) -> None:
    """No message rides in the coded picture."""
    entry = file.entries[number]
    if entry.kind not in ("hvc1", "hev1", "av01", "avc1"):
        return
    data = b"".join(file.source.read(start, end - start) for start, end in entry.runs)
    if not data:
        raise Damaged(f"The item {number} has no data.")
    if entry.kind == "av01":
        extra = any(True for _ in extra_obus(data))
    else:
        extra = extra_nal_units(data, _width(file, entry), entry.kind == "avc1")
    if extra:
        file.left(f"a message in item {number}")


def _width(file: _File, entry: _Entry) -> int:
    for name, data in _properties_of(file, entry):
        if name in ("hvcC", "avcC"):
            return (data[21 if name == "hvcC" else 4] & 3) + 1
    raise Damaged("A coded item has no configuration.")


def _runs(file: _File) -> list[tuple[int, int]]:
    """The union of all data; payload that it does not cover is left over."""
    merged: list[tuple[int, int]] = []
    others = [entry for entry in file.entries.values() if entry is not file.credit]
    for start, end in sorted(run for entry in others for run in entry.runs):
        if end > file.source.size:
            raise Damaged("The data of an item lies outside the file.")
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        elif start < end:
            merged.append((start, end))
    places = [*file.payload, *([file.idat] if file.idat[1] else [])]
    every = sorted([*merged, *(file.credit.runs if file.credit else ())])
    if any(end > start for (_, end), (start, _) in itertools.pairwise(every)):
        raise Damaged("Two items of the picture share bytes.")
    covered = sum(end - start for start, end in every)
    if covered != sum(end - start for start, end in places) or not all(
        any(low <= start and end <= high for low, high in places) for start, end in every
    ):
        file.left("bytes that no item has")
    return merged


def _container(file: _File) -> str:
    return "avif" if any(row.kind == "av01" for row in file.entries.values()) else "heic"


def _facts(file: _File, shown: set[int]) -> dict[str, object]:
    facts: dict[str, object] = {"items": len(shown), "turn": 0, "mirror": "none"}
    for name, data in _properties_of(file, file.entries[file.primary]):
        if name == "ispe":
            facts["width"] = int.from_bytes(data[4:8], "big")
            facts["height"] = int.from_bytes(data[8:12], "big")
        elif name == "irot":
            facts["turn"] = data[0] % 4
        elif name == "imir":
            facts["mirror"] = data[0] % 2
        elif name == "colr" and data[:4] != b"nclx":
            facts["profile"] = icc.examine(data[4:])[0]
    return facts
