"""Trailers behind the end of a JPEG, by the signatures and sizes that they state at their end."""

from __future__ import annotations

import re
from collections.abc import Callable

_HEADS: tuple[tuple[bytes, str, str], ...] = (
    (b"\xff\xd8\xff", "PreviewImage", "PREVIEW"),
    (b"MotionPhoto_Data", "MotionPhoto", "EMBEDDED_MEDIA"),
    (b"PK\x03\x04", "ZIP archive", "POLYGLOT"),
    (b"Rar!", "RAR archive", "POLYGLOT"),
    (b"7z\xbc\xaf", "7z archive", "POLYGLOT"),
    (b"%PDF-", "PDF document", "POLYGLOT"),
    (b"HDRP", "HDR+ shot log", "MAKER_NOTE"),
)
_BOXES = frozenset(
    (b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"uuid", b"meta", b"mpvd", b"moof",
     b"sidx", b"styp")
)  # fmt: skip
_CANON = b"CANON OPTIONAL DATA\0"
_INSTA360 = b"8db42d694ccc418790edff439fe026bf"
_VIVO = b"\xff\xff\xff\xff\x1b*9HWfu\x84\x93\xa2\xb1"
_MIE = re.compile(
    rb"~\0\x04\0zmie~\0\0(?:\x06(?P<four>.{4})(?P<order4>[\x10\x18])\x04"
    rb"|\x0a(?P<eight>.{8})(?P<order8>[\x10\x18])\x08)\Z",
    re.DOTALL,
)
_OFFSET = re.compile(rb'"offset"\s*:\s*(\d{1,10})')
_SAMSUNG = (  # records that a finding may name: a fixed list, for a name could say anything
    b"MotionPhoto_Data", b"MotionPhoto_Version", b"Image_UTC_Data", b"MCC_Data",
    b"Original_Path_Hash_Key", b"PhotoEditor_Re_Edit_Data", b"Captured_App_Info",
    b"Camera_Capture_Mode_Info", b"SoundShot_Meta_Info", b"SoundShot_000", b"DualShot_Meta_Info",
    b"DualShot_1", b"DualShot_2", b"DualShot_DepthMap_1", b"SingleShot_DepthMap_1",
    b"Burst_Shot_Info", b"Auto_Enhance_Info", b"Panorama_Shot_Info", b"Interactive_Panorama_000",
    b"Color_Display_P3", b"Gallery_DC_Data", b"PEg_Info",
)  # fmt: skip
_MOST_RECORDS = 200

Begin = Callable[[bytes, int, int], int]


def known_trailer(data: bytes, start: int, end: int) -> tuple[str, str, int] | None:
    """Name, entity and begin of the trailer that ends at `end`; all of [start, end) if unsaid."""
    tail = data[max(start, end - 64) : end]
    for ends, name, entity, begin in _KNOWN:
        if ends(tail):
            first = begin(data, start, end)
            return name, entity, first if start <= first < end else start
    if tail.endswith(b"SEFT"):
        first, records = _sef(data, start, end)
        named = ", ".join(word.decode() for word in _SAMSUNG if word in records)
        entity = "EMBEDDED_MEDIA" if b"MotionPhoto_Data" in records else "EDIT_HISTORY"
        return f"Samsung trailer ({named})" if named else "Samsung trailer", entity, first
    return None


def trailer_of(head: bytes, tail: bytes) -> tuple[str, str]:
    """Name and entity of what starts with `head`, where its end says nothing."""
    if head[4:8] == b"ftyp":
        return "MotionPhoto video", "EMBEDDED_MEDIA"
    if not (head + tail).strip(b"\0"):
        return "padding", "TRAILER"
    for signature, name, entity in _HEADS:
        if head.startswith(signature):
            return name, entity
    return "trailer", "TRAILER"


def film_end(data: bytes, at: int, end: int) -> int:
    """Where the MP4 that starts at `at` ends, `at` if none does (ISO 14496-12 §4.2)."""
    if data[at + 4 : at + 8] != b"ftyp":
        return at
    while at + 8 <= end and data[at + 4 : at + 8] in _BOXES:
        size = int.from_bytes(data[at : at + 4], "big")
        if size == 1:
            size = int.from_bytes(data[at + 8 : at + 16], "big")
        if size == 0:
            return end
        if size < 8 or at + size > end:
            return end if data[at + 4 : at + 8] == b"mdat" else at
        at += size
    return at


def _ends(signature: bytes) -> Callable[[bytes], bool]:
    return lambda tail: tail.endswith(signature)


def _matches(pattern: bytes) -> Callable[[bytes], bool]:
    search = re.compile(pattern + rb"\Z", re.DOTALL).search
    return lambda tail: search(tail) is not None


def _afcp(data: bytes, start: int, end: int) -> int:
    return data.rfind(data[end - 12 : end - 8], start, end - 12)


def _fotostation(data: bytes, _: int, end: int) -> int:
    return end - int.from_bytes(data[end - 8 : end - 4], "big")


def _photomechanic(data: bytes, _: int, end: int) -> int:
    return end - 12 - int.from_bytes(data[end - 12 : end - 8], "big")


def _canon(data: bytes, _: int, end: int) -> int:
    """A header of 28 bytes, the data, a footer of 64 that states their size."""
    return end - 92 - int.from_bytes(data[end - 44 : end - 40], "big")


def _mie(data: bytes, _: int, end: int) -> int:
    match = _MIE.search(data, end - 22, end)
    if match is None:
        return end
    size, order = match["four"] or match["eight"], match["order4"] or match["order8"]
    return end - int.from_bytes(size, "big" if order == b"\x10" else "little")


def _insta360(data: bytes, _: int, end: int) -> int:
    return end - int.from_bytes(data[end - 40 : end - 36], "little")


def _vivo(data: bytes, start: int, end: int) -> int:
    found = (data.find(word, start, end) for word in (b"streamdata", b'vivo{"'))
    return min((at for at in found if at >= 0), default=-1)


def _oneplus(data: bytes, start: int, end: int) -> int:
    """A list of records in JSON, with offsets that count back from where the list starts."""
    length = int.from_bytes(data[end - 4 : end], "little")
    if not 8 < length <= end - start:
        return -1
    begin = end - length
    return begin - max((int(n) for n in _OFFSET.findall(data[begin:end])), default=0)


def _whole(_: bytes, start: int, __: int) -> int:
    return start


def _sef(data: bytes, start: int, end: int) -> tuple[int, set[bytes]]:
    """Begin of Samsung's trailer, and the names of its records."""
    head = end - 8 - int.from_bytes(data[end - 8 : end - 4], "little")
    if head < start or data[head : head + 4] != b"SEFH":
        return start, set()
    first, names = head, set[bytes]()
    count = int.from_bytes(data[head + 8 : head + 12], "little")
    for index in range(min(count, _MOST_RECORDS)):
        row = head + 12 + 12 * index
        at = head - int.from_bytes(data[row + 4 : row + 8], "little")
        if row + 12 > end or at < start:
            return start, names
        first = min(first, at)
        length = int.from_bytes(data[at + 4 : at + 8], "little")
        names.add(data[at + 8 : at + 8 + min(length, 64)])
    return first, names


_KNOWN: tuple[tuple[Callable[[bytes], bool], str, str, Begin], ...] = (
    (_matches(rb"AXS[!*].{8}"), "AFCP", "TAG", _afcp),
    (_ends(b"\xa1\xb2\xc3\xd4"), "FotoStation", "TAG", _fotostation),
    (_ends(b"cbipcbbl"), "PhotoMechanic", "TAG", _photomechanic),
    (lambda tail: tail.startswith(_CANON), "CanonVRD", "EDIT_HISTORY", _canon),
    (lambda tail: _MIE.search(tail) is not None, "MIE", "TAG", _mie),
    (_ends(b"\0\0QDIOBS"), "Samsung trailer", "EDIT_HISTORY", _whole),
    (_ends(_INSTA360), "Insta360", "GPS_POSITION", _insta360),
    (_ends(b"\0\0\0\0\0\0/NIKON APP"), "NikonApp", "EDIT_HISTORY", _whole),
    (_ends(_VIVO), "Vivo", "EMBEDDED_MEDIA", _vivo),
    (_matches(rb"jxrs.{3}\0"), "OnePlus", "EMBEDDED_MEDIA", _oneplus),
)
