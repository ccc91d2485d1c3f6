"""Pictures with a gain map behind them, in every form that is written, with room for plants."""

from __future__ import annotations

import struct

from pictures import PLANTED, jpeg, segment

XMP = b"http://ns.adobe.com/xap/1.0/\0"
URN = b"urn:iso:std:iso:ts:21496:-1\0"
NUMBERS = {
    "GainMapMin": "0.000000", "GainMapMax": "2.500000", "Gamma": "1.000000",
    "OffsetSDR": "0.015625", "OffsetHDR": "0.015625", "HDRCapacityMin": "0.000000",
    "HDRCapacityMax": "2.500000", "BaseRenditionIsHDR": "False",
}  # fmt: skip
_OPEN = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="{tool}">\n'
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\n'
    '<rdf:Description rdf:about="" xmlns:hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/"'
    ' xmlns:Container="http://ns.google.com/photos/1.0/container/"'
    ' xmlns:Item="http://ns.google.com/photos/1.0/container/item/"'
    ' xmlns:GCamera="http://ns.google.com/photos/1.0/camera/"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" hdrgm:Version="1.0"'
)
_CLOSE = "</rdf:Description></rdf:RDF></x:xmpmeta>"
_ITEM = (
    '<rdf:li rdf:parseType="Resource"><Container:Item Item:Semantic="{}" Item:Mime="{}"'
    ' Item:Length="{}"/></rdf:li>'
)


def hdrgm(numbers: dict[str, str] | None = None, inside: str = "", tool: str = "") -> bytes:
    """The XMP segment of a gain map."""
    rows = "".join(f' hdrgm:{k}="{v}"' for k, v in (numbers or NUMBERS).items())
    text = f"{_OPEN.format(tool=tool)}{rows}>{inside}{_CLOSE}\n"
    return segment(0xE1, XMP + text.encode())


def directory(length: int, video: int = 0, tool: str = "") -> bytes:
    """The XMP segment of a primary picture: Ultra HDR, and with `video` a motion photo too."""
    items = _ITEM.format("Primary", "image/jpeg", 0) + _ITEM.format("GainMap", "image/jpeg", length)
    motion = ""
    if video:
        items += _ITEM.format("MotionPhoto", "video/mp4", video)
        motion = ' GCamera:MotionPhoto="1" GCamera:MotionPhotoPresentationTimestampUs="7"'
    name = PLANTED.decode()
    creator = f"<dc:creator><rdf:Seq><rdf:li>{name}</rdf:li></rdf:Seq></dc:creator>"
    seq = f"<Container:Directory><rdf:Seq>{items}</rdf:Seq></Container:Directory>"
    text = f"{_OPEN.format(tool=tool)}{motion}>{creator}\n{seq}{_CLOSE}<?xpacket end='w'?>  \n"
    return segment(0xE1, XMP + text.encode())


def iso_block(channels: int = 1, flags: int = 0, writer: int = 0, denominator: int = 1000) -> bytes:
    """The payload of ISO 21496-1 Annex C behind its name."""
    head = struct.pack(">HHB", 0, writer, flags | (0x80 if channels == 3 else 0))
    rooms = struct.pack(">4I", 0, denominator, 2500, denominator)
    plane = struct.pack(">iIiIIIiIiI", 0, 1000, 2500, 1000, 1000, denominator, 15, 1000, 15, 1000)
    return head + rooms + plane * channels


def index(primary: int, rows: list[tuple[int, int, int]], order: str = "<") -> bytes:
    """A multi-picture index as cameras write it, with a list of unique ids."""
    count = len(rows) + 1
    entries = struct.pack(order + "IIIHH", 0x20030000, primary, 0, 2, 0)
    for kind, size, offset in rows:
        entries += struct.pack(order + "IIIHH", kind, size, offset, 0, 0)
    ids = b"".join(PLANTED.ljust(32, b"x") + b"\0" for _ in range(count))
    at = 8 + 2 + 4 * 12 + 4
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "I", 8)
    ifd = struct.pack(order + "H", 4) + struct.pack(order + "HHI4s", 0xB000, 7, 4, b"0100")
    ifd += struct.pack(order + "HHII", 0xB001, 4, 1, count)
    ifd += struct.pack(order + "HHII", 0xB002, 7, 16 * count, at)
    ifd += struct.pack(order + "HHII", 0xB003, 7, len(ids), at + 16 * count)
    return segment(0xE2, b"MPF\0" + head + ifd + bytes(4) + entries + ids)


def gain_map(*segments: bytes, size: tuple[int, int] = (24, 16), mode: str = "L") -> bytes:
    """The picture behind the picture."""
    picture = jpeg(mode, size=size)
    return picture[:2] + b"".join(segments) + picture[2:]


def with_index(picture: bytes, *behind: tuple[int, bytes], order: str = "<") -> bytes:
    """`picture` with an index of it and of what stands behind it, as (type, bytes)."""

    def segment_at(primary: int) -> bytes:
        rows, at = [], primary - 10
        for kind, data in behind:
            rows.append((kind, len(data), at))
            at += len(data)
        return index(primary, rows, order)

    primary = len(picture) + len(segment_at(1 << 20))
    return picture[:2] + segment_at(primary) + picture[2:] + b"".join(data for _, data in behind)


def ultra_hdr(inside: bytes = b"", size: tuple[int, int] = (48, 32)) -> bytes:
    """As phones write it: directory, index, numbers in XMP; `inside` stands in both pictures."""
    second = gain_map(hdrgm(tool=PLANTED.decode()), inside)
    picture = jpeg(size=size)
    first = picture[:2] + directory(len(second), tool=PLANTED.decode()) + inside + picture[2:]
    return with_index(first, (0, second))


def by_iso(inside: bytes = b"", block: bytes | None = None, versions: bytes = bytes(4)) -> bytes:
    """As ISO 21496-1 has it: a block in both pictures."""
    second = gain_map(segment(0xE2, URN + (iso_block() if block is None else block)), inside)
    picture = jpeg()
    return picture[:2] + segment(0xE2, URN + versions) + inside + picture[2:] + second
