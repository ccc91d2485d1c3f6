"""ID3v2.2, 2.3 and 2.4 (id3.org: id3v2-00, id3v2.3.0, id3v2.4.0) and ID3v1 with TAG+, by name.

A tag goes as a whole; here its frames get their names, what they give away
and their words. Nothing here is needed to remove a tag: a tag that does not
parse goes all the same, as one part.
"""

from __future__ import annotations

import bisect
import re
import zlib

from scrubber.formats.bundle import Inner, words
from scrubber.formats.vorbis_comment import entity_of_name
from scrubber.model import Describe, Source

_SHOWN = 64 << 20
ID = {2: re.compile(rb"[A-Z][A-Z0-9]{2}"), 3: re.compile(rb"[A-Z][A-Z0-9]{2}[A-Z0-9 \0]")}
_CODECS = ("latin-1", "utf-16", "utf-16-be", "utf-8")
_PICTURES = re.compile(rb"\xff\xd8\xff|\x89PNG\r\n\x1a\n")

_ENTITIES_BY_ENTITY = """
CREATOR: TPE1 TPE2 TPE3 TPE4 TCOM TEXT TOPE TOLY TIPL TMCL IPLS TENC TPRO TP1 TP2 TP3 TP4 TCM
CREATOR: TXT TOA TOL TEN IPL TSOP TSO2 TSOC TS2 TSA TSP TSC
OWNER_NAME: TOWN OWNE TRSO TRO
TITLE: TIT1 TIT2 TIT3 TALB TOAL TSST TT1 TT2 TT3 TAL TOT TSOA TSOT MVNM CHAP CTOC
CAPTION: COMM COM TDES TDS
LYRICS: USLT SYLT ULT SLT
KEYWORDS: TCON TCO TMOO TCAT TKWD POPM POP PCNT CNT
COPYRIGHT_NOTICE: TCOP TCR WCOP WCP
USAGE_TERMS: USER COMR
COVER_ART: APIC PIC
EMBEDDED_MEDIA: GEOB GEO
UNIQUE_ID: UFID UFI PRIV TSRC TRC TSIZ SIGN TGID MCDI MCI ENCR GRID AENC CRA CRM
FILE_PATH: TOFN TOF LINK LNK
ENCODER: TSSE TSS
CAPTURE_TIME: TDRC TYER TDAT TIME TRDA TYE TDA TIM TRD TORY TDOR
EDIT_TIME: TDEN TDTG TDRL TOR
URL: WXXX WCOM WOAF WOAR WOAS WORS WPAY WPUB WFED WXX WCM WAF WAR WAS WPB
ORGANIZATION: TPUB TPB TRSN
TECHNICAL: TLEN TBPM TKEY TDLY RVA2 RVAD RVRB EQU2 EQUA ETCO MLLT SYTC POSS RBUF ASPI SEEK
"""
ENTITIES: dict[str, str] = {
    key: row.partition(": ")[0]
    for row in _ENTITIES_BY_ENTITY.strip().splitlines()
    for key in row.partition(": ")[2].split(" ")
}
"""Frame id → what it gives away. Every other frame is TAG."""

_V1 = (
    ("title", 3, 33, "TITLE"),
    ("artist", 33, 63, "CREATOR"),
    ("album", 63, 93, "TITLE"),
    ("year", 93, 97, "CAPTURE_TIME"),
    ("comment", 97, 127, "CAPTION"),
    ("genre", 127, 128, "KEYWORDS"),
)
_ENHANCED = (
    ("title", 4, 64, "TITLE"),
    ("artist", 64, 124, "CREATOR"),
    ("album", 124, 184, "TITLE"),
    ("speed", 184, 185, "TECHNICAL"),
    ("genre", 185, 215, "KEYWORDS"),
    ("start and end", 215, 227, "TECHNICAL"),
)


def syncsafe(data: bytes) -> int:
    """id3v2.4.0 §6.2. Returns -1 when a high bit is set, which no size has."""
    value = 0
    for byte in data:
        if byte & 0x80:
            return -1
        value = value << 7 | byte
    return value


def tag_size(head: bytes) -> int:
    """Bytes of the ID3v2 tag that `head` (10 bytes) begins; 0 when it is none."""
    if head[:3] != b"ID3" or len(head) < 10 or head[3] in (0, 1, 0xFF) or head[4] == 0xFF:
        return 0
    size = syncsafe(head[6:10])
    if size < 0:
        return 0
    return 10 + size + (10 if head[3] == 4 and head[5] & 0x10 else 0)


def id3v1_parts(start: int, enhanced: bool = False) -> list[Inner]:
    """The fields of ID3v1 (128 bytes) or TAG+ (227 bytes) at `start`; after a NUL it is slack."""
    rows = _ENHANCED if enhanced else _V1
    return [Inner(name, start + a, start + b, entity, words) for name, a, b, entity in rows]


def id3_parts(source: Source, start: int, end: int) -> list[Inner]:
    """Frames and padding of the tag at `start`; as many as can be told apart."""
    head = source.read(start, min(10, end - start))
    if not tag_size(head) or end - start > _SHOWN:
        return []
    version, flags = head[3], head[5]
    stop = min(end, start + 10 + syncsafe(head[6:10]))
    body = source.read(start + 10, stop - start - 10)
    if flags & 0x80 and version < 4:
        return _undone(body, start + 10, version, flags)
    return _frames(body, start + 10, version, flags)


def _undone(body: bytes, base: int, version: int, flags: int) -> list[Inner]:
    """Unsynchronisation of a whole tag (id3v2.3.0 §5): frames are measured without it."""
    cut = [match.start() + 1 for match in re.finditer(rb"\xff\x00", body)]
    shift = [at - index for index, at in enumerate(cut)]  # where each stood once it is undone
    rows = _frames(body.replace(b"\xff\x00", b"\xff"), 0, version, flags)

    def back(at: int) -> int:
        return base + at + bisect.bisect_right(shift, at - 1)

    return [
        Inner(row.name, back(row.start), back(row.end), row.entity, _undoing(row.describe))
        for row in rows
    ]


def _undoing(show: Describe | None) -> Describe | None:
    return show and (lambda data: show(data.replace(b"\xff\x00", b"\xff")))


def _frames(body: bytes, base: int, version: int, flags: int) -> list[Inner]:
    rows: list[Inner] = []
    at = 0
    width = 6 if version == 2 else 10
    pattern = ID[2 if version == 2 else 3]
    if flags & 0x40 and version > 2 and not pattern.match(body):
        size = syncsafe(body[:4]) if version == 4 else int.from_bytes(body[:4], "big") + 4
        at = max(0, min(size, len(body)))
        if at:
            rows.append(Inner("extended header", base, base + at, "TECHNICAL"))
    while at + width <= len(body) and pattern.match(body, at):
        stop = at + width + frame_size(body, at, version, pattern)
        if stop > len(body):
            break
        name = body[at : at + width - (3 if version == 2 else 6)].decode("ascii").strip("\0 ")
        rows += _frame(body, base, at, stop, name, version)
        at = stop
    if at < len(body):
        entity = "HIDDEN_DATA" if body[at:].strip(b"\0") else "PADDING"
        rows.append(Inner("padding", base + at, base + len(body), entity))
    return rows


def frame_size(body: bytes, at: int, version: int, pattern: re.Pattern[bytes]) -> int:
    """2.4 wants syncsafe sizes (§4), but a well-known program wrote plain ones."""
    if version == 2:
        return int.from_bytes(body[at + 3 : at + 6], "big")
    plain = int.from_bytes(body[at + 4 : at + 8], "big")
    if version == 3:
        return plain
    size = syncsafe(body[at + 4 : at + 8])
    if size < 0:
        return plain
    if size != plain and not _lands(body, at + 10 + size, pattern):
        return plain if _lands(body, at + 10 + plain, pattern) else size
    return size


def _lands(body: bytes, at: int, pattern: re.Pattern[bytes]) -> bool:
    return at == len(body) or (at < len(body) and (not body[at] or bool(pattern.match(body, at))))


def _frame(body: bytes, base: int, at: int, stop: int, name: str, version: int) -> list[Inner]:
    entity = ENTITIES.get(name, "URL" if name.startswith("W") else "TAG")
    width = 6 if version == 2 else 10
    flags = body[at + 9] if version > 2 else 0
    show: Describe | None = _describe(name, width, version, flags)
    if name in ("POPM", "POP") and b"@" in body[at + width : stop]:
        entity = "EMAIL_ADDRESS"
    if name in ("TENC", "TEN") and re.search(rb"[0-9]", body[at + width : stop]):
        entity = "ENCODER"  # "encoded by": a person, or a program with its version
    if name in ("TXXX", "TXX") and not flags:
        described = _text("TXXX", body[at + width : min(stop, at + width + 200)]).partition(";")[0]
        if 0 < len(described) < 60 and described.isprintable():
            name, entity = f"{name}:{described}".replace("/", "_"), entity_of_name(described)
    if name == "PRIV" and b"XMP" in body[at + width : at + width + 16]:
        entity = "EDIT_HISTORY"
    if name == "MCDI" or stop - at == width:
        show = None
    picture = _PICTURES.search(body, at + width, min(stop, at + width + 600))
    if name in ("APIC", "PIC") and picture and not flags:
        low = picture.start()
        return [
            Inner(name, base + at, base + low, entity, show),
            Inner(f"{name} picture", base + low, base + stop, entity, picture=True),
        ]
    return [Inner(name, base + at, base + stop, entity, show)]


def _describe(name: str, width: int, version: int, flags: int) -> Describe:
    def show(data: bytes) -> str:
        return _text(name, _payload(data[width:], version, flags))

    return show


def _payload(data: bytes, version: int, flags: int) -> bytes:
    """Without grouping, length indicator, unsynchronisation and compression (2.4 §4.1)."""
    if version == 4:
        data = data[1:] if flags & 0x40 else data
        data = data[4:] if flags & 0x01 else data
        data = data.replace(b"\xff\x00", b"\xff") if flags & 0x02 else data
        packed = flags & 0x08
    else:
        data = data[4:] if version == 3 and flags & 0x80 else data
        data = data[1:] if version == 3 and flags & 0x20 else data
        packed = flags & 0x80 if version == 3 else 0
    if not packed:
        return data
    try:
        return zlib.decompressobj().decompress(data, 1 << 20)
    except zlib.error:
        return b""


def _text(name: str, data: bytes) -> str:
    if name in ("UFID", "UFI", "PRIV", "POPM", "POP", "LINK", "LNK", "ENCR", "GRID"):
        return words(data)
    if name[0] == "W" and name not in ("WXXX", "WXX"):
        return words(data)
    if not data or data[0] > 3:
        return ""
    codec, body = _CODECS[data[0]], data[1:]
    if name in ("COMM", "COM", "USLT", "ULT", "SYLT", "SLT", "USER"):
        body = body[3:]
    if name in ("WXXX", "WXX"):  # the description has the encoding, the link is Latin-1
        return " ".join(re.findall(r"[!-~]{3,}", body.replace(b"\0", b" ").decode("latin-1")))
    if name in ("APIC", "PIC", "GEOB", "GEO", "OWNE", "COMR"):
        return words(body)
    pieces = body.decode(codec, "replace").replace("\ufeff", "").split("\0")
    return "; ".join(piece.strip() for piece in pieces if piece.strip())
