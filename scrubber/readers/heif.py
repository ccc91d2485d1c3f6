"""Second reader for HEIC and AVIF pictures and sequences of them (ISO/IEC 23008-12).

Content digest: SHA-256 over the data of all items and frames, each byte once, in the
order of the file. In a clean file every item belongs to the picture, so all count.

The boxes are read as a grammar: which may stand where, in which size. What the
tables say is then followed from the primary item, and everything that is not
reached on the way is left over.
"""

from __future__ import annotations

import hashlib
import itertools
from dataclasses import dataclass

from scrubber.errors import Damaged
from scrubber.model import Reading, Rendering, Source
from scrubber.readers import icc
from scrubber.readers.apple_gain_map import AUXILIARY, packet_numbers, tree_numbers
from scrubber.readers.coded_units import extra_obus
from scrubber.readers.heif_items import Entry, File, properties_of, read_meta, walk_boxes
from scrubber.readers.heif_properties import extra_nal_units, is_property
from scrubber.readers.heif_sequence import Film, read_film
from scrubber.readers.mp4_grammar import BRANDS as FILMS
from scrubber.readers.xmp_credit import credit_in

_TOP = ("ftyp", "meta", "moov", "mdat")
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


def read(source: Source, edited: tuple[tuple[int, int], ...] = ()) -> Reading:
    """Reads a picture or a sequence. Raises Damaged or Unsupported."""
    file = File(source)
    top = _top(file)
    film = read_film(source, top.moov, file.payload) if top.moov else Film()
    file.leftovers += film.leftovers
    _brands(file, top.types, sequence=top.moov is not None)
    shown: set[int] = set()
    if top.meta is not None:
        read_meta(file, *top.meta)
        shown = _reached(file)
    for number in sorted(file.entries.keys() - shown):
        if not _gain_map_text(file, number, shown) and not _credit(file, number):
            file.left(f"item {number} ({file.entries[number].kind})")
    _used_properties(file)
    runs = _runs(file, film)
    digest = hashlib.sha256()
    for start, end in runs:
        for at in range(start, end, 1 << 20):
            digest.update(source.read(at, min(1 << 20, end - at)))
    for number in sorted(shown):
        if not film.frames.issuperset(file.entries[number].runs):  # else they have been looked at
            _units(file, number)
    facts = {**(_facts(file, shown) if shown else {}), **film.facts}
    return Reading(
        _container(file, film), digest.hexdigest(), Rendering.of(**facts), tuple(file.leftovers)
    )


@dataclass(slots=True)
class _Top:
    """The boxes of the file. Of the film also where it starts."""

    types: bytes = b""
    meta: tuple[int, int] | None = None
    moov: tuple[int, int, int] | None = None


def _top(file: File) -> _Top:
    top = _Top()
    for name, start, body, end in walk_boxes(file.source, 0, file.source.size):
        if name not in _TOP or (name == "ftyp") != (start == 0):
            file.left(f"{name} at offset {start}")
        elif name == "ftyp":
            top.types = file.source.read(body, end - body)
        elif name == "mdat":
            file.payload.append((body, end))
        elif (top.meta if name == "meta" else top.moov) is not None:
            raise Damaged("The picture has two tables of items, or two films.")
        elif name == "meta":
            top.meta = (body, end)
        else:
            top.moov = (start, body, end)
    if top.meta is None and top.moov is None:
        raise Damaged("The picture has no table of items.")
    return top


def _brands(file: File, data: bytes, *, sequence: bool) -> None:
    if len(data) < 8 or len(data) % 4 or any(data[4:8]):
        file.left("ftyp")
    for at in range(8, len(data), 4):
        brand = data[at : at + 4].decode("latin-1")
        if brand not in _BRANDS and not (sequence and FILMS.fullmatch(brand)):
            file.left(f"brand {brand!r}")


def _reached(file: File) -> set[int]:
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


def _credit(file: File, number: int) -> bool:
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


def _gain_map_text(file: File, number: int, shown: set[int]) -> bool:
    """XMP of a gain map, or an Exif tree with its numbers, one of each."""
    entry = file.entries[number]
    links = [(kind, to) for kind, source, to in file.links if source == number]
    if len(links) != 1 or len(entry.runs) != 1 or entry.properties:
        return False
    kind, to = links[0]
    (start, end) = entry.runs[0]
    data = file.source.read(start, min(end - start, _TEXT))
    if entry.kind == "Exif":
        about, said = [file.primary], tree_numbers(data[4:]) if data[:4] == bytes(4) else ""
    else:
        about = [one for one in shown if _is_gain_map(file, one)]
        said = packet_numbers(data) if entry.text else ""
    name = entry.kind
    if kind != "cdsc" or to != about or not said or name in file.gain_map:
        return False
    file.gain_map[name] = said
    file.texts.append(entry)
    return True


def _is_gain_map(file: File, number: int) -> bool:
    return any(
        name == "auxC" and data[4:].split(b"\0")[0].decode("latin-1") == AUXILIARY
        for name, data in properties_of(file, file.entries[number])
    )


def _completes(file: File, kind: str, source: int) -> bool:
    """True for a gain map's derivation and for transparency."""
    entry = file.entries.get(source, Entry())
    if kind == "dimg":
        return entry.kind == "tmap"
    return kind == "auxl" and any(
        name == "auxC" and data[4:].split(b"\0")[0].decode("latin-1") in (*_TRANSPARENCY, AUXILIARY)
        for name, data in properties_of(file, entry)
    )


def _used_properties(file: File) -> None:
    used = {index for entry in file.entries.values() for index in entry.properties}
    for index, (name, data) in enumerate(file.properties, 1):
        if index not in used:
            file.left(f"property {name}, which no item has")
        elif not is_property(name, data):
            file.left(f"property {name}")


def _units(file: File, number: int) -> None:
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


def _width(file: File, entry: Entry) -> int:
    for name, data in properties_of(file, entry):
        if name in ("hvcC", "avcC"):
            return (data[21 if name == "hvcC" else 4] & 3) + 1
    raise Damaged("A coded item has no configuration.")


def _runs(file: File, film: Film) -> list[tuple[int, int]]:
    """The union of all data; payload that it does not cover is left over."""
    merged: list[tuple[int, int]] = []
    beside = [*file.texts, *([file.credit] if file.credit else [])]
    others = [entry for entry in file.entries.values() if all(entry is not one for one in beside)]
    for start, end in sorted([*(run for entry in others for run in entry.runs), *film.spans]):
        if end > file.source.size:
            raise Damaged("The data of an item lies outside the file.")
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        elif start < end:
            merged.append((start, end))
    places = [*file.payload, *([file.idat] if file.idat[1] else [])]
    every = sorted([*merged, *(run for entry in beside for run in entry.runs)])
    if any(end > start for (_, end), (start, _) in itertools.pairwise(every)):
        raise Damaged("Two items of the picture share bytes.")
    covered = sum(end - start for start, end in every)
    if covered != sum(end - start for start, end in places) or not all(
        any(low <= start and end <= high for low, high in places) for start, end in every
    ):
        file.left("bytes that no item has")
    return merged


def _container(file: File, film: Film) -> str:
    codes = film.codes.union(row.kind for row in file.entries.values())
    return "avif" if "av01" in codes else "heic"


def _facts(file: File, shown: set[int]) -> dict[str, object]:
    facts: dict[str, object] = {"items": len(shown), "turn": 0, "mirror": "none"}
    for name, data in properties_of(file, file.entries[file.primary]):
        if name == "ispe":
            facts["width"] = int.from_bytes(data[4:8], "big")
            facts["height"] = int.from_bytes(data[8:12], "big")
        elif name == "irot":
            facts["turn"] = data[0] % 4
        elif name == "imir":
            facts["mirror"] = data[0] % 2
        elif name == "colr" and data[:4] != b"nclx":
            facts["profile"] = icc.examine(data[4:])[0]
    if file.gain_map:
        facts["gain_map"] = " ".join(file.gain_map.get(kind, "-") for kind in ("mime", "Exif"))
    return facts
